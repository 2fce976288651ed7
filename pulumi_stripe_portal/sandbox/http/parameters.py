"""The parameters of a request: of its query and its form, and a file if it has one."""

from __future__ import annotations

import hashlib
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Upload

from . import forms

__all__ = ["parameters"]


def parameters(http: Request) -> tuple[dict[str, Any], Upload | None]:
    """Return the parameters, nested, and the file that is sent along.

    The file's parameter holds its name and a digest: enough to know it again.

    Raises:
        StripeError: The body is no form.
    """
    body = http.get_data()
    query = http.query_string.decode("utf-8", "replace")
    if http.path.startswith("/v2/"):
        return forms.parse(query, ""), None  # a body of JSON; nothing of it is here
    if not body or http.mimetype == "application/x-www-form-urlencoded":
        return forms.parse(query, body.decode("utf-8", "replace")), None
    if http.mimetype == "multipart/form-data" and http.path == "/v1/files":
        return _multipart(http, query)
    raise StripeError(
        "Invalid request (check that your POST content type is "
        "application/x-www-form-urlencoded). If you have any questions, we can "
        "help at https://support.stripe.com/.",
        Evidence.REPORTED(
            "public code; newer words in MarcinusX/flutter_stripe_demo #9"
        ),
    )


def _multipart(http: Request, query: str) -> tuple[dict[str, Any], Upload | None]:
    try:
        fields = list(http.form.items(multi=True))
        found = http.files.get("file")
        upload = None
        if found is not None:
            upload = Upload(found.filename or "file", found.read())
        http.close()
    except HTTPException:
        raise StripeError(
            "Invalid request: its parts can't be read.",
            Evidence.OURS("no words of Stripe's for it are known"),
        ) from None
    params = forms.nest([*forms.pairs(query), *fields])
    if upload is None:
        return params, None
    digest = hashlib.sha256(upload.content).hexdigest()
    params["file"] = f"{upload.name} {digest}"
    return params, upload
