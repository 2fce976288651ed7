"""Receipts: what they are called."""

from __future__ import annotations

import hashlib

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["number"]


def number(invoice: Json) -> str | None:
    """Return the number of the receipt for *invoice*, None where nothing was paid.

    A paid invoice has a receipt at once [OURS: at Stripe its number is that of the
    mail, which a setting sends].
    """
    if invoice["status"] != "paid" or not invoice["amount_paid"]:
        return None
    digest = hashlib.sha256(invoice["secret"].encode()).digest()
    digits = f"{int.from_bytes(digest[:8], 'big') % 10**8:08}"
    return f"{digits[:4]}-{digits[4:]}"
