"""The same resources through the plugin's door, with the real engine."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest
from stripe import StripeClient
from stripe.params.billing_portal import ConfigurationCreateParams

from .stack import Stack

PROGRAM = """
own = Provider("own", api_key="sk_test_123")
default = DefaultPortalConfiguration(
    "default", features={"invoice_history": {"enabled": True}}
)
plans = PortalConfiguration(
    "plans",
    name="Plans",
    business_profile={"headline": Output.secret("TOPSECRET")},
    features={
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    },
)
other = PortalConfiguration(
    "other",
    features={"invoice_history": {"enabled": True}},
    opts=ResourceOptions(provider=own, depends_on=[default]),
)
events = WebhookEndpoint(
    "events", url="https://example.com/hooks", enabled_events=["customer.created"]
)
pulumi.export("ids", [each.id for each in (default, plans, other, events)])
pulumi.export("secret", events.secret)
"""
CHANGED = PROGRAM.replace('name="Plans"', 'name="All plans"')

IN_ANY_LANGUAGE = """
class Any(pulumi.CustomResource):
    def __init__(self, kind, name, props, **options):
        opts = ResourceOptions(**options)
        super().__init__(f"stripe-portal:index:{kind}", name, props, opts)
"""
"""Declares resources as a generated SDK does: nothing of this package's runs."""

CLICKED: ConfigurationCreateParams = {
    "name": "Clicked",
    "features": {
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}
            ],
        },
    },
    "metadata": {"team": "support"},
}


def writes(stack: Stack) -> list[str]:
    """Return the paths of what was sent since the last look, reads aside."""
    paths = [each.path for each in stack.sandbox.requests if each.method != "GET"]
    stack.sandbox.clear_requests()
    return paths


def steps(stack: Stack) -> dict[str, Any]:
    """Return what a preview plans, by the name of the resource."""
    told = json.loads(stack.preview("--json").stdout)
    return {
        each["urn"].rpartition("::")[2]: each
        for each in told["steps"]
        if each["op"] != "same"
    }


def test_a_program_that_chose_the_plugin(stack: Stack, dashboard: StripeClient) -> None:
    """It converges at once, changes by one request, reverts drift, and leaves all."""
    stack.use_plugin()
    stack.up(PROGRAM)
    ids = stack.output("ids")
    stack.sandbox.clear_requests()

    assert "6 unchanged" in stack.pulumi("up", "--yes").stdout
    assert stack.sandbox.requests == []

    stack.program(CHANGED)
    kinds = {"name": {"kind": "update", "inputDiff": True}}
    planned = steps(stack)
    assert planned["plans"]["detailedDiff"] == kinds
    shown = stack.preview("--diff").stdout
    assert '~ name: "Plans" => "All plans"' in shown
    assert "subscription_update" not in shown
    assert "TOPSECRET" not in shown + json.dumps(planned)
    stack.up()
    assert writes(stack) == [f"/v1/billing_portal/configurations/{ids[1]}"]

    configurations = dashboard.v1.billing_portal.configurations
    configurations.update(ids[1], {"name": "Clicked"})
    stack.refresh()
    stack.up()
    assert configurations.retrieve(ids[1]).name == "All plans"
    stack.assert_converged()
    assert "TOPSECRET" not in stack.state_files()
    assert stack.output("secret") not in stack.state_files()

    stack.destroy()
    assert dashboard.v1.webhook_endpoints.list().data == []
    assert not configurations.retrieve(ids[1]).active


def test_there_and_back(stack: Stack) -> None:
    """A stack takes the other door without a request, and nothing is made anew."""
    stack.up(PROGRAM)
    before = stack.output("ids"), stack.output("secret")
    stack.use_plugin()
    stack.sandbox.clear_requests()

    assert "6 unchanged" in stack.pulumi("up", "--yes").stdout
    types = {each["type"] for each in stack.export()["deployment"]["resources"]}
    assert not any("pulumi-python" in each for each in types)
    assert (stack.output("ids"), stack.output("secret")) == before
    assert stack.sandbox.requests == []
    stack.assert_converged()

    stack.sandbox.clear_requests()
    stack.up(CHANGED)
    assert len(writes(stack)) == 1

    stack.config("stripe-portal:engine", "dynamic")
    stack.up()
    assert stack.sandbox.requests == []
    assert "6 unchanged" in stack.up().stdout
    assert (stack.output("ids"), stack.output("secret")) == before
    stack.assert_converged()
    stack.destroy()


RENAMED = """
mine = Provider(
    "mine", api_key="sk_test_123", opts=ResourceOptions(aliases=[Alias(name="own")])
)
plans = PortalConfiguration(
    "pro-plans",
    features={"invoice_history": {"enabled": True}},
    opts=ResourceOptions(provider=mine, aliases=[Alias(name="plans")]),
)
class Hooks(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("shop:index:Hooks", "hooks")
        self.events = WebhookEndpoint(
            "deliveries",
            url="https://example.com/hooks",
            enabled_events=["customer.created"],
            opts=ResourceOptions(parent=self, aliases=[
                f"urn:pulumi:test::shop::{token}:WebhookEndpoint::events"
            ]),
        )
events = Hooks().events
pulumi.export("ids", [each.id for each in (plans, events)])
"""


@pytest.mark.parametrize("back", [False, True], ids=["there", "back"])
def test_a_rename_on_the_way(stack: Stack, *, back: bool) -> None:
    """What takes another name together with the other door is still the same one.

    By an alias with a name or a whole URN, of an explicit provider or beside one. Its
    new name at Stripe is all that is written.
    """
    program = """
    own = Provider("own", api_key="sk_test_123")
    plans = PortalConfiguration(
        "plans",
        features={"invoice_history": {"enabled": True}},
        opts=ResourceOptions(provider=own),
    )
    events = WebhookEndpoint(
        "events", url="https://example.com/hooks", enabled_events=["customer.created"]
    )
    pulumi.export("ids", [each.id for each in (plans, events)])
    """
    dynamic, plugin = "pulumi-python:dynamic/stripe-portal", "stripe-portal:index"
    stack.use_plugin()
    for engine in ("plugin", "dynamic") if back else ("dynamic", "plugin"):
        stack.config("stripe-portal:engine", engine)
        if engine == ("plugin" if back else "dynamic"):
            stack.up(program)
            before = stack.output("ids")
            writes(stack)
    token = plugin if back else dynamic  # as the state has it, whichever is used now
    run = stack.up(
        f"from pulumi import Alias\ntoken = {token!r}\n" + textwrap.dedent(RENAMED)
    )

    assert "deleted" not in run.text
    assert stack.output("ids") == before
    assert len(writes(stack)) == 2
    assert "5 unchanged" in stack.up().stdout
    assert stack.sandbox.requests == []
    stack.assert_converged()


def test_replace_on_changes(stack: Stack) -> None:
    """It has an effect, as the plugin tells what changes; no warning says otherwise."""
    program = """
    WebhookEndpoint(
        "events",
        url="https://example.com/hooks",
        enabled_events=["customer.created"],
        description="{}",
        opts=ResourceOptions(replace_on_changes=["description"]),
    )
    """
    stack.use_plugin()
    stack.up(program.format("one"))
    stack.program(program.format("two"))

    run = stack.preview("--diff")

    assert "+-stripe-portal:index:WebhookEndpoint: (replace)" in run.stdout
    assert "has no effect" not in run.text


@pytest.mark.parametrize("name", ["Clicked", "Mine"])
def test_import_in_a_python_program(
    stack: Stack, dashboard: StripeClient, name: str
) -> None:
    """The classes compare first: nothing is written, and other code is refused."""
    configurations = dashboard.v1.billing_portal.configurations
    configurations.create(CLICKED)
    made = configurations.create(
        {"features": {"invoice_history": {"enabled": True}}, "name": "Clicked"}
    )
    stack.use_plugin()
    program = f"""
    PortalConfiguration(
        "plans",
        name={name!r},
        features={{"invoice_history": {{"enabled": True}}}},
        opts=ResourceOptions(import_={made.id!r}),
    )
    """
    stack.sandbox.clear_requests()

    run = stack.up(program, check=False)

    assert writes(stack) == []
    if name == "Clicked":
        assert run.code == 0
        assert f"adopts {made.id} as it is" in run.text
    else:
        assert run.code != 0
        words = "import_: name is 'Clicked' at Stripe, but 'Mine' in the code"
        assert words in run.text


def test_pulumi_import(stack: Stack, dashboard: StripeClient) -> None:
    """All three kinds come into the state in bulk, without a write, as they are."""
    configurations = dashboard.v1.billing_portal.configurations
    default = configurations.create(CLICKED)
    plans = configurations.create(CLICKED)
    events = dashboard.v1.webhook_endpoints.create(
        {"url": "https://example.com/hooks", "enabled_events": ["customer.created"]}
    )
    stack.use_plugin()
    stack.program("")
    found = [
        ("DefaultPortalConfiguration", "base", default.id),
        ("PortalConfiguration", "plans", plans.id),
        ("WebhookEndpoint", "events", events.id),
    ]
    wanted = [
        {"type": f"stripe-portal:index:{kind}", "name": name, "id": id_}
        for kind, name, id_ in found
    ]
    file = stack.folder / "import-list.json"
    file.write_text(json.dumps({"resources": wanted}))
    stack.sandbox.clear_requests()

    stack.pulumi(
        "import",
        "--file",
        str(file),
        "--yes",
        "--generate-code=false",
        "--protect=false",
    )

    assert {each.method for each in stack.sandbox.requests} == {"GET"}
    assert len(stack.sandbox.requests) == 2 * len(found)  # preview and import
    program = IN_ANY_LANGUAGE + "\n".join(
        f"Any({kind!r}, {name!r}, {stack.resource(name)['inputs']!r})"
        for kind, name, _ in found
    )
    stack.sandbox.clear_requests()
    stack.program(program)
    assert "4 unchanged" in stack.preview("--expect-no-changes").stdout
    assert stack.sandbox.requests == []
    assert "4 unchanged" in stack.up().stdout
    stack.assert_converged()
    stack.destroy()
    assert dashboard.v1.webhook_endpoints.list().data == []


def test_import_in_any_language(stack: Stack, dashboard: StripeClient) -> None:
    """Other code is listed, as the engine imports and then changes the object."""
    configurations = dashboard.v1.billing_portal.configurations
    configurations.create(CLICKED)
    made = configurations.create(CLICKED)
    stack.use_plugin()
    features: Any = {**CLICKED["features"], "invoice_history": {"enabled": False}}
    features["subscription_update"] = {
        **features["subscription_update"],
        "products": [{"prices": [{"lookup_key": "basic_monthly"}]}],
    }
    inputs = {"features": features, "metadata": {"team": "support"}}
    declared = f'Any("PortalConfiguration", "plans", {inputs!r}, import_={made.id!r})'
    stack.program(IN_ANY_LANGUAGE + declared)
    stack.sandbox.clear_requests()

    preview = stack.preview()

    assert f"{made.id} is imported, and then changed where" in preview.text
    assert "features.invoice_history.enabled is True at Stripe" in preview.text
    assert "name is" not in preview.text  # what the code doesn't declare stays
    assert writes(stack) == []
    stack.up()
    assert writes(stack) == [f"/v1/billing_portal/configurations/{made.id}"]
    assert "2 unchanged" in stack.up().stdout
    assert stack.sandbox.requests == []
    stack.assert_converged()
    assert configurations.retrieve(made.id).name == "Clicked"


def test_a_secret_that_is_imported(stack: Stack, dashboard: StripeClient) -> None:
    """The run that imports it leaves it as a secret, without a write.

    The engine shows what it imports before it asks the program for it.
    """
    configurations = dashboard.v1.billing_portal.configurations
    configurations.create(CLICKED)
    features: Any = {"invoice_history": {"enabled": True}}
    made = configurations.create(
        {"features": features, "business_profile": {"headline": "TOPSECRET"}}
    )
    stack.use_plugin()
    inputs = f"""{{
        "features": {features!r},
        "business_profile": {{"headline": Output.secret("TOPSECRET")}},
    }}"""
    declared = f'Any("PortalConfiguration", "plans", {inputs}, import_={made.id!r})'
    stack.sandbox.clear_requests()

    run = stack.up(IN_ANY_LANGUAGE + declared)

    assert (
        "becomes a secret in the state as well: business_profile.headline" in run.text
    )
    assert "TOPSECRET" not in json.dumps(stack.export())
    assert writes(stack) == []
    assert "2 unchanged" in stack.up().stdout
    assert stack.sandbox.requests == []


def test_a_typo_in_any_language(stack: Stack) -> None:
    """It is refused at preview, with its place and what may be meant."""
    stack.use_plugin()
    stack.program(
        IN_ANY_LANGUAGE
        + 'Any("PortalConfiguration", "plans", {"features": {"invoice_histroy": {}}})'
    )

    run = stack.preview(check=False)

    assert run.code != 0
    assert "features.invoice_histroy: there is no such key" in run.text
    assert "Traceback" not in run.text
