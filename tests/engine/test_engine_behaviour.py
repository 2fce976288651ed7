"""What users see of errors and warnings, and how much Stripe is asked."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import grpc
import pytest
from stripe import StripeClient

from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.sandbox import Sandbox

from .plugin import Plugin, refusal, started
from .stack import Stack

Values = dict[str, Any]

KIND = PortalConfigurationProvider
HISTORY: Values = {"features": {"invoice_history": {"enabled": True}}}
PLANS: Values = {
    "features": {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    }
}
CALLS: dict[str, Callable[[Plugin, str, Values], Any]] = {
    "check": lambda plugin, _id, _outs: plugin.check(PLANS),
    "diff": lambda plugin, id_, outs: plugin.diff(id_, outs, PLANS),
    "create": lambda plugin, _id, _outs: plugin.create(HISTORY),
    "read": lambda plugin, id_, outs: plugin.read(id_, outs, HISTORY),
    "update": lambda plugin, id_, outs: plugin.update(id_, outs, PLANS),
    "delete": lambda plugin, id_, outs: plugin.delete(id_, outs),
}


@pytest.fixture
def made(tmp_path: Path, stripe_sandbox: Sandbox) -> tuple[str, Values]:
    """A configuration in an account that has another one as its default: id, state."""
    features: Any = {"invoice_history": {"enabled": False}}
    client = stripe_sandbox.client()
    client.v1.billing_portal.configurations.create({"features": features})
    with started(tmp_path, KIND, stripe_sandbox.environ) as plugin:
        return plugin.create(HISTORY)


ASKING = ("check", "create", "read", "update", "delete")

# What goes wrong: with which calls, how, and what the error says.
TROUBLES: dict[str, tuple[tuple[str, ...], Values, Values, str]] = {
    "a refused key": (
        ASKING,
        {"STRIPE_API_KEY": "sk_test_9"},
        {},
        "give this stack a valid key",
    ),
    "no key": (ASKING, {"STRIPE_API_KEY": ""}, {}, "no Stripe API key. Set it"),
    "a key of the other mode": (
        tuple(CALLS),
        {"STRIPE_API_KEY": Sandbox.live_api_key},
        {},
        "STRIPE_API_KEY is a live key, but the stack's mode is test",
    ),
    "another address": (
        tuple(CALLS),
        {"STRIPE_API_BASE": "https://example.com"},
        {},
        "the API address 'example.com' is neither api.stripe.com nor",
    ),
    "an unreachable Stripe": (
        ASKING,
        {"STRIPE_API_BASE": "http://127.0.0.1:9"},
        {},
        "Stripe could not be reached at http://127.0.0.1:9 (connection refused)",
    ),
    "a refusal": (ASKING, {}, {"status": 400}, "correct what Stripe names"),
    "a fault of Stripe's": (
        ASKING,
        {},
        {"status": 500, "should_retry": False},
        "Stripe had a fault of its own; run again",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_error_is_one_plain_message(
    tmp_path: Path, stripe_sandbox: Sandbox, made: tuple[str, Values], trouble: str
) -> None:
    """It begins with the resource and what to do, whatever was being done to it.

    Settings that are wrong for the whole stack are about no resource.
    """
    calls, environ, fault, words = TROUBLES[trouble]
    if fault:
        stripe_sandbox.fail(times=None, **fault)

    environ = {**stripe_sandbox.environ, **environ}
    with started(tmp_path, KIND, environ) as plugin:
        for name in calls:
            text = refusal(partial(CALLS[name], plugin, *made)).text

            named = "" if calls == tuple(CALLS) else f"{plugin.title}: "
            assert text.startswith(named + words), name
            assert "Traceback" not in text, name
            assert "\n" not in text, name


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        ({"livemode": True}, "was recorded in live mode, but the stack's mode is now"),
        ({"stack_account": "acct_1"}, "was recorded in account acct_1, but"),
    ],
)
def test_a_state_of_another_account_is_refused_plainly(
    tmp_path: Path,
    stripe_sandbox: Sandbox,
    made: tuple[str, Values],
    recorded: Values,
    words: str,
) -> None:
    """By every call that gets to see the state."""
    id_, outputs = made
    stripe_sandbox.clear_requests()
    with started(tmp_path, KIND, stripe_sandbox.environ) as plugin:
        for name in ("diff", "read", "update", "delete"):
            state = {**outputs, **recorded}
            text = refusal(partial(CALLS[name], plugin, id_, state)).text

            assert text.startswith(f"{plugin.title}: it {words}"), name
    assert stripe_sandbox.requests == []


def test_a_missing_permission_is_named(
    tmp_path: Path, stripe_sandbox: Sandbox, made: tuple[str, Values]
) -> None:
    """The error says which one to add to the restricted key."""
    key = stripe_sandbox.restricted_key(permissions=["rak_customer_portal_read"])
    with started(
        tmp_path, KIND, {**stripe_sandbox.environ, "STRIPE_API_KEY": key}
    ) as plugin:
        text = refusal(lambda: plugin.update(made[0], made[1], {"features": {}})).text

    assert "add the permission rak_customer_portal_write to the restricted" in text


class TestRetries:
    """Stripe's advice on when to try again is followed."""

    def took(
        self,
        tmp_path: Path,
        sandbox: Sandbox,
        made: tuple[str, Values],
        **fault: Any,
    ) -> tuple[float, str]:
        """Return the seconds that an update took, and its error, "" for none."""
        sandbox.fail("POST", "/v1/billing_portal/configurations/*", **fault)
        with started(tmp_path, KIND, sandbox.environ) as plugin:
            plugin.diff(*made, HISTORY)  # so that the process is warm
            sandbox.clear_requests()
            began = time.monotonic()
            try:
                plugin.update(*made, {"features": {}})
            except grpc.RpcError as error:
                return time.monotonic() - began, str(error)
            return time.monotonic() - began, ""

    def test_a_rate_limit_is_waited_for(
        self, tmp_path: Path, stripe_sandbox: Sandbox, made: tuple[str, Values]
    ) -> None:
        """With longer and longer pauses."""
        seconds, error = self.took(tmp_path, stripe_sandbox, made, status=429, times=3)

        assert not error
        assert stripe_sandbox.count("POST") == 4
        assert seconds > 1.7

    def test_retry_after_is_honoured(
        self, tmp_path: Path, stripe_sandbox: Sandbox, made: tuple[str, Values]
    ) -> None:
        """Stripe says how long to wait."""
        seconds, error = self.took(
            tmp_path, stripe_sandbox, made, status=429, retry_after=3
        )

        assert not error
        assert stripe_sandbox.count("POST") == 2
        assert seconds > 3

    def test_should_retry_decides(
        self, tmp_path: Path, stripe_sandbox: Sandbox, made: tuple[str, Values]
    ) -> None:
        """It is stronger than the status, both ways."""
        _, error = self.took(
            tmp_path, stripe_sandbox, made, status=429, should_retry=False
        )
        assert "rate limit did not pass within our tries" in error
        assert stripe_sandbox.count("POST") == 1

        _, error = self.took(
            tmp_path, stripe_sandbox, made, status=400, should_retry=True
        )
        assert not error
        assert stripe_sandbox.count("POST") == 2

    def test_a_fault_that_stripe_keeps_is_not_waited_for(
        self, tmp_path: Path, stripe_sandbox: Sandbox, made: tuple[str, Values]
    ) -> None:
        """A 500 to a write is given again for its key: more tries can't help."""
        _, error = self.took(tmp_path, stripe_sandbox, made, status=500)

        assert "Stripe had a fault of its own; run again" in error
        first, second = stripe_sandbox.requests
        assert first.idempotency_key == second.idempotency_key
        assert second.replayed

    def test_a_rate_limit_that_stays_is_an_error(
        self,
        tmp_path: Path,
        stripe_sandbox: Sandbox,
        made: tuple[str, Values],
    ) -> None:
        """Not for ever: six tries."""
        seconds, error = self.took(
            tmp_path, stripe_sandbox, made, status=429, times=None
        )

        assert "run again later" in error
        assert stripe_sandbox.count("POST") == 6
        assert seconds < 30


def test_pulumi_is_told_that_there_is_no_plugin() -> None:
    """Else it tries to download one for a `pulumi-…` package, at every run."""
    package = distribution("pulumi-stripe-portal")
    file = package.locate_file("pulumi_stripe_portal/pulumi-plugin.json")

    assert json.loads(Path(str(file)).read_text()) == {"resource": False}


def test_each_resource_has_its_own_error(stack: Stack) -> None:
    """What Stripe refuses is said once for each resource, and ends the run with 1."""
    stack.sandbox.fail("POST", status=400, times=None)
    failed = stack.up(
        """
        WebhookEndpoint(
            "hook", url="https://example.com/x", enabled_events=["invoice.paid"]
        )
        PortalConfiguration("plans", features={"invoice_history": {"enabled": True}})
        """,
        "--continue-on-error",
        check=False,
    )

    diagnostics = failed.stdout.partition("Diagnostics:")[2]
    assert failed.code == 1
    for title in ("WebhookEndpoint 'hook'", "PortalConfiguration 'plans'"):
        assert diagnostics.count(f"error: {title}: correct what Stripe names") == 1
    assert "Traceback" not in failed.text


def test_warnings_are_warnings_of_their_resource(stack: Stack) -> None:
    """They are so on the screen and in JSON, where a pipeline finds them."""
    stack.program(
        """
        PortalConfiguration(
            "plans",
            features={"subscription_cancel": {"enabled": True, "mode": "immediately"}},
        )
        """
    )

    shown = stack.preview()
    told = json.loads(stack.preview("--json").stdout)["diagnostics"]

    assert "warning: features.subscription_cancel ends subscriptions" in shown.text
    warnings = [each for each in told if each["severity"] == "warning"]
    assert all(each["urn"].endswith(":PortalConfiguration::plans") for each in warnings)
    assert len(warnings) == 2, "and that it becomes the default"


def test_an_incomplete_endpoint_is_recorded_with_its_secret(
    stack: Stack, dashboard: StripeClient
) -> None:
    """The next `up` finishes it in place: a new one would have another secret."""
    stack.sandbox.fail("POST", "/v1/webhook_endpoints/*", status=400)
    failed = stack.up(
        """
        hook = WebhookEndpoint(
            "hook",
            url="https://example.com/x",
            enabled_events=["invoice.paid"],
            disabled=True,
        )
        pulumi.export("secret", hook.secret)
        """,
        check=False,
    )
    assert failed.code == 1
    recorded = stack.resource("hook")
    assert "whsec_" not in failed.text + stack.state_files()

    stack.up()

    assert stack.output("secret").startswith("whsec_")
    (found,) = dashboard.v1.webhook_endpoints.list().data
    assert (found.id, found.status) == (recorded["id"], "disabled")
    stack.assert_converged()


BUDGET = """
DefaultPortalConfiguration("first", features={})
PortalConfiguration("plans", features={}, name="A")
WebhookEndpoint(
    "hook",
    url="https://example.com/x",
    enabled_events=["invoice.paid"],
    description="A",
)
"""
CONFIGURATIONS = "/v1/billing_portal/configurations"
ENDPOINTS = "/v1/webhook_endpoints"


def test_requests_are_counted(stack: Stack, dashboard: StripeClient) -> None:
    """What each operation may cost, in one process of the engine."""
    stack.up(BUDGET)
    assert asked(stack) == {
        f"GET {CONFIGURATIONS}": 2,  # is_default before the creation; all
        f"GET {ENDPOINTS}": 1,
        "GET /v1/account": 1,
        f"POST {CONFIGURATIONS}": 2,
        f"POST {ENDPOINTS}": 1,
    }

    stack.pulumi("up", "--yes")
    assert asked(stack) == {}

    stack.refresh()
    assert asked(stack) == {f"GET {CONFIGURATIONS}/…": 2, f"GET {ENDPOINTS}/…": 1}

    changed = BUDGET.replace('="A"', '="B"')
    stack.up(changed.replace("features={})", f"features={FEATURES})"))
    assert asked(stack) == {f"POST {CONFIGURATIONS}/…": 2, f"POST {ENDPOINTS}/…": 1}

    stack.destroy()
    assert asked(stack) == {
        f"POST {CONFIGURATIONS}/…": 2,
        f"DELETE {ENDPOINTS}/…": 1,
    }

    features: Any = FEATURES
    clicked = dashboard.v1.billing_portal.configurations.create({"features": features})
    asked(stack)
    stack.up(
        f"""
        PortalConfiguration(
            "clicked",
            features={FEATURES},
            opts=ResourceOptions(import_="{clicked.id}"),
        )
        """
    )
    assert asked(stack) == {f"GET {CONFIGURATIONS}/…": 1, "GET /v1/account": 1}


def test_a_refresh_of_250_asks_for_pages(stack: Stack, dashboard: StripeClient) -> None:
    """Not for each: 250 configurations are five requests."""
    stack.up(
        """
        DefaultPortalConfiguration("first", features={})
        PortalConfiguration("plans", features={})
        """
    )
    state = stack.export()
    resources = state["deployment"]["resources"]
    text = json.dumps(resources.pop())
    for number in range(250):
        mark = f"shop/test/PortalConfiguration/plans-{number}"
        params: Any = {"features": FEATURES, "metadata": {"pulumi": mark}}
        made = dashboard.v1.billing_portal.configurations.create(params)
        resource = json.loads(text.replace("plans", f"plans-{number}"))
        resources.append({**resource, "id": made.id})
    stack.load(state)
    asked(stack)

    refreshed = stack.refresh()

    assert "~ 250 updated" in refreshed.text, "the feature that is on"
    count = asked(stack)
    assert sum(count.values()) <= 5, count


FEATURES = {"invoice_history": {"enabled": True}}


def asked(stack: Stack) -> Counter[str]:
    """Return how often Stripe was asked for what since the last time."""
    requests = stack.sandbox.requests
    stack.sandbox.clear_requests()
    paths = (re.sub(r"/(bpc|we)_\w+$", "/…", each.path) for each in requests)
    return Counter(
        f"{each.method} {path}" for each, path in zip(requests, paths, strict=True)
    )
