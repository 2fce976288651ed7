"""An invoice behind its link: looked at, and paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pulumi_stripe_portal.sandbox.billing import (
    confirmation,
    payment_intents,
    payment_methods,
    receipts,
    taxes,
)
from pulumi_stripe_portal.sandbox.billing.next_actions import CHALLENGES
from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .brand_images import BrandImages, brand_images
from .open_session import allow, transaction
from .overview import show_invoice

__all__ = ["OpenInvoice"]


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice, read anew on each access.

    Whoever has its link may see and pay it, as at Stripe.
    """

    context: Context = field(repr=False)
    id: str

    @property
    def object(self) -> Json:
        """The invoice, as it is stored."""
        return self.context.get("invoice", self.id)

    @property
    def customer(self) -> Json:
        """Whose invoice it is."""
        return self.context.get("customer", self.object["customer"])

    @property
    def branding(self) -> Branding:
        """How the company looks that the invoice is from."""
        account = self.object["on_behalf_of"] or self.context.partition.account
        return self.context.store.branding(account)

    @property
    def images(self) -> BrandImages:
        """The logo and the icon of the company."""
        return brand_images(self.context.store, self.branding)

    @property
    def issuer_tax_ids(self) -> list[Json]:
        """The tax ids of the company that are on the invoice."""
        return [
            self.context.get("tax_id", each)
            for each in self.object["account_tax_ids"] or ()
        ]

    @property
    def lines(self) -> list[Json]:
        """All lines, each with its `product`, the price of one, and its tax rates."""
        shown = show_invoice(self.context, self.object)
        return [self._line(each) for each in shown["lines"]["data"]]

    @property
    def taxes(self) -> list[Json]:
        """What of the total is tax, each with its rate's name and percentage."""
        return taxes.named(self.object)

    @property
    def receipt_number(self) -> str | None:
        """The number of the receipt, None where nothing was paid."""
        return receipts.number(self.object)

    @property
    def method(self) -> Json | None:
        """The card that paid, None where it was something else."""
        partition = self.context.partition
        paid = [
            each["payment_method"]
            for each in partition.all("payment_intent")
            if each.get("invoice") == self.id and each["status"] == "succeeded"
        ]
        return partition.get("payment_method", next(iter(paid), ""))

    @property
    def is_payable(self) -> bool:
        """Whether it waits to be paid."""
        invoice = self.object
        return bool(invoice["status"] == "open" and invoice["amount_remaining"] > 0)

    def pay(
        self, card: dict[str, Any], name: str | None, return_url: str
    ) -> str | None:
        """Pay it with a test card, which becomes one of the customer's.

        Where the bank asks for 3-D Secure, its page is returned; from there the browser
        comes back to *return_url*.

        A card that pays an invoice on its page is kept with the customer
        [OURS: at Stripe a setting of the invoice decides].

        Raises:
            NotAllowed: It is not open any more.
            CardDeclined: It is no test card, or one that is declined.
        """
        with transaction(self) as context:
            intent = payment_intents.intent_of(context, self.object)
            allow(possible=self.is_payable and intent is not None)
            details = {"name": name, "email": self.customer["email"]}
            wanted = {"billing_details": details, "card": card}
            made = payment_methods.create(context, wanted)
            confirming = {"payment_method": made["id"], "return_url": return_url}
            intent = confirmation.confirm(context, intent or {}, confirming)
        if intent["status"] != "requires_action":
            return None
        return f"{CHALLENGES}{intent['client_secret']}"

    def _line(self, line: Json) -> Json:
        names, pricing = self.object["tax_names"], line["pricing"] or {}
        return {
            **line,
            "percents": [
                names[each["tax_rate_details"]["tax_rate"]]["percentage"]
                for each in line["taxes"]
                if each["amount"]
            ],
            "unit": Decimal(pricing.get("unit_amount_decimal") or 0),
        }
