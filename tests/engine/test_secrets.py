"""Nothing secret: not in state, history or previews, on no screen and in no log."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack

PROGRAM = f"""
config = pulumi.Config()
other = Provider("other", api_key="{Sandbox.live_api_key}", mode="live")
DefaultPortalConfiguration("default", features={{}})
hook = WebhookEndpoint(
    "hook",
    url="https://example.com/hook",
    enabled_events=["invoice.paid"],
    description="%s",
)
live = WebhookEndpoint(
    "live-hook",
    url="https://example.com/hook",
    enabled_events=["invoice.paid"],
    opts=ResourceOptions(provider=other),
)
PortalConfiguration(
    "plans",
    features={{"invoice_history": {{"enabled": True}}}},
    business_profile={{"headline": config.require_secret("headline")}},
)
pulumi.export("secret", hook.secret)
pulumi.export("live", live.secret)
"""
KEY = Sandbox.api_key
HEADLINE = "private headline"


@pytest.mark.both_doors
def test_no_secret_is_seen_or_stored(stack: Stack) -> None:
    """Keys, webhook secrets and secret inputs are encrypted, and shown as [secret]."""
    stack.config("stripe-portal:apiKey", KEY, secret=True)
    stack.config("shop:headline", HEADLINE, secret=True)
    stack.environ["STRIPE_API_KEY"] = ""
    stack.program(PROGRAM % "first")
    seen = [
        stack.preview("--diff"),
        stack.preview("--json"),
        stack.pulumi("up", "--yes"),
        stack.pulumi("stack", "export"),
        stack.pulumi("stack", "output"),
        stack.pulumi("stack", "output", "--json"),
    ]
    secret = stack.output("secret")
    live = stack.output("live")
    assert secret.startswith("whsec_")
    assert live.startswith("whsec_")

    stack.program(PROGRAM % "second")
    seen += [
        stack.preview("--diff"),
        stack.up(),
        stack.refresh(),
        stack.pulumi("stack", "history", "--json"),
        stack.pulumi("stack", "export"),
        stack.preview("--refresh", "--json"),
    ]
    assert stack.output("secret") == secret
    seen.append(stack.destroy())

    home = (stack.folder.parent / "pulumi-home").rglob("*")
    logs = [path.read_bytes() for path in home if path.is_file()]
    stored = stack.state_files() + b"".join(logs).decode("latin-1")
    shown = "".join(run.text for run in seen)
    told = "".join(repr(request) for request in stack.sandbox.requests)
    for what in (KEY, Sandbox.live_api_key, secret, live, HEADLINE):
        assert what not in stored, what
        assert what not in shown, what
    for what in (KEY, Sandbox.live_api_key, secret, live):
        assert what not in told, what


def test_errors_tell_no_secret(stack: Stack) -> None:
    """A refused key, an unreachable Stripe and a secret that breaks a rule."""
    wrong = "sk_test_9"
    stack.environ["STRIPE_API_KEY"] = wrong
    stack.program('PortalConfiguration("plans", features={})')
    refused = stack.preview(check=False)
    stack.environ["STRIPE_API_BASE"] = f"http://{wrong}@127.0.0.1:1"
    unreachable = stack.preview(check=False)
    stack.environ.clear()
    stack.program(
        """
        PortalConfiguration(
            "plans",
            features={},
            business_profile={"headline": Output.secret("private " * 9)},
            default_return_url=Output.secret("private.example"),
        )
        WebhookEndpoint(
            "hook",
            url="https://example.com/hook?token=private",
            enabled_events=["invoice.payed"],
            secret="private",
        )
        """
    )
    invalid = stack.preview(check=False)

    for run in (refused, unreachable, invalid):
        assert run.code != 0
        assert wrong not in run.text
        assert "private" not in run.text, run.text
        assert "Traceback" not in run.text
    assert "Invalid API Key provided" in refused.text
