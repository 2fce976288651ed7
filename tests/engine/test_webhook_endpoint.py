"""An endpoint's life: changed in place, rotated, disabled, limited."""

from __future__ import annotations

import json
import re

import pytest
from stripe import StripeClient

from pulumi_stripe_portal import SUBSCRIPTION_EVENTS
from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack

ENDPOINTS = "/v1/webhook_endpoints"

EVENTS = """
events = WebhookEndpoint(
    "events",
    url="https://example.com/hooks?token=in-the-query",
    enabled_events=["customer.updated", "invoice.paid"],
    description="For entitlements",
    metadata={"team": "billing", "tier": "1"},
)
pulumi.export("id", events.id)
pulumi.export("secret", events.secret)
pulumi.export("status", events.status)
"""
CHANGED = """
events = WebhookEndpoint(
    "events",
    url="https://example.com/other",
    enabled_events=["invoice.paid", *SUBSCRIPTION_EVENTS],
    disabled=True,
)
pulumi.export("id", events.id)
pulumi.export("secret", events.secret)
pulumi.export("status", events.status)
"""


def seen(stack: Stack) -> str:
    """Return all that a team sees of a stack: state, history, exports, previews."""
    runs = (
        stack.pulumi("stack", "export"),
        stack.pulumi("stack", "history"),
        stack.pulumi("stack", "output", "--json"),
        stack.preview("--refresh", "--json"),
        stack.preview("--refresh", "--diff"),
    )
    return stack.state_files() + "".join(run.text for run in runs)


@pytest.mark.both_doors
def test_changes_in_place_keep_the_secret(
    stack: Stack, dashboard: StripeClient
) -> None:
    """One POST for each change, and what is removed from code is reset."""
    created = stack.up(EVENTS)
    id_, secret = stack.output("id"), stack.output("secret")
    assert secret.startswith("whsec_")
    versions = {request.stripe_version for request in stack.sandbox.requests}
    assert versions == {"2026-10-28.endive"}
    assert [request.method for request in stack.sandbox.requests] == [
        "GET",
        "POST",
        "GET",
    ]
    stack.sandbox.clear_requests()
    reordered = EVENTS.replace(
        '["customer.updated", "invoice.paid"]', '["invoice.paid", "customer.updated"]'
    )
    assert "2 unchanged" in stack.up(reordered).stdout
    assert stack.sandbox.requests == []

    changed = stack.up(CHANGED)

    (request,) = stack.sandbox.requests
    assert (request.method, request.path) == ("POST", f"{ENDPOINTS}/{id_}")
    events = [*SUBSCRIPTION_EVENTS, "invoice.paid"]
    assert sorted(request.params.pop("enabled_events")) == sorted(events)
    assert request.params == {
        "url": "https://example.com/other",
        "description": "",
        "disabled": "true",
        "metadata": {"team": "", "tier": ""},
    }
    assert stack.output("status") == "disabled"
    found = dashboard.v1.webhook_endpoints.retrieve(id_).to_dict()
    assert found["description"] in (None, "")
    assert set(found["metadata"]) == {"pulumi"}
    stack.assert_converged()

    dashboard.v1.webhook_endpoints.update(
        id_,
        {
            "url": "https://example.com/edited",
            "enabled_events": ["invoice.paid"],
            "description": "Not declared, so left alone",
            "disabled": False,
        },
    )
    drifted = stack.preview("--refresh", "--diff")
    for line in ("https://example.com/edited", "disabled", "enabled_events"):
        assert line in drifted.stdout
    assert "Not declared" not in drifted.stdout
    stack.refresh()
    stack.up()
    found = dashboard.v1.webhook_endpoints.retrieve(id_).to_dict()
    assert found["url"] == "https://example.com/other"
    assert found["status"] == "disabled"
    assert len(found["enabled_events"]) == 6
    assert (stack.output("id"), stack.output("secret")) == (id_, secret)
    assert secret not in seen(stack) + created.text + changed.text + drifted.text
    assert '"secret": "[secret]"' in stack.pulumi("stack", "output", "--json").stdout

    stack.sandbox.clear_requests()
    stack.destroy()
    assert [request.method for request in stack.sandbox.requests] == ["DELETE"]


FOUR = """
import json
for name, extra in json.loads({extra!r}).items():
    events = WebhookEndpoint(
        name,
        url="https://example.com/" + name,
        enabled_events=["*"],
        **extra,
    )
    pulumi.export(name, events.secret)
"""


@pytest.mark.both_doors
def test_each_part_of_its_identity_replaces_it(
    stack: Stack, dashboard: StripeClient, stripe_sandbox: Sandbox
) -> None:
    """The new one is created first, then the old one deleted: no event is missed."""
    stripe_sandbox.connect("acct_1Other")
    names = ("api_version", "connect", "account", "secret_version")
    before: dict[str, dict[str, str]] = {name: {} for name in names}
    stack.up(FOUR.format(extra=json.dumps(before)))
    old = json.loads(stack.pulumi("stack", "output", "--json", "--show-secrets").stdout)
    after = {
        "api_version": {"api_version": "2026-10-28.endive"},
        "connect": {"connect": True},
        "account": {"account": "acct_1Other"},
        "secret_version": {"secret_version": "2026-11"},
    }
    stack.program(FOUR.format(extra=json.dumps(after)))
    preview = stack.preview()
    assert preview.stdout.count(" replace ") >= 4
    stack.sandbox.clear_requests()

    up = stack.up()

    assert "has the same URL" not in up.text
    assert "4 replaced" in up.stdout
    methods = [
        request.method
        for request in stack.sandbox.requests
        if request.method in ("POST", "DELETE")
    ]
    assert methods == ["POST"] * 4 + ["DELETE"] * 4
    new = json.loads(stack.pulumi("stack", "output", "--json", "--show-secrets").stdout)
    assert set(new) == set(old)
    assert not set(new.values()) & set(old.values())
    everyone = [item.to_dict() for item in dashboard.v1.webhook_endpoints.list().data]
    assert {item["url"].rpartition("/")[2] for item in everyone} == {
        "api_version",
        "connect",
        "secret_version",
    }
    (versioned,) = [item for item in everyone if item["url"].endswith("/api_version")]
    assert versioned["api_version"] == "2026-10-28.endive"
    connected = stripe_sandbox.client(stripe_account="acct_1Other")
    (moved,) = connected.v1.webhook_endpoints.list().data
    assert moved.url == "https://example.com/account"
    stack.assert_converged()


def test_one_that_is_disabled_is_made_in_two_steps(
    stack: Stack, dashboard: StripeClient
) -> None:
    """What fails between the two is finished by the next run, with the same secret."""
    program = EVENTS.replace("metadata=", "disabled=True, metadata=")
    stack.sandbox.fail("POST", f"{ENDPOINTS}/*", status=400)

    failed = stack.up(program, check=False)

    assert failed.code != 0
    assert failed.text.count("An unknown error occurred") <= 2
    (made,) = dashboard.v1.webhook_endpoints.list().data
    stack.up()
    assert stack.output("id") == made.id
    assert stack.output("secret").startswith("whsec_")
    (found,) = dashboard.v1.webhook_endpoints.list().data
    assert found.status == "disabled"
    assert stack.sandbox.count("POST") == 3
    assert stack.output("secret") not in stack.state_files()
    stack.assert_converged()

    stack.destroy()
    stack.sandbox.fail("POST", f"{ENDPOINTS}/*", status=400)
    stack.up(check=False)
    stack.destroy()
    assert dashboard.v1.webhook_endpoints.list().data == []


@pytest.mark.both_doors
def test_one_that_lost_its_secret_is_made_anew(
    stack: Stack, dashboard: StripeClient
) -> None:
    """An interrupted run left it: the new one is first, except where there are 16."""
    stack.up(EVENTS)
    first, secret = stack.output("id"), stack.output("secret")
    urn = stack.resource("events")["urn"]
    for others, order in ((0, ["POST", "DELETE"]), (15, ["DELETE", "POST"])):
        for number in range(others):
            url = f"https://example.com/{number}"
            dashboard.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
        stack.pulumi("state", "delete", urn, "--yes")
        stack.sandbox.clear_requests()

        again = stack.up()

        assert "Stripe tells an endpoint's secret only once" in again.text
        assert "has the same URL" not in again.text
        methods = [request.method for request in stack.sandbox.requests]
        assert [method for method in methods if method != "GET"] == order
        assert stack.output("id") != first
        assert stack.output("secret") != secret
    marked = [
        item
        for item in dashboard.v1.webhook_endpoints.list({"limit": 16}).data
        if item.to_dict()["metadata"]
    ]
    assert [item.id for item in marked] == [stack.output("id")]


def test_what_a_killed_rotation_left_is_named(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Its code was taken back: the next one says that two have the address."""
    stack.up(EVENTS)
    first, state = stack.output("id"), stack.export()
    rotated = EVENTS.replace("metadata=", 'secret_version="2", metadata=')
    stack.sandbox.fail("DELETE", "*", status=400)
    stack.up(rotated, check=False)
    left = stack.output("id")
    stack.load(state)

    again = stack.up(rotated.replace('"2"', '"3"'))

    assert f"{left} has the same URL" in again.text
    assert first not in [item.id for item in dashboard.v1.webhook_endpoints.list().data]


def test_the_limit_is_found_before_the_write(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Who uses up the 16 is named, and who has the same URL."""
    for number in range(15):
        url = f"https://example.com/{number}?token=in-the-query"
        dashboard.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    twin = dashboard.v1.webhook_endpoints.create(
        {
            "url": "https://example.com/hooks?token=in-the-query",
            "enabled_events": ["*"],
        }
    )
    stack.sandbox.clear_requests()

    stack.program(EVENTS)
    previewed = stack.preview(check=False)
    refused = stack.up(EVENTS, check=False)

    assert previewed.code != 0
    assert "webhook endpoints in test mode, and Stripe allows 16" in previewed.text
    assert refused.code != 0
    assert stack.sandbox.count("POST") == 0
    assert "has 16 webhook endpoints in test mode, and Stripe allows 16" in refused.text
    named = f"{twin.id} https://example.com/hooks?[hidden] (the same URL)"
    assert named in refused.text
    assert "https://example.com/14?[hidden]" in refused.text
    assert "in-the-query" not in refused.text
    assert "Traceback" not in refused.text
    stack.config("stripe-portal:preflight", "false")
    asked = stack.up(check=False)
    assert "You have reached the maximum of 16 test webhook endpoints" in asked.text
    assert named in asked.text

    dashboard.v1.webhook_endpoints.delete(
        next(
            item.id
            for item in dashboard.v1.webhook_endpoints.list({"limit": 16}).data
            if item.url.startswith("https://example.com/3")
        )
    )
    stack.config("stripe-portal:preflight", "true")
    stack.program(EVENTS + EVENTS.replace('"events"', '"more"'))
    both = stack.preview(check=False)
    assert "has 15 webhook endpoints in test mode (1 more with what" in both.text
    made = stack.up(EVENTS)
    assert f"{twin.id} has the same URL" in made.text
    stack.program(EVENTS.replace("metadata=", 'secret_version="2", metadata='))
    assert "only `delete_before_replace=True` makes room" in stack.preview().text
    replaced = stack.up(
        EVENTS.replace("metadata=", 'secret_version="2", metadata='), check=False
    )
    assert "`delete_before_replace=True` makes room" in replaced.text
    stack.up(
        EVENTS.replace(
            "metadata=",
            'secret_version="2", opts=ResourceOptions(delete_before_replace=True), '
            "metadata=",
        )
    )
    stack.assert_converged()


INVALID = """
WebhookEndpoint("unknown", url="https://a.example", enabled_events=["invoice.payed"])
WebhookEndpoint("both", url="https://a.example", enabled_events=["*", "invoice.paid"])
WebhookEndpoint("none", url="https://a.example", enabled_events=[])
WebhookEndpoint("local", url="http://localhost:4242/hooks", enabled_events=["*"])
WebhookEndpoint("loop", url="http://127.0.0.1/hooks", enabled_events=["*"])
WebhookEndpoint("bare", url="a.example/hooks?token=in-the-query", enabled_events=["*"])
"""


def test_wrong_inputs_are_all_named_before_anything_is_sent(stack: Stack) -> None:
    """Unknown events with the nearest one; no localhost; https in live mode."""
    stack.program(INVALID)

    refused = stack.preview(check=False)

    for words in (
        "enabled_events[0]: 'invoice.payed' is not allowed; did you mean "
        "'invoice.paid'?",
        "enabled_events: names '*' beside other events; use ['*'] alone",
        "enabled_events: is empty; list the events, or use ['*']",
        "url: 'http://localhost:4242/hooks' is on this machine",
        "url: 'http://127.0.0.1/hooks' is on this machine",
        "url: 'a.example/hooks?[hidden]' has no scheme",
        "6 problems; nothing was sent to Stripe",
    ):
        assert words in refused.text
    assert "in-the-query" not in refused.text

    stack.config("stripe-portal:mode", "live")
    stack.environ["STRIPE_API_KEY"] = stack.sandbox.live_api_key
    stack.program(EVENTS.replace("https:", "http:"))
    insecure = stack.preview(check=False)
    assert (
        "url: 'http://example.com/hooks?[hidden]' is not encrypted; use https in live"
    ) in insecure.text
    stack.program(
        EVENTS.replace(
            '"https://example.com/hooks?token=in-the-query"',
            'Output.secret("http://example.com/hidden")',
        )
    )
    hidden = stack.preview(check=False)
    assert "url: [hidden] is not encrypted" in hidden.text
    assert "example.com/hidden" not in hidden.text
    assert stack.sandbox.requests == []


def test_no_diff_is_of_the_marker(stack: Stack, dashboard: StripeClient) -> None:
    """Neither of a change nor of a replacement, though each endpoint has its own."""
    program = """
        WebhookEndpoint(
            "hook", url="https://example.com/{path}", enabled_events=["*"],
            secret_version="{version}",
        )
    """
    stack.up(program.format(path="a", version="1"))
    before = dashboard.v1.webhook_endpoints.list().data[0].metadata

    for path, version in (("b", "1"), ("b", "2")):
        stack.program(program.format(path=path, version=version))
        shown = stack.preview("--diff").text
        assert not re.search(r"[~+-] *marker", shown)
        stack.up()

    (found,) = dashboard.v1.webhook_endpoints.list().data
    assert found.metadata != before
