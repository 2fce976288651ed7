"""Whatever a message holds: an answer, or one clear error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_stripe_portal.engine import wire
from pulumi_stripe_portal.engine.values import pack
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.sandbox import Sandbox
from tests.hostile import JSON, assert_shown, mutated

from .served import Resource, Served, forget, served

Values = dict[str, Any]

UPDATE = {
    "enabled": True,
    "default_allowed_updates": ["price"],
    "products": [
        {
            "product": "prod_BasicTest",
            "prices": ["price_BasicMonthlyTest", {"lookup_key": "basic_annual"}],
            "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 3},
        }
    ],
}
PAUSE = {
    "enabled": True,
    "duration": {
        "type": "interval_options",
        "interval_options": [{"interval": "month", "interval_count": 2}],
    },
}
WHOLE: dict[str, Values] = {
    "DefaultPortalConfiguration": {
        "features": {"invoice_history": {"enabled": True}},
        "undeclared_features": "off",
        "on_delete": "restore",
        "name": "Default",
    },
    "PortalConfiguration": {
        "features": {
            "customer_update": {"enabled": True, "allowed_updates": ["email", "name"]},
            "payment_method_update": {"enabled": True},
            "subscription_update": UPDATE,
            "subscription_pause": PAUSE,
        },
        "business_profile": {"headline": "Hi"},
        "login_page": {"enabled": True},
        "metadata": {"team": "billing"},
    },
    "WebhookEndpoint": {
        "url": "https://example.com/w",
        "enabled_events": ["customer.created"],
        "description": "Hooks",
        "secret_version": "1",
    },
}
SETTINGS = {"apiKey": "sk_test_123", "mode": "test", "preflight": "true"}
PROGRAM = {"outputs": ["name"], "lookup_keys": ["x"], "default_is_managed": True}
URN = "urn:pulumi:test::shop::stripe-portal:index:{}::plans"


@dataclass(frozen=True)
class Known:
    """A resource as the engine has it."""

    urn: str
    id: str
    inputs: Values
    outputs: Values


@dataclass(frozen=True)
class Stack:
    """The plugin, and what the state holds."""

    plugin: Served
    settings: Values
    resources: list[Known]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The plugin and a resource of each type; the same ones for all examples."""
    with Sandbox() as sandbox:
        settings = {**SETTINGS, "apiKey": sandbox.api_key, "apiBase": sandbox.url}
        with served(**settings) as plugin:
            made = []
            for kind, inputs in WHOLE.items():
                each = Resource(plugin, kind)
                each.up(inputs)
                told = MessageToDict(each.inputs), MessageToDict(each.outputs)
                made.append(Known(each.urn, each.id, *told))
            yield Stack(plugin, settings, made)


def message(value: Any) -> Value:
    """Return what the wire can hold of a value."""
    if value is None:
        return Value(null_value=NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        known = isinstance(value, float) or abs(value) < 2**1000
        return Value(number_value=value if known else float("inf"))
    if isinstance(value, str):
        return Value(string_value=sendable(value))
    if isinstance(value, dict):
        return Value(struct_value=struct(value))
    return Value(list_value=ListValue(values=[message(each) for each in value]))


def struct(value: Any) -> Struct:
    """Return an object as a message, another value as an object with it."""
    fields = value if isinstance(value, dict) else {"x": value}
    return Struct(fields={sendable(name): message(v) for name, v in fields.items()})


def sendable(text: str) -> str:
    """Return a text without what UTF-8 lacks."""
    return text.encode("utf-8", "replace").decode()


SIGNED = st.builds(
    lambda signature, value: {
        **{wire.SIGNATURE: signature, "value": value},
        **{"hash": "x", "text": "y", "urn": "z", "id": "i", "assets": {}},
    },
    st.sampled_from(
        [
            "1b47061264138c4ac30d75fd1eb44270",  # a secret
            "c44067f5952c0a294b673a41bacd8c17",  # an asset
            "0def7320c3a5731c473e5ecbe6d01bc7",  # an archive
            "5cf8f73096256a8f31e491e813e4eb8e",  # a reference to a resource
            "d0e6a833031e9bbcd3f4e8bde6ca49a4",  # an Output
            "of something newer",
            5,
        ]
    ),
    JSON,
)
ODD = st.one_of(JSON, st.just(wire.UNKNOWN), SIGNED)
URNS = ["", "::::", "urn:pulumi:a::b::c::d", URN.format("Coupon"), "x" * 5000]
IDS = ["", "bpc_", "../x", "bpc_a/b?c", "we_\n", "x" * 3000, "bpc_1", "\u202e"]
TOKENS = ["", "getPrice", "stripe-portal:index:getPrice"]


@st.composite
def odd(draw: st.DrawFn, base: Values) -> Struct:
    """Return values as they are, as none are, or with a few of any kind in them."""
    how = draw(st.sampled_from(["same", "none", "other", "few", "few", "top"]))
    if how in ("same", "none"):
        return struct(base if how == "same" else {})
    if how == "other":
        return struct(draw(ODD))
    value = draw(mutated(base))
    if how == "top" and value:
        value[draw(st.sampled_from(sorted(value)))] = draw(ODD)
    return struct(value)


@st.composite
def calls(draw: st.DrawFn, stack: Stack) -> tuple[str, Any]:
    """Return a method and a request."""
    known = draw(st.sampled_from(stack.resources))
    method = draw(st.sampled_from(list(REQUESTS)))
    urn = draw(st.sampled_from([known.urn] * 9 + URNS))
    id_ = draw(st.sampled_from([known.id] * 15 + IDS))

    def values(base: Values) -> Struct:
        return draw(odd(base))

    where = Known(urn, id_, known.inputs, known.outputs)
    preview = draw(st.booleans())
    request = REQUESTS[method](where, values, stack.settings)
    if method in ("Create", "Update"):
        request.preview = preview
    return method, request


Odd = Callable[[Values], Struct]
REQUESTS: dict[str, Callable[[Known, Odd, Values], Any]] = {
    "CheckConfig": lambda it, odd, settings: pb.CheckRequest(
        urn=it.urn, news=odd(settings)
    ),
    "DiffConfig": lambda it, odd, settings: pb.DiffRequest(
        urn=it.urn, olds=odd(settings), news=odd(settings)
    ),
    "Configure": lambda _, odd, settings: pb.ConfigureRequest(args=odd(settings)),
    "Check": lambda it, odd, _: pb.CheckRequest(
        urn=it.urn,
        olds=odd(it.inputs),
        news=odd({**it.inputs, "declaration": PROGRAM}),
    ),
    "Diff": lambda it, odd, _: pb.DiffRequest(
        urn=it.urn,
        id=it.id,
        olds=odd(it.outputs),
        old_inputs=odd(it.inputs),
        news=odd(it.inputs),
    ),
    "Create": lambda it, odd, _: pb.CreateRequest(
        urn=it.urn, properties=odd(it.inputs)
    ),
    "Read": lambda it, odd, _: pb.ReadRequest(
        urn=it.urn, id=it.id, properties=odd(it.outputs), inputs=odd(it.inputs)
    ),
    "Update": lambda it, odd, _: pb.UpdateRequest(
        urn=it.urn,
        id=it.id,
        olds=odd(it.outputs),
        old_inputs=odd(it.inputs),
        news=odd(it.inputs),
        ignoreChanges=["features.*", "a[", ""],
    ),
    "Delete": lambda it, odd, _: pb.DeleteRequest(
        urn=it.urn, id=it.id, properties=odd(it.outputs)
    ),
    "Invoke": lambda it, odd, _: pb.InvokeRequest(
        tok=TOKENS[len(it.id) % 3], args=odd({"lookup_key": "x", "account": "acct_1"})
    ),
}


@given(data=st.data())
def test_any_message(stack: Stack, data: st.DataObject) -> None:
    """Every call that the engine makes, with anything in it."""
    forget()
    for method, request in data.draw(st.lists(calls(stack), min_size=4, max_size=4)):
        call = getattr(stack.plugin.stub, method).future(request, timeout=60)
        if call.exception() is not None:
            words = call.details()
            assert call.code() == grpc.StatusCode.UNKNOWN, words
            assert words.strip()
            assert "Traceback" not in words, words
            assert_shown(words)
        if method == "Configure":
            stack.plugin.configure(**stack.settings)


def plans(stack: Stack) -> str:
    """Return the URN of a new resource."""
    return Resource(stack.plugin, name="other").urn


@pytest.mark.parametrize("inside", ["list", "object"])
def test_what_is_too_deep(stack: Stack, inside: str) -> None:
    """It is refused as such, long before Python's own limit."""
    value = Value(string_value="x")
    for _ in range(90):
        outer = Value()
        if inside == "list":
            outer.list_value.values.append(value)
        else:
            outer.struct_value.fields["a"].CopyFrom(value)
        value = outer
    news = Struct(fields={"extra_params": value})

    words = stack.plugin.refused("Check", pb.CheckRequest(urn=plans(stack), news=news))

    assert words.startswith("PortalConfiguration 'other': extra_params")
    assert "nested more than 64 deep" in words


def test_what_is_no_plain_value(stack: Stack) -> None:
    """It is named, and what it may be."""
    asset = {wire.SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    news = pack({"business_profile": {"headline": asset}})

    words = stack.plugin.refused("Check", pb.CheckRequest(urn=plans(stack), news=news))

    assert words == (
        "PortalConfiguration 'other': business_profile.headline: an asset, an archive "
        "or a resource can't stand here; give a plain value"
    )


def test_what_is_too_much(stack: Stack) -> None:
    """The first failures are told, and how many there are; no value is told whole."""
    news = pack({"name": "x" * 100_000, **{f"key{n}": n for n in range(1000)}})

    answer = stack.plugin.stub.Check(pb.CheckRequest(urn=plans(stack), news=news))

    (failure,) = answer.failures
    assert "- and 952 more" in failure.reason
    assert len(failure.reason) < 20_000


def test_a_state_that_somebody_edited(stack: Stack) -> None:
    """The place is named, and how it is mended."""
    (plans,) = [
        each
        for each in stack.resources
        if "::plans" in each.urn and "index:PortalConfiguration" in each.urn
    ]
    edited = {**plans.outputs, "features": {"invoice_history": [True]}}
    request = pb.ReadRequest(urn=plans.urn, id=plans.id, properties=pack(edited))

    words = stack.plugin.refused("Read", request)

    assert words == (
        "PortalConfiguration 'plans': its state has something at "
        "'features.invoice_history' that can't stand there; see `pulumi stack export`, "
        "and mend it with `pulumi state edit`"
    )


def test_a_bug_has_its_traceback(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no error of ours says where it arose, however deep; the process goes on.

    gRPC carries no more than 8 KiB of it.
    """

    def recurse(*_: Any) -> Any:
        return recurse()

    monkeypatch.setattr(PortalConfigurationProvider, "check", recurse)
    request = pb.CheckRequest(urn=plans(stack), news=pack({"name": "é"}))
    words = stack.plugin.refused("Check", request)
    monkeypatch.undo()

    assert words.startswith("Traceback (most recent call last):")
    assert "RecursionError" in words
    assert stack.plugin.stub.Check(request).failures


def test_cancel_during_a_call(plugin: Served, stripe_sandbox: Sandbox) -> None:
    """It comes to its end, so that what it made is known; also without who asked."""
    inputs = {"features": {"invoice_history": {"enabled": True}}}
    requests = []
    for name in ("one", "other"):
        each = Resource(plugin, name=name)
        props = each.checked(inputs)
        requests.append(pb.CreateRequest(urn=each.urn, properties=props))
    stripe_sandbox.fail("POST", "/v1/billing_portal/*", latency=0.3, times=2)

    one, other = [plugin.stub.Create.future(each) for each in requests]
    plugin.stub.Cancel(Empty())
    other.cancel()

    assert one.result().id.startswith("bpc_")
    assert other.cancelled()
    assert Resource(plugin, "WebhookEndpoint").up(WHOLE["WebhookEndpoint"]) == "create"
