"""What a type checker says of the public names; checked by mypy, never run.

An unused `type: ignore` is an error, so each of them is a mistake that is found.
"""

from __future__ import annotations

import pulumi
from typing_extensions import assert_type

from pulumi_stripe_portal import (
    PORTAL_EVENTS,
    DefaultPortalConfiguration,
    PortalConfiguration,
    Provider,
    WebhookEndpoint,
)

text: pulumi.Output[str] = pulumi.Output.from_input("x")

plans = PortalConfiguration(
    "plans",
    name=text,
    features={
        "invoice_history": {"enabled": True},
        "customer_update": {"enabled": True, "allowed_updates": ["email", "tax_id"]},
        "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"product": text, "prices": ["price_1", text]},
                {"prices": [{"lookup_key": "pro_monthly"}, {"lookup_key": text}]},
            ],
        },
    },
    metadata={"team": text},
)
assert_type(plans.is_default, pulumi.Output[bool])
assert_type(plans.login_page_url, "pulumi.Output[str | None]")
assert_type(PortalConfiguration.get("p", "bpc_1"), PortalConfiguration)

default = DefaultPortalConfiguration("default", features={}, on_delete="restore")
assert_type(default.livemode, pulumi.Output[bool])

events = WebhookEndpoint("e", url="https://example.com", enabled_events=PORTAL_EVENTS)
assert_type(events.secret, "pulumi.Output[str | None]")

live = Provider("live", api_key=text, mode="live", account="acct_1")
WebhookEndpoint(
    "live",
    url=text,
    enabled_events=["invoice.paid", "customer.updated"],
    opts=pulumi.ResourceOptions(provider=live),
)

PortalConfiguration("a", features={"invoice_histroy": {"enabled": True}})  # type: ignore[typeddict-unknown-key]
PortalConfiguration("b", features={"invoice_history": {}})  # type: ignore[typeddict-item]
PortalConfiguration(
    "c",
    features={"subscription_cancel": {"enabled": True, "mode": "later"}},  # type: ignore[typeddict-item]
)
DefaultPortalConfiguration("d", features={}, on_delete="drop")  # type: ignore[arg-type]
WebhookEndpoint("e", url="https://example.com", enabled_events=["invoice.payed"])  # type: ignore[list-item]
PortalConfiguration("f", features={}, activ=True)  # type: ignore[call-arg]
