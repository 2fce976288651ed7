"""A stack that an earlier version made lives on with this one.

`states/<version>.json` is the state that the version left of `PROGRAM`, as `told` tells
it. A new file is added at a release that changes what is stored; none is ever changed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack

Values = dict[str, Any]

STATES = sorted(Path(__file__).parent.joinpath("states").glob("*.json"))
NAMES = ("first", "plans", "clicked", "hook")
PROGRAM = """
DefaultPortalConfiguration(
    "first",
    features={"invoice_history": {"enabled": True}},
    business_profile={"headline": "Hello"},
    on_delete="restore",
)
PortalConfiguration(
    "plans",
    name="Plans",
    features={
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"prices": [{"lookup_key": "pro_monthly"}]},
                {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]},
            ],
        },
    },
    metadata={"team": "billing"},
)
PortalConfiguration(
    "clicked",
    features={"invoice_history": {"enabled": True}},
    opts=ResourceOptions(import_="<clicked>"),
)
hook = WebhookEndpoint(
    "hook",
    url="https://example.com/stripe",
    enabled_events=["invoice.paid"],
    secret_version="1",
)
pulumi.export("secret", hook.secret)
"""
PASSING = ("created", "modified", "sourcePosition", "stackTrace")
HISTORY = {"invoice_history": {"enabled": True}}
PLANS = {
    "payment_method_update": {"enabled": True},
    "subscription_update": {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": [
            {
                "product": "prod_ProTest",
                "prices": ["price_ProMonthlyTest"],
                "adjustable_quantity": {"enabled": True},
            },
            {
                "product": "prod_BasicTest",
                "prices": ["price_BasicMonthlyTest"],
                "adjustable_quantity": {"enabled": True},
            },
        ],
    },
}


@pytest.fixture
def ids(dashboard: StripeClient) -> dict[str, str]:
    """The objects as the version that made the state left them."""

    def made(features: Values, owner: str = "", **rest: Any) -> str:
        metadata = {"pulumi": f"shop/test/{owner}"} if owner else {}
        metadata |= rest.pop("metadata", {})
        params: Any = {"features": features, "metadata": metadata, **rest}
        return dashboard.v1.billing_portal.configurations.create(params).id

    events: Any = ["invoice.paid"]
    marker = "shop/test/WebhookEndpoint/hook#05dc8211c19b"
    hook = dashboard.v1.webhook_endpoints.create(
        {
            "url": "https://example.com/stripe",
            "enabled_events": events,
            "metadata": {"pulumi": marker},
        }
    )
    return {
        "first": made(
            HISTORY,
            "DefaultPortalConfiguration/first",
            business_profile={"headline": "Hello"},
        ),
        "plans": made(
            PLANS,
            "PortalConfiguration/plans",
            name="Plans",
            metadata={"team": "billing"},
        ),
        "clicked": made(HISTORY),
        "hook": hook.id,
    }


def told(stack: Stack) -> list[Values]:
    """Return a stack's resources without what is of one run or one machine."""
    text = stack.pulumi("stack", "export", "--show-secrets").stdout
    for name in NAMES:
        text = text.replace(stack.resource(name)["id"], f"<{name}>")
    text = re.sub(r"::default::[0-9a-f-]{36}", "::default::<provider>", text)
    text = re.sub(r"whsec_\w+", "<secret>", text)
    resources: list[Values] = json.loads(text)["deployment"]["resources"]
    for resource in resources:
        for name in PASSING:
            resource.pop(name, None)
        for name in ("created", "updated"):
            if name in resource.get("outputs", {}):
                resource["outputs"][name] = 0
        if resource["urn"].endswith("::default"):
            resource["id"] = "<provider>"
    return sorted(resources, key=lambda resource: str(resource["urn"]))


def test_this_version_stores_what_the_last_one_did(
    stack: Stack, dashboard: StripeClient, tmp_path: Path
) -> None:
    """Every key and value of a state is a promise to the versions to come.

    Where one is added on purpose, the failure names the file that was made of it: it
    becomes that of the next release.
    """
    features: Any = HISTORY
    for _ in ("the default", "the one to adopt"):
        found = dashboard.v1.billing_portal.configurations.create(
            {"features": features}
        )
    stack.config("stripe-portal:apiKey", Sandbox.api_key, secret=True)
    stack.up(PROGRAM.replace("<clicked>", found.id))

    state = told(stack)

    made = tmp_path / "state.json"
    made.write_text(json.dumps(state, indent=1, sort_keys=True) + "\n")
    assert state == json.loads(STATES[-1].read_text()), made


@pytest.mark.parametrize("file", STATES, ids=[file.stem for file in STATES])
def test_a_state_of_an_earlier_version_goes_on(
    stack: Stack, dashboard: StripeClient, ids: dict[str, str], file: Path
) -> None:
    """It is refreshed, previewed, updated and destroyed as if nothing had happened."""
    text = file.read_text().replace(
        "<provider>", "167a331b-28c9-4ab4-911d-ed5e57d03801"
    )
    text = text.replace("<secret>", "whsec_of_the_state")
    program = PROGRAM
    for name, id_ in ids.items():
        text = text.replace(f"<{name}>", id_)
        program = program.replace(f"<{name}>", id_)
    state = stack.export()
    state["deployment"]["resources"] = _parents_first(json.loads(text))
    stack.load(state)
    assert "whsec_" not in stack.state_files()

    assert "5 unchanged" in stack.refresh().text
    stack.program(program)
    stack.preview("--expect-no-changes")
    stack.sandbox.clear_requests()
    changed = program.replace("Plans", "All plans").replace("Hello", "Welcome")
    stack.up(changed.replace("invoice.paid", "customer.updated"))

    assert stack.sandbox.count("POST") == len(stack.sandbox.requests) == 3
    assert stack.output("secret") == "whsec_of_the_state"
    stack.assert_converged()
    stack.destroy()

    left = dashboard.v1.billing_portal.configurations.list().data
    assert [item.active for item in left] == [False, False, True]
    assert not left[-1].business_profile.headline, "restored"
    assert dashboard.v1.webhook_endpoints.list().data == []


def _parents_first(resources: list[Values]) -> list[Values]:
    """Return resources in the order that the engine wants."""
    order = ("pulumi:pulumi:Stack", "pulumi:providers:pulumi-python")
    own = [each for each in resources if each["type"] not in order]
    first = [next(r for r in resources if r["type"] == kind) for kind in order]
    return first + sorted(own, key=lambda each: "dependencies" in each)
