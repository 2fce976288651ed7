"""Which object is a resource's own: marked, found again, never made twice."""

from __future__ import annotations

from typing import Any

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox

from .managed import Managed

Values = dict[str, Any]

HISTORY: Values = {"features": {"invoice_history": {"enabled": True}}}
ENDPOINT: Values = {
    "url": "https://example.com/stripe",
    "enabled_events": ["customer.updated"],
}
DEFAULT = DefaultPortalConfigurationProvider
every_kind = pytest.mark.parametrize(
    ("provider", "inputs"),
    [
        pytest.param(PortalConfigurationProvider, HISTORY, id="configuration"),
        pytest.param(DefaultPortalConfigurationProvider, HISTORY, id="default"),
        pytest.param(WebhookEndpointProvider, ENDPOINT, id="endpoint"),
    ],
)


@pytest.fixture
def sandbox(stripe_sandbox: Sandbox) -> Sandbox:
    """An account with a default configuration that somebody clicked together."""
    features: Any = {"customer_update": {"enabled": False}}
    stripe_sandbox.client().v1.billing_portal.configurations.create(
        {"features": features}
    )
    stripe_sandbox.clear_requests()
    return stripe_sandbox


@pytest.fixture
def dashboard(sandbox: Sandbox) -> StripeClient:
    """Another client of the same account."""
    return sandbox.client()


def found(dashboard: StripeClient) -> list[Values]:
    """Return all configurations but the account's default, and all endpoints."""
    configurations = dashboard.v1.billing_portal.configurations.list({"limit": 100})
    endpoints = dashboard.v1.webhook_endpoints.list({"limit": 100})
    ours = [each.to_dict() for each in configurations.data if not each.is_default]
    return ours + [each.to_dict() for each in endpoints.data]


@every_kind
def test_ten_rounds_leave_one_object(
    sandbox: Sandbox,
    dashboard: StripeClient,
    provider: type[StripeProvider],
    inputs: Values,
) -> None:
    """Destroyed and made again ten times, a resource has one object, not ten.

    Configurations can't be deleted, so the deactivated one is taken back.
    """
    resource = Managed(provider, sandbox)
    ids = set()
    for _ in range(10):
        resource.up(inputs)
        ids.add(resource.id)
        resource.destroy()
    resource.up(inputs)

    everyone = [each["id"] for each in found(dashboard)]
    is_default = provider is DefaultPortalConfigurationProvider
    assert everyone == ([] if is_default else [resource.id])
    assert len(ids) == (10 if provider is WebhookEndpointProvider else 1)
    assert not resource.refresh()


@every_kind
def test_each_change_back_and_forth_arrives(
    sandbox: Sandbox, provider: type[StripeProvider], inputs: Values
) -> None:
    """A to B to A to B: Stripe answers no write from its memory of an earlier one."""
    resource = Managed(provider, sandbox)
    resource.up({**inputs, "metadata": {"side": "a"}})
    for side in ("b", "a", "b", "a"):
        assert resource.up({**inputs, "metadata": {"side": side}}) == "update"
        assert not resource.refresh()

    writes = [each for each in sandbox.requests if each.method == "POST"]
    assert len({each.idempotency_key for each in writes}) == len(writes) == 5
    assert not any(each.replayed for each in writes)


@every_kind
def test_metadata_of_others_stays(
    sandbox: Sandbox,
    dashboard: StripeClient,
    provider: type[StripeProvider],
    inputs: Values,
) -> None:
    """Keys that the code doesn't declare survive everything; the marker is unseen."""
    resource = Managed(provider, sandbox)
    resource.up({**inputs, "metadata": {"ours": "1"}})
    edit(dashboard, resource.id, {"metadata": {"theirs": "1"}})

    assert not resource.refresh()
    assert resource.up({**inputs, "metadata": {"ours": "1"}}) == "same"
    assert resource.up({**inputs, "metadata": {"ours": "2", "more": "3"}}) == "update"
    assert resource.up(inputs) == "update"
    assert not resource.refresh()
    assert "metadata" not in resource.outputs
    marker = held(dashboard, resource.id)["pulumi"]
    assert marker.startswith(resource.marker)
    assert held(dashboard, resource.id) == {"pulumi": marker, "theirs": "1"}
    if provider is not WebhookEndpointProvider:
        resource.destroy()
        resource.up({**inputs, "metadata": {"ours": "4"}})
        now = {"pulumi": marker, "theirs": "1", "ours": "4"}
        assert held(dashboard, resource.id) == now


def test_what_a_dead_run_made_is_taken_back(
    sandbox: Sandbox, dashboard: StripeClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """The next one within the hour says so, and updates it."""
    died = Managed(PortalConfigurationProvider, sandbox)
    died.up(HISTORY)
    sandbox.advance(59 * 60)

    resource = Managed(PortalConfigurationProvider, sandbox)
    resource.up({**HISTORY, "name": "Plans"})

    assert resource.id == died.id
    told = capfd.readouterr().err
    assert told.count(f"takes back {died.id}, which an interrupted `up` left 59") == 1
    assert [each["name"] for each in found(dashboard)] == ["Plans"]


@every_kind
@pytest.mark.parametrize("minutes", [61, 25 * 60])
def test_what_has_been_in_use_is_refused(
    sandbox: Sandbox, provider: type[StripeProvider], inputs: Values, minutes: int
) -> None:
    """It may be somebody's by now: adopting or releasing it is a decision."""
    forgotten = Managed(provider, sandbox)
    forgotten.up({**inputs, "metadata": {"team": "billing"}})
    sandbox.advance(minutes * 60)
    sandbox.clear_requests()

    with pytest.raises(InvalidInputs) as refused:
        Managed(provider, sandbox).up(inputs)

    assert f'import_="{forgotten.id}"' in str(refused.value)
    assert f"stripe-portal release {forgotten.id}" in str(refused.value)
    assert ("1 hour ago" if minutes == 61 else "1 day ago") in str(refused.value) or (
        provider is DefaultPortalConfigurationProvider
    )
    assert {each.method for each in sandbox.requests} == {"GET"}


@every_kind
def test_what_was_changed_since_is_refused(
    sandbox: Sandbox,
    dashboard: StripeClient,
    provider: type[StripeProvider],
    inputs: Values,
) -> None:
    """Somebody uses it; an endpoint doesn't tell when it was changed."""
    forgotten = Managed(provider, sandbox)
    forgotten.up({**inputs, "metadata": {"team": "billing"}})
    sandbox.advance(60)
    edit(dashboard, forgotten.id, {"metadata": {"team": "support"}})
    other = {**inputs, "metadata": {"team": "growth"}}

    resource = Managed(provider, sandbox)
    if provider is WebhookEndpointProvider:
        resource.up(other)
        assert resource.id != forgotten.id
        return

    with pytest.raises(InvalidInputs, match="it was changed since"):
        resource.up(other)


@pytest.mark.parametrize("provider", [PortalConfigurationProvider, DEFAULT])
def test_what_is_as_declared_is_taken_back_without_a_write(
    sandbox: Sandbox, provider: type[StripeProvider]
) -> None:
    """A run that died after its last write left it so, an older object too."""
    died = Managed(provider, sandbox)
    died.up(HISTORY)
    died.destroy()
    sandbox.advance(3 * 60 * 60)
    died.up({**HISTORY, "metadata": {"team": "billing"}})
    sandbox.clear_requests()

    resource = Managed(provider, sandbox)
    resource.up({**HISTORY, "metadata": {"team": "billing"}})

    assert resource.id == died.id
    assert {each.method for each in sandbox.requests} == {"GET"}
    assert not resource.refresh()


def test_a_default_that_is_let_go_carries_no_marker(
    stripe_sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    """It can't be deactivated; the resource, made again, has another one beside it."""
    dashboard = stripe_sandbox.client()
    resource = Managed(PortalConfigurationProvider, stripe_sandbox)
    resource.up(HISTORY)
    first = resource.id
    stripe_sandbox.clear_requests()
    resource.destroy()

    assert [each.method for each in stripe_sandbox.requests] == ["POST"]
    assert "which Stripe never lets go" in capfd.readouterr().err
    assert held(dashboard, first) == {}
    ids = set()
    for _ in range(3):
        resource.up(HISTORY)
        ids.add(resource.id)
        resource.destroy()
    assert len(ids) == 1
    assert first not in ids


def test_who_comes_second_takes_the_account_s_default(
    stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an empty account a click came first: one managed default, ours deactivated."""
    dashboard = stripe_sandbox.client()
    resource = Managed(DefaultPortalConfigurationProvider, stripe_sandbox)
    create = DefaultPortalConfigurationProvider.new_object
    clicked: list[str] = []

    def after_a_click(*args: Any) -> Values:
        params: Any = {"features": {"customer_update": {"enabled": False}}}
        made = dashboard.v1.billing_portal.configurations.create(params)
        clicked.append(made.id)
        return create(*args)

    monkeypatch.setattr(DefaultPortalConfigurationProvider, "new_object", after_a_click)
    resource.up(HISTORY)

    assert [resource.id] == clicked
    (other,) = found(dashboard)
    assert other["active"] is False
    assert held(dashboard, resource.id) == {"pulumi": resource.marker}
    assert not resource.refresh()


@pytest.mark.parametrize("others", [3, 15])
def test_an_endpoint_that_a_dead_run_made_is_replaced(
    sandbox: Sandbox, dashboard: StripeClient, others: int
) -> None:
    """Its secret was told to nobody. It goes last, or first where there is no room."""
    died = Managed(WebhookEndpointProvider, sandbox)
    died.up(ENDPOINT)
    for number in range(others):
        events: Any = ["customer.updated"]
        url = f"https://example.com/{number}"
        dashboard.v1.webhook_endpoints.create({"url": url, "enabled_events": events})
    sandbox.clear_requests()

    resource = Managed(WebhookEndpointProvider, sandbox)
    resource.up(ENDPOINT)

    writes = [each.method for each in sandbox.requests if each.method != "GET"]
    assert writes == (["DELETE", "POST"] if others == 15 else ["POST", "DELETE"])
    ids = [each["id"] for each in found(dashboard)]
    assert len(ids) == others + 1
    assert died.id not in ids
    assert resource.outputs["secret"]


IDENTITIES: dict[str, tuple[Values, Values, list[str]]] = {
    "as it is": ({"api_version": "2024-06-20", "connect": True},) * 2 + ([],),
    "another version": (
        {"api_version": "2024-06-20"},
        {"api_version": "2023-10-16"},
        ["api_version is '2024-06-20' at Stripe, but '2023-10-16' in the code"],
    ),
    "a version in the code alone": (
        {},
        {"api_version": "2023-10-16"},
        ["api_version is not set at Stripe, but '2023-10-16' in the code; remove"],
    ),
    "a version at Stripe alone": (
        {"api_version": "2024-06-20"},
        {},
        ["api_version is '2024-06-20' at Stripe, but not set in the code; write"],
    ),
    "connect in the code alone": (
        {},
        {"connect": True},
        ["connect is False at Stripe, but True in the code"],
    ),
    "connect at Stripe alone": (
        {"connect": True},
        {},
        ["connect is True at Stripe, but not set in the code; write 'connect': True"],
    ),
}


@pytest.mark.parametrize(
    ("made", "declared", "lines"), IDENTITIES.values(), ids=list(IDENTITIES)
)
def test_what_only_a_creation_sets_is_compared_at_adoption(
    sandbox: Sandbox,
    dashboard: StripeClient,
    made: Values,
    declared: Values,
    lines: list[str],
) -> None:
    """Written into the code later, it would replace the endpoint and its secret."""
    params: Any = {**ENDPOINT, **made}
    clicked = dashboard.v1.webhook_endpoints.create(params)
    resource = Managed(WebhookEndpointProvider, sandbox)
    adopting = {**ENDPOINT, **declared, "adopt": clicked.id}

    if not lines:
        assert resource.up(adopting) == "create"
        assert resource.id == clicked.id
        assert not resource.refresh()
        return
    with pytest.raises(InvalidInputs) as refused:
        resource.up(adopting)
    assert [line for line in lines if line not in str(refused.value)] == []


def edit(dashboard: StripeClient, id_: str, params: Any) -> None:
    """Change an object as somebody else would."""
    if id_.startswith("we_"):
        dashboard.v1.webhook_endpoints.update(id_, params)
    else:
        dashboard.v1.billing_portal.configurations.update(id_, params)


def retrieved(dashboard: StripeClient, id_: str) -> Values:
    """Return an object as it is now."""
    found: Any = (
        dashboard.v1.webhook_endpoints.retrieve(id_)
        if id_.startswith("we_")
        else dashboard.v1.billing_portal.configurations.retrieve(id_)
    )
    values: Values = found.to_dict()
    return values


def held(dashboard: StripeClient, id_: str) -> Values:
    """Return an object's metadata."""
    metadata: Values = retrieved(dashboard, id_)["metadata"]
    return metadata


def rename_owner(dashboard: StripeClient, id_: str, marker: str) -> None:
    """Write another marker to an object, as another client may."""
    edit(dashboard, id_, {"metadata": {"pulumi": marker}})


@every_kind
@pytest.mark.parametrize("before", ["marked", "released", "adopted"])
def test_the_marker_of_another_is_left_for_good(
    sandbox: Sandbox,
    dashboard: StripeClient,
    capfd: pytest.CaptureFixture[str],
    provider: type[StripeProvider],
    inputs: Values,
    before: str,
) -> None:
    """Whatever the state said of the object: no update writes over it, nor a destroy.

    Once the other one has let go of it, the next update writes the own one.
    """
    resource = Managed(provider, sandbox)
    resource.up(inputs)
    if before != "marked":
        rename_owner(dashboard, resource.id, "")
        resource.refresh()
    if before == "adopted":
        id_, resource = resource.id, Managed(provider, sandbox)
        inputs = {**inputs, "adopt": id_}
        resource.up(inputs)
    theirs = "other/live/Any/thing"
    rename_owner(dashboard, resource.id, theirs)
    resource.refresh()

    assert f"another resource, '{theirs}', which may write" in capfd.readouterr().err
    changed = {**inputs, "metadata": {"team": "growth"}}
    resource.up(changed)
    assert held(dashboard, resource.id) == {"pulumi": theirs, "team": "growth"}
    assert not resource.refresh()
    assert resource.up(changed) == "same"

    rename_owner(dashboard, resource.id, "")
    resource.refresh()
    assert resource.up(changed) == "update"
    assert held(dashboard, resource.id)["pulumi"].startswith(resource.marker)

    rename_owner(dashboard, resource.id, theirs)
    resource.refresh()
    id_ = resource.id
    resource.destroy()
    if provider is DEFAULT:
        assert held(dashboard, id_)["pulumi"] == theirs


@every_kind
def test_a_default_that_is_spelled_out_is_written_where_another_value_was(
    sandbox: Sandbox,
    dashboard: StripeClient,
    provider: type[StripeProvider],
    inputs: Values,
) -> None:
    """What came under code with undeclared fields has what somebody clicked in them."""
    clicked: Any = {
        PortalConfigurationProvider: {"default_return_url": "https://example.com/app"},
        DEFAULT: {"features": {"payment_method_update": {"enabled": True}}},
        WebhookEndpointProvider: {"description": "clicked"},
    }[provider]
    off: Values = {"payment_method_update": {"enabled": False}}
    features = {**inputs.get("features", {}), **off}
    declared: dict[type[StripeProvider], Values] = {
        PortalConfigurationProvider: {"default_return_url": ""},
        DEFAULT: {"features": features},
        WebhookEndpointProvider: {"description": ""},
    }
    spelled = {**inputs, **declared[provider]}
    maker = Managed(provider, sandbox)
    maker.up(inputs)
    edit(dashboard, maker.id, {**clicked, "metadata": {"pulumi": ""}})
    resource = Managed(provider, sandbox)
    resource.up({**inputs, "adopt": maker.id})

    assert resource.up({**inputs, "adopt": maker.id}) == "same"
    assert resource.up(spelled) == "update"
    assert not resource.refresh()
    assert resource.up(spelled) == "same"
    left = str(retrieved(dashboard, maker.id))
    assert "https://example.com/app" not in left
    assert "'payment_method_update': {'enabled': True" not in left
    assert "clicked" not in left
