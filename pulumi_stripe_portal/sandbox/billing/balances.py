"""The balance of a customer, and each transaction that made it what it is."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep

__all__ = ["KIND", "adjust", "note"]

KIND = "customer_balance_transaction"


def adjust(context: Context, customer: Json, params: Json) -> Json:
    """Change the balance by an `amount`, less than nothing to credit it.

    Returns:
        The transaction.
    """
    after = {**customer, "balance": customer["balance"] + params["amount"]}
    if not customer["currency"]:
        after["currency"] = params["currency"].lower()
    keep(context, after, customer)
    return note(
        context,
        customer,
        after,
        "adjustment",
        description=params.get("description"),
        metadata=merge_metadata({}, params.get("metadata") or {}),
    )


def note(
    context: Context, before: Json, after: Json, kind: str, **fields: object
) -> Json:
    """Write down how the balance of a customer has changed, and why."""
    made = context.new(context.resources[KIND]) | {
        "amount": after["balance"] - before["balance"],
        "checkout_session": None,
        "credit_note": None,
        "currency": after["currency"] or "usd",
        "customer": after["id"],
        "customer_account": None,
        "description": None,
        "ending_balance": after["balance"],
        "invoice": None,
        "metadata": {},
        "type": kind,
        **fields,
    }
    context.partition.put(made)
    return made
