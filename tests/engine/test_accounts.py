"""Accounts, modes and keys: what is recorded in one is never written with another."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.data.store import Key

from .stack import Stack

HISTORY = 'features={"invoice_history": {"enabled": True}}'
DEFAULT = 'DefaultPortalConfiguration("default", features={})'
PLANS = f"""
{DEFAULT}
plans = PortalConfiguration("plans", name="Plans", {HISTORY})
pulumi.export("id", plans.id)
"""


def writes(sandbox: Sandbox) -> list[str]:
    """Return the methods of all requests that change something."""
    return [r.method for r in sandbox.requests if r.method != "GET"]


@pytest.mark.both_doors
def test_two_modes_in_one_stack(stack: Stack) -> None:
    """An explicit provider has its own key and mode; the key is always encrypted."""
    stack.up(
        f"""
        live = Provider("live", api_key="{Sandbox.live_api_key}", mode="live")
        there = ResourceOptions(provider=live)
        DefaultPortalConfiguration("default", features={{}})
        DefaultPortalConfiguration("live-default", features={{}}, opts=there)
        test = PortalConfiguration("test-plans", {HISTORY})
        live = PortalConfiguration("live-plans", {HISTORY}, opts=there)
        pulumi.export("modes", Output.all(test.livemode, live.livemode))
        """
    )

    assert stack.output("modes") == [False, True]
    assert Sandbox.live_api_key not in stack.state_files()
    stack.assert_converged()
    stack.destroy()
    assert Sandbox.live_api_key not in stack.state_files()


def test_a_live_key_needs_a_live_stack(stack: Stack) -> None:
    """Each mode's key is refused in a stack of the other, before any request."""
    stack.program(PLANS)
    stack.environ["STRIPE_API_KEY"] = Sandbox.live_api_key
    refused = stack.preview(check=False)
    assert "is a live key, but the stack's mode is test" in refused.text
    assert "pulumi config set stripe-portal:mode live" in refused.text

    stack.config("stripe-portal:mode", "live")
    stack.up()
    stack.environ["STRIPE_API_KEY"] = Sandbox.api_key
    refused = stack.preview(check=False)

    assert "is a test key, but the stack's mode is live" in refused.text
    assert all(request.livemode for request in stack.sandbox.requests)


@pytest.mark.both_doors
def test_a_wrong_key_of_a_provider_is_refused_in_the_sandbox(stack: Stack) -> None:
    """Around `pulumi` the sandbox has the key, and the mistake is said as outside."""
    stack.environ["STRIPE_PORTAL_SANDBOX"] = "1"
    stack.program(
        f"""
        wrong = Provider("wrong", api_key="{Sandbox.live_api_key}")
        there = ResourceOptions(provider=wrong)
        DefaultPortalConfiguration("default", features={{}}, opts=there)
        """
    )

    refused = stack.preview(check=False)

    assert refused.code != 0
    assert "is a live key, but the stack's mode is test" in refused.text
    assert stack.sandbox.requests == []


@pytest.mark.both_doors
def test_state_of_the_other_mode_is_refused_at_preview(stack: Stack) -> None:
    """Turning a stack to live does not write what it recorded in test mode."""
    stack.up(PLANS)
    stack.config("stripe-portal:mode", "live")
    stack.environ["STRIPE_API_KEY"] = Sandbox.live_api_key
    stack.sandbox.clear_requests()

    refused = stack.preview(check=False)
    updated = stack.up(PLANS.replace('"Plans"', '"New"'), check=False)

    for run in (refused, updated):
        assert run.code != 0
        assert "it was recorded in test mode, but the stack's mode is now live" in (
            run.text
        )
        assert "Traceback" not in run.text
    assert writes(stack.sandbox) == []


@pytest.mark.both_doors
def test_gone_is_believed_for_the_same_account_only(stack: Stack) -> None:
    """Another account's key keeps the state on refresh; update and delete refuse."""
    stack.up(PLANS)
    id_ = stack.output("id")
    other = stack.sandbox.add_account("acct_other")
    stack.environ["STRIPE_API_KEY"] = other.test_key
    stack.sandbox.clear_requests()

    refreshed = stack.refresh()
    assert f"belongs to account {stack.sandbox.account}" in refreshed.text
    assert "its recorded state is kept" in refreshed.text
    assert stack.output("id") == id_

    updated = stack.up(PLANS.replace('"Plans"', '"New"'), check=False)
    destroyed = stack.destroy(check=False)

    for run in (updated, destroyed):
        assert run.code != 0
        assert "acct_other" in run.text
        assert "Give the key of its own account" in run.text
    assert stack.resource("plans")["id"] == id_


def test_a_restricted_key_is_enough(stack: Stack) -> None:
    """It may not read the account, but Stripe's refusal names it."""
    key = stack.sandbox.restricted_key(
        permissions=[
            "rak_customer_portal_write",
            "rak_webhook_write",
            "rak_product_read",
            "rak_plan_read",
        ]
    )
    stack.environ["STRIPE_API_KEY"] = key

    stack.up(PLANS)

    assert stack.resource("plans")["outputs"]["account_id"] == stack.sandbox.account
    stack.assert_converged()


def test_a_missing_permission_is_named(stack: Stack) -> None:
    """The error says which scope to add to the key."""
    stack.environ["STRIPE_API_KEY"] = stack.sandbox.restricted_key(
        permissions=["rak_product_read", "rak_plan_read"]
    )
    stack.program(PLANS)

    refused = stack.preview(check=False)

    assert refused.code != 0
    assert "add the permission rak_customer_portal_" in refused.text
    assert "Traceback" not in refused.text


def test_a_revoked_key_on_refresh(stack: Stack) -> None:
    """`refresh` and `destroy` use the key of the last `up`; a 401 says what to do."""
    stack.config("stripe-portal:apiKey", "sk_test_1", secret=True)
    stack.environ["STRIPE_API_KEY"] = ""
    other = stack.sandbox.add_account("acct_other")
    stack.config("stripe-portal:apiKey", other.test_key, secret=True)
    stack.up(PLANS)
    stack.sandbox.reset()

    refused = stack.refresh(check=False)

    assert "give this stack a valid key" in refused.text
    assert "--run-program" in refused.text
    assert other.test_key not in refused.text


def test_a_connected_account_of_a_resource(stack: Stack) -> None:
    """Requests carry the account; changing it replaces the resource."""
    first = stack.sandbox.connect("acct_first").id
    second = stack.sandbox.connect("acct_second").id
    program = f"""
    PortalConfiguration("plans", {HISTORY}, account="%s")
    WebhookEndpoint(
        "hook",
        url="https://example.com/hook",
        enabled_events=["invoice.paid"],
        account="%s",
    )
    """
    stack.up(program % (first, first))
    posts = [r for r in stack.sandbox.requests if r.method == "POST"]
    assert {request.account for request in posts} == {first}
    stack.assert_converged()
    stack.sandbox.clear_requests()

    stack.up(program % (second, second))

    there = stack.sandbox.client(stripe_account=second).v1
    assert len(there.billing_portal.configurations.list().data) == 1
    assert len(there.webhook_endpoints.list().data) == 1
    here = stack.sandbox.client(stripe_account=first).v1
    assert here.webhook_endpoints.list().data == []
    stack.assert_converged()


def test_an_account_of_the_same_program(stack: Stack) -> None:
    """What is not known before it is made is not asked of another account."""
    account = stack.sandbox.connect("acct_made").id
    client = stack.sandbox.client(stripe_account=account).v1
    client.prices.create(
        {
            "currency": "usd",
            "unit_amount": 100,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Theirs"},
            "lookup_key": "theirs",
        }
    )
    stack.sandbox.clear_requests()
    stack.program(
        f"""
        from pulumi.dynamic import CreateResult, Resource, ResourceProvider

        class AccountProvider(ResourceProvider):
            def create(self, props):
                return CreateResult("{account}", {{"account": "{account}"}})

        class Account(Resource):
            account: pulumi.Output[str]

        made = Account(AccountProvider(), "made", {{"account": None}})
        PortalConfiguration(
            "plans",
            account=made.account,
            features={{
                "payment_method_update": {{"enabled": True}},
                "subscription_update": {{
                    "enabled": True,
                    "default_allowed_updates": ["price"],
                    "products": [{{"prices": [{{"lookup_key": "theirs"}}]}}],
                }},
            }},
        )
        """
    )

    stack.preview()
    assert stack.sandbox.requests == []
    stack.up()

    stack.assert_converged()
    assert [found.is_default for found in client.billing_portal.configurations.list()]


@pytest.mark.parametrize("how", ["stack", "provider"])
def test_the_account_of_a_stack_or_provider_cannot_change(
    stack: Stack, how: str
) -> None:
    """What was recorded in one account is not written in another: both are named."""
    first = stack.sandbox.connect("acct_first").id
    second = stack.sandbox.connect("acct_second").id

    def program(account: str) -> str:
        if how == "stack":
            return f'PortalConfiguration("plans", {HISTORY})'
        return f"""
        theirs = Provider("theirs", api_key="{Sandbox.api_key}", account="{account}")
        PortalConfiguration("plans", {HISTORY}, opts=ResourceOptions(provider=theirs))
        """

    if how == "stack":
        stack.config("stripe-portal:account", first)
    stack.up(program(first))
    stack.assert_converged()
    if how == "stack":
        stack.config("stripe-portal:account", second)
    stack.sandbox.clear_requests()

    stack.program(program(second))
    for run in (stack.preview(check=False), stack.up(check=False)):
        assert run.code != 0
        assert f"recorded in account {first}" in run.text
        assert f"is now {second}" in run.text
        assert "give the resource its own `account`" in run.text
    stack.up(program(second).replace(HISTORY, f'{HISTORY}, account="{first}"'))
    stack.assert_converged()
    assert writes(stack.sandbox) == []


def test_the_environments_address_wins(stack: Stack) -> None:
    """`STRIPE_API_BASE` goes before the stack's and a provider's `apiBase`."""
    stack.config("stripe-portal:apiBase", "http://127.0.0.1:1")
    stack.up(
        f"""
        here = Provider(
            "here", api_key="{Sandbox.api_key}", api_base="http://127.0.0.1:1"
        )
        default = DefaultPortalConfiguration("default", features={{}})
        PortalConfiguration("one", {HISTORY})
        there = ResourceOptions(provider=here, depends_on=[default])
        PortalConfiguration("two", {HISTORY}, opts=there)
        """
    )

    assert stack.sandbox.count("POST") == 3


def test_preflight_off_needs_no_key_at_preview(stack: Stack) -> None:
    """A preview that asks Stripe nothing needs no key, an update does."""
    stack.config("stripe-portal:preflight", "false")
    stack.environ["STRIPE_API_KEY"] = ""
    stack.program(PLANS)

    stack.preview()
    refused = stack.up(check=False)

    assert refused.code != 0
    assert "no Stripe API key" in refused.text
    assert stack.sandbox.requests == []


def test_an_explicit_providers_key_may_change(stack: Stack) -> None:
    """Nothing is replaced or written by it, nor by moving to the stack's own key."""
    program = f"""
    acct = Provider("acct", api_key="{{key}}")
    theirs = ResourceOptions(provider=acct)
    DefaultPortalConfiguration("base", {HISTORY}, opts=theirs)
    PortalConfiguration("plans", {HISTORY}, opts=theirs)
    """
    rotated = stack.sandbox.restricted_key(permissions=["rak_customer_portal_write"])
    stack.up(program.replace("{key}", Sandbox.api_key))
    stack.sandbox.clear_requests()

    for source in (
        program.replace("{key}", rotated),
        program.replace(', api_key="{key}"', ""),  # then it is STRIPE_API_KEY
        program.replace(", opts=theirs", "").replace("{key}", Sandbox.api_key),
    ):
        changed = stack.up(source)
        assert "unchanged" in changed.stdout
        assert "replace" not in changed.stdout
        for key in (Sandbox.api_key, rotated):
            assert key not in changed.text + stack.state_files()
    assert stack.sandbox.requests == []
    stack.assert_converged()

    stack.program(program.replace("{key}", Sandbox.live_api_key))
    refused = stack.preview(check=False)
    assert 'mode="live" for an explicit Provider' in refused.text
    assert Sandbox.live_api_key not in refused.text


def test_keys_go_to_stripe_or_this_machine_only(stack: Stack) -> None:
    """A foreign address is refused wherever it is set, and nothing is sent."""
    provider = f"""
    there = Provider("there", api_key="sk_test_5", api_base="https://c.example/x?y=z")
    PortalConfiguration("one", {HISTORY}, opts=ResourceOptions(provider=there))
    """
    stack.program(f'PortalConfiguration("one", {HISTORY})')
    for address in ("https://api.stripe.com.example", "http://api.stripe.com"):
        stack.environ["STRIPE_API_BASE"] = address
        refused = stack.preview(check=False)
        assert "keys are sent nowhere else" in refused.text
        assert "correct STRIPE_API_BASE or stripe-portal:apiBase" in refused.text
        assert "Traceback" not in refused.text
    stack.environ["STRIPE_API_BASE"] = ""
    stack.config("stripe-portal:apiBase", "https://b.example")
    assert "'b.example' is neither api.stripe.com" in stack.preview(check=False).text
    stack.program(provider)
    refused = stack.preview(check=False)
    assert "'c.example' is neither api.stripe.com" in refused.text
    assert "y=z" not in refused.text


def test_a_refresh_in_another_mode_or_account_keeps_the_state(stack: Stack) -> None:
    """Gone is not believed where the key, the mode or the account is another."""
    stack.up(PLANS)
    id_ = stack.output("id")
    other = stack.sandbox.add_account("acct_other")
    stack.environ["STRIPE_API_KEY"] = stack.sandbox.restricted_key(
        account=other.id, permissions=["rak_customer_portal_write"]
    )
    kept = stack.pulumi("refresh", "--yes", "--skip-preview", "--run-program")
    assert (
        f"belongs to account {stack.sandbox.account}, but the key is of {other.id}"
        in (kept.text)
    )
    assert stack.output("id") == id_

    stack.config("stripe-portal:mode", "live")
    stack.environ["STRIPE_API_KEY"] = Sandbox.live_api_key
    refused = stack.pulumi(
        "refresh", "--yes", "--skip-preview", "--run-program", check=False
    )
    assert refused.code != 0
    assert "recorded in test mode, but the stack's mode is now live" in refused.text
    assert "Traceback" not in refused.text
    assert stack.resource("plans")["id"] == id_
    assert writes(stack.sandbox)[2:] == []

    stack.environ["STRIPE_API_KEY"] = "sk_test_9"
    stack.config("stripe-portal:mode", "test")
    rejected = stack.pulumi(
        "destroy", "--yes", "--skip-preview", "--run-program", check=False
    )
    assert "give this stack a valid key" in rejected.text
    assert "--run-program" in rejected.text
    assert stack.resource("plans")["id"] == id_


def test_an_answer_of_the_other_mode_is_refused(stack: Stack) -> None:
    """Also where the key's own spelling tells another mode."""
    stack.sandbox.client(livemode=True).v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    keys = stack.sandbox._store.keys  # no key of the sandbox's own is spelled so
    keys["sk_test_odd"] = Key("sk_test_odd", stack.sandbox.account, livemode=True)
    stack.environ["STRIPE_API_KEY"] = "sk_test_odd"
    stack.sandbox.clear_requests()

    refused = stack.up(PLANS, check=False)

    assert refused.code != 0
    assert "an object of live mode, but the stack's mode is test" in refused.text
    assert writes(stack.sandbox) == []


def test_a_default_for_each_account(stack: Stack) -> None:
    """Each account has its own, and its configurations wait for that one."""
    first = stack.sandbox.connect("acct_first").id
    stack.sandbox.fail("POST", "/v1/billing_portal/configurations", latency=1, times=2)
    stack.up(
        f"""
        class Portal(pulumi.ComponentResource):
            def __init__(self, name, opts):
                super().__init__("shop:index:Portal", name, None, opts)
                inside = ResourceOptions(parent=self)
                DefaultPortalConfiguration("own", {HISTORY}, opts=inside)

        acct = Provider("acct", api_key="{Sandbox.live_api_key}", mode="live")
        Portal("live", ResourceOptions(providers=[acct]))
        DefaultPortalConfiguration("base", {HISTORY})
        DefaultPortalConfiguration("first", {HISTORY}, account="{first}")
        PortalConfiguration("a", {HISTORY}, opts=ResourceOptions(provider=acct))
        PortalConfiguration("b", {HISTORY})
        PortalConfiguration("c", {HISTORY}, account="{first}")
        """
    )

    def markers(*, livemode: bool = False, account: str | None = None) -> list[str]:
        client = stack.sandbox.client(livemode=livemode, stripe_account=account)
        found = client.v1.billing_portal.configurations.list().data
        names = [item.to_dict()["metadata"]["pulumi"] for item in found]
        assert [item.is_default for item in found] == [False, True]
        return [name.rpartition("/")[2] for name in names]

    assert markers(livemode=True) == ["a", "own"]
    assert markers() == ["b", "base"]
    assert markers(account=first) == ["c", "first"]
    stack.assert_converged()
