"""No secret leaves the plugin in clear, in whatever it answers or says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN
from pulumi.runtime.proto import provider_pb2 as pb
from stripe import StripeClient

from pulumi_stripe_portal.engine import wire
from pulumi_stripe_portal.engine.values import pack, unpack
from pulumi_stripe_portal.sandbox import Sandbox

from .served import Resource, Served

SECRET = "TOPSECRET"
TEXT = f"{SECRET}-1"
URL = f"https://example.com/{SECRET}"
FEATURES: dict[str, Any] = {"invoice_history": {"enabled": True}}
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "name": ("PortalConfiguration", {"name": TEXT}),
    "headline": ("PortalConfiguration", {"business_profile": {"headline": TEXT}}),
    "link": (
        "PortalConfiguration",
        {"business_profile": {"terms_of_service_url": URL}},
    ),
    "metadata": ("PortalConfiguration", {"metadata": {"team": TEXT, "other": "x"}}),
    "return": ("PortalConfiguration", {"default_return_url": URL}),
    "default": ("DefaultPortalConfiguration", {"business_profile": {"headline": TEXT}}),
    "address": ("WebhookEndpoint", {"url": URL}),
    "description": ("WebhookEndpoint", {"description": TEXT}),
    "extra": ("WebhookEndpoint", {"extra_params": {"newer": {"key": TEXT}}}),
}


def marked(value: Any, old: str = SECRET, new: str = SECRET) -> Any:
    """Return values with those that hold the secret marked, perhaps another one."""
    if isinstance(value, dict):
        return {name: marked(each, old, new) for name, each in value.items()}
    if isinstance(value, str) and old in value:
        return wire.secret(value.replace(old, new))
    return value


def declared(kind: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return whole inputs with a part."""
    endpoint = {"url": "https://example.com/w", "enabled_events": ["customer.created"]}
    return {
        **(endpoint if kind == "WebhookEndpoint" else {"features": FEATURES}),
        **part,
    }


def in_clear(value: Any) -> Iterator[str]:
    """Yield the texts of a message's JSON that are not marked as secrets."""
    if isinstance(value, dict):
        if not wire.is_secret(value):
            for name, each in value.items():
                yield name
                yield from in_clear(each)
    elif isinstance(value, list):
        for each in value:
            yield from in_clear(each)
    else:
        yield str(value)


def told(plugin: Served) -> str:
    """Return all that the plugin has answered or said in clear."""
    answered: list[Message] = plugin.answers
    texts = [text for each in answered for text in in_clear(MessageToDict(each))]
    return "\n".join([*texts, *plugin.warnings()])


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_input(plugin: Served, dashboard: StripeClient, place: str) -> None:
    """It is marked in all answers of its life, with another value too, and sent."""
    kind, part = PLACES[place]
    resource = Resource(plugin, kind)
    news = marked(declared(kind, part))
    other = marked(declared(kind, part), new=f"{SECRET}2")
    if place == "extra":  # the sandbox knows no newer parameter
        resource.check(news)
        assert SECRET not in told(plugin)
        return

    resource.up(news)
    request = resource.update_request(resource.checked(other), preview=True)
    plugin.ask("Update", request)
    resource.diff(other)
    assert resource.up(other) == "update"
    resource.refresh()
    assert resource.up(other) == "same"

    assert SECRET not in told(plugin)
    kinds = dashboard.v1
    service: Any = (
        kinds.webhook_endpoints
        if kind == "WebhookEndpoint"
        else kinds.billing_portal.configurations
    )
    assert f"{SECRET}2" in json.dumps(service.retrieve(resource.id).to_dict())
    _, secrets = unpack(resource.outputs)
    assert len([path for path in secrets if path != ("secret",)]) >= 1


def test_what_a_default_was_before(plugin: Served, dashboard: StripeClient) -> None:
    """Stripe's earlier value at the place of a secret is one, too."""
    features: Any = FEATURES
    dashboard.v1.billing_portal.configurations.create(
        {"features": features, "business_profile": {"headline": TEXT}}
    )
    default = Resource(plugin, "DefaultPortalConfiguration")

    default.up(marked(declared(default.kind, {"business_profile": {"headline": TEXT}})))

    assert ("before", "business_profile", "headline") in unpack(default.outputs)[1]
    assert SECRET not in told(plugin)


def test_a_secret_that_is_refused(plugin: Served) -> None:
    """A failing check shows no value that is a secret."""
    events = Resource(plugin, "WebhookEndpoint")
    url = wire.secret(f"example.com/{SECRET}")

    failures = events.failures({"url": url, "enabled_events": ["customer.created"]})

    assert "url: [hidden] has no scheme" in failures[0]
    assert SECRET not in told(plugin)


def test_a_secret_in_a_list(plugin: Served) -> None:
    """The list is one then: its elements may come back in another order."""
    updates: Any = [wire.secret("name"), "email"]
    plans = Resource(plugin)
    features = {"customer_update": {"enabled": True, "allowed_updates": updates}}
    plans.up({"features": features})

    place = ("features", "customer_update", "allowed_updates")
    assert place in unpack(plans.outputs)[1]
    assert place in unpack(plans.inputs)[1]


def test_the_signing_secret(plugin: Served) -> None:
    """It is marked when it is made, and kept so by updates and reads."""
    events = Resource(plugin, "WebhookEndpoint")
    events.up(declared("WebhookEndpoint", {}))
    made = events.told()["secret"]

    events.up(declared("WebhookEndpoint", {"description": "x"}))
    events.refresh()

    assert events.told()["secret"] == made
    assert made.startswith("whsec_")
    assert made not in told(plugin)


def test_what_is_no_secret_any_more(plugin: Served) -> None:
    """An input that the program gives in clear from now on is shown."""
    plans = Resource(plugin)
    plans.up({"features": FEATURES, "name": wire.secret("Plans")})
    plans.up({"features": FEATURES, "name": "Other"})

    assert plans.outputs["name"] == "Other"


@pytest.mark.parametrize("place", PLACES)
def test_what_becomes_a_secret(
    plugin: Served, stripe_sandbox: Sandbox, place: str
) -> None:
    """The state marks it from then on, by an update that sends nothing and no more."""
    kind, part = PLACES[place]
    if place == "extra":  # the sandbox knows no newer parameter
        return
    resource = Resource(plugin, kind)
    news = declared(kind, part)
    resource.up(news)
    plugin.answers.clear()
    plugin.warnings()
    stripe_sandbox.clear_requests()

    found = resource.diff(marked(news))
    assert resource.up(marked(news)) == "update"
    assert resource.up(marked(news)) == "same"

    kinds = {
        path: each.Kind.Name(each.kind) for path, each in found.detailedDiff.items()
    }
    assert kinds == {"secrets": "UPDATE"}
    assert any("becomes a secret in the state" in said for said in plugin.warnings())
    assert SECRET not in told(plugin)
    assert stripe_sandbox.requests == []


def test_what_was_imported(
    plugin: Served, stripe_sandbox: Sandbox, dashboard: StripeClient
) -> None:
    """The engine reads it before the program tells that it is a secret."""
    features: Any = FEATURES
    configurations = dashboard.v1.billing_portal.configurations
    configurations.create({"features": features})
    part = {"name": TEXT, "business_profile": {"headline": TEXT}}
    whole: Any = {"features": features, **part}
    plans = Resource(plugin)
    plans.read(configurations.create(whole).id)
    plugin.answers.clear()

    assert plans.up(marked(whole)) == "update"
    assert plans.up(marked(whole)) == "same"

    assert SECRET not in told(plugin)
    assert stripe_sandbox.count("POST") == 2  # the two that somebody clicked


def test_created_but_not_complete(plugin: Served, stripe_sandbox: Sandbox) -> None:
    """What goes with the error has its secrets marked."""
    Resource(plugin, name="first").up({"features": FEATURES})
    plans = Resource(plugin)
    news = {"features": FEATURES, "name": wire.secret(TEXT), "active": False}
    checked = plans.checked(news)
    stripe_sandbox.fail("POST", "/v1/billing_portal/configurations/*", status=400)

    plugin.incomplete("Create", pb.CreateRequest(urn=plans.urn, properties=checked))

    assert SECRET not in told(plugin)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-99, 99),
    st.text(max_size=3),
    st.just(UNKNOWN),
)
NAMES = st.text("ab_", min_size=1, max_size=3)
VALUES: Any = st.recursive(
    LEAVES | LEAVES.filter(lambda each: each is not None).map(wire.secret),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES))
def test_a_round_trip(values: dict[str, Any]) -> None:
    """What was taken out of a message goes back into it, secrets at least as many."""
    message = pack(values)

    inside, secrets = unpack(message)
    again, once_more = unpack(pack(inside, secrets))

    assert again == inside
    assert once_more == {path for path in secrets if not covered(path, secrets)}


def covered(path: tuple[str, ...], places: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether a place lies in another one, which is marked as a whole."""
    return any(path[:n] in places for n in range(1, len(path)))
