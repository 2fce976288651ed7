"""What Stripe has and this package doesn't know yet, on the engine."""

from __future__ import annotations

import pytest

from .stack import Stack

CONFIGURATIONS = "/v1/billing_portal/configurations"

pytestmark = pytest.mark.engine

PROGRAM = """
    pulumi.export("id", PortalConfiguration(
        "plans",
        features={"subscription_cancel": {"enabled": True}},
        extra_params={"features": {"subscription_cancel": {"ask": %s}}},
    ).id)
"""


def test_one_field_more(stack: Stack) -> None:
    """It is created, changed alone, taken back and left, each as the preview says."""
    stack.sandbox.accept_param(CONFIGURATIONS, "features[subscription_cancel][ask]")
    stack.up(PROGRAM % "Output.from_input(True)")
    stack.assert_converged()

    stack.sandbox.clear_requests()
    stack.program(PROGRAM % "False")
    assert "~extra_params" in stack.preview().text
    stack.up()
    (sent,) = [each.params for each in stack.sandbox.requests if each.method == "POST"]
    assert sent["features"] == {"subscription_cancel": {"ask": "false"}}
    stack.assert_converged()

    stack.program(PROGRAM.replace("extra_params", "# extra_params") % "None")
    preview = stack.preview()
    assert "extra_params.features.subscription_cancel.ask is gone from the code" in (
        preview.text
    )
    stack.sandbox.clear_requests()
    stack.up()
    assert stack.sandbox.count("POST") == 0
    stack.assert_converged()


def test_a_newer_event(stack: Stack) -> None:
    """It is warned of at preview, and sent."""
    stack.sandbox.accept_param("/v1/webhook_endpoints", "enabled_events")
    stack.program("""
        WebhookEndpoint(
            "events", url="https://example.com", enabled_events=["invoice.gifted"]
        )
    """)

    assert "'invoice.gifted' is no event that this release knows" in (
        stack.preview().text
    )
    stack.up()
    stack.assert_converged()


STRANGE = {
    "set": ("name={'a'}", "name: is a set, which can't be sent; give a list"),
    "late-set": (
        "name=Output.from_input('a').apply(lambda a: {a})",
        "name: is a set, which can't be sent; give a list",
    ),
    "late-bytes": (
        "metadata={'a': Output.from_input('a').apply(lambda a: a.encode())}",
        "metadata.a: is a bytes, which can't be sent; give a text",
    ),
    "f-string": (
        "default_return_url=f\"https://{Output.from_input('a')}/x\"",
        "default_return_url: holds the description of an Output instead of its value",
    ),
    "is-default": ("is_default=True", "declare a DefaultPortalConfiguration"),
}


@pytest.mark.parametrize(("argument", "words"), STRANGE.values(), ids=STRANGE.keys())
def test_one_line(stack: Stack, argument: str, words: str) -> None:
    """What can't be sent is one clear line at preview, and no traceback."""
    stack.program(f"PortalConfiguration('plans', features={{}}, {argument})")
    run = stack.preview(check=False)

    assert run.code != 0
    assert words in run.text
    assert "Traceback" not in run.text
