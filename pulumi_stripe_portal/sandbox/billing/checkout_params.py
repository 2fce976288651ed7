"""What may be asked of a Checkout Session."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from .params import only
from .tax_params import find_rates
from .tax_table import is_located

__all__ = ["checked"]

_KNOWN = (
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "automatic_tax",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "currency",
    "customer",
    "customer_creation",
    "customer_email",
    "customer_update",
    "discounts",
    "expires_at",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_method_collection",
    "setup_intent_data",
    "subscription_data",
    "success_url",
    "tax_id_collection",
    "ui_mode",
)
_SUBSCRIPTION = (
    "billing_mode",
    "default_tax_rates",
    "description",
    "metadata",
    "trial_end",
    "trial_period_days",
    "trial_settings",
)
_LINE = ("metadata", "price", "price_data", "quantity", "tax_rates")
_NOT_IN_MODE = {
    "setup": ("line_items", "subscription_data", "automatic_tax", "tax_id_collection"),
    "subscription": ("setup_intent_data",),
}
"""By mode, the parameters that are of the other one."""
_PAIRS = (("customer", "customer_email"), ("discounts", "allow_promotion_codes"))


def checked(context: Context, params: Json) -> Json:
    """Return *params* without what is left out by name, such as `enabled=false`.

    Raises:
        StripeError: Something is missing, not there, or not to be had here.
    """
    given = {n: v for n, v in params.items() if not _is_off(v)}
    only(given, _KNOWN, "Checkout Sessions")
    mode: str | None = given.get("mode")
    if mode is None:
        raise missing_param("mode")
    if mode not in _NOT_IN_MODE:
        raise unsupported(f"Checkout Sessions of the mode {mode}")
    shown = given.get("ui_mode", "hosted_page")
    if shown != "hosted_page":
        raise unsupported(f"Checkout Sessions of the ui_mode {shown}")
    if not given.get("success_url"):
        raise missing_param("success_url")
    for one, other in _PAIRS:
        if given.get(one) and given.get(other):
            raise StripeError(
                f"You may only specify one of these parameters: {one}, {other}.",
                Evidence.REPORTED("public code"),
                param=one,
            )
    if mode == "subscription" and not given.get("line_items"):
        raise missing_param("line_items")
    for name in _NOT_IN_MODE[mode]:
        if given.get(name):
            raise StripeError(
                f"You can not pass `{name}` in `{mode}` mode.",
                Evidence.REPORTED("public code"),
                param=name,
            )
    only(given.get("subscription_data") or {}, _SUBSCRIPTION, "subscription_data")
    only(given.get("setup_intent_data") or {}, ("description", "metadata"), "setups")
    for each in given.get("line_items", []):
        only(each, _LINE, "line items of Checkout Sessions")
    _check_taxes(context, given)
    _check_customer(context, given)
    return given


def _is_off(value: Any) -> bool:
    """Tell whether a feature is left out by name: `automatic_tax[enabled]=false`."""
    return isinstance(value, dict) and value.get("enabled") is False


def _check_taxes(context: Context, given: Json) -> None:
    """Look for the tax rates, which exclude automatic tax."""
    path = "subscription_data[default_tax_rates]"
    named = (given.get("subscription_data") or {}).get("default_tax_rates")
    every = {path: find_rates(context, named, path)}
    for place, each in enumerate(given.get("line_items", [])):
        path = f"line_items[{place}][tax_rates]"
        every[path] = find_rates(context, each.get("tax_rates"), path)
    automatic = given.get("automatic_tax") or {}
    only(automatic, ("enabled", "liability"), "automatic_tax")
    only(automatic.get("liability") or {}, ("type",), "automatic_tax[liability]")
    for path, rates in every.items():
        if automatic and rates:
            raise StripeError(
                f"You cannot set `{path}` while `automatic_tax` is enabled.",
                Evidence.OURS("that they exclude each other is documented"),
                param=path,
            )


def _check_customer(context: Context, given: Json) -> None:
    """Refuse to ask for what could not be kept with the customer."""
    update = given.get("customer_update") or {}
    if not given.get("customer"):
        if update:
            raise StripeError(
                "`customer_update` can only be used with `customer`.",
                Evidence.REPORTED("public code"),
                param="customer_update",
            )
        return
    customer = reference(context, "customer", given["customer"], "customer")
    saves = {name for name, value in update.items() if value == "auto"}
    if "shipping" in saves:
        raise unsupported("customer_update[shipping]=auto of Checkout Sessions")
    if given.get("tax_id_collection") and "name" not in saves:
        raise StripeError(
            "Tax ID collection requires updating business name on the customer. To "
            "enable tax ID collection for an existing customer, please set "
            "`customer_update[name]` to `auto`.",
            Evidence.REPORTED("public code"),
            param="customer_update",
        )
    located = is_located(customer["address"]) or "address" in saves
    if given.get("automatic_tax") and not located:
        raise StripeError(
            "Automatic tax calculation in Checkout requires a valid address on the "
            "Customer. Add a valid address to the Customer or set either "
            "`customer_update[address]` to 'auto' or `customer_update[shipping]` to "
            "'auto' to save the address entered in Checkout to the Customer.",
            Evidence.REPORTED("public code, the second sentence from memory"),
            param="automatic_tax",
            code="customer_tax_location_invalid",
        )
