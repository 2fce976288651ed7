"""A customer at a Checkout Session's page: what it sells, and what they enter."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import (
    checkout_completion,
    checkout_customer,
    discounts,
    tax_ids,
)
from pulumi_stripe_portal.sandbox.billing.checkout_customer import Asked
from pulumi_stripe_portal.sandbox.billing.checkout_summary import summarise
from pulumi_stripe_portal.sandbox.billing.next_actions import CHALLENGES
from pulumi_stripe_portal.sandbox.billing.params import address
from pulumi_stripe_portal.sandbox.billing.tax_table import is_located
from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .brand_images import BrandImages, brand_images
from .details import check, tax_id_types
from .open_session import transaction
from .overview import show_invoice
from .portal_errors import Invalid, NotFound, from_stripe

__all__ = ["CheckoutEntry", "CheckoutSummary", "OpenCheckout"]

_EMAIL = 512


@dataclass(frozen=True)
class CheckoutEntry:
    """What a customer enters before they see what it costs; nothing of it has to be.

    Attributes:
        promotion_code: The code of a discount.
        address: A billing address, with Stripe's names of its fields.
        business_name: The name of their business.
        tax_id_type: Stripe's name of the type of a tax id, such as `eu_vat`.
        tax_id: The tax id.
    """

    promotion_code: str = ""
    address: Json | None = None
    business_name: str = ""
    tax_id_type: str = ""
    tax_id: str = ""


@dataclass(frozen=True)
class CheckoutSummary:
    """What is to be paid.

    Attributes:
        due: The invoice of today, each line with its `price` and `product`.
        upcoming: The next one in the same form, None where there will be none.
        trial_end: When a trial ends, None where there is none.
        coupon: The coupon that is taken into account, None where there is none.
        needs_card: Whether a card is asked for.
    """

    due: Json
    upcoming: Json | None
    trial_end: int | None
    coupon: Json | None
    needs_card: bool


@dataclass(frozen=True)
class OpenCheckout:
    """A Checkout Session; everything is read anew on each access."""

    context: Context
    session_id: str

    @property
    def object(self) -> Json:
        """The session, as the API has it and with what it remembers."""
        return self.context.get("checkout.session", self.session_id)

    @property
    def branding(self) -> Branding:
        """The name and the colour of the company that sells."""
        return self.context.store.branding(self.context.partition.account)

    @property
    def images(self) -> BrandImages:
        """The logo and the icon of the company."""
        return brand_images(self.context.store, self.branding)

    @property
    def customer(self) -> Json:
        """Who subscribes; nothing where they are not known yet."""
        return checkout_customer.buyer(self.context, self.object)

    @property
    def asked(self) -> Asked:
        """What is asked before it is known what it costs."""
        return checkout_customer.asked(self.object)

    @property
    def known_address(self) -> Json | None:
        """The address that the customer has already."""
        known: Json | None = self.customer.get("address")
        return known

    @property
    def email(self) -> str | None:
        """The address that is known already."""
        known: str | None = self.object["customer_email"]
        return known

    @property
    def has_failed(self) -> bool:
        """Whether the customer has just failed to authenticate."""
        pending = self.object["pending"]
        return bool(pending and pending["has_failed"])

    @property
    def entered(self) -> Json:
        """What was entered before the customer was sent to authenticate."""
        return self.object["pending"] or {}

    @property
    def success_url(self) -> str:
        """Where a completed session leads: its id takes the placeholder's place."""
        url: str = self.object["success_url"]
        return url.replace("{CHECKOUT_SESSION_ID}", self.session_id)

    def is_enough(self, entry: CheckoutEntry) -> bool:
        """Tell whether what is asked is entered, so that it is known what it costs."""
        if self.asked.address is None:
            return True
        if self.object["automatic_tax"]["enabled"]:
            return is_located(address(entry.address))
        return bool((entry.address or {}).get("country"))

    def summary(self, entry: CheckoutEntry) -> CheckoutSummary | None:
        """Return what is to be paid with an *entry*; nothing to save a card.

        Raises:
            Invalid: Something that was entered won't do, or what is sold is gone.
        """
        session = self.object
        if session["mode"] != "subscription":
            return None
        context = self.context
        with context.store.lock:
            entered = self._entered(entry)
            try:
                summary = summarise(context, session, entered)
            except StripeError as error:
                raise from_stripe(error) from None
            upcoming, due = summary.upcoming, summary.invoice
            return CheckoutSummary(
                due=show_invoice(context, due),
                upcoming=upcoming and show_invoice(context, upcoming),
                trial_end=summary.trial_end,
                coupon=summary.coupon,
                needs_card=checkout_completion.needs_card(session, due),
            )

    def submit(
        self,
        *,
        email: str,
        name: str | None,
        card: Json | None,
        entry: CheckoutEntry,
    ) -> str:
        """Subscribe, or save the card; return where the browser goes from here.

        That is the page of 3-D Secure, or the session's success URL.

        Raises:
            Invalid: Something that was entered won't do, or is missing.
            CardDeclined: The card is declined; nothing has happened.
            NotFound: The session is not open any more.
        """
        email = self.email or email
        if "@" not in email or len(email) > _EMAIL:
            raise Invalid("This is no email address.", "email_invalid", "email")
        with transaction(self) as context:
            session = self.object
            if session["status"] != "open":
                raise NotFound("This checkout is not open any more.")
            entered = self._entered(entry)
            if not self.is_enough(entry):
                raise _not_located(entry)
            entered |= {"email": email, "name": name}
            after = checkout_completion.submit(context, session, entered, card)
        if after["status"] == "complete":
            return self.success_url
        return f"{CHALLENGES}{after['pending']['client_secret']}"

    def _entered(self, entry: CheckoutEntry) -> Json:
        """Return an *entry* as billing knows it, without what isn't asked.

        Who enters a tax id names their business as well [OURS: as Stripe's page does].
        """
        entered = {**checkout_customer.NOTHING, "code": self._code(entry)}
        given = entry.address or {}
        if self.asked.address and any(given.values()):
            for name, value in given.items():
                check(name, value, f"address.{name}")
            if not given.get("country") or not self.is_enough(entry):
                raise _not_located(entry)
            entered["address"] = address(given)
        if self.asked.tax_id and (entry.tax_id or entry.business_name):
            if not entry.business_name:
                message = "The name of the business is needed."
                raise Invalid(message, "business_name_needed", "business_name")
            check("name", entry.business_name, "business_name")
            entered["business_name"] = entry.business_name
        if self.asked.tax_id and entry.tax_id:
            if entry.tax_id_type not in tax_id_types():
                raise Invalid("There is no such type.", "tax_id_type", "tax_id_type")
            try:
                tax_ids.check(entry.tax_id_type, entry.tax_id)
            except StripeError as error:
                raise Invalid(error.message, error.code, "tax_id") from None
            entered["tax_id"] = {"type": entry.tax_id_type, "value": entry.tax_id}
        return entered

    def _code(self, entry: CheckoutEntry) -> Json | None:
        if not entry.promotion_code or not self.object["allow_promotion_codes"]:
            return None
        context, customer = self.context, self.object["customer"] or ""
        found = discounts.by_code(context, entry.promotion_code)
        if found is None or not discounts.is_usable(context, found, customer):
            raise Invalid(
                "This promotion code cannot be used.",
                "promotion_code_invalid",
                "promotion_code",
            )
        return found


def _not_located(entry: CheckoutEntry) -> Invalid:
    """Say what is missing of an address."""
    if not (entry.address or {}).get("country"):
        message = "The country is needed."
        return Invalid(message, "country_needed", "address.country")
    message = "The postal code or the state is needed."
    return Invalid(message, "location_needed", "address.postal_code")
