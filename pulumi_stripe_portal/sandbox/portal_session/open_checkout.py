"""A customer at a Checkout Session's page: what it sells, and what they enter."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import checkout_completion, discounts
from pulumi_stripe_portal.sandbox.billing.checkout_summary import summarise
from pulumi_stripe_portal.sandbox.billing.next_actions import CHALLENGES
from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .brand_images import BrandImages, brand_images
from .open_session import transaction
from .overview import show_invoice
from .portal_errors import Invalid, NotFound, from_stripe

__all__ = ["CheckoutSummary", "OpenCheckout"]

_EMAIL = 512


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
        known: str | None = self.object["customer"]
        return self.context.get("customer", known) if known else {}

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
    def entered(self) -> dict[str, str]:
        """What was entered before the customer was sent to authenticate."""
        pending = self.object["pending"] or {}
        code = pending.get("code") or {}
        found = {name: pending.get(name) for name in ("email", "name")}
        found["promotion_code"] = code.get("code")
        return {name: each for name, each in found.items() if each}

    @property
    def success_url(self) -> str:
        """Where a completed session leads: its id takes the placeholder's place."""
        url: str = self.object["success_url"]
        return url.replace("{CHECKOUT_SESSION_ID}", self.session_id)

    def summary(self, code: str = "") -> CheckoutSummary | None:
        """Return what is to be paid with a promotion *code*; nothing to save a card.

        Raises:
            Invalid: The code can't be used, or what is sold is gone.
        """
        session = self.object
        if session["mode"] != "subscription":
            return None
        context = self.context
        with context.store.lock:
            found = self._code(code)
            try:
                summary = summarise(context, session, found)
                needed = checkout_completion.needs_card(context, session, found)
            except StripeError as error:
                raise from_stripe(error) from None
            upcoming = summary.upcoming
            return CheckoutSummary(
                due=show_invoice(context, summary.invoice),
                upcoming=upcoming and show_invoice(context, upcoming),
                trial_end=summary.trial_end,
                coupon=summary.coupon,
                needs_card=needed,
            )

    def submit(
        self, *, email: str, name: str | None, card: Json | None, code: str = ""
    ) -> str:
        """Subscribe, or save the card; return where the browser goes from here.

        That is the page of 3-D Secure, or the session's success URL.

        Raises:
            Invalid: Something that was entered won't do.
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
            after = checkout_completion.submit(
                context,
                session,
                email=email,
                name=name,
                card=card,
                code=self._code(code),
            )
        if after["status"] == "complete":
            return self.success_url
        return f"{CHALLENGES}{after['pending']['client_secret']}"

    def _code(self, entered: str) -> Json | None:
        if not entered or not self.object["allow_promotion_codes"]:
            return None
        context, customer = self.context, self.object["customer"] or ""
        found = discounts.by_code(context, entered)
        if found is None or not discounts.is_usable(context, found, customer):
            raise Invalid(
                "This promotion code cannot be used.",
                "promotion_code_invalid",
                "promotion_code",
            )
        return found
