"""Which endpoints an event is for."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_stripe_portal.sandbox.data.accounts import application_of
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .records import KIND

__all__ = ["fan_out"]


def fan_out(context: Context, event: Json) -> None:
    """Store what is to be delivered because of *event*, each to be sent at once.

    An endpoint gets the events of its account and mode that it has enabled; one made
    with `connect` those of the accounts connected to it instead [S].
    """
    for endpoint, account in _endpoints(context):
        if endpoint["status"] != "enabled" or not _wants(endpoint, event["type"]):
            continue
        context.partition.put(
            {
                "id": context.new_id("dlv_"),
                "object": KIND,
                "created": event["created"],
                "event": event["id"],
                "type": event["type"],
                "endpoint": endpoint["id"],
                "account": account,
                "url": endpoint["url"],
                "status": "pending",
                "due": {"clock": event["created"], "real": 0.0},
                "attempts": [],
            }
        )


def _endpoints(context: Context) -> Iterator[tuple[Json, str]]:
    """Return the endpoints that may see what happens here, with their account."""
    own = context.partition.account
    for endpoint in reversed(context.partition.all("webhook_endpoint")):
        if endpoint["application"] != application_of(own):
            yield endpoint, own
    platform = context.store.accounts.get(own)
    if platform is None:
        return
    live = context.partition.livemode
    above = context.store.partition(platform, livemode=live)
    for endpoint in reversed(above.all("webhook_endpoint")):
        if endpoint["application"] == application_of(platform):
            yield endpoint, platform


def _wants(endpoint: Json, type_: str) -> bool:
    return not {"*", type_}.isdisjoint(endpoint["enabled_events"])
