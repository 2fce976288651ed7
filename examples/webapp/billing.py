"""The present state of customers, asked from Stripe and kept for display.

Webhook events say only *that* something changed. What it is now is asked from the API,
so events may come twice, late or in any order, and the newest answer is right.
"""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Any, TypedDict

import requests
import stripe

from .entitlements import PLANS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Store

__all__ = ["Billing", "Card", "State", "Subscription", "stripe_client"]


_log = logging.getLogger(__name__)


class Subscription(TypedDict):
    """What is kept of a subscription."""

    id: str
    item: str
    status: str
    tier: str | None
    """None for a product that is none of ours."""
    amount: int
    currency: str
    interval: str
    quantity: int
    period_end: int
    ends_at: int | None
    """Set when it is to end instead of renewing."""
    paused: bool
    resumes_at: int | None
    own_card: str | None
    """A payment method that it uses instead of the customer's default."""


class Card(TypedDict):
    """What is kept of a payment method: what a receipt would show."""

    id: str
    label: str
    expires: str | None
    default: bool


class State(TypedDict):
    """What is kept of a customer.

    The address is where invoices go. It is not the address that somebody signs in with.
    """

    name: str | None
    email: str | None
    phone: str | None
    address: list[str]
    subscription: Subscription | None
    cards: list[Card]
    tax_ids: list[str]
    last_payment: tuple[int, str, int] | None
    """Amount, currency and time."""


def stripe_client(key: str, base: str | None) -> stripe.StripeClient:
    """Return Stripe's client, for Stripe or for what answers at *base* in its place."""
    session = requests.Session()
    session.trust_env = base is None  # a company's proxy, but not to this machine
    # An `auth` of its own keeps ~/.netrc from replacing the key, and Stripe's API has
    # no redirects to follow with it.
    session.auth = _as_it_is
    session.max_redirects = 0
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        # A page waits for it: shorter than the 80 seconds of the default.
        http_client=stripe.RequestsClient(timeout=10, session=session),
        max_network_retries=2,
    )


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class Billing:
    """The kept state, and the way to bring it up to date."""

    def __init__(self, client: stripe.StripeClient, store: Store) -> None:
        """Read from Stripe with the client, and keep what it says in the store."""
        self._client = client
        self._store = store
        self._tiers: dict[str, str] = {}
        self._asking: dict[str, threading.Lock] = {}

    def state(self, customer: str | None) -> State | None:
        """Return what is kept of a customer, without asking anybody."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT state FROM billing WHERE customer = ?", [customer]
            ).fetchone()
        return None if row is None else json.loads(row["state"])

    def known(self, customer: str | None) -> State | None:
        """Return what is kept of a customer, asked for if nothing is yet."""
        state = self.state(customer)
        if state is not None or customer is None:
            return state
        try:
            self.sync(customer)
        except stripe.StripeError:
            _log.exception("%s can't be asked for now", customer)
        return self.state(customer)

    def sync(self, subject: str) -> None:
        """Ask Stripe for a customer or a portal configuration, and keep the answer.

        Raises:
            stripe.StripeError: It can't be had now.
        """
        # An answer that was asked for earlier must not be kept over a later one.
        with self._asking.setdefault(subject, threading.Lock()):
            try:
                if subject.startswith("bpc_"):
                    self._sync_configuration(subject)
                else:
                    self._sync_customer(subject)
            except stripe.InvalidRequestError as error:
                if error.code != "resource_missing":
                    raise
                self._forget(subject)

    def offers(self, configuration: str) -> set[str] | None:
        """Name the features that a portal has on; None where that isn't known yet."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT features FROM configurations WHERE id = ?", [configuration]
            ).fetchone()
        return None if row is None else set(json.loads(row["features"]))

    def _sync_customer(self, customer: str) -> None:
        with self._store.transaction() as db:
            ours = db.execute("SELECT 1 FROM users WHERE customer = ?", [customer])
            if ours.fetchone() is None:
                return  # somebody else's customer: nothing about them is kept
        v1 = self._client.v1
        found = v1.customers.retrieve(customer).to_dict()
        if found.get("deleted"):
            self._forget(customer)
            return
        subscriptions = v1.subscriptions.list({"customer": customer, "limit": 100})
        cards = v1.customers.payment_methods.list(customer, {"limit": 100})
        tax_ids = v1.customers.tax_ids.list(customer, {"limit": 100})
        paid = v1.invoices.list({"customer": customer, "status": "paid", "limit": 1})
        state: State = {
            "name": found["name"],
            "email": found["email"],
            "phone": found["phone"],
            "address": _address(found["address"] or {}),
            "subscription": self._subscription(
                [each.to_dict() for each in subscriptions.data]
            ),
            "cards": [
                _card(each.to_dict(), found["invoice_settings"]) for each in cards.data
            ],
            "tax_ids": [_tax_id(each.to_dict()) for each in tax_ids.data],
            "last_payment": next(
                ((each.amount_paid, each.currency, each.created) for each in paid.data),
                None,
            ),
        }
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO billing VALUES (?, ?)",
                [customer, json.dumps(state)],
            )

    def _sync_configuration(self, id_: str) -> None:
        found = self._client.v1.billing_portal.configurations.retrieve(id_).to_dict()
        offered = [
            name for name, feature in found["features"].items() if feature["enabled"]
        ]
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO configurations VALUES (?, ?)",
                [id_, json.dumps(offered)],
            )

    def _forget(self, subject: str) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM billing WHERE customer = ?", [subject])
            db.execute("DELETE FROM configurations WHERE id = ?", [subject])

    def _subscription(self, found: list[dict[str, Any]]) -> Subscription | None:
        """Pick the subscription that counts: one that runs, else the newest."""
        if not found:
            return None
        best = max(found, key=lambda each: (_rank(each["status"]), each["created"]))
        item = best["items"]["data"][0]
        price = item["price"]
        ends_at = best["cancel_at"]
        if ends_at is None and best["cancel_at_period_end"]:
            ends_at = item["current_period_end"]
        pause = best["pause_collection"]
        return {
            "id": best["id"],
            "item": item["id"],
            "status": best["status"],
            "tier": self._tier(price),
            "amount": price["unit_amount"] or 0,
            "currency": price["currency"],
            "interval": price["recurring"]["interval"],
            "quantity": item.get("quantity") or 1,
            "period_end": item["current_period_end"],
            "ends_at": ends_at,
            "paused": pause is not None or best["status"] == "paused",
            "resumes_at": pause["resumes_at"] if pause else None,
            "own_card": best["default_payment_method"],
        }

    def _tier(self, price: Mapping[str, Any]) -> str | None:
        """Tell the tier by product: a lookup key may have moved to a newer price."""
        product = price["product"]
        if product not in self._tiers:
            keys = [
                f"{tier}_{time}" for tier in PLANS for time in ("monthly", "annual")
            ]
            prices = self._client.v1.prices.list({"lookup_keys": keys, "limit": 100})
            self._tiers |= {
                str(each.product): str(each.lookup_key).partition("_")[0]
                for each in prices.data
            }
        return self._tiers.get(product)


def _rank(status: str) -> int:
    order = ["paused", "past_due", "trialing", "active"]
    return order.index(status) if status in order else -1


def _card(found: Mapping[str, Any], invoices: Mapping[str, Any]) -> Card:
    kind = found["type"]
    card = found.get("card")
    return {
        "id": found["id"],
        "label": (
            f"{card['brand'].title()} ending in {card['last4']}"
            if card
            else kind.replace("_", " ").title()
        ),
        "expires": f"{card['exp_month']:02}/{card['exp_year'] % 100}" if card else None,
        "default": found["id"] == invoices["default_payment_method"],
    }


def _tax_id(found: Mapping[str, Any]) -> str:
    checked = (found["verification"] or {}).get("status")
    known = checked in ("pending", "verified", "unverified")
    return f"{found['value']} ({checked})" if known else str(found["value"])


def _address(found: Mapping[str, str | None]) -> list[str]:
    town = " ".join(filter(None, [found.get("postal_code"), found.get("city")]))
    lines = [found.get("line1"), found.get("line2"), town]
    return [line for line in [*lines, found.get("state"), found.get("country")] if line]
