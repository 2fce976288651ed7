"""`stripe_stack`: a user's program, run here, on the sandbox."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_stripe_portal import (
    DefaultPortalConfiguration,
    InvalidInputs,
    PortalConfiguration,
    Provider,
    RequestRefused,
    SettingsError,
    StripePortalError,
    WebhookEndpoint,
)
from pulumi_stripe_portal.testing import StripeStack

INVOICES: Any = {"invoice_history": {"enabled": True}}
URL = "https://shop.example.com/webhooks"


def plans(**inputs: Any) -> Callable[[], None]:
    """Return a program of one portal."""

    def program() -> None:
        made = PortalConfiguration("plans", **{"features": INVOICES, **inputs})
        pulumi.export("plans", made.id)

    return program


def endpoint(**inputs: Any) -> Callable[[], None]:
    """Return a program of one webhook endpoint, whose secret it exports."""

    def program() -> None:
        made = WebhookEndpoint(
            "events", url=URL, enabled_events=["invoice.paid"], **inputs
        )
        pulumi.export("secret", made.secret)

    return program


def offering(key: str) -> Any:
    """Return features that let customers switch to a price."""
    return {
        **INVOICES,
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "proration_behavior": "none",
            "products": [{"prices": [{"lookup_key": key}]}],
        },
    }


def test_a_life(stripe_stack: StripeStack) -> None:
    """It is created, stays, is changed by one request, and is let go."""
    stack = stripe_stack
    stack.up(plans())
    id_ = stack.resource("plans").id
    assert stack.outputs == {"plans": id_}
    assert stack.portal("plans").allows("invoice_history")

    stack.up(plans())
    assert stack.requests == []

    stack.up(plans(features={}))
    assert [each.method for each in stack.requests] == ["POST"]
    assert not stack.portal("plans").allows("invoice_history")

    portal = stack.portal("plans")
    stack.up(endpoint())
    assert [each.name for each in stack.resources] == ["events"]
    assert portal.id == id_
    assert "default" in stack.warnings[0]  # Stripe never deactivates it


def test_a_replacement_is_made_first(stripe_stack: StripeStack) -> None:
    """A rotated secret is another one, and the endpoint that had the old is gone."""
    stripe_stack.up(endpoint())
    first = stripe_stack.outputs["secret"]
    stripe_stack.up(endpoint(secret_version="2"))

    assert first.startswith("whsec_")
    assert stripe_stack.outputs["secret"] not in (first, None)
    asked = [each.method for each in stripe_stack.requests]
    assert [method for method in asked if method != "GET"] == ["POST", "DELETE"]
    assert len(stripe_stack.sandbox.client().v1.webhook_endpoints.list().data) == 1


def test_an_alias_is_followed(stripe_stack: StripeStack) -> None:
    """What got another name is the same object."""
    stripe_stack.up(plans())
    id_ = stripe_stack.resource("plans").id

    def renamed() -> None:
        was = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="plans")])
        PortalConfiguration("offers", features=INVOICES, opts=was)

    stripe_stack.up(renamed)
    assert stripe_stack.resource("offers").id == id_
    assert stripe_stack.portal("offers").allows("invoice_history")


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        pytest.param({"featurs": INVOICES}, "there is no such input", id="argument"),
        pytest.param(
            {"features": {"invoice_histori": {"enabled": True}}},
            "did you mean 'invoice_history'",
            id="key",
        ),
        pytest.param(
            {"default_return_url": lambda: pulumi.Output.from_input("shop")},
            "default_return_url",
            id="output",
        ),
        pytest.param(
            {"features": offering("plus_monthly")}, "plus_monthly", id="price"
        ),
    ],
)
def test_wrong_inputs_fail_where_they_are_expected(
    stripe_stack: StripeStack, inputs: dict[str, Any], words: str
) -> None:
    """Whoever finds it, the constructor, a rule or Stripe: nothing is written."""

    def program() -> None:
        made = {name: it() if callable(it) else it for name, it in inputs.items()}
        plans(**made)()

    with pytest.raises(InvalidInputs, match=words):
        stripe_stack.up(program)

    assert stripe_stack.sandbox.count("POST") == 0
    assert stripe_stack.resources == []


def test_all_problems_are_said_at_once(stripe_stack: StripeStack) -> None:
    """As the engine says them: of all resources of the program."""

    def program() -> None:
        plans(name="x" * 300)()
        endpoint(description="x" * 6000)()
        DefaultPortalConfiguration("default", features={}, default_return_url="shop")

    with pytest.raises(InvalidInputs) as caught:
        stripe_stack.up(program)

    for name in ("'plans'", "'events'", "'default'"):
        assert name in str(caught.value)


def test_what_stripe_refuses(stripe_stack: StripeStack) -> None:
    """The error is the package's own, and what was made before stays known."""
    stripe_stack.up(endpoint())
    stripe_stack.sandbox.fail("POST", "/v1/billing_portal/*", status=400)

    def program() -> None:
        endpoint()()
        plans()()

    with pytest.raises(RequestRefused, match="PortalConfiguration 'plans'"):
        stripe_stack.up(program)
    assert [each.name for each in stripe_stack.resources] == ["events"]


def test_own_products(stripe_stack: StripeStack) -> None:
    """A program names its own prices, which the sandbox is told of."""
    stripe_stack.add_product("Plus", {"plus_monthly": "month"})
    stripe_stack.up(plans(features=offering("plus_monthly")))

    portal = stripe_stack.portal("plans")
    assert portal.offered == ["plus_monthly"]
    assert portal.offers("plus_monthly")
    assert not portal.offers("pro_monthly")
    assert "offers plus_monthly" in repr(portal)


def test_a_customer_meets_what_is_allowed(stripe_stack: StripeStack) -> None:
    """What `allows` says is what an opened session says."""
    stripe_stack.up(plans(features=offering("pro_monthly")))
    portal = stripe_stack.portal("plans")
    allowed = portal.open().allowed

    for feature in ("invoice_history", "subscription_update", "subscription_pause"):
        assert getattr(allowed, feature) == portal.allows(feature)


@pytest.mark.parametrize(
    "ask",
    [
        lambda portal: portal.allows("subscription_pauze"),
        lambda portal: portal.allows("customer_update", "mail"),
        lambda portal: portal.allows("invoice_history", "email"),
        lambda portal: portal.offers("pro_mnthly"),
    ],
    ids=["feature", "update", "no list", "price"],
)
def test_a_slip_is_no_answer(stripe_stack: StripeStack, ask: Any) -> None:
    """`assert not` of a name that doesn't exist would pass for ever."""
    stripe_stack.up(plans())
    with pytest.raises(ValueError, match="there is no"):
        ask(stripe_stack.portal("plans"))


def test_a_resource_that_is_not_there(stripe_stack: StripeStack) -> None:
    """The error says what there is."""
    stripe_stack.up(endpoint())
    with pytest.raises(LookupError, match="WebhookEndpoint 'events'"):
        stripe_stack.portal("plans")
    with pytest.raises(LookupError, match="no portal configuration"):
        stripe_stack.portal("events")
    with pytest.raises(LookupError, match="DefaultPortalConfiguration"):
        _ = stripe_stack.default


def test_both_modes_in_one_program(stripe_stack: StripeStack) -> None:
    """An explicit provider is of its own mode; a key of one's own is not used."""

    def program() -> None:
        plans()()
        live = Provider("live", api_key="sk_live_456", mode="live")
        with_it = pulumi.ResourceOptions(provider=live)
        PortalConfiguration("sold", features={}, opts=with_it)

    stripe_stack.up(program)
    assert stripe_stack.resource("sold").outputs["livemode"] is True
    assert stripe_stack.resource("plans").outputs["livemode"] is False
    assert stripe_stack.portal("sold").open().allowed.invoice_history is False


def test_a_connected_account(stripe_stack: StripeStack) -> None:
    """Its portal is asked there."""
    stripe_stack.sandbox.connect("acct_shop")
    stripe_stack.up(plans(account="acct_shop"))

    assert stripe_stack.portal("plans").allows("invoice_history")
    platform = stripe_stack.sandbox.client().v1.billing_portal.configurations
    assert platform.list().data == []


def test_an_existing_object_is_adopted_and_read(stripe_stack: StripeStack) -> None:
    """`import_` writes nothing, and says where the code differs; `get` reads."""
    found = stripe_stack.sandbox.client().v1.billing_portal.configurations.create(
        {"features": INVOICES}
    )
    adopting = pulumi.ResourceOptions(import_=found.id)
    stripe_stack.up(plans(opts=adopting))
    assert {each.method for each in stripe_stack.requests} == {"GET"}
    assert stripe_stack.resource("plans").id == found.id

    def reading() -> None:
        plans()()
        same = PortalConfiguration.get("same", found.id)
        pulumi.export("on", same.features.apply(lambda it: it["invoice_history"]))

    stripe_stack.up(reading)
    assert stripe_stack.outputs["on"] == {"enabled": True}

    other = StripeStack(stripe_stack.sandbox)
    with pytest.raises(InvalidInputs, match="subscription_cancel"):
        other.up(
            plans(features={"subscription_cancel": {"enabled": True}}, opts=adopting)
        )


def test_what_is_protected_stays(stripe_stack: StripeStack) -> None:
    """As in Pulumi: until the option is taken out of the program."""
    stripe_stack.up(plans(opts=pulumi.ResourceOptions(protect=True)))
    with pytest.raises(StripePortalError, match="protected"):
        stripe_stack.up(endpoint())
    with pytest.raises(StripePortalError, match="ignore_changes"):
        stripe_stack.up(plans(opts=pulumi.ResourceOptions(ignore_changes=["name"])))


def test_the_environment_stays(
    stripe_stack: StripeStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It points at the sandbox while the program runs, whatever it was; not after."""
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_123")
    monkeypatch.setenv("STRIPE_API_BASE", "https://stripe.example.com")
    seen: dict[str, str] = {}

    def program() -> None:
        seen.update(os.environ)
        plans()()

    before = dict(os.environ)
    stripe_stack.up(program)
    assert seen["STRIPE_API_BASE"] == stripe_stack.sandbox.url
    assert seen["STRIPE_API_KEY"] == "sk_test_123"
    assert dict(os.environ) == before


def test_inside_an_event_loop(stripe_stack: StripeStack) -> None:
    """A test that is async itself can run a program."""

    async def test() -> None:
        stripe_stack.up(plans())

    asyncio.run(test())
    assert stripe_stack.portal("plans").allows("invoice_history")


def test_the_programs_own_error_is_its_own(stripe_stack: StripeStack) -> None:
    """What the program raises, the test gets."""
    with pytest.raises(ZeroDivisionError):
        stripe_stack.up(lambda: 1 / 0)


class Bucket(pulumi.CustomResource):
    """A resource of another provider."""

    def __init__(self, name: str) -> None:
        """Declare it."""
        super().__init__("aws:s3:Bucket", name, {"arn": None, "acl": "private"})

    arn: pulumi.Output[str | None]


def test_resources_of_others(stripe_stack: StripeStack) -> None:
    """They are as declared, or as the test's own mocks say; a function needs those."""

    class Mocks(pulumi.runtime.Mocks):
        def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
            return args.name, {**args.inputs, "arn": "https://shop.example.com/b"}

        def call(self, args: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
            return {"name": "eu"}, []

    def program() -> None:
        region = pulumi.runtime.invoke("aws:getRegion", {}).value
        pulumi.export("region", region["name"])
        plans(default_return_url=Bucket("files").arn)()

    with pytest.raises(StripePortalError, match=r"aws:getRegion.*give `mocks`"):
        stripe_stack.up(program)
    stripe_stack.up(program, mocks=Mocks())
    assert stripe_stack.outputs["region"] == "eu"
    found = stripe_stack.portal("plans").configuration
    assert found["default_return_url"] == "https://shop.example.com/b"


PROGRAM = """
import pulumi
from offers import offer
config = pulumi.Config()
offer(config.require("site"), config.get_object("tags"), config.get("token"))
"""
OFFERS = """
import pulumi
from pulumi_stripe_portal import PortalConfiguration
def offer(site, tags, token):
    PortalConfiguration("plans", features={}, default_return_url=site, metadata=tags)
    if not token:
        pulumi.Config().require("token")
"""
PROJECT = """
name: shop
runtime: {name: python, options: {virtualenv: venv}}
main: infra
stackConfigDir: stacks
config:
  site: {type: string, default: "https://shop.example.com/account"}
"""
SETTINGS = """
encryptionsalt: v1:abc
config:
  shop:tags: {team: billing}
  shop:token: {secure: v1:abc}
  stripe-portal:apiKey: {secure: v1:abc}
  stripe-portal:engine: ENGINE
"""


@pytest.mark.parametrize("engine", ["dynamic", "plugin"])
def test_a_project(stripe_stack: StripeStack, tmp_path: Path, engine: str) -> None:
    """Program, settings and modules beside it are found where Pulumi finds them.

    What is encrypted there, a test gives by itself; the key it needs not.
    """
    for folder in ("infra", "stacks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "infra" / "__main__.py").write_text(PROGRAM)
    (tmp_path / "infra" / "offers.py").write_text(OFFERS)
    settings = SETTINGS.replace("ENGINE", engine)
    (tmp_path / "stacks" / "Pulumi.test.yaml").write_text(settings)

    with pytest.raises(SettingsError, match="shop:token is encrypted"):
        stripe_stack.up(tmp_path)
    stripe_stack.up(tmp_path, config={"shop:token": "t"})
    found = stripe_stack.portal("plans").configuration
    assert found["metadata"]["team"] == "billing"
    assert found["default_return_url"] == "https://shop.example.com/account"

    (tmp_path / "infra" / "offers.py").write_text(OFFERS.replace("plans", "others"))
    stripe_stack.up(tmp_path, config={"shop:token": "t"})
    assert [each.name for each in stripe_stack.resources] == ["others"]


@pytest.mark.parametrize(
    ("project", "words"),
    [
        (None, "there is no Pulumi.yaml"),
        ("name: shop\nruntime: yaml", "can't be run here"),
        ("name: shop\nruntime: python", "there is no such program"),
        ("name: [", "it is no YAML"),
        ("- shop", "holds no names"),
    ],
)
def test_no_such_project(
    stripe_stack: StripeStack, tmp_path: Path, project: str | None, words: str
) -> None:
    """One error says which file, and what is wrong with it."""
    if project is not None:
        (tmp_path / "Pulumi.yaml").write_text(project)
    with pytest.raises(SettingsError, match=words):
        stripe_stack.up(tmp_path)
