"""How a call and its outcome are written down, and how they are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.portal.shop import Shop

__all__ = ["THERE", "Call", "Refused", "Team", "left_out", "try_call"]

THERE: Any = object()
"""Stands for any value but null."""

PRO, BASIC = "price_ProMonthlyTest", "price_BasicMonthlyTest"


@dataclass(frozen=True)
class Refused:
    """An error: what it is by its status and code, and a part of its message."""

    status: int
    code: str | None = None
    says: str = ""
    decline_code: str | None = None


def left_out(*names: str) -> Refused:
    """Return the outcome of what the sandbox has not: *names* are in its message."""
    return Refused(501, "sandbox_unsupported", " ".join(names))


Outcome = Mapping[str, Any] | Refused
Call = tuple[str, Callable[["Team"], Any], Outcome]
"""Its name, how it is made, and what is in its answer, by dotted path."""


class Team:
    """What a suite has before each of its tests, and Stripe's client."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.shop = Shop(sandbox)
        self.sandbox = sandbox
        self.client: Any = sandbox.client()
        self.v1: Any = self.client.v1

    def customer(self, card: str | None = "pm_card_visa", **fields: Any) -> str:
        """Make a customer, with a card that is their default."""
        return self.shop.customer(price=None, card=card, fields=fields).id

    def subscribe(self, customer: str = "", **terms: Any) -> Any:
        """Subscribe a customer, or a new one, to Pro by the month."""
        wanted = {"customer": customer or self.customer(), "items": [{"price": PRO}]}
        return self.v1.subscriptions.create({**wanted, **terms})

    def invoice(self, **fields: Any) -> Any:
        """Make a draft of one item, to be sent."""
        terms = fields or {"collection_method": "send_invoice", "days_until_due": 30}
        draft = self.v1.invoices.create({"customer": self.customer(), **terms})
        item = {"customer": draft.customer, "invoice": draft.id}
        amount = {"amount": 1200, "currency": "usd", "description": "Set-up"}
        self.v1.invoice_items.create({**item, **amount})
        return draft

    def coupon(self, **fields: Any) -> str:
        """Make a coupon of 25 percent for ever."""
        wanted = {"percent_off": 25, "duration": "forever", **fields}
        id_: str = self.v1.coupons.create(wanted).id
        return id_

    def code(self, **fields: Any) -> Any:
        """Make a promotion code of such a coupon."""
        promotion = {"type": "coupon", "coupon": self.coupon()}
        return self.v1.promotion_codes.create({"promotion": promotion, **fields})

    @property
    def now(self) -> int:
        """The sandbox's time."""
        return self.sandbox.now


def try_call(team: Team, call: Call) -> None:
    """Make a call, and compare what comes of it."""
    _, make, outcome = call
    if isinstance(outcome, Refused):
        with pytest.raises(stripe.StripeError) as caught:
            make(team)
        error = caught.value
        body: Any = error.json_body
        found = body["error"]
        expected = outcome.status, outcome.code, outcome.decline_code
        codes = found.get("code"), found.get("decline_code")
        assert (error.http_status, *codes) == expected, body
        assert outcome.says in found["message"]
        return
    answer = make(team)
    assert outcome
    for path, wanted in outcome.items():
        found = _dig(answer, path)
        if wanted is THERE:
            assert found is not None, path
        else:
            assert found == wanted, (path, found)


def _dig(value: Any, path: str) -> Any:
    for name in path.split("."):
        if name == "#":
            value = len(value)
        elif name.isdigit():
            value = value[int(name)]
        else:
            value = value[name]
    return value.to_dict() if hasattr(value, "to_dict") else value
