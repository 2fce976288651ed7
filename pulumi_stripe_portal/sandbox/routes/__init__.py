"""
What the sandbox answers, one file per Stripe resource.

To add a resource, write its file with a `RESOURCE` and name it here.
"""

from collections.abc import Mapping

from pulumi_stripe_portal.sandbox.resource import Operation, Resource
from pulumi_stripe_portal.sandbox.verbs import operations

from . import (
    account,
    configurations,
    events,
    feedback_options,
    payment_method_configurations,
    prices,
    products,
    webhook_endpoints,
)

__all__ = ["OPERATIONS", "RESOURCES"]

RESOURCES: Mapping[str, Resource] = {
    module.RESOURCE.object: module.RESOURCE
    for module in (
        configurations,
        events,
        feedback_options,
        feedback_options,
        payment_method_configurations,
        prices,
        products,
        webhook_endpoints,
    )
}
"""The resources by `object`, which is how `expand` and references find them."""

OPERATIONS: tuple[Operation, ...] = (
    *account.OPERATIONS,
    *feedback_options.OPERATIONS,
    *(each for resource in RESOURCES.values() for each in operations(resource)),
)
"""Every method and path that has an answer."""
