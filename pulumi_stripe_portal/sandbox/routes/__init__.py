"""
What the sandbox answers, one file per Stripe resource.

To add a resource, write its file with a `RESOURCE` and name it here; a file with
`OPERATIONS` besides those that all resources share has them picked up.
"""

from collections.abc import Iterator, Mapping

from pulumi_stripe_portal.sandbox.resource import Operation, Resource
from pulumi_stripe_portal.sandbox.verbs import operations

from . import (
    account,
    configurations,
    coupons,
    customers,
    discounts,
    events,
    feedback_options,
    invoice_items,
    invoices,
    payment_method_configurations,
    payment_methods,
    portal_sessions,
    prices,
    products,
    promotion_codes,
    setup_intents,
    subscription_schedules,
    subscriptions,
    tax_ids,
    webhook_endpoints,
)

__all__ = ["OPERATIONS", "RESOURCES"]

_MODULES = (
    configurations,
    coupons,
    customers,
    discounts,
    events,
    feedback_options,
    invoice_items,
    invoices,
    payment_method_configurations,
    payment_methods,
    portal_sessions,
    prices,
    products,
    promotion_codes,
    setup_intents,
    subscription_schedules,
    subscriptions,
    tax_ids,
    webhook_endpoints,
)

RESOURCES: Mapping[str, Resource] = {
    module.RESOURCE.object: module.RESOURCE for module in _MODULES
}
"""The resources by `object`, which is how `expand` and references find them."""


def _operations() -> Iterator[Operation]:
    yield from account.OPERATIONS
    for module in _MODULES:
        yield from getattr(module, "OPERATIONS", ())
        yield from operations(module.RESOURCE)


OPERATIONS: tuple[Operation, ...] = tuple(_operations())
"""Every method and path that has an answer."""
