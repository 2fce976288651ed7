"""A company in the sandbox: configurations, customers, links to the portal."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.sandbox import Sandbox

__all__ = ["CARD", "FEATURES", "Customer", "Shop"]

RETURN_URL = "https://shop.example/account"

CARD: Any = {
    "number": "5555 5555 5555 4444",
    "exp_month": 12,
    "exp_year": 2040,
    "cvc": "123",
}
"""A Mastercard, as somebody types it."""

FEATURES: dict[str, Any] = {
    "customer_update": {
        "enabled": True,
        "allowed_updates": ["address", "email", "name", "phone", "shipping", "tax_id"],
    },
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "enabled": True,
        "mode": "at_period_end",
        "cancellation_reason": {
            "enabled": True,
            "options": ["too_expensive", "missing_features", "other"],
        },
    },
    "subscription_pause": {
        "enabled": True,
        "duration": {
            "type": "interval_options",
            "interval_options": [
                {"interval": "month", "interval_count": 1},
                {"interval": "month", "interval_count": 3},
            ],
        },
    },
    "subscription_update": {
        "enabled": True,
        "default_allowed_updates": ["price", "quantity", "promotion_code"],
        "proration_behavior": "create_prorations",
        "products": [
            {
                "product": f"prod_{name}Test",
                "prices": [f"price_{name}MonthlyTest", f"price_{name}AnnualTest"],
                "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 20},
            }
            for name in ("Basic", "Pro")
        ],
    },
}
"""Everything that the portal has, for Basic and Pro."""


@dataclass(frozen=True)
class Customer:
    """A customer and the subscription, if they have one."""

    id: str
    email: str
    subscription: str = ""


class Shop:
    """What a company's program does over the API."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.api = sandbox.client().v1

    def configure(self, name: str = "", /, **features: Any) -> str:
        """Make a configuration with every feature, but for *features*; return its id.

        None in place of a feature leaves it out, so it is off.
        """
        wanted = {**deepcopy(FEATURES), **features}
        params: Any = {
            "name": name,
            "business_profile": {
                "headline": "Acme partners with nobody.",
                "privacy_policy_url": "https://shop.example/privacy",
                "terms_of_service_url": "https://shop.example/terms",
            },
            "default_return_url": RETURN_URL,
            "features": {k: v for k, v in wanted.items() if v is not None},
        }
        return self.api.billing_portal.configurations.create(params).id

    def customer(
        self,
        email: str = "jenny@example.com",
        *,
        price: str | None = "price_BasicMonthlyTest",
        card: str | None = "pm_card_visa",
        fields: dict[str, Any] | None = None,
        subscription: dict[str, Any] | None = None,
    ) -> Customer:
        """Make a customer with a card, subscribed to *price*."""
        params: Any = {"email": email, "name": "Jenny Rosen", **(fields or {})}
        made = self.api.customers.create(params)
        if card:
            self.add_card(made.id, card, default=True)
        if not price:
            return Customer(made.id, email)
        terms: Any = {"customer": made.id, "items": [{"price": price}]}
        terms |= subscription or {}
        subscribed = self.api.subscriptions.create(terms)
        return Customer(made.id, email, subscribed.id)

    def add_card(self, customer: str, card: str, *, default: bool = False) -> str:
        """Attach a test card and return its id."""
        method = self.api.payment_methods.attach(card, {"customer": customer})
        if default:
            self.api.customers.update(
                customer,
                {"invoice_settings": {"default_payment_method": method.id}},
            )
        return method.id

    def metered_price(self, unit_amount: int = 5) -> str:
        """Make a price of usage, and return its id."""
        meter = self.api.billing.meters.create(
            {
                "display_name": "Calls",
                "event_name": "calls",
                "default_aggregation": {"formula": "sum"},
            }
        )
        recurring: Any = {
            "interval": "month",
            "meter": meter.id,
            "usage_type": "metered",
        }
        price = self.api.prices.create(
            {
                "currency": "usd",
                "product": "prod_ProTest",
                "unit_amount": unit_amount,
                "recurring": recurring,
            }
        )
        return price.id

    def promotion_code(self, **params: Any) -> str:
        """Make a coupon of 20 percent for ever, and return the code of it."""
        coupon = self.api.coupons.create({"percent_off": 20, "duration": "forever"})
        wanted: Any = {"promotion": {"type": "coupon", "coupon": coupon.id}, **params}
        return self.api.promotion_codes.create(wanted).code

    def link(self, customer: Customer, **params: Any) -> str:
        """Return the address of a new portal session."""
        wanted: Any = {"customer": customer.id, **params}
        return self.api.billing_portal.sessions.create(wanted).url

    def flow(self, customer: Customer, kind: str, **params: Any) -> str:
        """Return a deep link; *params* are those of the flow, or `after_completion`."""
        after = params.pop("after_completion", None)
        data: dict[str, Any] = {"type": kind}
        if kind.startswith("subscription"):
            data[kind] = {"subscription": customer.subscription, **params}
        if after:
            data["after_completion"] = after
        return self.link(customer, flow_data=data)

    def subscription(self, customer: Customer) -> Any:
        """Return the customer's subscription as it is now."""
        return self.api.subscriptions.retrieve(customer.subscription)

    def events(self, type_: str) -> list[Any]:
        """Return the events of one type, oldest first."""
        found = self.api.events.list({"type": type_, "limit": 100}).data
        return [each.to_dict() for each in reversed(found)]
