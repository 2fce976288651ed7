"""How large a number may be: the one declaration, by the name of the parameter.

`http.validation` asks for each number that a request has. A parameter that isn't named
here has the default, so none is without bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pulumi_stripe_portal.sandbox.data.clock import LATEST
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["Range", "range_of"]

_TWELVE_DIGITS = 999_999_999_999
_PLACES = 12
_FIVE_YEARS = 5 * 31_557_600
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Range:
    """The least and the greatest value of a number.

    Attributes:
        least: The least value.
        most: The greatest value.
        future: Whether it is a time that may be five years after the present at most.
    """

    least: int
    most: int
    future: bool = False

    def check(self, path: str, value: int | float | Decimal, now: int) -> None:
        """Let a number of the parameter *path* pass, at the time *now*.

        Raises:
            StripeError: It is too small or too large, or has too many decimal places.
        """
        if value < self.least:
            raise StripeError(
                f"This value must be greater than or equal to {self.least}.",
                Evidence.OBSERVED("stripe/stripe-php #943 #982, where it is 1"),
                param=path,
                code="parameter_invalid_integer",
            )
        if self.future and value > now + _FIVE_YEARS + _DAY:
            raise StripeError(
                "Invalid timestamp: can be no more than five years in the future",
                Evidence.OBSERVED("public code: a trial_end in 2100, 2026-09-10"),
                param=path,
            )
        if value > self.most:
            raise StripeError(
                f"This value must be less than or equal to {self.most}.",
                Evidence.OURS("the words are those for limit; not each bound is known"),
                param=path,
                code="parameter_invalid_integer",
            )
        if isinstance(value, Decimal) and _places(value) > _PLACES:
            raise StripeError(
                f"Invalid decimal: {value}; must contain at maximum {_PLACES} decimal "
                "places.",
                Evidence.SPECIFIED("stripe 16.1.0, unit_amount_decimal; our words"),
                param=path,
                code="parameter_invalid_decimal",
            )


def range_of(path: str) -> Range:
    """Return the range of the parameter *path*, as `recurring[interval_count]`.

    The longest end of the path that is named decides: `card.exp_month` goes before
    `exp_month`. Positions in lists are left out.
    """
    names = [each.rstrip("]") for each in path.split("[")]
    names = [each for each in names if each and not each.isdigit()]
    for start in range(len(names)):
        found = _RANGES.get(".".join(names[start:]))
        if found:
            return found
    return _NUMBER


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


# A number has up to twelve digits [OURS: a charge has up to eight, in some currencies
# more (https://docs.stripe.com/currencies); where other numbers end is not known].
_NUMBER = Range(-_TWELVE_DIGITS, _TWELVE_DIGITS)
_NOT_NEGATIVE = Range(0, _TWELVE_DIGITS)
_POSITIVE = Range(1, _TWELVE_DIGITS)
# A price is 0 or more [SPECIFIED: stripe 16.1.0, PriceCreateParams.unit_amount].
_PRICE = _NOT_NEGATIVE
# A percentage is 0 to 100 [SPECIFIED: stripe 16.1.0, CouponCreateParams.percent_off].
_PERCENT = Range(0, 100)
# A time is between 1970 and 2099 [OURS: where the sandbox's clock ends].
_TIME = Range(0, LATEST)
_FUTURE = Range(0, LATEST, future=True)

_RANGES: Mapping[str, Range] = {
    **dict.fromkeys(
        (
            "canceled_at",
            "completed_at",
            "created",
            "current_period_end",
            "current_period_start",
            "date",
            "due_date",
            "end",
            "end_date",
            "frozen_time",
            "gt",
            "gte",
            "lt",
            "lte",
            "proration_date",
            "released_at",
            "start",
            "start_date",
            "backdate_start_date",
            "timestamp",
        ),
        _TIME,
    ),
    **dict.fromkeys(
        (
            "billing_cycle_anchor",
            "cancel_at",
            "expires_at",
            "redeem_by",
            "resumes_at",
            "trial_end",
        ),
        _FUTURE,
    ),
    **dict.fromkeys(
        (
            "amount_off",
            "divide_by",
            "duration_in_months",
            "max_redemptions",
            "next_invoice_sequence",
            "up_to",
        ),
        _POSITIVE,
    ),
    **dict.fromkeys(
        (
            "currency_options.unit_amount",
            "currency_options.unit_amount_decimal",
            "default_price_data.unit_amount",
            "default_price_data.unit_amount_decimal",
            "price_data.unit_amount",
            "price_data.unit_amount_decimal",
            "tiers.flat_amount",
            "tiers.flat_amount_decimal",
            "tiers.unit_amount",
            "tiers.unit_amount_decimal",
            "unit_amount",
            "unit_amount_decimal",
        ),
        _PRICE,
    ),
    **dict.fromkeys(
        (
            "minimum_amount",
            "custom_unit_amount.maximum",
            "custom_unit_amount.minimum",
            "custom_unit_amount.preset",
        ),
        _NOT_NEGATIVE,
    ),
    **dict.fromkeys(
        ("amount_percent", "application_fee_percent", "percent_off", "percentage"),
        _PERCENT,
    ),
    # Until when a customer may sign in again.
    "customer_login.expires_at": _TIME,
    # A credit to an account is a negative amount.
    "invoice_items.unit_amount": _NUMBER,
    "invoice_items.unit_amount_decimal": _NUMBER,
    # A quantity has up to nine digits [OURS: where it ends is not known].
    "quantity": Range(0, 999_999_999),
    # Customers can choose up to 999,999 [OURS: what Checkout has; where the portal ends
    # is not known].
    "adjustable_quantity.maximum": Range(0, 999_999),
    "adjustable_quantity.minimum": Range(0, 999_999),
    # Three years at most [SPECIFIED: stripe 16.1.0, PriceCreateParams.recurring].
    "interval_count": Range(1, 3 * 366),
    "iterations": Range(1, 1_000),
    # Two years at most [SPECIFIED: stripe 16.1.0, SubscriptionCreateParams.trial_end].
    "trial_period_days": Range(0, 2 * 365),
    "days_until_due": Range(0, 1_000),
    "day": Range(1, 31),
    "day_of_month": Range(1, 31),
    "month": Range(1, 12),
    "year": Range(1900, 2100),
    "hour": Range(0, 23),
    "minute": Range(0, 59),
    "second": Range(0, 59),
}
