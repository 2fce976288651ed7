"""The code in the guides of the portal, as it stands there, with only ids mapped.

The pages of the table in docs/seeds.md have it: Python of one, curl of another, and
JavaScript of a third, whose objects are written as Python's. The examples of the
interface of its own, that one of them has, are in tests/webapp/test_upgrade.py.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox

from .portal.browsing import Browsing
from .portal.shop import Customer, Shop

IDS = {
    f"price_{tier}_{word}": f"price_{tier.title()}{period}Test"
    for tier in ("basic", "pro", "enterprise")
    for word, period in (("monthly", "Monthly"), ("annual", "Annual"))
}
TIERS = ("basic", "pro", "enterprise")
PRODUCTS: Any = [
    {
        "product": f"prod_{tier.title()}Test",
        "prices": [IDS[f"price_{tier}_monthly"], IDS[f"price_{tier}_annual"]],
    }
    for tier in TIERS
]


@pytest.fixture
def guide(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The module `stripe` set up as in the guide, and what it has ids of."""
    monkeypatch.setattr(stripe, "api_key", sandbox.api_key)
    monkeypatch.setattr(stripe, "api_base", sandbox.url)
    http = stripe.RequestsClient()
    monkeypatch.setattr(stripe, "default_http_client", http)
    yield Shop(sandbox)
    http.close()  # type: ignore[no-untyped-call]


def configure() -> stripe.billing_portal.Configuration:
    """Create a portal configuration, as the guide does."""
    return stripe.billing_portal.Configuration.create(
        business_profile={
            "headline": "Manage your subscription",
            "privacy_policy_url": "https://example.com/privacy",
            "terms_of_service_url": "https://example.com/terms",
        },
        features={
            "customer_update": {
                "enabled": True,
                "allowed_updates": ["email", "address", "tax_id"],
            },
            "payment_method_update": {
                "enabled": True,
            },
            "invoice_history": {
                "enabled": True,
            },
            "subscription_cancel": {
                "enabled": True,
                "mode": "at_period_end",  # or "immediately"
                "cancellation_reason": {
                    "enabled": True,
                    "options": [
                        "too_expensive",
                        "missing_features",
                        "switched_service",
                        "unused",
                        "other",
                    ],
                },
            },
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price", "quantity"],
                "proration_behavior": "create_prorations",
                "products": PRODUCTS,
            },
        },
    )


def test_a_portal_configuration(guide: Shop) -> None:
    """The guide's first example makes a portal in which all of it can be done."""
    made = configure()
    customer = guide.customer()
    link = guide.link(
        customer, configuration=made.id, return_url="https://example.com/account"
    )
    page = Browsing().get(link)

    for text in ("Manage your subscription", "Change plan", "Cancel plan", "Tax ID"):
        assert text in page.text


def test_the_invoice_history_alone(guide: Shop) -> None:
    """The first guide's example: a portal for invoices, without a product catalogue."""
    configuration = guide.api.billing_portal.configurations.create(
        {
            "features": {
                "invoice_history": {
                    "enabled": True,
                },
            },
        }
    )
    customer = guide.customer()
    session = guide.api.billing_portal.sessions.create(
        {
            "customer": customer.id,
            "return_url": "https://example.com/account",
        }
    )
    page = Browsing().get(session.url)

    assert configuration.is_default
    assert "Invoice history" in page.text
    assert "$9.00" in page.text
    for text in ("Change plan", "Cancel plan", "Add payment", "Edit"):
        assert text not in page.text


def test_a_session(guide: Shop) -> None:
    """The session's URL leads to the portal, and that back to the return URL."""
    configure()
    customer = guide.customer()
    session = stripe.billing_portal.Session.create(
        customer=customer.id,
        return_url="https://example.com/account",
    )

    page = Browsing().get(session.url)
    assert 'href="https://example.com/account"' in page.html


@pytest.mark.parametrize("kind", ["subscription_cancel", "payment_method_update"])
def test_a_deep_link(guide: Shop, kind: str) -> None:
    """Each flow of the guide begins at its page."""
    configure()
    customer = guide.customer()
    flows: dict[str, Any] = {
        "subscription_cancel": {
            "type": "subscription_cancel",
            "subscription_cancel": {
                "subscription": customer.subscription,
            },
        },
        "payment_method_update": {
            "type": "payment_method_update",
        },
    }
    session = stripe.billing_portal.Session.create(
        customer=customer.id,
        return_url="https://example.com/account",
        flow_data=flows[kind],
    )

    title = {"subscription_cancel": "Cancel your plan"}.get(kind, "Add a payment")
    assert title in Browsing().get(session.url).text


def test_a_second_configuration(guide: Shop) -> None:
    """Who is on Basic is offered no Enterprise; what the guide cuts short is filled.

    Stripe refuses switching plans without payment methods, and without saying what
    may be switched: the guide's "... other features".
    """
    features: dict[str, Any] = {
        "subscription_update": {
            "enabled": True,
            "products": PRODUCTS[:2],
        },
        # ... other features
    }
    with pytest.raises(stripe.InvalidRequestError):
        stripe.billing_portal.Configuration.create(features=features)  # type: ignore[arg-type]
    features["payment_method_update"] = {"enabled": True}
    features["subscription_update"]["default_allowed_updates"] = ["price"]
    basic_config = stripe.billing_portal.Configuration.create(features=features)  # type: ignore[arg-type]
    customer = guide.customer()
    session = stripe.billing_portal.Session.create(
        customer=customer.id,
        return_url="https://example.com/account",
        configuration=basic_config.id,
    )

    browsing = Browsing()
    home = browsing.get(session.url)
    plans = browsing.get(f"{home.url}/subscriptions/{customer.subscription}/update")
    assert "Pro" in plans.text
    assert "Enterprise" not in plans.text


def test_the_default(guide: Shop) -> None:
    """`is_default` can't be set, whatever the guide says; the return URL can.

    Stripe answers «Received unknown parameter: is_default».
    """
    made = configure()
    wanted: Any = {"default_return_url": "https://example.com/account"}
    default: Any = {**wanted, "is_default": True}
    with pytest.raises(stripe.InvalidRequestError, match="is_default"):
        stripe.billing_portal.Configuration.modify(made.id, **default)

    after = stripe.billing_portal.Configuration.modify(made.id, **wanted)
    assert after.default_return_url == "https://example.com/account"
    assert after.is_default


def curl(sandbox: Sandbox, path: str, *data: str) -> dict[str, Any]:
    """Send a form as the guide's command lines do."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("there is no curl")
    key = f"{sandbox.api_key}:"
    options = [option for pair in data for option in ("--data-urlencode", pair)]
    quiet = ["-sS", "--noproxy", "*", "-u", key]
    command = [program, *quiet, sandbox.url + path, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_command_lines(sandbox: Sandbox) -> None:
    """The two curl examples of the guide make a configuration and a session."""
    made = curl(
        sandbox,
        "/v1/billing_portal/configurations",
        "business_profile[headline]=Cactus Practice partners with Stripe for simplified"
        " billing.",
        "features[invoice_history][enabled]=true",
    )
    customer: Customer = Shop(sandbox).customer()
    session = curl(
        sandbox,
        "/v1/billing_portal/sessions",
        f"customer={customer.id}",
        "return_url=https://example.com/account",
    )

    assert made["object"] == "billing_portal.configuration"
    page = Browsing().get(session["url"])
    assert "Cactus Practice partners with Stripe for simplified billing." in page.text
    assert 'href="https://example.com/account"' in page.html
