"""One object of each kind, made anew for each request that may change it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from PIL import Image

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.portal.shop import Shop

__all__ = ["World"]

_DAY = 86400
_PRICE = "price_ProMonthlyTest"


class World:
    """What requests name: the ids in their paths, and those in their parameters.

    *samples* are values of parameters by their last name, *known* is a customer.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._shop = Shop(sandbox)
        self._shop.configure()
        self._api: Any = self._shop.api
        self._count = 0
        if "acct_shop" not in sandbox.connected:
            sandbox.connect("acct_shop")
        self.known = self.customers()
        self.samples = self._samples()

    def fill(self, template: str) -> str:
        """Return the path of *template*, with ids of what was just made."""
        made: list[str] = []
        for found in re.finditer(r"/\{\w+\}", template):
            kind = re.sub(r"\{\w+\}/", "", template[: found.start()])
            make = getattr(self, re.sub(r"\W", "_", kind.removeprefix("/v1/")))
            made.append(make(*made))
        ids = iter(made)
        return re.sub(r"\{\w+\}", lambda _: next(ids), template)

    def customers(self) -> str:
        """Make a customer with a card and a tax id."""
        return self._shop.customer(f"{self.word()}@example.com", price=None).id

    def customers_payment_methods(self, customer: str) -> str:
        """Attach another card."""
        return self._shop.add_card(customer, "pm_card_visa")

    def customers_tax_ids(self, customer: str) -> str:
        """Give a customer a tax id."""
        wanted = {"type": "eu_vat", "value": "DE123456789"}
        return self._made(self._api.customers.tax_ids, wanted, customer)

    def customers_balance_transactions(self, customer: str) -> str:
        """Credit a customer something."""
        wanted = {"amount": -100, "currency": "usd"}
        return self._made(self._api.customers.balance_transactions, wanted, customer)

    def subscriptions(self, customer: str = "") -> str:
        """Make a subscription with a discount."""
        wanted = {
            "customer": customer or self.customers(),
            "items": [{"price": _PRICE}],
            "discounts": [{"coupon": self.coupons()}],
        }
        return self._made(self._api.subscriptions, wanted)

    def subscription_items(self) -> str:
        """Make a subscription of two items, and name the second."""
        found = self._api.subscriptions.create(
            {
                "customer": self.customers(),
                "items": [{"price": _PRICE}, {"price": "price_BasicMonthlyTest"}],
            }
        )
        id_: str = found["items"].data[1].id
        return id_

    def subscription_schedules(self) -> str:
        """Make the schedule of a new subscription."""
        wanted = {"from_subscription": self.subscriptions()}
        return self._made(self._api.subscription_schedules, wanted)

    def invoices(self) -> str:
        """Make a draft with something on it, to be sent."""
        customer = self.customers()
        invoice = self._api.invoices.create(
            {
                "customer": customer,
                "collection_method": "send_invoice",
                "days_until_due": 30,
            }
        )
        self.invoiceitems(customer)
        id_: str = invoice.id
        return id_

    def invoiceitems(self, customer: str = "") -> str:
        """Make what the next invoice has."""
        wanted = {"amount": 700, "currency": "usd"}
        named = {"customer": customer or self.customers()}
        return self._made(self._api.invoice_items, {**wanted, **named})

    def invoice_payments(self) -> str:
        """Name the payment of a first invoice."""
        invoice = self._api.subscriptions.retrieve(self.subscriptions()).latest_invoice
        return self._first(self._api.invoice_payments, {"invoice": invoice})

    def payment_intents(self) -> str:
        """Make one that waits to be confirmed."""
        terms: Any = {"customer": self.customers(), "items": [{"price": _PRICE}]}
        terms["payment_behavior"] = "default_incomplete"
        terms["expand"] = ["latest_invoice.payments"]
        made: Any = self._api.subscriptions.create(terms).latest_invoice
        id_: str = made.payments.data[0].payment.payment_intent
        return id_

    def charges(self) -> str:
        """Name the charge of a first invoice."""
        customer = self.customers()
        self.subscriptions(customer)
        return self._first(self._api.charges, {"customer": customer})

    def setup_intents(self) -> str:
        """Make one that waits to be confirmed."""
        return self._made(self._api.setup_intents, {"customer": self.customers()})

    def payment_methods(self) -> str:
        """Make a card that is nobody's."""
        wanted = {"type": "card", "card": {"token": "tok_visa"}}
        return self._made(self._api.payment_methods, wanted)

    def payment_method_configurations(self) -> str:
        """Name the account's own."""
        return self._first(self._api.payment_method_configurations, {})

    def products(self) -> str:
        """Make a product."""
        return self._made(self._api.products, {"name": "Seats"})

    def products_features(self, product: str) -> str:
        """Give a product a feature."""
        wanted = {"entitlement_feature": self.entitlements_features()}
        return self._made(self._api.products.features, wanted, product)

    def prices(self) -> str:
        """Make a price that is paid once."""
        wanted = {"product": "prod_ProTest", "currency": "usd", "unit_amount": 500}
        return self._made(self._api.prices, wanted)

    def coupons(self) -> str:
        """Make a coupon."""
        return self._made(self._api.coupons, {"percent_off": 5, "duration": "forever"})

    def promotion_codes(self) -> str:
        """Make a promotion code."""
        promotion = {"type": "coupon", "coupon": self.coupons()}
        return self._made(self._api.promotion_codes, {"promotion": promotion})

    def tax_rates(self) -> str:
        """Make a tax rate."""
        wanted = {"display_name": "VAT", "percentage": 19, "inclusive": False}
        return self._made(self._api.tax_rates, wanted)

    def billing_portal_configurations(self) -> str:
        """Make a configuration with everything."""
        return self._shop.configure()

    def billing_feedback_options(self) -> str:
        """Make a reason of one's own."""
        wanted = {"description": "Too blue"}
        return self._made(self._api.billing.feedback_options, wanted)

    def billing_meters(self) -> str:
        """Make a meter."""
        wanted = {
            "display_name": "Calls",
            "event_name": self.word(),
            "default_aggregation": {"formula": "sum"},
        }
        return self._made(self._api.billing.meters, wanted)

    def checkout_sessions(self) -> str:
        """Make a session that is open."""
        wanted = {
            "mode": "subscription",
            "line_items": [{"price": _PRICE, "quantity": 1}],
            "success_url": "https://shop.example/done",
        }
        return self._made(self._api.checkout.sessions, wanted)

    def entitlements_features(self) -> str:
        """Make a feature."""
        wanted = {"lookup_key": self.word(), "name": "Seats"}
        return self._made(self._api.entitlements.features, wanted)

    def entitlements_active_entitlements(self) -> str:
        """Give a customer a feature, by the product that they buy."""
        product = self.products()
        self.products_features(product)
        data = {"currency": "usd", "product": product, "unit_amount": 900}
        data["recurring"] = {"interval": "month"}
        customer = self.customers()
        wanted = {"customer": customer, "items": [{"price_data": data}]}
        self._made(self._api.subscriptions, wanted)
        found = self._api.entitlements.active_entitlements
        return self._first(found, {"customer": customer})

    def test_helpers_test_clocks(self) -> str:
        """Make a clock of one's own."""
        wanted = {"frozen_time": self._sandbox.now}
        return self._made(self._api.test_helpers.test_clocks, wanted)

    def webhook_endpoints(self) -> str:
        """Make an endpoint."""
        wanted = {"url": "https://shop.example/hook", "enabled_events": ["*"]}
        return self._made(self._api.webhook_endpoints, wanted)

    def events(self) -> str:
        """Name an event."""
        return self._first(self._api.events, {})

    def files(self) -> str:
        """Upload a logo."""
        png = BytesIO()
        Image.new("RGB", (200, 200), "#204080").save(png, "PNG")
        png.seek(0)
        wanted = {"purpose": "business_logo", "file": png}
        return self._made(self._sandbox.client().v1.files, wanted)

    def accounts(self) -> str:
        """Name the connected account."""
        return "acct_shop"

    def word(self) -> str:
        """Return a word that nothing has yet."""
        self._count += 1
        return f"w{self._count}"

    def _made(self, service: Any, wanted: Any, *outer: str) -> str:
        id_: str = service.create(*outer, wanted).id
        return id_

    def _first(self, service: Any, wanted: Any) -> str:
        id_: str = service.list(wanted).data[0].id
        return id_

    def _samples(self) -> dict[str, Any]:
        now = self._sandbox.now
        customer = self.known
        times = ("cancel_at", "due_date", "end", "end_date", "expires_at", "redeem_by")
        urls = ("cancel_url", "default_return_url", "privacy_policy_url", "return_url")
        more = ("success_url", "terms_of_service_url", "url", "support_url")
        rate = self.tax_rates()
        return {
            **dict.fromkeys((*times, "resumes_at", "trial_end"), now + 20 * _DAY),
            **dict.fromkeys((*urls, *more), "https://shop.example/there"),
            "account": "acct_shop",
            "amount": 500,
            "backdate_start_date": now - _DAY,
            "billing_cycle_anchor": now + 5 * _DAY,
            "configuration": self.billing_portal_configurations(),
            "country": "US",
            "coupon": self.coupons(),
            "currency": "usd",
            "customer": customer,
            "default_payment_method": self.customers_payment_methods(customer),
            "default_tax_rates": rate,
            "email": "new@example.com",
            "expand": "customer",
            "feature": self.entitlements_features(),
            "frozen_time": now + _DAY,
            "from_subscription": self.subscriptions(customer),
            "meter": self.billing_meters(),
            "number": "4242424242424242",
            "payment_method": "pm_card_mastercard",
            "price": _PRICE,
            "product": "prod_ProTest",
            "promotion_code": self.promotion_codes(),
            "proration_date": now,
            "query": "created>1",
            "start_date": now,
            "subscription": self.subscriptions(customer),
            "tax_rates": rate,
            "test_clock": self.test_helpers_test_clocks(),
        }
