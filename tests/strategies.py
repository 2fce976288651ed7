"""Any valid inputs of a resource, generated from the declarations themselves.

Fields come from the tree of the inputs; only what a type can't say (which ids exist,
how long a text may be, the rules between fields) is added here.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pulumi_stripe_portal.events import PORTAL_EVENTS
from pulumi_stripe_portal.inputs import (
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.schema.tree import Node, schema_of

__all__ = [
    "FEEDBACK_OPTIONS",
    "PAYMENT_METHODS",
    "PRICES",
    "configurations",
    "endpoints",
]

Values = dict[str, Any]
Strategy = st.SearchStrategy[Any]

PRODUCTS = {
    f"prod_{tier}Test": [
        f"price_{tier}{period}Test" for period in ("Monthly", "Annual")
    ]
    for tier in ("Basic", "Pro", "Enterprise")
}
"""The prices of each product, as the sandbox begins with them."""
PRICES = {
    "price_BasicMonthlyTest": "basic_monthly",
    "price_BasicAnnualTest": "basic_annual",
    "price_ProMonthlyTest": "pro_monthly",
    "price_ProAnnualTest": "pro_annual",
    "price_EnterpriseMonthlyTest": "enterprise_monthly",
    "price_EnterpriseAnnualTest": "enterprise_annual",
}
"""The lookup key of each price."""
FEEDBACK_OPTIONS = ("fbo_first", "fbo_second")
"""Stand for the ids that a test is to put in their place."""
PAYMENT_METHODS = "pmc_own"
"""Stands for the id of the account's payment method configuration."""

_CHARACTERS = st.characters(exclude_categories=["C"])
_TEXTS = st.one_of(
    st.just(""), st.text("ab", min_size=1, max_size=3), st.text(_CHARACTERS, max_size=9)
)
_FILLED = st.text(_CHARACTERS, min_size=1, max_size=9)
_URLS = st.builds("https://example.com/{}".format, st.text("abc/?&=1", max_size=5))
_KEYS = st.one_of(
    st.sampled_from(("team", "tier")),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=6).filter(
        lambda key: not set(key) & set("[]") and key != "pulumi"
    ),
)
_PERIODS = {"day": 1095, "week": 156, "month": 36, "year": 3}


def configurations() -> Strategy:
    """Return the valid inputs of a `PortalConfiguration`."""
    return _configurations()


@st.composite
def _configurations(draw: st.DrawFn) -> Values:
    values: Values = draw(_object(schema_of(PortalConfigurationInputs), ()))
    features = values["features"]
    update = features.get("subscription_update", {})
    if update.get("enabled"):
        update["products"] = update.get("products") or draw(_products(1))
        if not update.get("default_allowed_updates"):
            update["default_allowed_updates"] = ["price"]
        features.setdefault("payment_method_update", {})["enabled"] = True
    cancel = features.get("subscription_cancel", {})
    if cancel.get("proration_behavior") == "create_prorations":
        cancel["mode"] = "immediately"
    reason = cancel.get("cancellation_reason", {})
    if reason.get("enabled") and not reason.get("feedback_options"):
        reason["options"] = reason.get("options") or ["other"]
    return values


@st.composite
def endpoints(draw: st.DrawFn) -> Values:
    """Return the valid inputs of a `WebhookEndpoint`."""
    values: Values = draw(_object(schema_of(WebhookEndpointInputs), ()))
    return values


def _object(node: Node, path: tuple[str, ...]) -> Strategy:
    fields = {
        name: _field(child, (*path, name))
        for name, child in node.children.items()
        if not (child.mark.ours or child.mark.create_only or child.kind == "open")
    }
    required = {n: s for n, s in fields.items() if node.children[n].required}
    optional = {n: s for n, s in fields.items() if n not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _field(node: Node, path: tuple[str, ...]) -> Strategy:
    special = _SPECIAL.get(path[-1])
    if special is not None:
        return special
    if node.kind == "object":
        return _object(node, path)
    if node.kind == "mapping":
        return st.dictionaries(_KEYS, _TEXTS, max_size=3)
    if node.kind == "list" and node.element:
        elements = _field(node.element, path)
        whole = st.lists(elements, max_size=3, unique_by=repr)
        return st.one_of(whole, st.just("")) if not node.required else whole
    if node.choices:
        # Stripe's type has a choice for cancellations that Stripe refuses there.
        refused = "always_invoice" if "subscription_cancel" in path else None
        return st.sampled_from([each for each in node.choices if each != refused])
    if isinstance(node.mark.default, bool):
        return st.booleans()
    return _URLS if node.mark.url else _TEXTS


@st.composite
def _products(draw: st.DrawFn, least: int = 0) -> list[Values]:
    names = draw(st.lists(st.sampled_from(list(PRODUCTS)), min_size=least, unique=True))
    return [draw(_product(name)) for name in names]


@st.composite
def _product(draw: st.DrawFn, name: str) -> Values:
    ids = draw(st.lists(st.sampled_from(PRODUCTS[name]), min_size=1, unique=True))
    prices = [
        {"lookup_key": PRICES[id_]} if draw(st.booleans()) else id_ for id_ in ids
    ]
    entry: Values = {"prices": prices}
    if all(isinstance(price, str) for price in prices) or draw(st.booleans()):
        entry["product"] = name
    if draw(st.booleans()):
        entry["adjustable_quantity"] = draw(_quantity())
    return entry


@st.composite
def _quantity(draw: st.DrawFn) -> Values:
    quantity: Values = {"enabled": draw(st.booleans())}
    low = draw(st.none() | st.integers(0, 5))
    high = draw(st.none() | st.integers(5, 999_999))
    limits = {"minimum": low, "maximum": high}
    return quantity | {name: n for name, n in limits.items() if n is not None}


@st.composite
def _duration(draw: st.DrawFn) -> Values:
    if draw(st.booleans()):
        return {"type": "indefinite"}
    units = draw(st.lists(st.sampled_from(list(_PERIODS)), min_size=1, unique=True))
    options = []
    for unit in units:
        count = draw(st.none() | st.integers(1, _PERIODS[unit]))
        option: Values = {"interval": unit}
        options.append(option if count is None else {**option, "interval_count": count})
    return {"type": "interval_options", "interval_options": options}


_SPECIAL: dict[str, Strategy] = {
    "products": _products(),
    "duration": _duration(),
    "feedback_options": st.lists(st.sampled_from(FEEDBACK_OPTIONS), unique=True),
    "payment_method_configuration": st.sampled_from(("", PAYMENT_METHODS)),
    "headline": st.one_of(_TEXTS, st.text("é", min_size=60, max_size=60)),
    "url": _URLS,
    "enabled_events": st.one_of(
        st.just(["*"]),
        st.lists(st.sampled_from(PORTAL_EVENTS), min_size=1, unique=True),
    ),
}
