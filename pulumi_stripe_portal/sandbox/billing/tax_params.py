"""Which taxes requests ask for: rates by hand, or automatic tax."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from .invoice_fields import ISSUER, NO_TAX
from .params import only
from .tax_table import is_located

__all__ = [
    "RATE",
    "after_invoice",
    "asked",
    "automatic",
    "find_rates",
    "require_location",
    "shown",
]

RATE = "tax_rate"


def find_rates(context: Context, wanted: Iterable[str] | None, path: str) -> list[str]:
    """Return the ids of the tax rates that a request names; nothing takes them away.

    Raises:
        StripeError: One is not there, or archived.
    """
    found = [
        reference(context, RATE, id_, f"{path}[{place}]")
        for place, id_ in enumerate(wanted or ())
    ]
    for place, rate in enumerate(found):
        if not rate["active"]:
            raise StripeError(
                f"The tax rate '{rate['id']}' is inactive.",
                Evidence.OURS("that it cannot be used is specified, the words are not"),
                param=f"{path}[{place}]",
            )
    return [rate["id"] for rate in found]


def asked(context: Context, before: Json, params: Json) -> Json:
    """Return `default_tax_rates` and `automatic_tax` after *params*.

    *before* is a subscription, or an invoice that is a draft.

    Raises:
        StripeError: A rate is not there, there is automatic tax as well, or where that
            is due is not known.
    """
    path = "default_tax_rates"
    changed: Json = {name: before[name] for name in (path, "automatic_tax")}
    if path in params:
        changed[path] = find_rates(context, params[path], path)
    if params.get("automatic_tax"):
        customer = context.get("customer", before["customer"])
        changed["automatic_tax"] = automatic(customer, params["automatic_tax"])
    if changed[path] and changed["automatic_tax"]["enabled"]:
        raise StripeError(
            "You cannot set `default_tax_rates` while `automatic_tax` is enabled.",
            Evidence.OURS("that they exclude each other is specified"),
            param=path,
        )
    return changed


def automatic(customer: Json, wanted: Json) -> Json:
    """Return `automatic_tax` as *wanted*, for a customer.

    Raises:
        StripeError: The customer's address doesn't say where the tax is due.
    """
    only(wanted, ("enabled", "liability"), "automatic_tax")
    if not wanted.get("enabled"):
        return NO_TAX
    liability = wanted.get("liability") or {"type": "self"}
    only(liability, ("type",), "automatic_tax[liability]")
    require_location(customer)
    return {**NO_TAX, "enabled": True, "liability": ISSUER}


def after_invoice(invoice: Json) -> Json:
    """Return what changes about a subscription's taxes after its *invoice*.

    Where the address has gone, automatic tax is off from then on
    [DOCUMENTED: docs.stripe.com/tax/customer-locations].
    """
    if not invoice["automatic_tax"]["disabled_reason"]:
        return {}
    return {"automatic_tax": {**NO_TAX, "disabled_reason": "requires_location_inputs"}}


def require_location(customer: Json) -> None:
    """Let pass who is where the tax is known.

    Raises:
        StripeError: The customer's address doesn't say where the tax is due.
    """
    if not is_located(customer["address"]):
        raise StripeError(
            "The customer's location isn't recognized. Set a valid customer address in "
            "order to automatically calculate tax.",
            Evidence.REPORTED("public code"),
            param="automatic_tax[enabled]",
            code="customer_tax_location_invalid",
        )


def shown(context: Context, ids: Iterable[str]) -> list[Json]:
    """Return tax rates in full, as the objects that have them show them."""
    resource = context.resources[RATE]
    return [render(context, resource, context.get(RATE, id_), []) for id_ in ids]
