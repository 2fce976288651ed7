"""What `stripe_stack` makes of a program, compared with what Pulumi's engine makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.testing import StripeStack

from .stack import Stack

ROOT = Path(__file__).parents[2]
OWN = ("id", "created", "updated", "secret", "feedback_options")


def objects(sandbox: Sandbox) -> dict[str, Any]:
    """Return what there is at Stripe, but for what each object has of its own."""
    client = sandbox.client()
    expand = ["data.features.subscription_update.products"]
    found = [
        *client.v1.billing_portal.configurations.list({"expand": expand}),
        *client.v1.webhook_endpoints.list(),
    ]
    told = [dict(each.to_dict()) for each in found]
    bare = [{name: it[name] for name in it if name not in OWN} for it in told]
    return {each["metadata"]["pulumi"]: each for each in bare}


def test_it_makes_what_the_engine_makes(tmp_path: Path) -> None:
    """The example leaves the same objects, to the last field and marker."""
    example = ROOT / "examples" / "portal"
    with Sandbox() as first, Sandbox() as second:
        stack = Stack(tmp_path / "shop", first)
        for name in ("__main__.py", "Pulumi.test.yaml"):
            text = (example / name).read_text()
            (stack.folder / name).write_text(
                text.replace("stripe-portal-example", "shop")
            )
        stack.up()

        kit = StripeStack(second)
        kit.up(stack.folder)

        assert len(objects(first)) == 4
        assert objects(second) == objects(first)
        assert kit.outputs.keys() == {
            "default",
            "standard",
            "allPlans",
            "webhookSecret",
        }
