"""What Stripe would refuse is found before the update: no `up` fails for its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection

from .managed import Managed, plain, struct

Values = dict[str, Any]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with prices of all kinds, as new for each example."""
    with Sandbox() as running:
        yield running


def stocked(sandbox: Sandbox) -> None:
    """Make it as new, with what can't be listed as well."""
    sandbox.reset()
    Connection._all.clear()  # a process of its own, which has listed nothing yet
    prices = sandbox.client().v1.prices
    price: Any = {
        "product": "prod_ProTest",
        "currency": "usd",
        "unit_amount": 1,
        "lookup_key": "once",
    }
    prices.create(price)
    monthly: Any = {**price, "recurring": {"interval": "month"}}
    second: Any = {**monthly, "lookup_key": "pro_monthly_2"}
    prices.create(second)
    retired: Any = {**monthly, "lookup_key": "pro_old"}
    old = prices.create(retired)
    prices.update(old.id, {"active": False})


def failures(
    sandbox: Sandbox, inputs: Values, kind: type[StripeProvider]
) -> tuple[str, Managed, Values]:
    """Return what the provider's check says, as a preview does."""
    managed = Managed(kind, sandbox)
    news = plain(struct({**inputs, "marker": managed.marker}))
    checked = managed._provider.check({}, news)
    return "".join(each.reason for each in checked.failures), managed, checked.inputs


def updates(products: list[Any]) -> Values:
    """Return a configuration with these products on offer."""
    return {
        "features": {
            "payment_method_update": {"enabled": True},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price"],
                "products": products,
            },
        }
    }


PRO = "prod_ProTest"
MONTHLY, ANNUAL = {"lookup_key": "pro_monthly"}, {"lookup_key": "pro_annual"}
AT = "features.subscription_update.products"
FOUND: dict[str, tuple[list[Any], str]] = {
    "product-twice": (
        [
            {"product": PRO, "prices": ["price_ProMonthlyTest"]},
            {"product": PRO, "prices": ["price_ProAnnualTest"]},
        ],
        f"{AT}[1].product: 'prod_ProTest' is listed twice, first in products[0]; list "
        "each product once, with all of its prices",
    ),
    "product-twice-by-key": (
        [{"prices": [MONTHLY]}, {"prices": [ANNUAL]}],
        f"{AT}[1]: 'prod_ProTest' is listed twice, first in products[0]",
    ),
    "product-twice-mixed": (
        [{"product": PRO, "prices": ["price_ProMonthlyTest"]}, {"prices": [ANNUAL]}],
        f"{AT}[1]: 'prod_ProTest' is listed twice, first in products[0]",
    ),
    "price-twice": (
        [{"product": PRO, "prices": ["price_ProMonthlyTest", MONTHLY]}],
        f"{AT}[0].prices[1]: 'pro_monthly' is the same price as prices[0]",
    ),
    "id-before-key": (
        [{"prices": ["price_BasicAnnualTest", MONTHLY]}],
        f"{AT}[0].prices[0]: 'price_BasicAnnualTest' belongs to product 'prod_Basic",
    ),
    "bare-key": (
        [{"prices": ["pro_monthly"]}],
        f"{AT}[0].prices[0]: 'pro_monthly' looks like a lookup key; write "
        "{'lookup_key': 'pro_monthly'}, or the price's id",
    ),
    "bare-key-with-product": (
        [{"product": PRO, "prices": ["pro_monthly"]}],
        f"{AT}[0].prices[0]: 'pro_monthly' looks like a lookup key; write "
        "{'lookup_key': 'pro_monthly'}, or the price's id",
    ),
    "misspelt-key": (
        [{"prices": [{"lookup_key": "pro_montly"}]}],
        "no price has the lookup key 'pro_montly' in test mode; give it to a price of "
        "this mode, or correct it (did you mean 'pro_monthly'?)",
    ),
    "empty-price": (
        [{"product": PRO, "prices": [""]}],
        f"{AT}[0].prices[0]: is empty",
    ),
    "empty-product": (
        [{"product": "", "prices": ["price_1"]}],
        f"{AT}[0].product: is empty",
    ),
    "empty-key": (
        [{"prices": [{"lookup_key": ""}]}],
        f"{AT}[0].prices[0].lookup_key: is empty",
    ),
    "long-key": (
        [{"prices": [{"lookup_key": "x" * 201}]}],
        "has 201 characters; shorten it to at most 200",
    ),
    "maximum": (
        [{"prices": [MONTHLY], "adjustable_quantity": {"enabled": True, "maximum": 0}}],
        "adjustable_quantity.maximum: 0 is below 1; raise it",
    ),
}


@pytest.mark.parametrize(("products", "words"), FOUND.values(), ids=FOUND.keys())
def test_found_at_preview(sandbox: Sandbox, products: list[Any], words: str) -> None:
    """What the inputs or the catalogue show to be refused is told with its place."""
    stocked(sandbox)
    said, managed, _ = failures(sandbox, updates(products), PortalConfigurationProvider)
    plainly = managed._provider.check(
        {},
        {
            **updates(products),
            "marker": managed.marker,
            "declaration": {"outputs": []},
        },
    )

    assert said
    assert words in plainly.failures[0].reason
    assert sandbox.count("POST") == 4


def test_one_request_more_where_a_key_is_unknown(sandbox: Sandbox) -> None:
    """And none where all are known."""
    stocked(sandbox)
    sandbox.clear_requests()
    failures(sandbox, updates([{"prices": [MONTHLY]}]), PortalConfigurationProvider)
    known = sandbox.count("GET")
    unknown = [{"lookup_key": "pro_montly"}, {"lookup_key": "pro_anual"}]
    stocked(sandbox)
    sandbox.clear_requests()
    failures(sandbox, updates([{"prices": unknown}]), PortalConfigurationProvider)

    assert sandbox.count("GET") <= known + 1


PRODUCTS = st.sampled_from(["", PRO, "prod_BasicTest", "prod_none"])
PRICES = st.sampled_from(
    [
        "",
        "price_ProMonthlyTest",
        "price_ProAnnualTest",
        "price_BasicMonthlyTest",
        "price_none",
        "pro_monthly",
        *(
            {"lookup_key": key}
            for key in ("", "pro_monthly", "pro_annual", "basic_monthly", "once")
        ),
        *({"lookup_key": key} for key in ("pro_monthly_2", "pro_old", "none")),
    ]
)
QUANTITY = st.fixed_dictionaries(
    {"enabled": st.booleans()},
    optional={"minimum": st.integers(-1, 3), "maximum": st.integers(-1, 3)},
)
ENTRIES = st.fixed_dictionaries(
    {"prices": st.lists(PRICES, max_size=3)},
    optional={"product": PRODUCTS, "adjustable_quantity": QUANTITY},
)
TEXTS = st.sampled_from(["", "x", "x" * 60, "x" * 61, "x" * 256, "x" * 257, "é\n"])
URLS = st.sampled_from(
    [
        *("", "https://example.com", "http://example.com/a?b", "example.com", "https:"),
        *(
            "https://",
            "https:///a",
            "https://a b",
            "ftp://a",
            "https://[",
            "https://a:b",
        ),
        *("https://localhost", "http://127.0.0.1/a", "HTTPS://EXAMPLE.com", "://a"),
    ]
)
METADATA = st.sampled_from(
    [
        *({}, {"a": ""}, {"a" * 40: "b"}, {"a" * 41: "b"}, {"a": "b" * 500}),
        *({"a": "b" * 501}, {"a[b]": "c"}, {"": "a"}),
        {str(each): "a" for each in range(49)},
        {str(each): "a" for each in range(50)},
    ]
)
FEATURES = st.fixed_dictionaries(
    {},
    optional={
        "payment_method_update": st.fixed_dictionaries({"enabled": st.booleans()}),
        "subscription_update": st.fixed_dictionaries(
            {"enabled": st.booleans()},
            optional={
                "products": st.lists(ENTRIES, max_size=3),
                "default_allowed_updates": st.lists(
                    st.sampled_from(["price", "quantity"]), max_size=3
                ),
            },
        ),
        "subscription_cancel": st.fixed_dictionaries(
            {"enabled": st.booleans()},
            optional={
                "mode": st.sampled_from(["at_period_end", "immediately", ""]),
                "proration_behavior": st.sampled_from(
                    ["none", "create_prorations", "always_invoice"]
                ),
                "cancellation_reason": st.fixed_dictionaries(
                    {"enabled": st.booleans()},
                    optional={
                        "options": st.lists(
                            st.sampled_from(["other", "unused", ""]), max_size=2
                        ),
                        "feedback_options": st.lists(st.just(""), max_size=1),
                    },
                ),
            },
        ),
        "subscription_pause": st.fixed_dictionaries(
            {"enabled": st.booleans()},
            optional={
                "duration": st.fixed_dictionaries(
                    {"type": st.sampled_from(["indefinite", "interval_options"])},
                    optional={
                        "interval_options": st.lists(
                            st.fixed_dictionaries(
                                {"interval": st.sampled_from(["day", "month", "year"])},
                                optional={"interval_count": st.integers(-1, 40)},
                            ),
                            max_size=2,
                        )
                    },
                )
            },
        ),
    },
)
CONFIGURATIONS = st.fixed_dictionaries(
    {"features": FEATURES},
    optional={
        "name": TEXTS,
        "business_profile": st.fixed_dictionaries(
            {}, optional={"headline": TEXTS, "privacy_policy_url": URLS}
        ),
        "default_return_url": URLS,
        "metadata": METADATA,
        "login_page": st.fixed_dictionaries({"enabled": st.booleans()}),
    },
)
ENDPOINTS = st.fixed_dictionaries(
    {
        "url": URLS,
        "enabled_events": st.lists(
            st.sampled_from(["*", "invoice.paid", "invoice.payed", ""]), max_size=2
        ),
    },
    optional={
        "description": st.sampled_from(["", "x", "x" * 5000, "x" * 5001]),
        "metadata": METADATA,
        "disabled": st.booleans(),
        "api_version": st.sampled_from(["", "2026-10-28.endive", "2026", "latest"]),
    },
)


@given(inputs=CONFIGURATIONS)
def test_what_passes_is_accepted(sandbox: Sandbox, inputs: Values) -> None:
    """A configuration that the preview lets pass is created as it is."""
    accepted(sandbox, inputs, PortalConfigurationProvider)


@given(inputs=st.lists(ENTRIES, min_size=1, max_size=3).map(updates))
def test_products_that_pass_are_accepted(sandbox: Sandbox, inputs: Values) -> None:
    """The same where all that is wrong may be products and prices."""
    accepted(sandbox, inputs, PortalConfigurationProvider)


@given(inputs=ENDPOINTS)
def test_an_endpoint_that_passes_is_accepted(sandbox: Sandbox, inputs: Values) -> None:
    """The same for endpoints."""
    accepted(sandbox, inputs, WebhookEndpointProvider)


def accepted(sandbox: Sandbox, inputs: Values, kind: type[StripeProvider]) -> None:
    """Create it if its check lets it pass; what Stripe refuses then fails the test."""
    stocked(sandbox)
    managed = Managed(kind, sandbox)
    marked = {**inputs, "marker": managed.marker, "declaration": {"outputs": []}}
    checked = managed._provider.check({}, plain(struct(marked)))
    if not checked.failures:
        managed._create(struct(checked.inputs))
        assert managed.id
