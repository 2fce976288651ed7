"""The way to a first plan: Stripe Checkout, for somebody who has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .entitlements import PLANS

if TYPE_CHECKING:
    import stripe

    from .users import User, Users

__all__ = ["OFFERED", "NotOfferedError", "open_checkout"]

OFFERED = {
    f"{tier}_{interval}": f"{PLANS[tier].name}, {word}"
    for tier in ("basic", "pro")
    for interval, word in (("monthly", "monthly"), ("annual", "yearly"))
}
"""Lookup keys of what is sold here, and what a button says. Enterprise asks people."""


class NotOfferedError(Exception):
    """That plan isn't sold here, or Stripe has no price for it."""


def open_checkout(
    client: stripe.StripeClient,
    users: Users,
    user: User,
    *,
    lookup_key: str,
    success_url: str,
    cancel_url: str,
) -> str:
    """Make a Checkout Session and return its address.

    Who has no billing record gets one first, and it is kept at once: whatever becomes
    of the browser, the webhook's events find whose plan it is.

    Raises:
        NotOfferedError: See there.
        stripe.StripeError: Stripe refuses, or can't be reached.
    """
    if lookup_key not in OFFERED:
        raise NotOfferedError
    prices = client.v1.prices.list({"lookup_keys": [lookup_key], "active": True}).data
    if not prices:
        raise NotOfferedError
    customer = user.customer
    if customer is None:
        # The key keeps two clicks from making two records.
        made = client.v1.customers.create(
            {"email": user.email, "metadata": {"user": str(user.id)}},
            {"idempotency_key": f"tidemark-user-{user.id}-{user.email}"},
        )
        customer = users.keep_customer(user, made.id)
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": prices[0].id, "quantity": 1}],
            "client_reference_id": str(user.id),
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
    )
    if session.url is None:
        raise NotOfferedError
    return session.url
