"""3-D Secure: what a bank asks its customer, and what the answer does."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from pulumi_stripe_portal.sandbox.billing import (
    checkout_completion,
    confirmation,
    setup_intents,
    waiting,
)
from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .open_session import transaction

__all__ = ["Challenge"]


@dataclass(frozen=True)
class Challenge:
    """A question that is open: of a payment, of a card to be saved, of a checkout."""

    context: Context
    object: Json

    @property
    def amount(self) -> tuple[int, str] | None:
        """What is to be paid, and in which currency; None for a card to be saved."""
        if self.object["object"] == "payment_intent":
            return self.object["amount"], self.object["currency"]
        due = (self.object.get("pending") or {}).get("due")
        return (due, self.object["currency"]) if due else None

    @property
    def customer(self) -> Json:
        """Who is asked; nothing where they are not known yet."""
        found = self.context.partition.get("customer", self.object["customer"] or "")
        return found or {}

    @property
    def locale(self) -> str | None:
        """The language that a checkout was begun in."""
        chosen: str | None = self.object.get("locale")
        return chosen

    @property
    def return_url(self) -> str | None:
        """Where the answer leads."""
        if self.object["object"] == "checkout.session":
            return f"/p/checkout/{self.object['id']}"
        url: str | None = self.object["return_url"]
        return url

    @property
    def branding(self) -> Branding:
        """The name and the colour of the company that asks."""
        return self.context.store.branding(self.context.partition.account)

    @property
    def leaves(self) -> str | None:
        """Where the browser leaves for in the end."""
        if self.object["object"] == "checkout.session":
            url: str = self.object["success_url"]
            return url
        return self.object.get("leaves") or self.return_url

    def answer(self, *, succeeded: bool) -> str | None:
        """Say whether it is the customer; return where that leads, if anywhere."""
        context, kind = self.context, self.object["object"]
        if kind == "checkout.session":
            with transaction(self):
                checkout_completion.authenticate(
                    context, self.object, succeeded=succeeded
                )
            return self.return_url
        go_on = confirmation if kind == "payment_intent" else setup_intents
        try:
            with context.store.transaction(context.partition):
                after = go_on.authenticate(context, self.object, succeeded=succeeded)
                if after["object"] == "setup_intent" and after["customer"]:
                    waiting.resume_waiting(context, after["customer"])
                context.store.save()
        except StripeError:
            after = context.get(kind, self.object["id"])
        return self._with_outcome(after)

    def _with_outcome(self, after: Json) -> str | None:
        """Return the address with what came of it.

        Stripe adds the intent's id and client secret, and how it went
        [DOCUMENTED: docs.stripe.com/payments/3d-secure/authentication-flow].
        """
        if not self.return_url:
            return None
        kind = self.object["object"]
        told = {
            kind: after["id"],
            f"{kind}_client_secret": after["client_secret"],
            "redirect_status": (
                "succeeded" if after["status"] == "succeeded" else "failed"
            ),
        }
        joint = "&" if "?" in self.return_url else "?"
        return f"{self.return_url}{joint}{urlencode(told)}"
