"""Stripe's test cards, and no others: what they are and how they behave.

See https://docs.stripe.com/testing. Live mode takes them too, as nothing about the
sandbox's live mode is live [ours].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = ["Decline", "card", "decline_of", "number_of", "refusal"]


@dataclass(frozen=True)
class Decline:
    """How a card is refused: when it is added, or only when it is charged."""

    code: str
    decline_code: str | None
    message: str
    on_attach: bool = True


@dataclass(frozen=True)
class _Card:
    number: str
    brand: str
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None


_DECLINED = "Your card was declined."
_GENERIC = Decline("card_declined", "generic_decline", _DECLINED)
_FUNDS = Decline(
    "card_declined", "insufficient_funds", "Your card has insufficient funds."
)
_LATER = Decline("card_declined", "generic_decline", _DECLINED, on_attach=False)
_EXPIRED = Decline("expired_card", None, "Your card has expired.")
_CVC = Decline("incorrect_cvc", None, "Your card's security code is incorrect.")

_CARDS = {
    "visa": _Card("4242424242424242", "visa"),
    "visa_debit": _Card("4000056655665556", "visa", "debit"),
    "mastercard": _Card("5555555555554444", "mastercard"),
    "mastercard_debit": _Card("5200828282828210", "mastercard", "debit"),
    "mastercard_prepaid": _Card("5105105105105100", "mastercard", "prepaid"),
    "amex": _Card("378282246310005", "amex"),
    "discover": _Card("6011111111111117", "discover"),
    "diners": _Card("3056930009020004", "diners"),
    "jcb": _Card("3566002020360505", "jcb"),
    "unionpay": _Card("6200000000000005", "unionpay"),
    "us": _Card("4242424242424242", "visa"),
    "ca": _Card("4000001240000000", "visa", country="CA"),
    "de": _Card("4000002760000016", "visa", country="DE"),
    "es": _Card("4000007240000007", "visa", country="ES"),
    "fr": _Card("4000002500000003", "visa", country="FR"),
    "gb": _Card("4000008260000000", "visa", country="GB"),
    "it": _Card("4000003800000008", "visa", country="IT"),
    "jp": _Card("4000003920000003", "visa", country="JP"),
    "chargeDeclined": _Card("4000000000000002", "visa", decline=_GENERIC),
    "visa_chargeDeclined": _Card("4000000000000002", "visa", decline=_GENERIC),
    "chargeDeclinedInsufficientFunds": _Card(
        "4000000000009995", "visa", decline=_FUNDS
    ),
    "chargeDeclinedExpiredCard": _Card("4000000000000069", "visa", decline=_EXPIRED),
    "chargeDeclinedIncorrectCvc": _Card("4000000000000127", "visa", decline=_CVC),
    "chargeCustomerFail": _Card("4000000000000341", "visa", decline=_LATER),
}
"""By what follows `pm_card_` or `tok_` in Stripe's ready-made ids."""

_BY_NUMBER = {each.number: each for each in reversed(_CARDS.values())}
_BY_FINGERPRINT = {
    alphanumeric(f"fingerprint/{number}", 16): each
    for number, each in _BY_NUMBER.items()
}


def number_of(token: str) -> str | None:
    """Return the number behind `pm_card_visa` or `tok_visa`, None for other ids."""
    for prefix in ("pm_card_", "tok_"):
        name = token.removeprefix(prefix)
        if name != token and name in _CARDS:
            return _CARDS[name].number
    return None


def decline_of(card: Json) -> Decline | None:
    """Return how charges of a stored *card* are declined, None where they succeed."""
    found = _BY_FINGERPRINT.get(card["fingerprint"])
    return found.decline if found else None


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
        raise refusal("incorrect_number", "Your card number is incorrect.", "number")
    found = _BY_NUMBER.get(number)
    if found is None:
        raise refusal(
            "card_declined",
            "Your card was declined. Your request was in test mode, but used a non "
            "test card. For a list of valid test cards, visit: "
            "https://stripe.com/docs/testing.",
            "number",
        )
    today = datetime.fromtimestamp(context.clock.now(), timezone.utc)
    month, year = exp_month or today.month, exp_year or today.year + 1
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        message = "Your card's expiration month is invalid."
        raise refusal("invalid_expiry_month", message, "exp_month")
    if year > today.year + 50 or (year, month) < (today.year, today.month):
        message = "Your card's expiration year is invalid."
        raise refusal("invalid_expiry_year", message, "exp_year")
    if cvc is not None and not (cvc.isdigit() and len(cvc) in (3, 4)):
        message = "Your card's security code is invalid."
        raise refusal("invalid_cvc", message, "cvc")
    return {
        "brand": found.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass" if cvc else None,
        },
        "country": found.country,
        "display_brand": found.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": alphanumeric(f"fingerprint/{number}", 16),
        "funding": found.funding,
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [found.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def refusal(
    code: str, message: str, param: str | None = None, decline: str | None = None
) -> StripeError:
    """Refuse a card, as https://docs.stripe.com/error-codes has it."""
    return StripeError(
        402,
        message,
        param=param,
        code=code,
        decline_code=decline,
        type="card_error",
        evidence=Evidence.DOCUMENTED,
        source="https://docs.stripe.com/error-codes, https://docs.stripe.com/testing",
    )


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return len(digits) >= 12 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
