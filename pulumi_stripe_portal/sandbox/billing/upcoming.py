"""The event `invoice.upcoming`, days before a renewal."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import invoice_preview, items
from .statuses import RUNNING

__all__ = ["announce", "due"]

_AHEAD = 7 * 24 * 60 * 60
"""
Seconds before the end of a period.

`invoice.upcoming` comes seven days before a renewal that is charged automatically; not
in periods that are no longer than that [OURS: at Stripe the days are a setting].
"""


def due(subscription: Json) -> int | None:
    """Return when the next invoice is announced, None where it is not, or was."""
    start, end = items.span(subscription["items"])
    automatic = subscription["collection_method"] == "charge_automatically"
    runs = automatic and subscription["status"] in RUNNING
    if not runs or subscription.get("announced") == end or end - _AHEAD <= start:
        return None
    return int(end - _AHEAD)


def announce(context: Context, subscription: Json) -> None:
    """Record `invoice.upcoming`, unless nothing will be collected.

    Its invoice has no id
    [SPECIFIED: stripe 16.1.0, events.InvoiceUpcomingEvent, "will not have an invoice
    ID"].
    """
    told = {**subscription, "announced": items.span(subscription["items"]).end}
    context.partition.put(told)
    if subscription["pause_collection"]:
        return
    invoice = invoice_preview.upcoming_invoice(context, told)
    if invoice is not None:
        record(context, invoice, verb="upcoming", without=("id",))
