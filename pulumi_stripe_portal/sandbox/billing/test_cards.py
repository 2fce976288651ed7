"""The cards of https://docs.stripe.com/testing: each is known, or refused by its name.

`pm_card_` or `tok_` and a name of a card are its ready-made ids.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from pulumi_stripe_portal.sandbox.errors import unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["Decline", "TestCard", "all_cards", "by_name", "by_number"]


@dataclass(frozen=True)
class Decline:
    """How a card is refused: when it is added, or only when it is charged."""

    basis: ClassVar = Evidence.DOCUMENTED("https://docs.stripe.com/testing")
    code: str
    decline_code: str | None
    message: str
    on_attach: bool = True


@dataclass(frozen=True)
class TestCard:
    """A test card.

    Attributes:
        number: Its number.
        brand: As `visa`.
        funding: `credit`, `debit` or `prepaid`.
        country: Where its bank is, two letters.
        decline: How its charges are refused, None where they succeed.
        authentication: When 3-D Secure is needed: `always`, `on_session`, or
            `unless_set_up`, which is also `on_session`; None for never.
        failed_checks: Which checks of code and address fail, where there is one.
    """

    number: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    authentication: str | None = None
    failed_checks: tuple[str, ...] = ()


def all_cards() -> Collection[TestCard]:
    """Return the cards that can be played."""
    return _NUMBERS.values()


def by_number(number: str) -> TestCard | None:
    """Find the card with a number.

    Raises:
        StripeError: 501, it is a card of Stripe's that the sandbox doesn't play.
    """
    _refuse(number)
    return _NUMBERS.get(number)


def by_name(token: str) -> TestCard | None:
    """Find the card behind `pm_card_visa` or `tok_visa`; None for other ids.

    Raises:
        StripeError: 501, it is a card of Stripe's that the sandbox doesn't play, or
            what it has for testing other ways to pay, as `pm_usBankAccount_success`.
    """
    for prefix in ("pm_card_", "tok_"):
        name = token.removeprefix(prefix)
        if name == token:
            continue
        _refuse(name)
        return _NAMES.get(name)
    if _NO_CARD.fullmatch(token):
        raise unsupported(f"the test payment method {token}, which is no card")
    return None


def _refuse(named: str) -> None:
    for name, number, *what in _rows(_NOT_HERE):
        if named in (name, number):
            about = " ".join(what)
            raise unsupported(f"the test card {named}, for {about}")


_NO_CARD = re.compile(r"(pm_[A-Za-z]+|btok)_\w+", re.ASCII)

_DECLINED = "Your card was declined."
_HOW = {
    "chargeDeclined": Decline("card_declined", "generic_decline", _DECLINED),
    "chargeDeclinedInsufficientFunds": Decline(
        "card_declined", "insufficient_funds", "Your card has insufficient funds."
    ),
    "chargeDeclinedLostCard": Decline("card_declined", "lost_card", _DECLINED),
    "chargeDeclinedStolenCard": Decline("card_declined", "stolen_card", _DECLINED),
    "chargeDeclinedVelocityLimitExceeded": Decline(
        "card_declined", "card_velocity_exceeded", _DECLINED
    ),
    "chargeDeclinedFraudulent": Decline("card_declined", "fraudulent", _DECLINED),
    "chargeDeclinedExpiredCard": Decline(
        "expired_card", None, "Your card has expired."
    ),
    "chargeDeclinedIncorrectCvc": Decline(
        "incorrect_cvc", None, "Your card's security code is incorrect."
    ),
    "chargeDeclinedProcessingError": Decline(
        "processing_error",
        None,
        "An error occurred while processing your card. Try again in a little bit.",
    ),
}


_BRANDS = """
visa 4242424242424242 visa credit
visa_debit 4000056655665556 visa debit
mastercard 5555555555554444 mastercard credit
- 2223003122003222 mastercard credit
mastercard_debit 5200828282828210 mastercard debit
mastercard_prepaid 5105105105105100 mastercard prepaid
amex 378282246310005 amex credit
amex_threeDSecureNotSupported 378282246310005 amex credit
- 371449635398431 amex credit
discover 6011111111111117 discover credit
- 6011000990139424 discover credit
discover_debit 6011981111111113 discover debit
diners 3056930009020004 diners credit
- 36227206271667 diners credit
- 6555900000604105 discover credit
jcb 3566002020360505 jcb credit
unionpay 6200000000000005 unionpay credit
unionpay_debit 6200000000000047 unionpay debit
- 6205500000000000004 unionpay credit
bypassPending 4000000000000077 visa credit
bypassPendingInternational 4000003720000278 visa credit
pendingRefund 4000000000007726 visa credit
refundFail 4000000000005126 visa credit
riskLevelElevated 4000000000009235 visa credit
threeDSecureOptional 4000000000003055 visa credit
- 4000000032200000 visa credit
"""

_COUNTRIES = """
us 4242424242424242 ar 4000000320000021 br 4000000760000002 ca 4000001240000000
cl 4000001520000001 co 4000001700000003 cr 4000001880000005 ec 4000002180000000
mx 4000004840008001 pa 4000005910000000 py 4000006000000066 pe 4000006040000068
uy 4000008580000003 ae 4000007840000001 at 4000000400000008 be 4000000560000004
bg 4000001000000000 by 4000001120000005 hr 4000001910000009 cy 4000001960000008
cz 4000002030000002 dk 4000002080000001 ee 4000002330000009 fi 4000002460000001
fr 4000002500000003 de 4000002760000016 gi 4000002920000005 gr 4000003000000030
hu 4000003480000005 ie 4000003720000005 it 4000003800000008 lv 4000004280000005
li 4000004380000004 lt 4000004400000000 lu 4000004420000006 mt 4000004700000007
nl 4000005280000002 no 4000005780000007 pl 4000006160000005 pt 4000006200000007
ro 4000006420000001 sa 4000006820000007 si 4000007050000006 sk 4000007030000001
es 4000007240000007 se 4000007520000008 ch 4000007560000009 gb 4000008260000000
gb_debit 4000058260000005 gb_mastercard 5555558265554449
au 4000000360000006 cn 4000001560000002 hk 4000003440000004 in 4000003560000008
jp 4000003920000003 jp_jcb 3530111333300000 my 4000004580000002 nz 4000005540000008
sg 4000007020000003 tw 4000001580000008 th_credit 4000007640000003
th_debit 4000057640000008
"""

_DECLINES = """
chargeDeclined 4000000000000002
chargeDeclinedInsufficientFunds 4000000000009995
chargeDeclinedLostCard 4000000000009987
chargeDeclinedStolenCard 4000000000009979
chargeDeclinedExpiredCard 4000000000000069
chargeDeclinedIncorrectCvc 4000000000000127
chargeDeclinedProcessingError 4000000000000119
chargeDeclinedVelocityLimitExceeded 4000000000006975
"""

_CHARGED_IN_VAIN = """
chargeCustomerFail chargeDeclined 4000000000000341
radarBlock chargeDeclinedFraudulent 4100000000000019
chargeDeclinedFraudulent chargeDeclinedFraudulent 4100000000000019
riskLevelHighest chargeDeclinedFraudulent 4000000000004954
"""
"""Cards that can be saved, and decline every charge: name, how, number."""

_CHECKS = """
cvcCheckFail 4000000000000101 cvc_check
cvcCheckFailElevatedRisk 4000058400307872 cvc_check
avsZipFail 4000000000000036 address_postal_code_check
avsZipFailElevatedRisk 4000058400306072 address_postal_code_check
avsLine1Fail 4000000000000028 address_line1_check
avsFail 4000000000000010 address_line1_check,address_postal_code_check
avsUnchecked 4000000000000044 -
"""

_AUTHENTICATED = """
authenticationRequired 4000002760003184 always -
authenticationRequiredOnSetup 4000002500003155 unless_set_up -
authenticationRequiredSetupForOffSession 4000003800000446 on_session -
authenticationRequiredChargeDeclinedInsufficientFunds 4000008260003178 always \
chargeDeclinedInsufficientFunds
threeDSecure2Required 4000000000003220 always -
threeDSecureRequired 4000000000003063 always -
threeDSecureRequiredChargeDeclined 4000008400001629 always chargeDeclined
threeDSecureRequiredProcessingError 4000008400001280 always \
chargeDeclinedProcessingError
- 4000582600000094 always -
- 4000582600000045 always -
- 4000582600000102 always -
- 4000582600000110 always -
"""
"""Name, number, when it is authenticated, and how it is declined then."""

_NOT_HERE = """
createDispute 4000000000000259 disputes
createDisputeProductNotReceived 4000000000002685 disputes
createDisputeInquiry 4000000000001976 disputes
createIssuerFraudRecord 4000000000005423 warnings of fraud
createMultipleDisputes 4000000404000079 disputes
createCe3EligibleDispute 4000000404000038 disputes
createComplianceDispute 4000008400000779 disputes
threeDSecureOptionalProcessingError 4000000000003097 errors of 3-D Secure
visa_cartesBancaires 4000002500001001 co-branded cards
mastercard_cartesBancaires 5555552500001001 co-branded cards
visa_debit_eftposAuCoBranded 4000050360000001 co-branded cards
mastercard_debit_eftposAuCoBranded 5555050360000080 co-branded cards
- 4000000000001208 captchas
- 4000000000003725 captchas
indiaRecurringMandateSetupAndRenewalsSuccess 4000003560000123 Indian mandates
indiaRecurringPaymentFailureUndeliveredDebitNotification 4000003560000297 \
Indian mandates
indiaRecurringPaymentFailureAfterPreDebitNotification 4000003560000263 Indian mandates
indiaRecurringPaymentFailureCanceledMandate 4000002760000321 Indian mandates
- 4000003560000305 Indian mandates
- 4001007020000002 PINs at a terminal
- 4001000360000005 PINs at a terminal
"""
"""Cards of Stripe's for what the sandbox has not: name, number, and for what."""


def _rows(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield line.split()


def _in_vain(how: str) -> Decline:
    """Return a decline of the charge alone: the card can be saved."""
    return replace(_HOW[how], on_attach=False)


def _all() -> Iterator[tuple[str, TestCard]]:
    for name, number, brand, funding in _rows(_BRANDS):
        yield name, TestCard(number, brand, funding)
    words = _COUNTRIES.split()
    for name, number in zip(words[::2], words[1::2], strict=True):
        kind = {"3": "jcb", "4": "visa", "5": "mastercard"}[number[0]]
        funding = "debit" if name.endswith("debit") else "credit"
        yield name, TestCard(number, kind, funding, name[:2].upper())
    for name, number in _rows(_DECLINES):
        yield name, TestCard(number, decline=_HOW[name])
    for name, how, number in _rows(_CHARGED_IN_VAIN):
        yield name, TestCard(number, decline=_in_vain(how))
    for name, number, checks in _rows(_CHECKS):
        failed = () if checks == "-" else tuple(checks.split(","))
        yield name, TestCard(number, failed_checks=failed)
    for name, number, when, how in _rows(_AUTHENTICATED):
        decline = None if how == "-" else _in_vain(how)
        yield name, TestCard(number, decline=decline, authentication=when)


_NUMBERS: dict[str, TestCard] = {}
_NAMES: dict[str, TestCard] = {}
for _name, _card in _all():
    _NUMBERS.setdefault(_card.number, _card)
    if _name != "-":
        _NAMES[_name] = _card
        # Declines have `visa_` before their name, or had it once.
        _NAMES.setdefault(f"visa_{_name}", _card)
