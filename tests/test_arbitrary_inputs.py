"""Whatever Python hands over: one clear line that says where, and no traceback."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pulumi
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal import (
    DefaultPortalConfiguration,
    PortalConfiguration,
    WebhookEndpoint,
)
from pulumi_stripe_portal.inputs import (
    DefaultPortalConfigurationInputs,
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
from pulumi_stripe_portal.schema.tree import Node, schema_of

from .managed import Managed
from .test_constructors import Recorder, recorder, values

__all__ = ["recorder"]  # a fixture

Values = dict[str, Any]


@dataclasses.dataclass
class Seats:
    """A dataclass."""

    minimum: int = 1


class Model(pydantic.BaseModel):
    """A model of pydantic's."""

    minimum: int = 1


class Hostile:
    """An object that answers nothing."""

    def __bool__(self) -> bool:
        raise ValueError("no truth")

    def __eq__(self, other: object) -> bool:
        raise ValueError("no comparison")

    def __hash__(self) -> int:
        raise ValueError("no hash")

    def __repr__(self) -> str:
        raise ValueError("no text")


class Colour(enum.Enum):
    """An enumeration."""

    RED = "red"


class Pair(NamedTuple):
    """A named tuple."""

    a: int
    b: int


def cycle() -> Values:
    """Return a dict that holds itself."""
    found: Values = {}
    found["it"] = found
    return found


STRANGE: dict[str, Callable[[], Any]] = {
    "set": lambda: {"a"},
    "frozenset": lambda: frozenset("a"),
    "dataclass": Seats,
    "model": Model,
    "bytes": lambda: b"x",
    "bytearray": lambda: bytearray(b"x"),
    "memoryview": lambda: memoryview(b"x"),
    "decimal": lambda: decimal.Decimal("1.5"),
    "datetime": lambda: datetime.datetime(2026, 1, 1),
    "date": lambda: datetime.date(2026, 1, 1),
    "time": lambda: datetime.time(1),
    "timedelta": lambda: datetime.timedelta(1),
    "generator": lambda: (each for each in "ab"),
    "range": lambda: range(2),
    "deque": lambda: collections.deque("a"),
    "array": lambda: array.array("i", [1]),
    "complex": lambda: 1j,
    "object": object,
    "class": lambda: Seats,
    "function": lambda: cycle,
    "module": lambda: types,
    "hostile": Hostile,
    "nan": lambda: float("nan"),
    "infinite": lambda: float("-inf"),
    "huge": lambda: 10**400,
    "cycle": cycle,
    "keys": lambda: {1: "a", None: "b", ("c",): "d"},
    "surrogate": lambda: "\ud800",
    "nul": lambda: "a\0b",
    "exception": lambda: ValueError("x"),
    "ellipsis": lambda: ...,
}
SENDABLE: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "enum": lambda: Colour.RED,
    "namedtuple": lambda: Pair(1, 2),
    "counter": lambda: collections.Counter("ab"),
    "proxy": lambda: types.MappingProxyType({"a": 1}),
    "tuple": lambda: ("a",),
    "text": lambda: "x",
    "empty": lambda: "",
    "number": lambda: 3,
    "float": lambda: 1.5,
    "negative": lambda: -1,
    "bool": lambda: True,
    "dict": lambda: {"a": 1},
    "list": lambda: [1, [2]],
    "empty-dict": dict,
    "empty-list": list,
}

BASES: dict[type, tuple[type, Values]] = {
    PortalConfiguration: (PortalConfigurationInputs, {"features": {}}),
    DefaultPortalConfiguration: (DefaultPortalConfigurationInputs, {"features": {}}),
    WebhookEndpoint: (
        WebhookEndpointInputs,
        {"url": "https://example.com", "enabled_events": ["*"]},
    ),
}


def places(node: Node, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield every place of a declaration where something can stand."""
    for name, child in node.children.items():
        yield (*at, name)
        if child.kind == "list":
            yield (*at, name, 0)
            yield from places(child, (*at, name, 0))
        elif child.kind in ("mapping", "open"):
            yield (*at, name, "key")
        else:
            yield from places(child, (*at, name))


def put(inputs: Values, path: tuple[Any, ...], value: Any) -> Values:
    """Return inputs with a value at a place; what it stands in is made."""
    (head, *rest) = path
    inside: Any = inputs.get(head)
    if not rest:
        return {**inputs, head: value}
    if rest[0] == 0:
        item = put({}, tuple(rest[1:]), value) if rest[1:] else value
        return {**inputs, head: [item]}
    return {
        **inputs,
        head: put(inside if isinstance(inside, dict) else {}, tuple(rest), value),
    }


CASES = [
    (resource, path)
    for resource, (declaration, _) in BASES.items()
    for path in places(schema_of(declaration))
    if (resource, path) != (DefaultPortalConfiguration, ("active",))
]


def declare(resource: Any, inputs: Values) -> str:
    """Make a resource in a program of its own; return what is said to be wrong."""
    try:
        values(lambda: [resource("it", **inputs).id])
    except pulumi.RunError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("strange", STRANGE)
def test_what_cannot_be_sent_is_named(recorder: Recorder, strange: str) -> None:
    """Wherever it stands: its path, what it is, and a remedy; each in some places."""
    turn = list(STRANGE).index(strange)
    for resource, path in CASES[turn % 7 :: 7]:
        said = declare(resource, put(BASES[resource][1], path, STRANGE[strange]()))
        where = ".".join(map(str, path)).replace(".0", "[0]")

        assert f"  - {where}" in said, said
        assert "; " in said
        assert "nothing was sent to Stripe" in said
        line = next(each for each in said.splitlines() if each.startswith("  - "))
        assert len(line) < 300
    assert recorder.seen == {}


@given(
    case=st.sampled_from(CASES),
    make=st.sampled_from([*STRANGE.values(), *SENDABLE.values()]),
)
def test_whatever_stands_anywhere(
    recorder: Recorder, case: tuple[Any, Any], make: Callable[[], Any]
) -> None:
    """It is taken, or refused with a line that begins with a path."""
    resource, path = case
    said = declare(resource, put(BASES[resource][1], path, make()))

    for line in said.split("\n  - ")[1:]:
        assert ": " in line
        assert "; " in line


@pytest.mark.parametrize("name", ["set", "dataclass", "bytes", "decimal"])
def test_an_output_of_it_fails_alike(recorder: Recorder, name: str) -> None:
    """Also where Pulumi would meet it before our checks do."""
    late = pulumi.Output.from_input("x").apply(lambda _: STRANGE[name]())
    said = declare(PortalConfiguration, {"features": {}, "name": late})

    assert "PortalConfiguration 'it'" in said
    assert "name" in said
    assert "; give a" in said


TEXTS = {
    "f-string": lambda output: f"https://{output}/hook",
    "str": str,
    "repr": repr,
    "format": "{}".format,
    "list": lambda output: f"{[output]}",
}


@pytest.mark.parametrize("build", TEXTS.values(), ids=TEXTS.keys())
def test_the_description_of_an_output(
    recorder: Recorder, build: Callable[[Any], str]
) -> None:
    """An f-string can't hold an Output: found at preview wherever it stands."""
    text = build(pulumi.Output.from_input("x"))
    for inputs in (
        {"features": {}, "name": text},
        {"features": {}, "default_return_url": text},
        {"features": {}, "metadata": {"a": text}},
        {"features": {}, "extra_params": {"a": {"b": [text]}}},
    ):
        said = declare(PortalConfiguration, inputs)

        assert "holds the description of an Output instead of its value" in said
        assert "pulumi.Output.concat" in said
        assert "object at 0x" not in said


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://exa mple.com", "has a space or line end in it"),
        ("https://example.com/a b", "has a space or line end in it"),
        (" https://example.com", "has a space or line end in it"),
        ("https://example.com\n", "has a space or line end in it"),
        ("https://exam\x07ple.com", "has a space or line end in it"),
        ("https:///account", "names no host"),
        ("https://?a=b", "names no host"),
        ("https://[::1", "is no web address"),
        ("https://example.com:port", "is no web address"),
        ("ftp://example.com", "is no address of the web"),
        ("example.com/account", "has no scheme (such as https)"),
        ("mailto:someone@example.com", "has no scheme (such as https)"),
    ],
)
@pytest.mark.parametrize("resource", [PortalConfiguration, WebhookEndpoint])
def test_addresses(recorder: Recorder, resource: Any, url: str, words: str) -> None:
    """What Stripe refuses as an address is told by name."""
    field = "url" if resource is WebhookEndpoint else "default_return_url"
    said = declare(resource, {**BASES[resource][1], field: url})

    assert f"{field}: " in said
    assert words in said
    assert said.count("\n  - ") == 1


@pytest.mark.parametrize(
    ("resource", "arguments", "words"),
    [
        (PortalConfiguration, {"is_default": True}, "declare a DefaultPortalConfigura"),
        (DefaultPortalConfiguration, {"is_default": True}, "remove it: it always is"),
        (DefaultPortalConfiguration, {"active": True}, "never deactivates the default"),
        (PortalConfiguration, {"business_profil": {}}, "did you mean 'business_profi"),
        (PortalConfiguration, {"theme": "dark"}, "goes to extra_params"),
        (PortalConfiguration, {"opts": {"protect": True}}, "opts: give a pulumi.Resou"),
    ],
)
def test_arguments(
    recorder: Recorder, resource: Any, arguments: Values, words: str
) -> None:
    """An argument that doesn't exist is told with what to do, not as a TypeError."""
    said = declare(resource, {"features": {}, **arguments})

    assert f"{resource.__name__} 'it'" in said
    assert words in said


def test_missing_arguments(recorder: Recorder) -> None:
    """What is required is named; the resource's name comes first."""
    assert "features: is missing" in declare(PortalConfiguration, {})
    said = declare(WebhookEndpoint, {"url": "https://example.com"})
    assert "enabled_events: is missing" in said
    anything: Any = PortalConfiguration
    with pytest.raises(pulumi.RunError, match="the first argument is the resource's"):
        anything(3, features={})
    with pytest.raises(pulumi.RunError, match="only the name stands without its"):
        anything("it", {})


def test_is_default_among_the_features(recorder: Recorder) -> None:
    """What Stripe's objects have and no request sets is explained."""
    said = declare(PortalConfiguration, {"features": {"is_default": True}})

    assert (
        "features.is_default: can't be set; no API sets it; declare a Default" in said
    )


def test_what_pulumi_takes_is_taken(recorder: Recorder) -> None:
    """An enumeration's member stands for its value; mappings and tuples are fine."""

    class Update(enum.Enum):
        EMAIL = "email"

    features: Any = types.MappingProxyType(
        {"customer_update": {"enabled": True, "allowed_updates": (Update.EMAIL,)}}
    )
    values(lambda: [PortalConfiguration("it", features=features).id])

    assert recorder.seen["it"].inputs["features"] == {
        "customer_update": {"enabled": True, "allowed_updates": ["email"]}
    }


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10**16)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
PROVIDERS: dict[Any, type[StripeProvider]] = {
    PortalConfiguration: PortalConfigurationProvider,
    DefaultPortalConfiguration: DefaultPortalConfigurationProvider,
    WebhookEndpoint: WebhookEndpointProvider,
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One sandbox for many examples."""
    with Sandbox() as running:
        yield running


@given(case=st.sampled_from(CASES), value=JSON)
def test_the_providers_check_never_fails(
    shared: Sandbox, case: tuple[Any, Any], value: Any
) -> None:
    """What reaches the provider by other ways than the constructors is told as well."""
    resource, path = case
    managed = Managed(PROVIDERS[resource], shared)
    news = put(BASES[resource][1], path, value)
    checked = managed._provider.check({}, {**news, "marker": managed.marker})

    for failure in checked.failures:
        assert "; " in failure.reason
