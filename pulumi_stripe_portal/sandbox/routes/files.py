"""Files: logos and icons, for the branding of accounts.

See https://docs.stripe.com/api/files.
"""

import base64
from io import BytesIO

from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Context,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.times import created

__all__ = ["RESOURCE"]

_PURPOSES = ("business_icon", "business_logo")
_LARGEST = 512 * 1024
"""
Bytes.

Logos and icons are JPEG or PNG files of at most 512 KB
[DOCUMENTED: docs.stripe.com/file-upload].
"""

_SMALLEST, _WIDEST = 128, 4096
"""
Pixels of each side.

A logo or an icon has 128 pixels or more, and an icon is square
[SPECIFIED: stripe 16.1.0, AccountUpdateParamsSettingsBranding]. Beyond 4096 it is
refused [OURS: it is decoded for each PDF].
"""


_WORDS_OURS = Evidence.OURS("the rule is documented, the words are not")


def _create(call: Call, params: Json) -> Json:
    only(params, ("file", "purpose"), "files")
    purpose = params.get("purpose")
    if not purpose:
        raise missing_param("purpose")
    if call.upload is None:
        raise missing_param("file")
    if purpose not in _PURPOSES:
        raise unsupported(f"the purpose {purpose} of files")
    name, content = call.upload.name, call.upload.content
    kind = _image(content, purpose)
    return call.new(RESOURCE) | {
        "content": base64.b64encode(content).decode(),
        "expires_at": None,
        "filename": name,
        "links": None,
        "purpose": purpose,
        "size": len(content),
        "title": None,
        "type": kind,
    }


def _image(content: bytes, purpose: str) -> str:
    """Return `png` or `jpg`.

    Raises:
        StripeError: It is no such image, too large, too small, or no square.
    """
    from PIL import Image, UnidentifiedImageError

    if len(content) > _LARGEST:
        raise StripeError("The file is larger than 512 KB.", _WORDS_OURS, param="file")
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as image:
            image.verify()
            kind, width, height = image.format, *image.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise StripeError(
            "The file is no JPEG or PNG image.", _WORDS_OURS, param="file"
        ) from None
    except Image.DecompressionBombError:
        raise StripeError(
            "The image has too many pixels.", _WORDS_OURS, param="file"
        ) from None
    if min(width, height) < _SMALLEST or max(width, height) > _WIDEST:
        raise StripeError(
            f"The image is {width} by {height} pixels: each side has to have between "
            "128 and 4096.",
            _WORDS_OURS,
            param="file",
        )
    if purpose == "business_icon" and width != height:
        raise StripeError("An icon has to be square.", _WORDS_OURS, param="file")
    return "jpg" if kind == "JPEG" else "png"


def _view(context: Context, file: Json) -> Json:
    """Show where the file is, and what is left out of the list of its links."""
    return file | {
        "links": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/file_links?file={file['id']}",
        },
        "url": f"{context.origin}/p/files/{file['id']}",
    }


RESOURCE = Resource(
    object="file",
    path="/v1/files",
    noun="file upload",
    prefix="file_1",
    id_length=23,
    scope="file",
    params="File",
    missing_param="file",
    create=_create,
    filters={"created": created, "purpose": equals("purpose")},
    hidden=("content", "livemode"),
    view=_view,
)
