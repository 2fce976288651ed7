"""What a unit test of a user's program sees: constructors under `set_mocks`."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks, set_mocks

from pulumi_stripe_portal import (
    DefaultPortalConfiguration,
    InvalidInputs,
    PortalConfiguration,
    Provider,
    WebhookEndpoint,
)
from pulumi_stripe_portal.resources.door import with_aliases
from pulumi_stripe_portal.schema.resources import PORTAL
from pulumi_stripe_portal.stripe_api.settings import SETTINGS

TYPE = "pulumi-python:dynamic/stripe-portal:"


class Recorder(Mocks):
    """Answers with the inputs, and remembers what was registered."""

    def __init__(self) -> None:
        self.seen: dict[str, MockResourceArgs] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Remember the resource; give it an id."""
        self.seen[args.name] = args
        return args.resource_id or f"id-of-{args.name}", dict(args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        """Answer no invoke."""
        return {}, None


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Mocks in place of the engine, until the test ends."""
    make, loops = asyncio.new_event_loop, []

    def recorded() -> asyncio.AbstractEventLoop:
        loops.append(make())
        return loops[-1]

    # The SDK's threads make loops too, and close none of them.
    monkeypatch.setattr(asyncio, "new_event_loop", recorded)
    loop = recorded()
    loop.set_exception_handler(lambda *_: None)  # outputs of what failed: no noise
    asyncio.set_event_loop(loop)
    mocks = Recorder()
    set_mocks(mocks, project="shop", stack="test")
    yield mocks
    left = asyncio.all_tasks(loop)
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    settings.reset_options()
    asyncio.set_event_loop(None)
    for made in loops:
        made.close()


def values(program: Callable[[], list[pulumi.Output[Any]]]) -> list[Any]:
    """Run a program to its end, as `pulumi.runtime.test` does; return its outputs."""
    found: list[Any] = []

    def run() -> pulumi.Output[None]:
        return pulumi.Output.all(*program()).apply(found.extend)

    pulumi.runtime.test(run)()  # type: ignore[no-untyped-call]
    return found


def test_inputs_reach_the_mocks_as_written(recorder: Recorder) -> None:
    """Types, names and nesting are Stripe's; what was left out is not there."""

    def program() -> list[pulumi.Output[Any]]:
        plans = PortalConfiguration(
            "plans",
            name="Plans",
            features={
                "invoice_history": {"enabled": True},
                "customer_update": {"enabled": True, "allowed_updates": ["email"]},
            },
            metadata={"team": pulumi.Output.from_input("billing")},
        )
        base = DefaultPortalConfiguration("base", features={})
        hook = WebhookEndpoint(
            "hook", url="https://example.com", enabled_events=["invoice.paid"]
        )
        return [plans.id, plans.name, base.id, hook.url]

    assert values(program) == [
        "id-of-plans",
        "Plans",
        "id-of-base",
        "https://example.com",
    ]
    kinds = {name: args.typ.removeprefix(TYPE) for name, args in recorder.seen.items()}
    assert kinds == {
        "plans": "PortalConfiguration",
        "base": "DefaultPortalConfiguration",
        "hook": "WebhookEndpoint",
    }
    inputs = recorder.seen["plans"].inputs
    assert inputs["features"]["customer_update"] == {
        "enabled": True,
        "allowed_updates": ["email"],
    }
    assert inputs["metadata"] == {"team": "billing"}
    assert inputs["active"] is True
    assert inputs["marker"] == "shop/test/PortalConfiguration/plans"
    assert "adopt" not in inputs
    assert "business_profile" not in inputs
    assert recorder.seen["base"].inputs["on_delete"] == "keep"


@pytest.mark.parametrize(
    "resource", [PortalConfiguration, DefaultPortalConfiguration, WebhookEndpoint]
)
def test_every_input_is_an_argument(resource: Any) -> None:
    """A field at the top of `inputs` is an argument, and no other is."""
    arguments = set(inspect.signature(resource.__init__).parameters)
    declared = set(resource._managed_by.manages.root.children)
    refused = {"active"} if resource is DefaultPortalConfiguration else set()

    assert arguments - {"self", "resource_name", "opts"} == declared - refused


def test_outputs_are_there_without_an_engine(recorder: Recorder) -> None:
    """Each documented output exists, also where a mock doesn't answer it."""

    def program() -> list[pulumi.Output[Any]]:
        hook = WebhookEndpoint("hook", url="https://example.com", enabled_events=["*"])
        plans = PortalConfiguration("plans", features={})
        return [hook.secret, hook.status, plans.login_page_url, plans.is_default]

    assert values(program) == [None, None, None, None]


def test_import_is_handed_over_as_an_input(recorder: Recorder) -> None:
    """The caller's options stay as they are, to be used for the next resource."""
    opts = pulumi.ResourceOptions(import_="bpc_1", version="1.0.0")

    values(lambda: [PortalConfiguration("plans", features={}, opts=opts).id])

    assert recorder.seen["plans"].inputs["adopt"] == "bpc_1"
    assert (opts.import_, opts.version) == ("bpc_1", "1.0.0")


@pytest.mark.parametrize(
    "resource", [PortalConfiguration, DefaultPortalConfiguration, WebhookEndpoint]
)
def test_get_reads_by_id(
    recorder: Recorder,
    resource: type[PortalConfiguration | DefaultPortalConfiguration | WebhookEndpoint],
) -> None:
    """The mocks see the id, and every output exists."""

    def program() -> list[pulumi.Output[Any]]:
        found = resource.get("found", "id_1", account="acct_1")
        return [found.id, found.livemode, found.account]

    assert values(program) == ["id_1", None, "acct_1"]
    assert recorder.seen["found"].resource_id == "id_1"


def test_what_is_wrong_fails_a_unit_test_too(recorder: Recorder) -> None:
    """A mistake is found where users test their programs, not only by `pulumi up`."""

    def program() -> list[pulumi.Output[Any]]:
        wrong: Any = {"invoices": {"enabled": True}}
        return [PortalConfiguration("wrong", features=wrong).id]

    with pytest.raises(pulumi.RunError, match=r"features\.invoices: there is no such"):
        values(program)
    assert recorder.seen == {}


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({"features": {"invoices": {"enabled": True}}}, id="key"),
        pytest.param({"features": {}, "name": "x" * 300}, id="value"),
        pytest.param({"features": {}, "nme": "Plans"}, id="argument"),
        pytest.param({}, id="missing"),
    ],
)
def test_what_is_wrong_fails_at_its_line(
    recorder: Recorder, inputs: dict[str, Any]
) -> None:
    """A unit test expects it around the constructor, as the package's own error."""
    with pytest.raises(InvalidInputs, match="PortalConfiguration 'wrong'"):
        PortalConfiguration("wrong", **inputs)


def test_a_providers_key_is_a_secret(recorder: Recorder) -> None:
    """Also when it is given as plain text; a resource can be given the provider."""

    def program() -> list[pulumi.Output[Any]]:
        live = Provider("live", api_key="sk_live_1", mode="live", preflight=False)
        opts = pulumi.ResourceOptions(provider=live)
        return [live.id, PortalConfiguration("plans", features={}, opts=opts).id]

    values(program)

    inputs = recorder.seen["live"].inputs
    assert inputs["stripe-portal:mode"] == "live"
    assert "::live::" in str(recorder.seen["plans"].provider)


def test_a_provider_takes_every_setting(recorder: Recorder) -> None:
    """Each by its name in Python's spelling, and under that which a stack has."""
    values_of: dict[type, Any] = {str: "text", int: 80, bool: False}
    settings = {name: each for name, each in SETTINGS.items() if not each.is_programs}
    given = {
        re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name): values_of[
            each.type
        ]
        for name, each in settings.items()
    }

    values(lambda: [Provider("all", **given).id])

    assert recorder.seen["all"].inputs.keys() == {
        f"stripe-portal:{name}" for name in settings
    }


def test_a_transformation_cannot_import(recorder: Recorder) -> None:
    """Its id comes after the options were read: that is said, not ignored."""

    def inject(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult:
        opts = pulumi.ResourceOptions(import_="bpc_1")
        merged = pulumi.ResourceOptions.merge(args.opts, opts)
        return pulumi.ResourceTransformationResult(args.props, merged)

    opts = pulumi.ResourceOptions(transformations=[inject])
    with pytest.raises(pulumi.RunError, match="import_ was set by a transformation"):
        values(lambda: [PortalConfiguration("plans", features={}, opts=opts).id])


@pytest.mark.usefixtures("recorder")
def test_an_alias_that_is_told_later() -> None:
    """It holds at the other door too, where it is of this type."""
    dynamic, plugin = PORTAL.tokens
    urns = [f"urn:pulumi:test::shop::{type_}::plans" for type_ in (dynamic, "a:b:C")]
    later = [pulumi.Output.from_input(each) for each in urns]
    opts = pulumi.ResourceOptions(aliases=later)

    found: Any = with_aliases(PORTAL.tokens, opts).aliases

    loop = asyncio.get_event_loop()
    more = [loop.run_until_complete(each.future()) for each in found[3:]]
    assert more == [urns[0].replace(dynamic, plugin), urns[1]]
