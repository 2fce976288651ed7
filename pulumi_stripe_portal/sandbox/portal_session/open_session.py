"""A customer in the portal: their session, and what they may do there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .brand_images import BrandImages, brand_images
from .portal_errors import NotAllowed, from_stripe

__all__ = [
    "Allowed",
    "Completion",
    "OpenSession",
    "Place",
    "allow",
    "branding",
    "complete",
    "transaction",
]


@dataclass(frozen=True)
class Allowed:
    """What the configuration allows, and the flow, if the session is for one.

    Attributes:
        customer_update: What can be changed about the customer: address, email, name,
            phone, shipping, tax_id.
        invoice_history: Whether invoices are there.
        payment_method_update: Whether cards can be added, chosen and removed.
        subscription_cancel: Whether subscriptions can be cancelled.
        subscription_update: Whether subscriptions can be switched.
        subscription_pause: Whether subscriptions can be paused.
        update: What can be changed about a subscription: price, quantity,
            promotion_code.
    """

    customer_update: tuple[str, ...] = ()
    invoice_history: bool = False
    payment_method_update: bool = False
    subscription_cancel: bool = False
    subscription_update: bool = False
    subscription_pause: bool = False
    update: tuple[str, ...] = ()


@dataclass(frozen=True)
class Completion:
    """What follows a flow.

    Attributes:
        type: `portal_homepage`, `redirect` or `hosted_confirmation`.
        return_url: Where a redirect leads.
        custom_message: What a confirmation says, if anything.
    """

    type: str
    return_url: str | None
    custom_message: str | None


@dataclass(frozen=True)
class OpenSession:
    """An open session, as one browser sees it.

    Everything is read anew on each access, so a change of the configuration shows at
    once. *cookie* is what the browser has to bring back.
    """

    context: Context
    session_id: str
    cookie: str

    @property
    def object(self) -> Json:
        """The session, as the API has it and with what it remembers."""
        return self.context.get("billing_portal.session", self.session_id)

    @property
    def customer(self) -> Json:
        """Whose session it is."""
        return self.context.get("customer", self.object["customer"])

    @property
    def configuration(self) -> Json:
        """The portal configuration, with its products."""
        id_ = self.object["configuration"]
        return self.context.get("billing_portal.configuration", id_)

    @property
    def flow(self) -> Json | None:
        """The flow that the link leads to, None for the portal or once it is done."""
        session = self.object
        flow: Json | None = None if session["done"] else session["flow"]
        return flow

    @property
    def now(self) -> int:
        """The sandbox's time."""
        return self.context.clock.now()

    @property
    def completion(self) -> Completion | None:
        """What follows the session's flow, None for a session without one."""
        flow = self.object["flow"]
        if flow is None:
            return None
        after = flow["after_completion"]
        redirect = after["redirect"] or {}
        hosted = after["hosted_confirmation"] or {}
        url, message = redirect.get("return_url"), hosted.get("custom_message")
        return Completion(after["type"], url, message)

    @property
    def is_over(self) -> bool:
        """Whether the session's flow is done, and leads to no portal."""
        completion = self.completion
        if completion is None or self.flow is not None:
            return False
        return completion.type != "portal_homepage"

    @property
    def locale(self) -> str | None:
        """The language that the session asks for, None for the customer's own."""
        locale: str | None = self.object["locale"]
        return None if locale in ("auto", None) else locale

    @property
    def return_url(self) -> str | None:
        """Where the link back to the company leads."""
        url: str | None = self.object["return_url"]
        return url

    @property
    def branding(self) -> Branding:
        """The name and the colour of the company that the session is for.

        A session on behalf of an account has that account's branding
        [SPECIFIED: stripe 16.1.0, SessionCreateParams.on_behalf_of].
        """
        return branding(self.context, self.object)

    @property
    def images(self) -> BrandImages:
        """The logo and the icon of the company."""
        return brand_images(self.context.store, self.branding)

    @property
    def profile(self) -> Json:
        """The headline and the legal links."""
        profile: Json = self.configuration["business_profile"]
        return profile

    @property
    def allowed(self) -> Allowed:
        """What the customer may do in this session."""
        if self.is_over:
            return Allowed()
        flow = self.flow
        return _allowed(self.configuration, flow["type"] if flow else None)


def branding(context: Context, session: Json | None = None) -> Branding:
    """Return the branding of whom *session* is on behalf of, else of the account."""
    named = session and session["on_behalf_of"]
    return context.store.branding(named or context.partition.account)


class Place(Protocol):
    """Where customers do something: a session, a checkout."""

    @property
    def context(self) -> Context:
        """Where what they do happens."""


@contextmanager
def transaction(session: Place) -> Iterator[Context]:
    """Change data for the customer: all or nothing, and sent to the webhooks.

    Raises:
        PortalError: What Stripe would refuse is refused in the portal's way.
    """
    context = session.context
    with context.store.transaction(context.partition):
        try:
            yield context
        except StripeError as error:
            raise from_stripe(error) from None
        context.store.save()


def allow(*, possible: object) -> None:
    """Let pass what is *possible*.

    Raises:
        NotAllowed: It is not.
    """
    if not possible:
        raise NotAllowed("This is not possible in the customer portal.")


def complete(session: OpenSession) -> Completion | None:
    """End the session's flow and return what follows, None where there is no flow."""
    if session.flow is not None:
        with transaction(session) as context:
            context.partition.put({**session.object, "done": True})
    return session.completion


_NEEDS = {"subscription_update_confirm": "subscription_update"}
"""Flows that are of another feature than their name says."""


def _allowed(configuration: Json, flow: str | None) -> Allowed:
    features = configuration["features"]

    def on(name: str) -> bool:
        wanted = flow is None or _NEEDS.get(flow, flow) == name
        return wanted and bool(features[name]["enabled"])

    update = features["subscription_update"]["default_allowed_updates"]
    details = features["customer_update"]["allowed_updates"]
    return Allowed(
        customer_update=tuple(details) if on("customer_update") else (),
        invoice_history=on("invoice_history"),
        payment_method_update=on("payment_method_update"),
        subscription_cancel=on("subscription_cancel"),
        subscription_update=on("subscription_update"),
        subscription_pause=on("subscription_pause"),
        update=tuple(update) if on("subscription_update") else (),
    )
