"""What Stripe's objects are called on the page, in one language."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from pulumi_stripe_portal.sandbox.billing.money import money
from pulumi_stripe_portal.sandbox.data.store import Json

from .texts import Texts

__all__ = ["Words"]


class Words:
    """The texts of one language, and the ways to say prices, times and discounts."""

    def __init__(self, texts: Texts) -> None:
        """Take the texts of a language."""
        self.text = texts

    def known(self, key: str, otherwise: str) -> str:
        """Return a text, or what Stripe calls the thing where there is none."""
        return self.text(key) if key in self.text else otherwise

    def date(self, timestamp: int) -> str:
        """Write the day of a Unix time, in UTC."""
        day = datetime.fromtimestamp(timestamp, timezone.utc)
        number = self.text("date.first") if day.day == 1 else str(day.day)
        month = self.text(f"date.month.{day.month}")
        return self.text("date", year=day.year, month=month, day=number)

    def money(self, amount: int | Decimal, currency: str) -> str:
        """Write an amount given in the currency's smallest unit."""
        return money(amount, currency, self.text.language)

    def price(self, price: Json) -> str:
        """Say what a price is: `$29.00 per month`."""
        if not price.get("currency"):  # a picture's: Stripe's always have one
            return self.text("price.unknown")
        amount = price.get("unit_amount_decimal") or price.get("unit_amount")
        if amount is None:
            return self.text("price.varies")
        written = self.money(Decimal(amount), price["currency"])
        recurring = price.get("recurring") or {}
        if not recurring:
            return written
        if recurring.get("usage_type") == "metered":
            return self.text("price.usage", amount=written)
        key = f"price.every.{recurring['interval']}"
        return self.text.counted(key, recurring["interval_count"], amount=written)

    def billed(self, price: Json) -> str:
        """Say how often a price is paid: `Monthly`."""
        recurring = price.get("recurring")
        if not recurring:
            return self.text("billed.unknown")
        key = f"billed.{recurring['interval']}"
        return self.text.counted(key, recurring["interval_count"])

    def duration(self, interval: str, count: int) -> str:
        """Say a span of time: `3 months`."""
        return self.text.counted(f"duration.{interval}", count)

    def discount(self, coupon: Json) -> str:
        """Say what a coupon does: `20% off for 3 months`."""
        if coupon.get("percent_off") is not None:
            percent = self.percent(coupon["percent_off"])
            off = self.text("discount.percent", percent=percent)
        else:
            amount = self.money(coupon["amount_off"], coupon["currency"])
            off = self.text("discount.amount", amount=amount)
        months = coupon.get("duration_in_months")
        if coupon["duration"] == "repeating" and months:
            span = self.duration("month", months)
            return self.text("discount.repeating", off=off, span=span)
        return self.text(f"discount.{coupon['duration']}", off=off)

    def percent(self, number: float) -> str:
        """Write the number before a percent sign."""
        written = f"{number:.10g}"
        comma = self.text.language in ("de", "es", "fr", "it")
        return written.replace(".", ",") if comma else written

    def tax(self, tax: Json) -> str:
        """Name a tax of an invoice: `VAT (19%)`, or that it is in the price."""
        inclusive = tax["tax_behavior"] == "inclusive"
        key = "document.rate.inclusive" if inclusive else "document.rate"
        percent = self.percent(tax["percentage"])
        return self.text(key, name=tax["display_name"], percent=percent)

    def line(self, line: Json) -> str:
        """Say what a line of an invoice is for, which Stripe says in English."""
        name, count = line["product"]["name"], line["quantity"] or 1
        if count > 1:
            name = self.text("plan.times", count=count, plan=name)
        details = line["parent"]["subscription_item_details"]
        if not details or not details["proration"]:
            return self._own_price(line, name)
        key = "change.unused" if line["amount"] < 0 else "change.remaining"
        return self.text(key, plan=name, date=self.date(line["period"]["start"]))

    def _own_price(self, line: Json, name: str) -> str:
        """Add to a line of a tier what one costs there."""
        price = line["price"]
        if price is None or price["billing_scheme"] != "tiered":
            return name
        unit = Decimal(line["pricing"]["unit_amount_decimal"])
        written = self.money(unit, line["currency"])
        return self.text("plan.with_price", name=name, price=written)

    def card(self, method: Json) -> str:
        """Name a payment method: `Visa •••• 4242`."""
        card = method.get("card")
        if card is None:
            return str(method["type"]).replace("_", " ").title()
        brand = _BRANDS.get(card["brand"], str(card["brand"]).title())
        return f"{brand} •••• {card['last4']}"

    def expiry(self, method: Json) -> str:
        """Say until when a card is good; nothing for other payment methods."""
        card = method.get("card")
        if card is None:
            return ""
        until = f"{card['exp_month']:02}/{card['exp_year']}"
        return self.text("method.expires", date=until)


_BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
