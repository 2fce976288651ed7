"""Kinds of change, as two programs and what somebody did at Stripe in between.

`record` runs each on the real engine and keeps what `pulumi preview --json` prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stripe import StripeClient

from pulumi_stripe_portal.stripe_api.markers import replaceable

__all__ = ["SCENARIOS", "Scenario", "add_reason"]

Values = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """What happens to one stack."""

    before: str
    """The program of the last `up`; empty for a new stack."""
    after: str
    """The program that is previewed."""
    by_hand: Callable[[StripeClient], None] | None = None
    """What is changed at Stripe meanwhile; the preview then refreshes."""
    prepare: Callable[[StripeClient], str] | None = None
    """What somebody made before; its id is put where the programs say `ID`."""
    stack: str = "test"
    """Its name, which is also its mode."""
    secrets: tuple[str, str] = ("", "")
    """The secret setting `policy` at the last `up`, and at the preview."""


BASIC: Values = {
    "prices": [{"lookup_key": "basic_monthly"}, {"lookup_key": "basic_annual"}]
}
PRO: Values = {"prices": [{"lookup_key": "pro_monthly"}, {"lookup_key": "pro_annual"}]}
CANCEL: Values = {
    "enabled": True,
    "cancellation_reason": {"enabled": True, "options": ["too_expensive", "other"]},
}
UPDATE: Values = {
    "enabled": True,
    "default_allowed_updates": ["price", "quantity"],
    "products": [BASIC, PRO],
    "proration_behavior": "create_prorations",
}
FEATURES: Values = {
    "customer_update": {"enabled": True, "allowed_updates": ["email", "address"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": CANCEL,
    "subscription_update": UPDATE,
}
EVERYONE = """
everyone = DefaultPortalConfiguration(
    "everyone", name="Everyone", features={"invoice_history": {"enabled": True}}
)
"""
EVENTS = ["customer.subscription.updated", "customer.subscription.deleted"]


def portal(changes: Values | None = None, *, rest: str = "", **more: Any) -> str:
    """Return a program with the default and the Pro portal.

    `changes` replaces features, None takes one out; `more` are further inputs.
    """
    features = {**FEATURES, **(changes or {})}
    features = {key: value for key, value in features.items() if value is not None}
    inputs = {"name": "Pro portal", **more}
    arguments = "".join(f", {key}={value!r}" for key, value in inputs.items())
    text = f"pro = PortalConfiguration('pro', features={features!r}{arguments}{rest})"
    return f"{EVERYONE}\n{text}\n"


def update(**changes: Any) -> str:
    """Return the program with other rules for changing plan."""
    return portal({"subscription_update": {**UPDATE, **changes}})


def cancel(**changes: Any) -> str:
    """Return the program with other rules for cancelling."""
    return portal({"subscription_cancel": {**CANCEL, **changes}})


def pause(*months: int, type: str = "interval_options") -> Values:
    """Return the feature of pausing for so many months."""
    options = [{"interval": "month", "interval_count": count} for count in months]
    duration = {"type": type, **({"interval_options": options} if options else {})}
    return {"subscription_pause": {"enabled": True, "duration": duration}}


def endpoint(rest: str = "", **changes: Any) -> str:
    """Return a program with a webhook endpoint."""
    url = "https://app.acme.example/webhooks/stripe?token=hunter2"
    inputs = {"url": url, "enabled_events": EVENTS, **changes}
    arguments = ", ".join(f"{key}={value!r}" for key, value in inputs.items())
    return f"hook = WebhookEndpoint('subscriptions', {arguments}{rest})\n"


def default(features: Values, **more: Any) -> str:
    """Return a program with the account's default."""
    inputs = {"name": "Everyone", "features": features, **more}
    arguments = ", ".join(f"{key}={value!r}" for key, value in inputs.items())
    return f"DefaultPortalConfiguration('everyone', {arguments})\n"


INVOICES: Values = {"invoice_history": {"enabled": True}}
HOSTILE = (
    "</details> <script>alert(1)</script> @everyone #1 `code` | **bold** [x](http://e.vil)"
    "\n\n# Heading\u202e --> https://e.vil www.e.vil ![i](http://e.vil/i) $x$"
)


def _configuration(client: StripeClient, name: str) -> str:
    for found in client.v1.billing_portal.configurations.list().data:
        if found.name == name:
            return found.id
    raise AssertionError(name)


def _change_pro(client: StripeClient) -> None:
    changes: Any = {
        "name": "renamed by hand",
        "features": {
            "invoice_history": {"enabled": False},
            "subscription_pause": {"enabled": True},
        },
    }
    id_ = _configuration(client, "Pro portal")
    client.v1.billing_portal.configurations.update(id_, changes)


def _delete_endpoints(client: StripeClient) -> None:
    for found in client.v1.webhook_endpoints.list().data:
        client.v1.webhook_endpoints.delete(found.id)


def _click_one(client: StripeClient) -> str:
    features: Any = {**INVOICES, "subscription_cancel": {"enabled": True}}
    client.v1.billing_portal.configurations.create({"features": features})
    more: Any = INVOICES
    return client.v1.billing_portal.configurations.create({"features": more}).id


def _leave_portal(client: StripeClient) -> None:
    """Make what an interrupted run leaves."""
    metadata = {"pulumi": "shop/test/PortalConfiguration/pro"}
    params: Any = {"features": INVOICES, "metadata": metadata}
    client.v1.billing_portal.configurations.create(params)


def _leave_endpoint(client: StripeClient) -> None:
    """Make what an interrupted run leaves."""
    marker = replaceable("shop/test/WebhookEndpoint/subscriptions", {})
    params: Any = {
        "url": "https://app.acme.example/webhooks/stripe?token=hunter2",
        "enabled_events": EVENTS,
        "metadata": {"pulumi": marker},
    }
    client.v1.webhook_endpoints.create(params)


def _remove_marker(client: StripeClient) -> None:
    id_ = _configuration(client, "Pro portal")
    unmarked: Any = {"metadata": {"pulumi": ""}}
    client.v1.billing_portal.configurations.update(id_, unmarked)


def _find_kinds(client: StripeClient) -> str:
    return client.v1.payment_method_configurations.list().data[0].id


def add_reason(client: StripeClient) -> Any:
    """Make a reason of the team's own for the survey on cancelling."""
    options = client.v1.billing.feedback_options
    return options.create({"description": "Support was too slow"})


SECRETIVE = portal().replace(
    ", name='Pro portal'",
    ", name='Pro portal', business_profile={'privacy_policy_url': "
    "pulumi.Config().require_secret('policy')}",
)
LEGAL = {
    "privacy_policy_url": "https://acme.example/privacy",
    "terms_of_service_url": "https://acme.example/terms",
}
NOTHING = ""

SCENARIOS: Mapping[str, Scenario] = {
    "portal_new": Scenario(EVERYONE, portal()),
    "portal_first_of_account": Scenario(
        NOTHING, f"PortalConfiguration('first', features={INVOICES!r})"
    ),
    "portal_deactivated": Scenario(portal(), portal(active=False)),
    "portal_made_inactive": Scenario(EVERYONE, portal(active=False)),
    "portal_destroyed": Scenario(portal(), EVERYONE),
    "portal_renamed": Scenario(portal(), portal().replace("'pro'", "'plans'")),
    "portal_renamed_and_changed": Scenario(
        portal(),
        portal({"invoice_history": None}).replace("'pro'", "'plans'"),
    ),
    "portal_renamed_by_alias": Scenario(
        portal(),
        portal(
            rest=", opts=ResourceOptions(aliases=[pulumi.Alias(name='pro')])"
        ).replace("PortalConfiguration('pro'", "PortalConfiguration('plans'"),
    ),
    "portal_marker_removed": Scenario(portal(), portal(), by_hand=_remove_marker),
    "portal_left_by_a_run": Scenario(EVERYONE, portal(), by_hand=_leave_portal),
    "endpoint_left_by_a_run": Scenario(
        EVERYONE, EVERYONE + endpoint(), by_hand=_leave_endpoint
    ),
    "default_undeclared_off": Scenario(
        default(INVOICES),
        default(INVOICES, undeclared_features="off"),
        prepare=_click_one,
    ),
    "portal_with_sign_in_destroyed": Scenario(
        portal(login_page={"enabled": True}), EVERYONE
    ),
    "return_link_removed": Scenario(
        portal(default_return_url="https://app.acme.example/account"), portal()
    ),
    "portal_released": Scenario(
        portal(rest=", opts=ResourceOptions(retain_on_delete=True)"), EVERYONE
    ),
    "portal_is_default_destroyed": Scenario(
        f"PortalConfiguration('first', name='First portal', features={INVOICES!r})",
        NOTHING,
    ),
    "pause_on": Scenario(portal(), portal(pause(1, 3))),
    "pause_off": Scenario(portal(pause(1, 3)), portal()),
    "pause_lengths": Scenario(portal(pause(1, 3)), portal(pause(1, 2, 6))),
    "pause_without_end": Scenario(portal(pause(1)), portal(pause(type="indefinite"))),
    "cancel_on": Scenario(portal({"subscription_cancel": None}), portal()),
    "cancel_removed_from_code": Scenario(
        portal(), portal({"subscription_cancel": None})
    ),
    "cancel_at_once": Scenario(portal(), cancel(mode="immediately")),
    "cancel_credit": Scenario(
        cancel(mode="immediately"),
        cancel(mode="immediately", proration_behavior="create_prorations"),
    ),
    "cancel_settings_while_off": Scenario(
        cancel(enabled=False), cancel(enabled=False, mode="immediately")
    ),
    "cancel_survey": Scenario(
        portal(),
        cancel(
            cancellation_reason={
                "enabled": True,
                "options": ["too_expensive", "unused", "missing_features"],
            }
        ),
    ),
    "cancel_survey_off": Scenario(
        portal(), cancel(cancellation_reason={"enabled": False, "options": []})
    ),
    "plan_added": Scenario(update(products=[BASIC]), portal()),
    "plan_removed": Scenario(portal(), update(products=[BASIC])),
    "plan_price_removed": Scenario(
        portal(),
        update(products=[BASIC, {"prices": [{"lookup_key": "pro_monthly"}]}]),
    ),
    "plan_by_id": Scenario(
        update(products=[BASIC]),
        update(
            products=[
                BASIC,
                {"product": "prod_ProTest", "prices": ["price_ProMonthlyTest"]},
            ]
        ),
    ),
    "plan_id_becomes_lookup_key": Scenario(
        update(
            products=[
                {
                    "product": "prod_ProTest",
                    "prices": ["price_ProMonthlyTest", "price_ProAnnualTest"],
                }
            ]
        ),
        update(products=[PRO]),
    ),
    "plan_change_on": Scenario(portal({"subscription_update": None}), portal()),
    "plan_change_off": Scenario(portal(), portal({"subscription_update": None})),
    "plan_change_only_quantity": Scenario(
        portal(), update(default_allowed_updates=["quantity"])
    ),
    "promotion_codes_on": Scenario(
        portal(),
        update(default_allowed_updates=["price", "quantity", "promotion_code"]),
    ),
    "quantity_range": Scenario(
        update(
            products=[
                {**PRO, "adjustable_quantity": {"enabled": True, "maximum": 50}},
            ]
        ),
        update(
            products=[
                {
                    **PRO,
                    "adjustable_quantity": {
                        "enabled": True,
                        "minimum": 2,
                        "maximum": 100,
                    },
                }
            ]
        ),
    ),
    "quantity_fixed": Scenario(
        portal(),
        update(products=[BASIC, {**PRO, "adjustable_quantity": {"enabled": False}}]),
    ),
    "billing_of_changes": Scenario(
        portal(), update(proration_behavior="always_invoice")
    ),
    "billing_date_and_trial": Scenario(
        portal(),
        update(billing_cycle_anchor="now", trial_update_behavior="continue_trial"),
    ),
    "changes_wait": Scenario(
        portal(),
        update(
            schedule_at_period_end={
                "conditions": [
                    {"type": "decreasing_item_amount"},
                    {"type": "shortening_interval"},
                ]
            }
        ),
    ),
    "invoices_off": Scenario(portal(), portal({"invoice_history": None})),
    "billing_details": Scenario(
        portal(),
        portal(
            {
                "customer_update": {
                    "enabled": True,
                    "allowed_updates": ["tax_id", "phone", "email"],
                }
            }
        ),
    ),
    "login_page_on": Scenario(portal(), portal(login_page={"enabled": True})),
    "headline": Scenario(
        portal(business_profile={"headline": "Manage your plan"}),
        portal(business_profile={"headline": "Your Acme subscription"}),
    ),
    "legal_links": Scenario(
        portal(business_profile=LEGAL),
        portal(business_profile={"privacy_policy_url": "https://acme.example/p"}),
    ),
    "team_only": Scenario(
        portal(metadata={"owner": "growth"}),
        portal(
            name="Portal of the Pro plan",
            metadata={"owner": "billing", "ticket": "ACME-12"},
            default_return_url="https://app.acme.example/account",
        ),
    ),
    "reordered_and_spelled_out": Scenario(
        portal(),
        portal(
            {
                "customer_update": {
                    "enabled": True,
                    "allowed_updates": ["address", "email"],
                },
                "subscription_cancel": {
                    **CANCEL,
                    "mode": "at_period_end",
                    "proration_behavior": "none",
                },
                "subscription_update": {**UPDATE, "products": [PRO, BASIC]},
            }
        ),
    ),
    "known_after_apply": Scenario(
        endpoint() + portal(business_profile={"headline": "Hello"}),
        endpoint() + "late = WebhookEndpoint('late', url='https://acme.example/late', "
        f"enabled_events={EVENTS!r})\n"
        + portal().replace(
            ", name='Pro portal'",
            ", name='Pro portal', business_profile={'headline': late.id}",
        ),
    ),
    "secret_value": Scenario(
        SECRETIVE,
        SECRETIVE,
        secrets=("https://acme.example/hush", "https://acme.example/hush-hush"),
    ),
    "adopted": Scenario(
        EVERYONE,
        EVERYONE + f"PortalConfiguration('clicked', features={INVOICES!r}, "
        "opts=ResourceOptions(import_='ID'))\n",
        prepare=_click_one,
    ),
    "default_taken_over": Scenario(
        NOTHING,
        default({**INVOICES, "subscription_cancel": {"enabled": False}}),
        prepare=_click_one,
    ),
    "kinds_of_payment_method": Scenario(
        portal(),
        portal(
            {
                "payment_method_update": {
                    "enabled": True,
                    "payment_method_configuration": "ID",
                }
            }
        ),
        prepare=_find_kinds,
    ),
    "own_reason": Scenario(
        portal(),
        cancel(
            cancellation_reason={
                **CANCEL["cancellation_reason"],
                "feedback_options": ["ID"],
            }
        ),
        prepare=lambda client: str(add_reason(client).id),
    ),
    "default_changed": Scenario(
        default(INVOICES),
        default({**INVOICES, "subscription_cancel": {"enabled": True}}),
    ),
    "default_restored": Scenario(
        default({"subscription_cancel": {"enabled": False}}, on_delete="restore"),
        NOTHING,
        prepare=_click_one,
    ),
    "default_let_go": Scenario(default(INVOICES, on_delete="keep"), NOTHING),
    "default_on_delete": Scenario(
        default(INVOICES), default(INVOICES, on_delete="restore")
    ),
    "endpoint_new": Scenario(NOTHING, endpoint()),
    "endpoint_events": Scenario(
        endpoint(), endpoint(enabled_events=[EVENTS[0], "charge.refunded"])
    ),
    "endpoint_address": Scenario(
        endpoint(), endpoint(url="https://acme.example/hooks?token=hunter3")
    ),
    "endpoint_secret_rotated": Scenario(endpoint(), endpoint(secret_version="2")),
    "endpoint_renamed": Scenario(
        endpoint(), endpoint().replace("'subscriptions'", "'billing-events'")
    ),
    "endpoint_switched_off": Scenario(endpoint(), endpoint(disabled=True)),
    "endpoint_destroyed": Scenario(endpoint(), NOTHING),
    "drift": Scenario(portal(), portal(), by_hand=_change_pro),
    "drift_and_code": Scenario(
        portal(), cancel(mode="immediately"), by_hand=_change_pro
    ),
    "endpoint_gone_at_stripe": Scenario(
        endpoint(), endpoint(), by_hand=_delete_endpoints
    ),
    "failed_check": Scenario(
        portal(),
        cancel(mode="later") + "PortalConfiguration('other', features={'typo': {}})",
    ),
    "failed_program": Scenario(portal(), "raise RuntimeError('no such thing')"),
    "failed_at_stripe": Scenario(
        portal(),
        update(products=[BASIC, {"prices": [{"lookup_key": "nope"}]}]),
    ),
    "hostile": Scenario(
        EVERYONE,
        portal(
            name=HOSTILE,
            business_profile={"headline": "<b>@acme</b> | `x` </details>\n# Free"},
            metadata={"@team|`": "-->"},
        ),
    ),
    "side_by_side_test": Scenario(portal(), cancel(mode="immediately")),
    "side_by_side_live": Scenario(
        portal(pause(1)), cancel(mode="immediately"), stack="live"
    ),
}
