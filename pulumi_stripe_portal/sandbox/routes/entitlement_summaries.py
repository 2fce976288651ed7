"""The summary of a customer's entitlements, as events have it."""

from pulumi_stripe_portal.sandbox.billing import entitlements
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context, Resource

__all__ = ["RESOURCE"]


def _view(context: Context, summary: Json) -> Json:
    """Show all that the customer has."""
    customer = summary["customer"]
    resource = context.resources[entitlements.ACTIVE]
    found = [
        render(context, resource, each, [])
        for each in context.partition.all(entitlements.ACTIVE)
        if each["customer"] == customer
    ]
    return summary | {
        "entitlements": {
            "object": "list",
            "data": found,
            "has_more": False,
            "url": f"/v1/customer/{customer}/entitlements",
        }
    }


RESOURCE = Resource(
    object=entitlements.SUMMARY,
    path="",
    noun="summary",
    prefix="",
    scope="entitlements",
    params="",
    view=_view,
)
