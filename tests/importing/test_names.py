"""Names say what a resource is for, differ, and stay."""

from __future__ import annotations

import keyword
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.importing.declaring import PriceNames
from pulumi_stripe_portal.importing.names import Names, suggestions

Values = dict[str, Any]


def first(found: Values, **products: str) -> str:
    """Return the name that an object would be given alone."""
    candidates = list(suggestions(found, PriceNames(products=products)))
    return Names().give(candidates, "bpc_1AbC").resource


def configuration(**values: Any) -> Values:
    """Return what counts of a configuration."""
    return {"object": "billing_portal.configuration", "is_default": False, **values}


def offering(*products: str) -> Values:
    """Return a configuration that offers products."""
    entries = [{"product": each, "prices": []} for each in products]
    return configuration(features={"subscription_update": {"products": entries}})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(configuration(name="Basic & Pro"), "basic-pro", id="name"),
        pytest.param(
            configuration(name="", business_profile={"headline": "Hello!"}),
            "hello",
            id="headline",
        ),
        pytest.param(offering("prod_1", "prod_2"), "basic-pro-max", id="audience"),
        pytest.param(offering("prod_1", *"abc"), "portal", id="too-many-plans"),
        pytest.param(configuration(), "portal", id="nothing"),
        pytest.param(configuration(name="会員"), "portal", id="no-latin-letter"),
        pytest.param(
            configuration(name="Größe L\u2019été"), "grosse-lete", id="accents"
        ),
        pytest.param(
            configuration(name="word " * 20),
            "word-word-word-word-word-word-word-word",
            id="long",
        ),
        pytest.param(configuration(is_default=True, name="X"), "default", id="default"),
        pytest.param(
            configuration(
                name="X", metadata={"pulumi": "shop/test/PortalConfiguration/all-plans"}
            ),
            "all-plans",
            id="earlier-name",
        ),
        pytest.param(
            configuration(name="X", metadata={"pulumi": "ab12" * 16}),
            "x",
            id="marker-that-says-nothing",
        ),
    ],
)
def test_configurations(found: Values, expected: str) -> None:
    """Named after the name, the headline or the plans on offer."""
    assert first(found, prod_1="Basic", prod_2="Pro Max") == expected


@pytest.mark.parametrize(
    ("url", "description", "expected"),
    [
        pytest.param("https://a.example/stripe", "Invoices", "invoices", id="text"),
        pytest.param("https://a.example/web/hooks?t=1", None, "web-hooks", id="path"),
        pytest.param("https://a.example/", "", "a-example", id="host"),
    ],
)
def test_endpoints(url: str, description: str | None, expected: str) -> None:
    """Named after the description or the address, without its query."""
    found = {"object": "webhook_endpoint", "url": url, "description": description}

    assert first(found) == expected


def test_an_endpoints_marker_ends_with_a_digest() -> None:
    """The digest is no part of the name."""
    marker = {"pulumi": "shop/test/WebhookEndpoint/events#0123456789ab"}
    url = "https://a.example/hooks"

    found = {"object": "webhook_endpoint", "url": url, "metadata": marker}

    assert first(found) == "events"


def test_a_name_in_use_gives_way() -> None:
    """First to another candidate, then to a piece of the id."""
    names = Names()

    given = [
        names.give(["basic", "portal"], "bpc_1aaaaAAAA").resource,
        names.give(["basic", "portal"], "bpc_1bbbbBBBB").resource,
        names.give(["basic", "portal"], "bpc_1ccccCCCC").resource,
        names.give(["Basic"], "bpc_1ddddCCCC").resource,
    ]

    assert given == ["basic", "portal", "basic-cccc", "Basic-dcccc"]


@pytest.mark.parametrize(
    ("name", "variable", "setting"),
    [
        ("all-plans", "all_plans", "allPlansSecret"),
        ("class", "class_", "classSecret"),
        ("print", "print_", "printSecret"),
        ("config", "config_", "configSecret"),
        ("2024-plans", "_2024_plans", "2024PlansSecret"),
        ("Portal_Main", "portal_main", "portalMainSecret"),
    ],
)
def test_variables(name: str, variable: str, setting: str) -> None:
    """A variable shadows nothing; a setting is in Pulumi's camel case."""
    given = Names().give([name], "we_1")

    assert (given.variable, given.setting) == (variable, setting)


@given(st.lists(st.text("aA1-_", max_size=3), max_size=30))
def test_no_two_names_collide(wanted: list[str]) -> None:
    """Whatever is asked for: names, variables and settings differ and are valid."""
    names = Names()

    given = [
        names.give([text, "x"], f"bpc_{number:030}")
        for number, text in enumerate(wanted)
    ]

    for kind in ("resource", "variable", "setting"):
        assert len({getattr(each, kind) for each in given}) == len(wanted)
    for each in given:
        assert each.variable.isidentifier()
        assert not keyword.iskeyword(each.variable)
