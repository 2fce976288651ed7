"""The logo and the icon of a company, as pages and papers take them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Branding, Json, Store

__all__ = ["BrandImages", "brand_images", "file_of"]

_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True)
class BrandImages:
    """A company's images as `data:` URLs, None for what it hasn't got.

    Where there is a logo it stands in place of the icon and the name
    [SPECIFIED: stripe 16.1.0, AccountUpdateParamsSettingsBranding.logo].
    """

    logo: str | None = None
    icon: str | None = None


def brand_images(store: Store, branding: Branding) -> BrandImages:
    """Return the images of a company."""
    return BrandImages(_url(store, branding.logo), _url(store, branding.icon))


def file_of(store: Store, id_: str) -> tuple[str, bytes] | None:
    """Return the media type and the content of a file, of whatever account."""
    found = _file(store, id_)
    if found is None:
        return None
    return _TYPES[found["type"]], base64.b64decode(found["content"])


def _url(store: Store, id_: str | None) -> str | None:
    found = _file(store, id_)
    if found is None:
        return None
    return f"data:{_TYPES[found['type']]};base64,{found['content']}"


def _file(store: Store, id_: str | None) -> Json | None:
    every = (partition.get("file", id_ or "") for partition in store.partitions())
    return next(filter(None, every), None)
