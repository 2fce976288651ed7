"""What exists at Stripe comes under code without being touched."""

from __future__ import annotations

import re

import pytest
from stripe import StripeClient
from stripe.params.billing_portal import ConfigurationCreateParams

from .stack import Stack

CONFIGURATIONS = "/v1/billing_portal/configurations"

CLICKED: ConfigurationCreateParams = {
    "name": "Clicked",
    "features": {
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "customer_update": {"enabled": True, "allowed_updates": ["email", "name"]},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}
            ],
        },
    },
    "default_return_url": "https://example.com/account?token=in-the-query",
    "metadata": {"team": "support"},
}

BARE: ConfigurationCreateParams = {"features": {"invoice_history": {"enabled": False}}}


@pytest.fixture
def clicked(dashboard: StripeClient) -> dict[str, str]:
    """The ids of a default, a configuration and an endpoint made by hand."""
    configurations = dashboard.v1.billing_portal.configurations
    default = configurations.create(CLICKED)
    other = configurations.create(CLICKED)
    endpoint = dashboard.v1.webhook_endpoints.create(
        {
            "url": "https://example.com/hooks?token=in-the-query",
            "enabled_events": ["invoice.paid", "customer.updated"],
            "description": "Made by hand",
        }
    )
    assert endpoint.secret
    return {
        "default": default.id,
        "plans": other.id,
        "hooks": endpoint.id,
        "secret": endpoint.secret,
    }


PROGRAM = """
SECRET = {secret!r}
default = DefaultPortalConfiguration(
    "base",
    features={{"invoice_history": {{"enabled": True}}}},
    opts=ResourceOptions(import_={default!r}),
)
plans = PortalConfiguration(
    "plans",
    name="Clicked",
    features={{
        "invoice_history": {{"enabled": True}},
        "payment_method_update": {{"enabled": True}},
        "customer_update": {{"enabled": True, "allowed_updates": ["name", "email"]}},
        "subscription_update": {{
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{{"prices": [{{"lookup_key": "basic_monthly"}}]}}],
        }},
    }},
    opts=ResourceOptions(import_={plans!r}),
)
hooks = WebhookEndpoint(
    "hooks",
    url="https://example.com/hooks?token=in-the-query",
    enabled_events=["customer.updated", "invoice.paid"],
    secret=SECRET,
    opts=ResourceOptions(import_={hooks!r}),
)
for each in (default, plans, hooks):
    pulumi.export(each.pulumi_resource_name, each.id)
pulumi.export("secret", hooks.secret)
"""


def without_import(program: str) -> str:
    """Return a program as it is after the `import_` lines were taken out."""
    return "\n".join(line for line in program.split("\n") if "import_=" not in line)


@pytest.mark.both_doors
def test_all_three_are_adopted_without_a_write(
    stack: Stack, dashboard: StripeClient, clicked: dict[str, str]
) -> None:
    """One GET each, said in the preview; taking the line out changes nothing."""
    program = PROGRAM.format(**clicked)
    stack.sandbox.clear_requests()
    stack.program(program)

    preview = stack.preview()
    asked = [request.path for request in stack.sandbox.requests]
    stack.sandbox.clear_requests()
    created = stack.up()

    assert sorted(asked) == sorted(
        [
            f"{CONFIGURATIONS}/{clicked['plans']}",
            f"{CONFIGURATIONS}/{clicked['default']}",
            "/v1/prices",
            f"/v1/webhook_endpoints/{clicked['hooks']}",
        ]
    )
    for run in (preview, created):
        for id_ in (clicked["default"], clicked["plans"], clicked["hooks"]):
            assert f"adopts {id_} as it is; nothing is written" in run.text
        assert clicked["secret"] not in run.text
        assert (
            f"the default {clicked['default']} has customer_update, "
            "payment_method_update, subscription_update on; the code doesn't declare"
        ) in run.text
    requests = [request.path for request in stack.sandbox.requests]
    assert sorted(requests) == sorted([*asked, "/v1/account"])
    assert {request.method for request in stack.sandbox.requests} == {"GET"}
    assert stack.output("plans") == clicked["plans"]
    assert stack.output("secret") == clicked["secret"]
    assert clicked["secret"] not in stack.state_files()

    stack.sandbox.clear_requests()
    assert "unchanged" in stack.up().stdout
    out = stack.up(without_import(program))
    assert "4 unchanged" in out.stdout
    assert stack.sandbox.requests == []
    stack.assert_converged()

    stack.sandbox.clear_requests()
    stack.up(without_import(program).replace('name="Clicked"', 'name="Coded"'))
    (request,) = stack.sandbox.requests
    assert request.params["metadata"] == {
        "pulumi": "shop/test/PortalConfiguration/plans"
    }
    stack.destroy()
    assert not dashboard.v1.billing_portal.configurations.retrieve(
        clicked["plans"]
    ).active
    assert dashboard.v1.billing_portal.configurations.retrieve(
        clicked["default"]
    ).active


DIFFERENT = """
plans = PortalConfiguration(
    "plans",
    name=Output.from_input("As an Output"),
    features={{
        "invoice_history": {{"enabled": False}},
        "payment_method_update": {{"enabled": True}},
        "customer_update": {{"enabled": True, "allowed_updates": ["email", "phone"]}},
    }},
    default_return_url="https://example.com/other",
    metadata={{"team": "growth", "tier": "1"}},
    business_profile={{"headline": "Hello"}},
    opts=ResourceOptions(import_={plans!r}),
)
"""


@pytest.mark.both_doors
def test_each_difference_fails_the_preview(
    stack: Stack, clicked: dict[str, str]
) -> None:
    """Path, both values and the line to change; a feature that is on is one too."""
    stack.program(DIFFERENT.format(**clicked))
    stack.sandbox.clear_requests()

    refused = stack.preview(check=False)

    assert refused.code != 0
    assert "Traceback" not in refused.text
    for words in (
        "import_: features.invoice_history.enabled is True at Stripe, but False in "
        "the code; write 'enabled': True, or change it at Stripe first",
        "import_: features.customer_update.allowed_updates is ['email', 'name'] at "
        "Stripe, but ['email', 'phone'] in the code",
        "import_: features.subscription_update.enabled is True at Stripe, but not set "
        "in the code; write 'subscription_update': {'enabled': True}, or change it",
        "import_: default_return_url is 'https://example.com/account?[hidden]' at "
        "Stripe, but 'https://example.com/other' in the code; write what Stripe holds",
        "import_: metadata.team is 'support' at Stripe, but 'growth' in the code; "
        "write 'team': 'support'",
        "import_: metadata.tier is not set at Stripe, but '1' in the code; remove "
        "'tier' there",
        "import_: business_profile.headline is not set at Stripe, but 'Hello' in the "
        "code; remove 'headline' there",
        "import_: name is [hidden] at Stripe, but [hidden] in the code",
    ):
        assert words in refused.text, words
    assert "in-the-query" not in refused.text
    assert {request.method for request in stack.sandbox.requests} == {"GET"}


ONE = (
    'PortalConfiguration("one", features={{}}, opts=ResourceOptions(import_={id!r}))\n'
)
HOOK = """
WebhookEndpoint(
    "hook",
    url="https://example.com/hook",
    enabled_events=["*"],
    {more}
    opts=ResourceOptions(import_={id!r}),
)
"""


def test_a_wrong_id_is_a_clear_error(stack: Stack, dashboard: StripeClient) -> None:
    """Unknown, of the other mode, of another kind, or not the default."""
    live = stack.sandbox.client(livemode=True)
    live_id = live.v1.billing_portal.configurations.create(BARE).id
    default = dashboard.v1.billing_portal.configurations.create(BARE)
    other = dashboard.v1.billing_portal.configurations.create(BARE)
    hook = dashboard.v1.webhook_endpoints.create(
        {"url": "https://example.com/hook", "enabled_events": ["*"]}
    )
    cases = {
        ONE.format(id="bpc_unknown"): (
            "import_: there is no portal configuration 'bpc_unknown' in test mode; use "
            "an id that exists",
            "No such configuration: 'bpc_unknown'",
        ),
        ONE.format(id=live_id): (
            f"there is no portal configuration '{live_id}' in test mode; use an id of "
            "this stack's mode",
            "a similar object exists in live mode",
        ),
        ONE.format(id=hook.id): (
            f"import_: '{hook.id}' is no id of a portal configuration; give one that "
            "begins with 'bpc_'",
        ),
        HOOK.format(id=default.id, more=""): (
            f"'{default.id}' is no id of a webhook endpoint; give one that begins with "
            "'we_'",
        ),
        "Default" + ONE.format(id=other.id): (
            f"import_: {other.id} is not the account's default; declare it as a "
            "PortalConfiguration",
        ),
        ONE.format(id=other.id) + ONE.replace("one", "two").format(id=other.id): (
            "PortalConfiguration 'two':",
            f"import_: {other.id} is adopted by PortalConfiguration 'one' already",
        ),
    }

    for program, words in cases.items():
        stack.program(program)
        refused = stack.preview(check=False)
        assert refused.code != 0
        assert "Traceback" not in refused.text
        for each in words:
            assert each in refused.text, refused.text


def test_what_another_resource_manages_is_refused(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Also where that one's own `import_` is long gone; nothing is lost by it."""
    dashboard.v1.billing_portal.configurations.create(BARE)
    found = dashboard.v1.billing_portal.configurations.create(BARE)
    one = ONE.format(id=found.id)
    stack.up(one)
    alone = 'PortalConfiguration("one", features={})\n'
    stack.up(alone)
    stack.program(alone + one.replace('"one"', '"two"'))

    refused = stack.preview(check=False)

    assert refused.code != 0
    words = rf"{found.id} is managed by PortalConfiguration '(one|two)' as well"
    assert re.search(words, refused.text)
    assert stack.up(check=False).code != 0
    renamed = stack.up(one.replace('"one"', '"two"'))
    assert (
        f"{found.id} stays as it is, since PortalConfiguration 'two' manages it"
    ) in renamed.text
    assert dashboard.v1.billing_portal.configurations.retrieve(found.id).active
    stack.assert_converged()
    another = stack.up(
        one.replace('"one"', '"two"').replace("bpc_1", "bpc_2"), check=False
    )
    assert f"it manages {found.id} already, not bpc_2" in another.text


def test_the_default_that_another_resource_manages_is_refused(
    stack: Stack, dashboard: StripeClient
) -> None:
    """It needs no marker for that: one that was adopted as it is carries none."""
    found = dashboard.v1.billing_portal.configurations.create(BARE)
    one = ONE.format(id=found.id)
    stack.up(one)
    default = 'DefaultPortalConfiguration("default", features={})\n'
    words = f"{found.id} is managed by "

    for both in (one + default, default + one):
        stack.program(both)
        refused = stack.preview(check=False)
        assert refused.code != 0
        assert words in refused.text

    taken_over = stack.up(default)
    assert f"{found.id} stays as it is, since DefaultPortal" in taken_over.text
    stack.assert_converged()


def test_what_still_carries_import_is_not_replaced_by_force(
    stack: Stack, dashboard: StripeClient
) -> None:
    """It would be "replaced" by the object that it adopts again."""
    dashboard.v1.billing_portal.configurations.create(BARE)
    found = dashboard.v1.billing_portal.configurations.create(BARE)
    stack.up(ONE.format(id=found.id))
    urn = stack.resource("one")["urn"]

    for refused in (
        stack.preview("--replace", urn, check=False),
        stack.up(None, "--replace", urn, check=False),
    ):
        assert refused.code != 0
        assert "still adopts it; take that line out first" in refused.text
    assert stack.resource("one")["id"] == found.id
    stack.assert_converged()

    stack.up('PortalConfiguration("one", features={})\n', "--replace", urn)
    assert stack.resource("one")["id"] != found.id
    assert not dashboard.v1.billing_portal.configurations.retrieve(found.id).active


def test_what_was_only_read_is_not_made_a_second_time(
    stack: Stack, dashboard: StripeClient
) -> None:
    """One that the stack once made, and reads by `get`, still carries its marker."""
    dashboard.v1.billing_portal.configurations.create(BARE)
    code = 'PortalConfiguration("one", features={}{opts})\n'
    stack.up(code.replace("{opts}", ""))
    stack.up(code.replace("{opts}", ", opts=ResourceOptions(retain_on_delete=True)"))
    id_ = stack.resource("one")["id"]
    stack.up(f'PortalConfiguration.get("one", "{id_}")')
    stack.program(code.replace("{opts}", ""))

    refused = stack.preview(check=False)

    assert refused.code != 0
    assert "this stack reads it with `get`" in refused.text
    stack.up(code.replace("{opts}", f', opts=ResourceOptions(import_="{id_}")'))
    assert stack.resource("one")["id"] == id_
    stack.assert_converged()


def test_an_endpoint_without_its_secret(stack: Stack, dashboard: StripeClient) -> None:
    """`secret` is null until code gives it or the endpoint is replaced."""
    hook = dashboard.v1.webhook_endpoints.create(
        {"url": "https://example.com/hook", "enabled_events": ["*"]}
    )
    assert hook.secret

    stack.program(HOOK.format(id=hook.id, more=""))
    for run in (stack.preview(), stack.up()):
        assert "output `secret` is null; give it as `secret`" in run.text
        assert "or set `secret_version` later" in run.text
    state = stack.resource("hook")
    assert state["outputs"].get("secret") is None
    stack.assert_converged()

    stack.sandbox.clear_requests()
    given = HOOK.format(id=hook.id, more=f"secret={hook.secret!r},")
    stack.up(given)
    assert stack.sandbox.requests == []
    assert hook.secret not in stack.state_files()
    out = "hook = " + given.strip() + '\npulumi.export("secret", hook.secret)\n'
    stack.up(out)
    assert stack.output("secret") == hook.secret
    stack.assert_converged()
    stack.refresh()
    assert stack.output("secret") == hook.secret

    replacing = out.replace("secret=", 'secret_version="2", secret=')
    refused = stack.up(replacing, check=False)
    assert "a change of secret_version replaces it" in refused.text
    assert "take that line out first" in refused.text
    refused = stack.up(without_import(replacing), check=False)
    assert "secret: is only for an imported endpoint, until it is replaced" in (
        refused.text
    )
    assert hook.secret not in refused.text
    rotated = without_import(replacing).replace(f"secret={hook.secret!r},", "")
    replaced = stack.up(rotated)
    assert "has the same URL" not in replaced.text
    new = stack.output("secret")
    assert new.startswith("whsec_")
    assert new != hook.secret
    stack.program(without_import(replacing))
    refused = stack.preview(check=False)
    assert "secret: is only for an imported endpoint" in refused.text
    fresh = given.replace('"hook"', '"fresh"')
    stack.program(without_import(fresh))
    refused = stack.preview(check=False)
    assert "secret: is only for an imported endpoint" in refused.text


GET = """
found = PortalConfiguration.get("found", {id!r})
pulumi.export("features", found.features)
pulumi.export("is_default", found.is_default)
hook = WebhookEndpoint.get("hook", {hook!r})
pulumi.export("url", hook.url)
"""


def test_get_reads_without_managing(stack: Stack, clicked: dict[str, str]) -> None:
    """Nothing is written, then or at destroy; an unknown id fails the preview."""
    stack.sandbox.clear_requests()
    stack.program(GET.format(id="bpc_unknown", hook=clicked["hooks"]))
    unknown = stack.preview(check=False)
    assert unknown.code != 0
    assert "there is no bpc_unknown" in unknown.text
    assert "Traceback" not in unknown.text
    stack.program(f'DefaultPortalConfiguration.get("found", {clicked["plans"]!r})')
    other = stack.preview(check=False)
    assert f"{clicked['plans']} is not the account's default" in other.text

    stack.up(GET.format(id=clicked["plans"], hook=clicked["hooks"]))

    features = stack.output("features")
    assert features["customer_update"] == {
        "enabled": True,
        "allowed_updates": ["email", "name"],
    }
    assert stack.output("is_default") is False
    assert stack.output("url").startswith("https://example.com/hooks")
    stack.pulumi("refresh", "--yes", "--skip-preview")
    stack.destroy()
    assert {request.method for request in stack.sandbox.requests} == {"GET"}
