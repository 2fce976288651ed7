"""Addresses that a company gives, before a customer's browser is led there."""

from __future__ import annotations

import re

from pulumi_stripe_portal.sandbox.addresses import split

__all__ = ["content_policy", "origin_of", "safe"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)

_RUN = ("about", "blob", "data", "file", "filesystem", "javascript", "vbscript")
"""What a browser runs or reads itself; an app's own scheme, `acme://`, is allowed."""


def safe(url: str | None) -> str | None:
    """Return *url* if it leads to another site or app, else nothing."""
    if not url:
        return None
    scheme, separator, rest = url.strip().partition("://")
    known = _SCHEME.fullmatch(scheme) and scheme.lower() not in _RUN
    return url.strip() if separator and rest and known else None


def origin_of(url: str) -> str:
    """Return *url*'s origin as a source of a Content-Security-Policy."""
    parts = split(url)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}:"
    host = re.sub(r"[^0-9A-Za-z.:\[\]-]", "", parts.netloc.rpartition("@")[2])
    return f"{parts.scheme}://{host}"


def content_policy(leaves: str | None = None) -> str:
    """Allow our own styles and forms, and nothing else.

    A form's answer may lead to another site only if that is named here too, which
    the end of a flow needs.
    """
    elsewhere = leaves and not leaves.startswith("/")
    targets = f"'self' {origin_of(leaves)}" if leaves and elsewhere else "'self'"
    return (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {targets}"
    )
