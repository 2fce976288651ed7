"""Stripe's test cards, and no others: how they look and how they behave.

Live mode takes test cards too [OURS: nothing about the sandbox's live mode is live].
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Literal

from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .test_cards import Decline, TestCard, all_cards, by_name, by_number

__all__ = [
    "Decline",
    "card",
    "card_error",
    "charge",
    "decline_of",
    "declined",
    "needs_authentication",
    "number_of",
]


_Next = Literal["succeeded", "requires_action"]


def number_of(token: str) -> str | None:
    """Return the number behind `pm_card_visa` or `tok_visa`, None for other ids."""
    found = by_name(token)
    return found.number if found else None


def decline_of(card: Json) -> Decline | None:
    """Return how charges of a stored *card* are declined, None where they succeed."""
    return _played(card).decline


def charge(method: Json, *, on_session: bool) -> _Next | Decline:
    """Return what comes of charging *method*, while the customer is there or not.

    3-D Secure comes before a decline [DOCUMENTED: docs.stripe.com/testing].
    """
    played = _played(method["card"])
    needed = {
        None: False,
        "always": True,
        "on_session": on_session,
        "unless_set_up": on_session or not method["is_set_up"],
    }[played.authentication]
    if needed and not method["is_authenticated"]:
        return "requires_action"
    return played.decline or "succeeded"


def needs_authentication(method: Json) -> bool:
    """Tell whether *method* is authenticated when it is set up.

    One that is set up for off-session use already is not
    [DOCUMENTED: docs.stripe.com/testing].
    """
    return _played(method["card"]).authentication in ("always", "unless_set_up")


def _played(card: Json) -> TestCard:
    return _BY_FINGERPRINT[card["fingerprint"]]


def card(
    context: Context,
    number: str,
    exp_month: int | None = None,
    exp_year: int | None = None,
    cvc: str | None = None,
) -> Json:
    """Return the field `card` of a payment method; the number is not kept.

    Raises:
        StripeError: 402, the number is no test card's, or its expiry or code is wrong.
    """
    number = number.replace(" ", "").replace("-", "")
    if not number.isascii() or not number.isdigit() or not _luhn(number):
        raise card_error("Your card number is incorrect.", "incorrect_number", "number")
    found = by_number(number)
    if found is None:
        raise card_error(
            "Your card was declined. Your request was in test mode, but used a non "
            "test card. For a list of valid test cards, visit: "
            "https://stripe.com/docs/testing.",
            "card_declined",
            "number",
        )
    today = datetime.fromtimestamp(context.clock.now(), timezone.utc)
    month, year = exp_month or today.month, exp_year or today.year + 1
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        raise card_error(
            "Your card's expiration month is invalid.",
            "invalid_expiry_month",
            "exp_month",
        )
    if year > today.year + 50 or (year, month) < (today.year, today.month):
        raise card_error(
            "Your card's expiration year is invalid.", "invalid_expiry_year", "exp_year"
        )
    if cvc is not None and not (cvc.isdigit() and len(cvc) in (3, 4)):
        raise card_error("Your card's security code is invalid.", "invalid_cvc", "cvc")
    return {
        "brand": found.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass" if cvc else None,
            **dict.fromkeys(found.failed_checks, "fail"),
        },
        "country": found.country,
        "display_brand": found.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": _fingerprint(number),
        "funding": found.funding,
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [found.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def card_error(
    message: str, code: str, param: str | None = None, decline: str | None = None
) -> StripeError:
    """Refuse a card, as https://docs.stripe.com/error-codes has it."""
    return StripeError(
        message,
        Evidence.DOCUMENTED(
            "https://docs.stripe.com/error-codes, https://docs.stripe.com/testing"
        ),
        param=param,
        code=code,
        status=402,
        decline_code=decline,
        type="card_error",
    )


def declined(error: Json) -> StripeError:
    """Refuse with the `last_payment_error` of a payment intent."""
    message, code = error["message"], error["code"]
    return card_error(message, code, decline=error.get("decline_code"))


def _fingerprint(number: str) -> str:
    return alphanumeric(f"fingerprint/{number}", 16)


_BY_FINGERPRINT = {_fingerprint(each.number): each for each in all_cards()}


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return len(digits) >= 12 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
