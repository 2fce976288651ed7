"""Signing in by email: at a configuration's login page, or after a session expired."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import outbox, sessions
from .brand_images import BrandImages, brand_images
from .open_session import branding
from .portal_errors import Invalid, from_stripe

__all__ = ["LoginPage"]

_KIND = "sandbox.sign_in"
_LIFETIME = 10 * 60
_TRIES = 5
"""
Seconds that a code is good for, and guesses that it bears.

A code to sign in is good for ten minutes and five guesses [OURS: not documented].
"""


@dataclass(frozen=True)
class LoginPage:
    """A page that asks for an address and then for the code sent to it.

    Attributes:
        configuration: The portal configuration that the session will have.
        expired: The session that is recovered, None at a shareable login page.
        email: The address that the code goes to, masked, where that is known.
    """

    context: Context = field(repr=False)
    configuration: Json
    expired: Json | None = None

    @property
    def branding(self) -> Branding:
        """The name and the colour of the company."""
        return branding(self.context, self.expired)

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
    def email(self) -> str | None:
        """See the class."""
        if self.expired is None:
            return None
        address = self._customer(self.expired["customer"])["email"] or ""
        name, at, host = address.partition("@")
        return f"{name[:1]}•••{at}{host}" if at else None

    def send_code(self, email: str) -> None:
        """Send a code, if there is a customer with this address.

        Nothing tells whether there is one. When an expired session is recovered, the
        code goes to its customer, whatever *email* says.
        """
        context = self.context
        customer = self._find(email)
        if customer is None or not customer["email"]:
            return
        code = f"{secrets.randbelow(1_000_000):06}"
        with context.store.transaction(context.partition):
            context.partition.put(
                {
                    "id": self._key(email),
                    "object": _KIND,
                    "code": code,
                    "customer": customer["id"],
                    "expires": context.clock.now() + _LIFETIME,
                    "tries": 0,
                }
            )
            outbox.send(context, customer["email"], code, self._account)
            context.store.save()

    def sign_in(self, email: str, code: str) -> str:
        """Return the link of a new session.

        Raises:
            Invalid: The code is not the one that was sent, or was used, or is too old.
        """
        context = self.context
        with context.store.transaction(context.partition):
            waiting = context.partition.get(_KIND, self._key(email))
            customer = self._use_code(waiting, code.strip())
            try:
                session = None if customer is None else self._session(customer)
            except StripeError as error:
                raise from_stripe(error) from None
            context.store.save()
        if session is None:
            raise Invalid("The code is wrong or has expired.", "wrong_code", "code")
        url: str = session["url"]
        return url

    @property
    def _account(self) -> str:
        named = self.expired and self.expired["on_behalf_of"]
        return str(named or self.context.partition.account)

    def _session(self, customer: str) -> Json:
        params: Json = {"configuration": self.configuration["id"]}
        if self.expired:
            kept = ("locale", "on_behalf_of", "return_url")
            params |= {name: self.expired[name] for name in kept}
        fallback = self.configuration["default_return_url"] or self.context.origin
        params["return_url"] = params.get("return_url") or fallback
        return sessions.create(self.context, {**params, "customer": customer})

    def _use_code(self, waiting: Json | None, code: str) -> str | None:
        """Return whose code it was; a code works once, and is guessed at five times."""
        if waiting is None:
            return None
        partition = self.context.partition
        right = hmac.compare_digest(waiting["code"].encode(), code.encode())
        late = waiting["expires"] <= self.context.clock.now()
        if right or late or waiting["tries"] + 1 >= _TRIES:
            partition.remove(waiting)
        else:
            partition.put({**waiting, "tries": waiting["tries"] + 1})
        customer: str = waiting["customer"]
        gone = partition.get("customer", customer) or {"deleted": True}
        return customer if right and not late and not gone.get("deleted") else None

    def _find(self, email: str) -> Json | None:
        """Find the customer who signs in.

        Of several customers with an address the newest with a subscription signs in
        [DOCUMENTED:
        docs.stripe.com/customer-management/activate-no-code-customer-portal].
        """
        if self.expired:
            return self._customer(self.expired["customer"])
        wanted = email.strip().lower()
        found = [
            each
            for each in self.context.partition.all("customer")
            if wanted and (each.get("email") or "").lower() == wanted
        ]
        subscribed = {
            each["customer"]
            for each in self.context.partition.all("subscription")
            if not each["ended_at"]
        }
        found.sort(key=lambda each: each["id"] not in subscribed)
        return found[0] if found else None

    def _customer(self, id_: str) -> Json:
        return self.context.get("customer", id_)

    def _key(self, email: str) -> str:
        if self.expired:
            return str(self.expired["id"])
        return f"{self.configuration['id']}/{email.strip().lower()}"
