"""What holds for any configuration: generated from the declarations, tried for real.

`make test` tries hundreds, the same ones each time, so that a change is judged by what
it changed. `make test-thorough` tries thousands of others; the seed, which is printed
at the end of a run, repeats it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stripe import InvalidRequestError, StripeClient

from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.inputs import PortalConfigurationInputs
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.values import value_at

from .managed import Managed
from .strategies import (
    FEEDBACK_OPTIONS,
    PAYMENT_METHODS,
    PRICES,
    configurations,
    endpoints,
)

Values = dict[str, Any]

ROOT = schema_of(PortalConfigurationInputs)
EXPAND = ["features.subscription_update.products"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox, as new for each example."""
    with Sandbox() as running:
        yield running


def surveyed(reason: Values) -> Values:
    """Return a configuration with a survey at cancellation."""
    cancel = {"enabled": False, "cancellation_reason": reason}
    return {"features": {"subscription_cancel": cancel}}


class Account:
    """A Stripe account as new, but perhaps with a default configuration."""

    def __init__(self, sandbox: Sandbox, *, default: bool = True) -> None:
        sandbox.reset()
        self.sandbox = sandbox
        self.client: StripeClient = sandbox.client()
        self._configurations = self.client.v1.billing_portal.configurations
        features: Any = {"invoice_history": {"enabled": True}}
        if default:
            self._configurations.create({"features": features})
        self._ids: dict[str, str] = {}

    def named(self, values: Values) -> Values:
        """Return inputs with the account's own ids where the strategies have names."""
        text = json.dumps(values)
        for name in FEEDBACK_OPTIONS:
            if name in text:
                text = text.replace(name, self._feedback_option(name))
        if PAYMENT_METHODS in text:
            methods = self.client.v1.payment_method_configurations.list().data
            text = text.replace(PAYMENT_METHODS, methods[0].id)
        found: Values = json.loads(text)
        return found

    def _feedback_option(self, name: str) -> str:
        if name not in self._ids:
            options = self.client.v1.billing.feedback_options
            self._ids[name] = options.create({"description": name}).id
        return self._ids[name]

    def configuration(self, id_: str) -> Values:
        """Return a configuration as Stripe has it."""
        return self._configurations.retrieve(id_, {"expand": EXPAND}).to_dict()

    def edit(self, id_: str, params: Values) -> bool:
        """Change a configuration as in the Dashboard; False where that is refused."""
        try:
            self._configurations.update(id_, params)  # type: ignore[arg-type]
        except InvalidRequestError:
            return False
        return True


@given(a=configurations(), b=configurations())
def test_an_update_ends_where_a_create_would(
    sandbox: Sandbox, a: Values, b: Values
) -> None:
    """Whatever was there before, the code alone decides what is there after an `up`."""
    account = Account(sandbox)
    a, b = account.named(a), account.named(b)
    changed, fresh = (Managed(PortalConfigurationProvider, sandbox) for _ in "ab")
    fresh.marker = "shop/test/PortalConfiguration/fresh"

    assert changed.up(a) == "create"
    assert not changed.refresh()
    assert changed.up(a) == "same"
    changed.up(b)
    assert not changed.refresh()
    assert changed.up(b) == "same"
    fresh.up(b)

    ours, theirs = map(account.configuration, (changed.id, fresh.id))
    assert essence(ours) == essence(theirs)


@given(declared=configurations(), edited=configurations(), data=st.data())
def test_an_edit_is_seen_if_it_touches_what_is_declared(
    sandbox: Sandbox, declared: Values, edited: Values, data: st.DataObject
) -> None:
    """Drift is what differs from the code, or a feature that was switched on: no more.

    The next `up` takes it back, and leaves everything else as it was edited.
    """
    account = Account(sandbox)
    declared, edited = account.named(declared), account.named(edited)
    resource = Managed(PortalConfigurationProvider, sandbox)
    resource.up(declared)
    before = account.configuration(resource.id)
    params = data.draw(edits(edited, before), label="edit")

    assume(account.edit(resource.id, params))
    after = account.configuration(resource.id)
    seen = resource.refresh()

    assert seen == bool(touched(declared, before, after)), touched(
        declared, before, after
    )
    assert resource.up(declared) == ("update" if seen else "same")
    assert not resource.refresh()
    left = account.configuration(resource.id)
    assert touched(declared, before, left) == []
    assert resource.up(declared) == "same"


TRAVELLING = ("enabled", "products", "default_allowed_updates", "proration_behavior")
"""What Stripe requires beside other fields, so that it is sent as the state has it."""


@given(a=configurations(), b=configurations(), edited=configurations(), data=st.data())
def test_what_is_ignored_is_never_written(
    sandbox: Sandbox, a: Values, b: Values, edited: Values, data: st.DataObject
) -> None:
    """Under `ignore_changes` an edit at Stripe stays, refreshed before or not."""
    account = Account(sandbox)
    a, b, edited = map(account.named, (a, b, edited))
    resource = Managed(PortalConfigurationProvider, sandbox)
    resource.up(a)
    paths = [
        path
        for path, leaf in ROOT.leaves()
        if value_at(edited, path) is not None
        and path[-1] not in TRAVELLING
        and leaf.kind != "mapping"
    ]
    assume(paths)
    ignored = data.draw(st.sampled_from(paths), label="ignored")
    before = account.configuration(resource.id)
    params = data.draw(edits(edited, before, [ignored]), label="edit")
    assume(account.edit(resource.id, params))
    after = account.configuration(resource.id)
    if data.draw(st.booleans(), label="refreshed"):
        resource.refresh()

    held = resource.recorded()
    for length in range(
        1, len(ignored)
    ):  # else the engine says that it can't ignore it
        around = ignored[:length]
        assume((value_at(held, around) is None) == (value_at(b, around) is None))
    with suppress(InvalidInputs, RequestRefused):  # the rest doesn't go with it
        resource.up(b, ignored)

    left = account.configuration(resource.id)
    assert value_at(left, ignored) == value_at(after, ignored)


@given(
    clicked=configurations(),
    declared=configurations(),
    others=st.sampled_from(["keep", "off"]),
)
@example(  # `options` is required with `enabled` at creation, but not in an update
    clicked=surveyed({"enabled": True, "options": ["other"]}),
    declared=surveyed({"enabled": False}),
    others="keep",
)
@example(  # `create_prorations` goes with its mode only, which isn't declared
    clicked={
        "features": {
            "subscription_cancel": {
                "enabled": True,
                "mode": "immediately",
                "proration_behavior": "create_prorations",
            }
        }
    },
    declared={
        "features": {
            "subscription_cancel": {"enabled": False, "proration_behavior": "none"}
        }
    },
    others="keep",
)
@example(  # ... nor with the other mode, which is
    clicked={
        "features": {
            "subscription_cancel": {
                "enabled": False,
                "mode": "immediately",
                "proration_behavior": "create_prorations",
            }
        }
    },
    declared={
        "features": {"subscription_cancel": {"enabled": False, "mode": "at_period_end"}}
    },
    others="keep",
)
@example(
    clicked={"features": {"invoice_history": {"enabled": True}}},
    declared={"features": {"payment_method_update": {"enabled": True}}},
    others="off",
)
def test_a_default_that_is_let_go_is_as_it_was(
    sandbox: Sandbox, clicked: Values, declared: Values, others: str
) -> None:
    """Managing the account's default changes what is declared; `restore` undoes it.

    With `undeclared_features="off"` it switches off what isn't, which is undone too.
    """
    account = Account(sandbox, default=False)
    clicked, declared = account.named(clicked), account.named(declared)
    dashboard = Managed(PortalConfigurationProvider, sandbox)
    dashboard.up({**clicked, "active": True})
    account.edit(dashboard.id, {"metadata": {"pulumi": ""}})
    before = account.configuration(dashboard.id)

    resource = Managed(DefaultPortalConfigurationProvider, sandbox)
    declared = {k: v for k, v in declared.items() if k != "active"}
    declared |= {"on_delete": "restore", "undeclared_features": others}
    with suppress(RequestRefused):  # what was clicked forbids what is declared
        resource.up(declared)
    assume(resource.id)
    managed = account.configuration(resource.id)
    assert not resource.refresh()
    assert resource.up(declared) == "same"
    resource.destroy()

    if others == "keep":
        assert undeclared(declared, managed) == undeclared(declared, before)
    assert essence(account.configuration(dashboard.id)) == essence(before)


@given(a=endpoints(), b=endpoints())
def test_an_endpoint_ends_where_a_create_would(
    sandbox: Sandbox, a: Values, b: Values
) -> None:
    """The same for webhook endpoints, whose secret stays as it was at creation."""
    sandbox.reset()
    changed, fresh = (Managed(WebhookEndpointProvider, sandbox) for _ in "ab")
    fresh.marker = "shop/test/WebhookEndpoint/fresh"

    changed.up(a)
    secret = changed.outputs["secret"]
    assert not changed.refresh()
    changed.up(b)
    assert not changed.refresh()
    assert changed.up(b) == "same"
    fresh.up(b)

    found = sandbox.client().v1.webhook_endpoints
    ours, theirs = (found.retrieve(each.id).to_dict() for each in (changed, fresh))
    assert essence(ours) == essence(theirs)
    assert changed.outputs["secret"] == secret


ITS_OWN = (".id", ".created", ".updated", ".login_page.url", ".metadata.pulumi")


def essence(found: Values) -> Values:
    """Return what an object says, by path, without what tells it from another one."""
    return {path: value for path, value in flat(found) if path not in ITS_OWN}


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what is inside a value, by path; all lists of these objects are sets."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from flat(inside, f"{path}.{name}")
    else:
        yield path, plain((path.rpartition(".")[2],), value)


@st.composite
def edits(
    draw: st.DrawFn,
    values: Values,
    found: Values,
    only: list[tuple[str, ...]] | None = None,
) -> Values:
    """Return params that change a few fields to what `values` has there."""
    leaves = only or [path for path, _ in ROOT.leaves()]
    paths = [path for path in leaves if value_at(values, path) is not None]
    assume(paths)
    some = st.lists(st.sampled_from(paths), min_size=1, max_size=4, unique=True)
    params: Values = {}
    for path in draw(some):
        value = value_at(values, path)
        if path[-1] == "products":
            value = [plain_product(entry) for entry in value]
        put(params, path, value if value != [] else "")
        reason = ("features", "subscription_cancel", "cancellation_reason")
        if path[:-1] == reason and path[-1] != "enabled":
            put(params, (*reason, "enabled"), value_at(found, (*reason, "enabled")))
    return params


def put(params: Values, path: tuple[str, ...], value: Any) -> None:
    """Set a nested parameter, unless it is there."""
    for name in path[:-1]:
        params = params.setdefault(name, {})
    params.setdefault(path[-1], value)


def plain_product(entry: Values) -> Values:
    """Return a product as Stripe takes it: by id, and with the ids of its prices."""
    ids = {key: id_ for id_, key in PRICES.items()}
    prices = [
        ids[p["lookup_key"]] if isinstance(p, dict) else p for p in entry["prices"]
    ]
    words = prices[0].removeprefix("price_").removesuffix("Test")
    tier = words.removesuffix("Monthly").removesuffix("Annual")
    return {**entry, "product": f"prod_{tier}Test", "prices": prices}


def touched(declared: Values, before: Values, after: Values) -> list[str]:
    """Say which of the declared fields differ, and which features were switched on."""
    found = []
    for path, _leaf in ROOT.leaves():
        value, old, new = (value_at(each, path) for each in (declared, before, after))
        name = ".".join(path)
        if path[-1] == "metadata":
            keys = [k for k in value or {} if (old or {}).get(k) != (new or {}).get(k)]
            found += [f"{name}.{key}" for key in keys]
        elif path[-1] == "products" and value:
            if products(value, old) != products(value, new):
                found.append(name)
        elif value is None:
            if path[0] == "features" and path[2:] == ("enabled",) and new and not old:
                found.append(name)
        elif plain(path, old) != plain(path, new):
            found.append(name)
    return found


def undeclared(declared: Values, found: Values) -> Values:
    """Return what an object says about the fields that the code doesn't decide.

    A mode and a proration of a cancellation that Stripe takes only together decide
    the one that isn't declared.
    """
    paths = {path for path, _ in ROOT.leaves() if value_at(declared, path) is not None}
    cancel = ("features", "subscription_cancel")
    if value_at(declared, (*cancel, "mode")) == "at_period_end":
        paths.add((*cancel, "proration_behavior"))
    if value_at(declared, (*cancel, "proration_behavior")) == "create_prorations":
        paths.add((*cancel, "mode"))
    leaves = tuple(f".{'.'.join(path)}." for path in paths)
    return {
        path: value
        for path, value in essence(found).items()
        if not f"{path}.".startswith(leaves)
    }


def products(declared: list[Values], found: list[Values]) -> Values:
    """Return products by id, with as much of their quantities as is declared."""
    kept = {plain_product(e)["product"]: e.get("adjustable_quantity") for e in declared}
    return {
        entry["product"]: (
            sorted(entry["prices"]),
            {
                key: entry["adjustable_quantity"][key]
                for key in kept.get(entry["product"]) or {}
            },
        )
        for entry in found
    }


def plain(path: tuple[str, ...], value: Any) -> Any:
    """Return a field's value without what has no meaning: order, empty or null."""
    if path[-1] == "duration" and value["type"] == "indefinite":
        return "indefinite"
    if path[-1] == "duration":
        return plain(("interval_options",), value["interval_options"])
    if isinstance(value, list) and value:
        return sorted(json.dumps(item, sort_keys=True) for item in map(sets, value))
    if path[-1] == "billing_cycle_anchor":
        return value or "unchanged"
    return value or None


def sets(value: Any) -> Any:
    """Return a value with all lists in it sorted."""
    if isinstance(value, dict):
        return {name: sets(inside) for name, inside in value.items()}
    return sorted(map(sets, value), key=repr) if isinstance(value, list) else value
