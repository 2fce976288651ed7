"""Values of the inputs: checked, compared, sent and read back, without any I/O."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN

from pulumi_stripe_portal.inputs import PortalConfigurationInputs, WebhookEndpointInputs
from pulumi_stripe_portal.schema.rules import portal_failures
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.validate import check_types
from pulumi_stripe_portal.schema.values import differing, order_like, tidy
from pulumi_stripe_portal.stripe_api.params import create_params, update_params
from pulumi_stripe_portal.stripe_api.views import (
    inputs_from_object,
    project_onto_inputs,
)

ROOT = schema_of(PortalConfigurationInputs)
UPDATE = ("features", "subscription_update")


def texts(inputs: dict[str, Any]) -> list[str]:
    """Return what is wrong with a configuration's inputs."""
    tidied = tidy(ROOT, inputs)
    found = [*check_types(PortalConfigurationInputs, tidied), *portal_failures(tidied)]
    return [failure.text() for failure in found]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        pytest.param({}, "features: is missing", id="required"),
        pytest.param({"features": []}, "features: a list is of", id="no-object"),
        pytest.param(
            {"features": {}, "account": "cus_1"}, "account: 'cus_1' is no id", id="id"
        ),
        pytest.param({"features": {}, "nam": "x"}, "nam: there is no", id="unknown"),
        pytest.param({"features": {}, "name": 3}, "name: 3 is of", id="number"),
        pytest.param({"features": {}, "name": "x" * 257}, "name: 'xxx", id="long"),
        pytest.param(
            {"features": {}, "metadata": {"a[b]": "c"}},
            "metadata.a[b]: is no key",
            id="metadata-key",
        ),
        pytest.param(
            {"features": {"subscription_pause": {"duration": {"type": "no"}}}},
            "features.subscription_pause.duration.type: 'no'",
            id="nested-choice",
        ),
        pytest.param(
            {
                "features": {
                    "subscription_pause": {
                        "duration": {
                            "type": "interval_options",
                            "interval_options": [
                                {"interval": "month", "interval_count": 37}
                            ],
                        }
                    }
                }
            },
            "features.subscription_pause.duration.interval_options[0].interval_count: "
            "37 months are more than",
            id="four-years",
        ),
        pytest.param(
            {"features": {"subscription_update": {"enabled": False, "products": [{}]}}},
            "features.subscription_update.products[0].prices: is missing",
            id="list-element",
        ),
    ],
)
def test_one_clear_line(inputs: dict[str, Any], path: str) -> None:
    """Each failure names its path, the value and what to do."""
    (line, *more) = texts(inputs)

    assert line.startswith(path)
    assert "; " in line
    assert not [other for other in more if other.split(":")[0] == line.split(":")[0]]


@pytest.fixture(params=["output", "unknown"])
def opaque(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A value that a program doesn't know yet."""
    if request.param == "unknown":
        yield UNKNOWN
        return
    loop = asyncio.new_event_loop()  # an Output is a future
    asyncio.set_event_loop(loop)
    yield Output.from_input("x")
    asyncio.set_event_loop(None)
    loop.close()


def test_what_is_not_known_yet_passes(opaque: Any) -> None:
    """An Output or an unknown value may stand anywhere."""
    products = {"enabled": True, "products": opaque, "default_allowed_updates": opaque}
    inputs = {
        "name": opaque,
        "metadata": {"a": opaque},
        "features": {
            "payment_method_update": {"enabled": opaque},
            "subscription_update": products,
        },
    }

    assert texts(inputs) == []


def test_what_is_declared_is_known(opaque: Any) -> None:
    """An Output can't stand for a whole object."""
    (line,) = texts({"features": {"invoice_history": opaque}})

    assert line.startswith("features.invoice_history: is an Output as a whole; give a")


def test_none_means_not_declared() -> None:
    """A field that a program sets to None is as if it were not there."""
    assert tidy(ROOT, {"name": None, "features": {"invoice_history": None}}) == {
        "features": {}
    }


def test_numbers_arrive_as_floats() -> None:
    """Pulumi carries every number as a float; Stripe wants whole ones."""
    path = {"adjustable_quantity": {"enabled": True, "minimum": 2.0}}
    value = tidy(ROOT, {"features": {"subscription_update": {"products": [path]}}})

    product = value["features"]["subscription_update"]["products"][0]
    assert repr(product["adjustable_quantity"]["minimum"]) == "2"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param({}, {"active": True}, id="active"),
        pytest.param({}, {"name": ""}, id="empty-text"),
        pytest.param(
            {"features": {"subscription_cancel": {"enabled": True}}},
            {
                "features": {
                    "subscription_cancel": {
                        "enabled": True,
                        "mode": "at_period_end",
                        "proration_behavior": "none",
                        "cancellation_reason": {"enabled": False, "options": []},
                    }
                }
            },
            id="defaults",
        ),
        pytest.param(
            {"features": {"invoice_history": {"enabled": False}}},
            {"features": {}},
            id="off-is-undeclared",
        ),
        pytest.param(
            {
                "features": {
                    "subscription_update": {
                        "products": [{"product": "p", "prices": ["b", "a"]}]
                    }
                }
            },
            {
                "features": {
                    "subscription_update": {
                        "products": [
                            {
                                "product": "p",
                                "prices": ["a", "b"],
                                "adjustable_quantity": {"enabled": True},
                            }
                        ]
                    }
                }
            },
            id="order-and-quantity",
        ),
        pytest.param(
            {"features": {"subscription_pause": {"enabled": True}}},
            {
                "features": {
                    "subscription_pause": {
                        "enabled": True,
                        "duration": {
                            "type": "interval_options",
                            "interval_options": [{"interval": "month"}],
                        },
                    }
                }
            },
            id="pause-duration",
        ),
    ],
)
def test_the_same_by_meaning(left: dict[str, Any], right: dict[str, Any]) -> None:
    """Order, spelled-out defaults and empty values are no difference."""
    assert list(differing(ROOT, left, right)) == []
    assert update_params(ROOT, left, right) == {}


def test_what_is_removed_is_reset() -> None:
    """Empty texts and lists are sent as "", others as Stripe's default."""
    old = {
        "name": "Plans",
        "business_profile": {"headline": "Hello"},
        "metadata": {"team": "billing", "tier": "1"},
        "features": {
            "customer_update": {"enabled": True, "allowed_updates": ["email"]},
            "subscription_cancel": {"enabled": True, "mode": "immediately"},
        },
    }

    assert update_params(ROOT, old, {"features": {}, "metadata": {"tier": "2"}}) == {
        "name": "",
        "business_profile": {"headline": ""},
        "metadata": {"team": "", "tier": "2"},
        "features": {
            "customer_update": {"enabled": False, "allowed_updates": ""},
            "subscription_cancel": {
                "enabled": False,
                "mode": "at_period_end",
                # Stripe refuses the mode alone where somebody has chosen prorations.
                "proration_behavior": "none",
            },
        },
    }


def test_required_siblings_travel() -> None:
    """`enabled` goes with what Stripe refuses without it, and products with updates."""
    products = [{"product": "prod_1", "prices": ["price_1"]}]
    update = {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": products,
    }
    off = {"features": {"subscription_update": {**update, "enabled": False}}}
    on = {"features": {"subscription_update": update}}
    sent = update_params(ROOT, off, on)["features"]["subscription_update"]

    assert sent == {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": [
            {
                "product": "prod_1",
                "prices": ["price_1"],
                "adjustable_quantity": {"enabled": True, "minimum": 1},
            }
        ],
    }
    pmc = {"payment_method_update": {"enabled": True}}
    with_pmc = {
        "payment_method_update": {
            "enabled": True,
            "payment_method_configuration": "pmc_1",
        }
    }
    assert update_params(ROOT, {"features": pmc}, {"features": with_pmc}) == {
        "features": with_pmc
    }


def test_create_leaves_out_what_is_empty() -> None:
    """Some fields take "" in an update only, and none needs it at creation."""
    inputs = {
        "active": False,
        "name": "",
        "business_profile": {"privacy_policy_url": ""},
        "features": {},
    }

    assert create_params(ROOT, inputs) == {
        "features": {"invoice_history": {"enabled": False}}
    }


def test_reading_back_keeps_the_spelling() -> None:
    """What Stripe holds as declared reads as declared; drift reads as it is."""
    inputs = {
        "features": {
            "customer_update": {"enabled": True, "allowed_updates": ["name", "email"]}
        },
        "name": "Plans",
    }
    found = {
        "name": None,
        "default_return_url": "https://example.com",
        "features": {
            "customer_update": {"enabled": True, "allowed_updates": ["email", "name"]},
            "subscription_pause": {"enabled": True},
        },
    }

    assert project_onto_inputs(
        ROOT, inputs, found, switches=["subscription_pause"]
    ) == {
        "name": "",
        "features": {
            "customer_update": {"enabled": True, "allowed_updates": ["name", "email"]},
            "subscription_pause": {"enabled": True},
        },
    }


def test_everything_is_what_differs_from_the_defaults() -> None:
    """An untouched object says nothing; the rest is said as inputs would say it."""
    found = {
        "active": True,
        "name": None,
        "metadata": {},
        "login_page": {"enabled": True, "url": "https://example.com"},
        "features": {
            "customer_update": {"enabled": False, "allowed_updates": []},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        },
    }

    assert inputs_from_object(ROOT, found) == {
        "login_page": {"enabled": True},
        "features": {"subscription_cancel": {"enabled": True}},
    }


def test_lists_keep_the_order_they_had() -> None:
    """So that Pulumi, which shows lists by position, shows only what is new."""
    events = schema_of(WebhookEndpointInputs)
    before = {"enabled_events": ["invoice.paid", "customer.updated"]}
    after = {"enabled_events": ["customer.updated", "coupon.created", "invoice.paid"]}

    assert order_like(events, before, after) == {
        "enabled_events": ["invoice.paid", "customer.updated", "coupon.created"]
    }
