"""Parameters and events that Stripe has and this package doesn't know yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.inputs import (
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.validate import check_types
from pulumi_stripe_portal.stripe_api import markers

from .managed import Managed

Values = dict[str, Any]

CONFIGURATIONS = "/v1/billing_portal/configurations"
ENDPOINTS = "/v1/webhook_endpoints"
CANCEL = {"enabled": True, "mode": "at_period_end"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that accepts a few parameters more than the stripe package."""
    with Sandbox() as running:
        accept(running)
        yield running


def accept(sandbox: Sandbox) -> None:
    """Let the sandbox accept a few parameters more."""
    sandbox.accept_param(CONFIGURATIONS, "features[subscription_cancel][ask]")
    sandbox.accept_param(CONFIGURATIONS, "features[gift]")
    sandbox.accept_param(CONFIGURATIONS, "theme")
    sandbox.accept_param(ENDPOINTS, "batching")


def configuration(**extras: Any) -> Values:
    """Return a configuration's inputs with extra parameters."""
    return {"features": {"subscription_cancel": CANCEL}, "extra_params": extras}


def posts(sandbox: Sandbox) -> list[Values]:
    """Return what the POST requests since the last look carried."""
    sent = [each.params for each in sandbox.requests if each.method == "POST"]
    sandbox.clear_requests()
    return sent


@pytest.mark.parametrize(
    "provider", [PortalConfigurationProvider, DefaultPortalConfigurationProvider]
)
def test_life(
    sandbox: Sandbox, provider: type[StripeProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are sent at creation, compared, sent alone where they alone change."""
    monkeypatch.setattr(markers, "_managers", {}, raising=False)  # the same ids
    resource = Managed(provider, sandbox)
    ask = {"subscription_cancel": {"ask": True}}
    first = configuration(theme="dark", features=ask)

    assert resource.up(first) == "create"
    (created,) = posts(sandbox)
    assert created["theme"] == "dark"
    assert created["features"]["subscription_cancel"]["ask"] == "true"
    assert not resource.refresh()
    assert resource.up(first) == "same"

    second = configuration(theme="light", features=ask)
    assert resource.up(second) == "update"
    (updated,) = posts(sandbox)
    assert updated.keys() == {"theme", "expand"}
    assert resource.up(second) == "same"
    assert not resource.refresh()


def test_a_default_is_given_back(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are sent when a default comes under code, and restored where they can be."""
    monkeypatch.setattr(markers, "_managers", {}, raising=False)
    client = sandbox.client()
    off = {"subscription_cancel": {"enabled": False}}
    params = {"theme": "light", "features": off}
    clicked = client.raw_request("post", CONFIGURATIONS, **params).data
    assert isinstance(clicked, dict)
    resource = Managed(DefaultPortalConfigurationProvider, sandbox)
    gift = {"gift": {"enabled": True}}
    declared = configuration(theme="dark", features=gift)
    sandbox.clear_requests()

    resource.up({**declared, "on_delete": "restore"})
    assert resource.id == clicked["id"]
    (sent,) = posts(sandbox)
    assert (sent["theme"], sent["features"]["gift"]) == ("dark", {"enabled": "true"})
    resource.destroy()

    (sent,) = posts(sandbox)
    assert sent["theme"] == "light"
    assert "gift" not in sent["features"]


def test_drift(sandbox: Sandbox) -> None:
    """What Stripe returns is compared with the code, and taken back in one request."""
    resource = Managed(PortalConfigurationProvider, sandbox)
    declared = configuration(theme="dark", features={"gift": {"enabled": True}})
    resource.up(declared)
    edit(sandbox, resource.id, "features[gift][enabled]=false")
    sandbox.clear_requests()

    assert resource.refresh()
    assert resource.up(declared) == "update"
    (sent,) = posts(sandbox)
    assert sent["features"] == {"gift": {"enabled": "true"}}
    assert not resource.refresh()
    assert resource.up(declared) == "same"


def edit(sandbox: Sandbox, id_: str, form: str) -> None:
    """Change a configuration as somebody else's newer tool would."""
    client = sandbox.client()
    name, _, value = form.partition("=")
    answer = client.raw_request("post", f"{CONFIGURATIONS}/{id_}", **{name: value})
    assert answer.code == 200


def test_what_stripe_does_not_return_is_no_drift(sandbox: Sandbox) -> None:
    """Nothing can be known about it, so what was sent counts."""
    resource = Managed(WebhookEndpointProvider, sandbox)
    declared: Values = {
        "url": "https://example.com",
        "enabled_events": ["invoice.paid"],
        "extra_params": {"batching": {"size": 10}},
    }
    resource.up(declared)
    held = sandbox._store.partition(sandbox.account, livemode=False)
    del held.objects["webhook_endpoint"][resource.id]["batching"]

    assert not resource.refresh()
    assert resource.up(declared) == "same"


def test_what_is_removed_stays_as_it_is(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows what resets it: nothing is sent, and that is said."""
    resource = Managed(PortalConfigurationProvider, sandbox)
    resource.up(configuration(theme="dark", features={"gift": {"enabled": True}}))
    posts(sandbox)

    assert resource.up(configuration(theme="dark")) == "update"
    assert posts(sandbox) == []
    assert "extra_params.features.gift.enabled is gone from the code" in (
        capsys.readouterr().err
    )
    assert resource.up(configuration(theme="dark")) == "same"
    assert not resource.refresh()


def test_what_stripe_refuses_is_said(sandbox: Sandbox) -> None:
    """The sandbox, as Stripe, knows no other parameters."""
    resource = Managed(PortalConfigurationProvider, sandbox)

    with pytest.raises(Exception, match="Received unknown parameter: colour"):
        resource.up(configuration(colour="red"))


def test_a_pause_is_sent_whole(sandbox: Sandbox) -> None:
    """What is inside a value that Stripe takes whole goes with all of it."""
    at = "features[subscription_pause][duration][grace]"
    sandbox.accept_param(CONFIGURATIONS, at)
    resource = Managed(PortalConfigurationProvider, sandbox)
    duration = {"type": "indefinite"}
    inputs: Values = {"features": {"subscription_pause": {"duration": duration}}}

    def extra(days: int) -> Values:
        inside = {"subscription_pause": {"duration": {"grace": days}}}
        return {**inputs, "extra_params": {"features": inside}}

    resource.up(extra(1))
    posts(sandbox)
    resource.up(extra(2))

    (sent,) = posts(sandbox)
    told = sent["features"]["subscription_pause"]["duration"]
    assert told == {"type": "indefinite", "grace": "2"}
    assert resource.up(extra(2)) == "same"
    assert not resource.refresh()


REFUSED: dict[str, tuple[Any, str]] = {
    "own": ({"name": "x"}, "extra_params.name: is an input of its own; write it as na"),
    "own-leaf": (
        {"features": {"subscription_cancel": {"mode": "immediately"}}},
        "extra_params.features.subscription_cancel.mode: is an input of its own; write "
        "it as features.subscription_cancel.mode",
    ),
    "own-object": (
        {"features": {"subscription_cancel": 3}},
        "extra_params.features.subscription_cancel: is an input of its own",
    ),
    "own-list": (
        {"features": {"subscription_update": {"products": [{"new": 1}]}}},
        "extra_params.features.subscription_update.products: is an input of its own",
    ),
    "metadata": (
        {"metadata": {"a": "b"}},
        "extra_params.metadata: is refused here; declare its keys in `metadata`",
    ),
    "expand": ({"expand": ["x"]}, "extra_params.expand: is refused here; it asks"),
    "is_default": (
        {"is_default": True},
        "extra_params.is_default: is refused here; no API sets it; declare a Default",
    ),
    "brackets": (
        {"features[new]": 1},
        "extra_params: the key 'features[new]' is no parameter's name; nest the",
    ),
    "control": (
        {"theme": {"a\nb": 1}},
        "extra_params.theme: the key 'a\\nb' is no parameter's name",
    ),
    "empty": ({"theme": {}}, "extra_params.theme: is empty; give a parameter in it"),
    "siblings": (
        {"features": {"invoice_history": {"new": True}}},
        "features.invoice_history.enabled: is missing beside "
        "extra_params.features.invoice_history; Stripe requires it with any parameter",
    ),
    "whole": ("x", "extra_params: 'x' is of the wrong type; give an object"),
}


@pytest.mark.parametrize(("extras", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(extras: Any, words: str) -> None:
    """An input of its own is written as one; what can't be a parameter is named."""
    inputs = {"features": {"subscription_cancel": CANCEL}, "extra_params": extras}
    failure, *_more = check_types(PortalConfigurationInputs, inputs)

    assert failure.text().startswith(words)


KEYS = st.sampled_from("abc")
SCALARS = st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "a", "ü"])


@given(
    st.recursive(
        SCALARS | st.lists(SCALARS | st.dictionaries(KEYS, SCALARS, min_size=1)),
        lambda inner: st.dictionaries(KEYS, inner, min_size=1),
        max_leaves=5,
    )
)
def test_any_value_converges(shared: Sandbox, value: Any) -> None:
    """Whatever is given is sent once, read back as the same, and never sent again."""
    shared.reset()
    accept(shared)
    resource = Managed(PortalConfigurationProvider, shared)
    declared = configuration(theme="dark", features={"gift": {"it": value}})

    resource.up(configuration(theme="dark"))
    resource.up(declared)
    assert not resource.refresh(), json.dumps(value)
    assert resource.up(declared) == "same"


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One sandbox for many examples."""
    with Sandbox() as running:
        yield running


def test_an_event_that_is_newer_is_sent(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name of Stripe's form is warned of, once, and sent as it is."""
    sandbox.accept_param(ENDPOINTS, "enabled_events")
    resource = Managed(WebhookEndpointProvider, sandbox)
    event = "customer.subscription.gifted"
    declared = {"url": "https://example.com", "enabled_events": [event]}

    assert resource.up(declared) == "create"
    assert f"{event!r} is no event that this release knows" in capsys.readouterr().err
    found = sandbox.client().v1.webhook_endpoints.retrieve(resource.id)
    assert found.enabled_events == [event]
    assert not resource.refresh()
    assert resource.up(declared) == "same"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("invoice.payed", "did you mean 'invoice.paid'?"),
        ("customer.subscription.update", "did you mean 'customer.subscription.upd"),
        ("checkout_session.completed", "did you mean 'checkout.session.completed'?"),
        ("Invoice.Paid", "'Invoice.Paid' is not allowed"),
        ("invoice", "'invoice' is not allowed"),
        ("invoice paid", "'invoice paid' is not allowed"),
        ("", "'' is not allowed"),
    ],
)
def test_an_event_that_is_misspelt_is_refused(event: str, words: str) -> None:
    """A near miss of a known event, or what has not the form of one."""
    inputs = {"url": "https://example.com", "enabled_events": [event]}
    (failure,) = check_types(WebhookEndpointInputs, inputs)

    assert failure.path == "enabled_events[0]"
    assert words in failure.text() or "not set is not allowed" in failure.text()


@pytest.mark.parametrize(
    "event",
    [
        "customer.subscription.renewed",
        "payment_method.archived",
        "v1.billing_portal.configuration.created",
        "v2.core.account[identity].updated",
        "v2.core.account[configuration.merchant].capability_status_updated",
        "billing.gift_card.issued",
    ],
)
def test_an_event_of_stripes_form_passes(event: str) -> None:
    """Stripe adds events faster than a release follows."""
    inputs = {"url": "https://example.com", "enabled_events": ["invoice.paid", event]}

    assert check_types(WebhookEndpointInputs, inputs) == []
