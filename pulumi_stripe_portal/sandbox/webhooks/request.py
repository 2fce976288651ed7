"""One HTTP request to this machine, without proxies and without redirects."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote

from pulumi_stripe_portal.sandbox.addresses import split
from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["post", "to_bytes"]

_TIMEOUT = 10.0
"""Seconds that an endpoint has to answer."""
_PATH = "/%:=&?~#+!$,;'@()*[]"
"""What stays in a path and a query as it is, besides letters and digits."""


def to_bytes(event: Json) -> bytes:
    """Return the body of a delivery."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def post(url: str, payload: bytes, signed: str) -> tuple[int | None, str | None]:
    """Send *payload* and return the status, or None and why there was no answer."""
    parts = split(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    path = quote(path, safe=_PATH)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signed,
        "Connection": "close",
    }
    try:
        connection.request("POST", path, payload, headers)
        response = connection.getresponse()
        response.read(65_536)
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return response.status, None
