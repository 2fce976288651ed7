"""Every test card of https://docs.stripe.com/testing, by its ready-made id."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import Call, Outcome, Refused, Team, left_out, try_call

BRANDS = {
    "visa": ("visa", "credit"),
    "visa_debit": ("visa", "debit"),
    "mastercard": ("mastercard", "credit"),
    "mastercard_debit": ("mastercard", "debit"),
    "mastercard_prepaid": ("mastercard", "prepaid"),
    "amex": ("amex", "credit"),
    "discover": ("discover", "credit"),
    "diners": ("diners", "credit"),
    "jcb": ("jcb", "credit"),
    "unionpay": ("unionpay", "credit"),
}
COUNTRIES = (
    "us ar br ca cl co cr ec mx pa py pe uy ae at be bg by hr cy cz dk ee fi fr de gi "
    "gr hu ie it lv li lt lu mt nl no pl pt ro sa si sk es se ch gb au cn hk in jp my "
    "nz sg tw"
)
DECLINED_WHEN_SAVED = {
    "visa_chargeDeclined": ("card_declined", "generic_decline"),
    "visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "visa_chargeDeclinedLostCard": ("card_declined", "lost_card"),
    "visa_chargeDeclinedStolenCard": ("card_declined", "stolen_card"),
    "chargeDeclinedExpiredCard": ("expired_card", None),
    "chargeDeclinedIncorrectCvc": ("incorrect_cvc", None),
    "chargeDeclinedProcessingError": ("processing_error", None),
    "visa_chargeDeclinedVelocityLimitExceeded": (
        "card_declined",
        "card_velocity_exceeded",
    ),
}
INCOMPLETE = [
    "chargeCustomerFail",
    "radarBlock",
    "riskLevelHighest",
    "authenticationRequired",
    "authenticationRequiredOnSetup",
    "authenticationRequiredSetupForOffSession",
    "authenticationRequiredChargeDeclinedInsufficientFunds",
    "threeDSecure2Required",
    "threeDSecureRequired",
    "threeDSecureRequiredChargeDeclined",
    "threeDSecureRequiredProcessingError",
]
PAID = [
    "threeDSecureOptional",
    "amex_threeDSecureNotSupported",
    "riskLevelElevated",
    "cvcCheckFail",
    "avsZipFail",
    "avsLine1Fail",
    "avsFail",
    "avsUnchecked",
    "pendingRefund",
    "refundFail",
    "bypassPending",
    "bypassPendingInternational",
]
LEFT_OUT = [
    "pm_card_createDispute",
    "pm_card_createDisputeProductNotReceived",
    "pm_card_createDisputeInquiry",
    "pm_card_createIssuerFraudRecord",
    "pm_card_createMultipleDisputes",
    "pm_card_threeDSecureOptionalProcessingError",
    "pm_card_visa_cartesBancaires",
    "pm_card_mastercard_cartesBancaires",
    "pm_card_indiaRecurringMandateSetupAndRenewalsSuccess",
    "pm_usBankAccount_success",
    "pm_usBankAccount_processing",
    "pm_usBankAccount_accountClosed",
    "pm_usBankAccount_insufficientFunds",
    "pm_bacsDebit_success",
]


def attach(card: str, outcome: Outcome) -> Call:
    """Return the call that saves *card*."""
    wanted = card if card.startswith("pm_") else f"pm_card_{card}"

    def make(team: Team) -> object:
        customer = {"customer": team.customer(None)}
        return team.v1.payment_methods.attach(wanted, customer)

    return wanted, make, outcome


def pay(card: str, status: str, invoice: str) -> Call:
    """Return the call that subscribes with *card*."""

    def make(team: Team) -> object:
        customer = team.customer(f"pm_card_{card}")
        return team.subscribe(customer, expand=["latest_invoice"])

    return f"paid by {card}", make, {"status": status, "latest_invoice.status": invoice}


CALLS: list[Call] = [
    *(
        attach(name, {"card.brand": brand, "card.funding": funding})
        for name, (brand, funding) in BRANDS.items()
    ),
    *(attach(each, {"card.country": each.upper()}) for each in COUNTRIES.split()),
    *(
        attach(name, Refused(402, code, decline_code=why))
        for name, (code, why) in DECLINED_WHEN_SAVED.items()
    ),
    *(pay(each, "incomplete", "open") for each in INCOMPLETE),
    *(pay(each, "active", "paid") for each in PAID),
    *(attach(each, left_out(each.removeprefix("pm_card_"))) for each in LEFT_OUT),
    attach("nonsense", Refused(400, "resource_missing", "No such PaymentMethod")),
    (
        "payment_methods.create by number",
        lambda t: t.v1.payment_methods.create(
            {
                "type": "card",
                "card": {
                    "number": "4242424242424242",
                    "exp_month": 8,
                    "exp_year": 2040,
                    "cvc": "314",
                },
            }
        ),
        {"card.last4": "4242", "customer": None, "card.checks.cvc_check": "pass"},
    ),
    (
        "… by token, with billing details",
        lambda t: t.v1.payment_methods.create(
            {
                "type": "card",
                "card": {"token": "tok_mastercard"},
                "billing_details": {"name": "Ada", "address": {"country": "DE"}},
            }
        ),
        {"card.brand": "mastercard", "billing_details.address.country": "DE"},
    ),
    (
        "… of a wrong number",
        lambda t: t.v1.payment_methods.create(
            {
                "type": "card",
                "card": {
                    "number": "4242424242424241",
                    "exp_month": 8,
                    "exp_year": 2040,
                },
            }
        ),
        Refused(402, "incorrect_number", "Your card number is incorrect."),
    ),
    (
        "… that is no card",
        lambda t: t.v1.payment_methods.create(
            {
                "type": "sepa_debit",
                "sepa_debit": {"iban": "DE89370400440532013000"},
                "billing_details": {"name": "Ada", "email": "ada@example.com"},
            }
        ),
        left_out("sepa_debit"),
    ),
    (
        "… of a card that isn't described",
        lambda t: t.v1.payment_methods.create({"type": "card"}),
        Refused(400, "parameter_missing", "Missing required param: card"),
    ),
    (
        "payment_methods.update",
        lambda t: t.v1.payment_methods.update(
            t.v1.customers.payment_methods.list(t.customer()).data[0].id,
            {"card": {"exp_year": 2041}, "metadata": {"a": "1"}},
        ),
        {"card.exp_year": 2041, "metadata": {"a": "1"}},
    ),
    (
        "payment_methods.detach",
        lambda t: t.v1.payment_methods.detach(
            t.v1.customers.payment_methods.list(t.customer()).data[0].id
        ),
        {"customer": None},
    ),
    (
        "payment_methods.list",
        lambda t: t.v1.payment_methods.list({"customer": t.customer(), "type": "card"}),
        {"data.#": 1},
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
