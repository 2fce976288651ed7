"""The header `Stripe-Signature`."""

from __future__ import annotations

import hmac
from hashlib import sha256

__all__ = ["signature"]


def signature(payload: bytes, secret: str, timestamp: int) -> str:
    """Sign *payload* as sent at *timestamp*.

    See https://docs.stripe.com/webhooks#verify-manually.
    """
    signed = f"{timestamp}.".encode() + payload
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, sha256).hexdigest()}"
