"""What a portal link can be asked to do, and how Stripe is asked for it."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from stripe._request_options import RequestOptions
from stripe.params.billing_portal import SessionCreateParams
from stripe.params.billing_portal import _session_create_params as stripes
from typing_extensions import get_type_hints

from pulumi_stripe_portal.portal_links import (
    AFTER,
    FLOWS,
    Link,
    NoSuchConfiguration,
    configuration_in,
    problems,
    session_params,
)
from pulumi_stripe_portal.stacks.recorded import recorded_resources

HOME = "https://shop.example.com/account"


def choices(of: str) -> set[str]:
    """Return the values of `type` in one of Stripe's own types."""
    hint = get_type_hints(getattr(stripes, of))["type"]
    return {each for arm in get_args(hint) for each in get_args(arm)}


def test_every_flow_and_what_follows_can_be_asked_for() -> None:
    """All that the installed stripe package knows; a release that adds one is red."""
    assert choices("SessionCreateParamsFlowData") == set(FLOWS)
    assert choices("SessionCreateParamsFlowDataAfterCompletion") == set(AFTER)


def test_every_parameter_can_be_given() -> None:
    """All of `SessionCreateParams`, but for how to expand the answer."""
    link = Link(
        customer="cus_1",
        customer_account="acct_1",
        configuration="bpc_1",
        return_url=HOME,
        locale="de",
        on_behalf_of="acct_2",
        flow="customer_update",
        recoverable=True,
    )
    of_requests = {*RequestOptions.__annotations__, "expand"}

    assert session_params(link).keys() == {
        name for name in SessionCreateParams.__annotations__ if name not in of_requests
    }


SUBSCRIPTION = {"subscription": "sub_1"}


@pytest.mark.parametrize(
    ("options", "flow"),
    [
        pytest.param(
            {"flow": "payment_method_update"},
            {"type": "payment_method_update"},
            id="payment-method",
        ),
        pytest.param(
            {"flow": "customer_update"}, {"type": "customer_update"}, id="customer"
        ),
        pytest.param(
            {"flow": "subscription_pause", "subscription": "sub_1"},
            {"type": "subscription_pause", "subscription_pause": SUBSCRIPTION},
            id="pause",
        ),
        pytest.param(
            {"flow": "subscription_update", "subscription": "sub_1"},
            {"type": "subscription_update", "subscription_update": SUBSCRIPTION},
            id="update",
        ),
        pytest.param(
            {
                "flow": "subscription_cancel",
                "subscription": "sub_1",
                "retention_coupon": "STAY",
            },
            {
                "type": "subscription_cancel",
                "subscription_cancel": {
                    **SUBSCRIPTION,
                    "retention": {
                        "type": "coupon_offer",
                        "coupon_offer": {"coupon": "STAY"},
                    },
                },
            },
            id="cancel",
        ),
        pytest.param(
            {
                "flow": "subscription_update_confirm",
                "subscription": "sub_1",
                "item": "si_1",
                "price": "price_1",
                "quantity": 0,
                "promotion_code": "promo_1",
            },
            {
                "type": "subscription_update_confirm",
                "subscription_update_confirm": {
                    **SUBSCRIPTION,
                    "items": [{"id": "si_1", "price": "price_1", "quantity": 0}],
                    "discounts": [{"promotion_code": "promo_1"}],
                },
            },
            id="confirm",
        ),
    ],
)
def test_flows(options: dict[str, Any], flow: dict[str, Any]) -> None:
    """A flow's details are in an object of its name."""
    link = Link(customer="cus_1", **options)

    assert list(problems(link)) == []
    assert session_params(link) == {"customer": "cus_1", "flow_data": flow}


@pytest.mark.parametrize(
    ("options", "after"),
    [
        pytest.param(
            {"after": "portal_homepage"}, {"type": "portal_homepage"}, id="homepage"
        ),
        pytest.param(
            {"after": "hosted_confirmation"}, {"type": "hosted_confirmation"}, id="page"
        ),
        pytest.param(
            {"after_message": "Thanks"},
            {
                "type": "hosted_confirmation",
                "hosted_confirmation": {"custom_message": "Thanks"},
            },
            id="message",
        ),
        pytest.param(
            {"after_url": HOME},
            {"type": "redirect", "redirect": {"return_url": HOME}},
            id="redirect",
        ),
    ],
)
def test_what_follows_on_a_flow(options: dict[str, Any], after: dict[str, Any]) -> None:
    """A message or an address tells what follows by itself."""
    link = Link(customer="cus_1", flow="customer_update", **options)

    assert list(problems(link)) == []
    assert session_params(link)["flow_data"]["after_completion"] == after


def test_recovery() -> None:
    """Customers may get back in for ever, or until a moment."""
    for_ever = session_params(Link(customer="cus_1", recoverable=True))
    until = session_params(Link(customer="cus_1", recoverable_until=7))

    assert for_ever["after_expiration"] == {"type": "customer_login"}
    assert until["after_expiration"] == {
        "type": "customer_login",
        "customer_login": {"expires_at": 7},
    }


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "Give either --customer or --customer-account."),
        (
            {"customer": "cus_1", "customer_account": "acct_1"},
            "Give either --customer or --customer-account.",
        ),
        (
            {"customer": "cus_1", "flow": "subscription_cancel"},
            "--flow subscription_cancel needs --subscription.",
        ),
        (
            {
                "customer": "cus_1",
                "flow": "subscription_update_confirm",
                "subscription": "sub_1",
                "item": "si_1",
            },
            "--flow subscription_update_confirm needs --price or --quantity.",
        ),
        (
            {
                "customer": "cus_1",
                "flow": "subscription_update_confirm",
                "subscription": "sub_1",
                "item": "si_1",
                "quantity": 2,
                "coupon": "a",
                "promotion_code": "b",
            },
            "Give either --coupon or --promotion-code.",
        ),
        (
            {"customer": "cus_1", "retention_coupon": "STAY"},
            "--retention-coupon goes with --flow subscription_cancel.",
        ),
        (
            {"customer": "cus_1", "flow": "customer_update", "after": "redirect"},
            "--after redirect needs --after-url.",
        ),
        (
            {
                "customer": "cus_1",
                "flow": "customer_update",
                "after": "portal_homepage",
                "after_url": HOME,
            },
            "--after-url goes with --after redirect.",
        ),
        (
            {"customer": "cus_1", "after_url": HOME},
            "What comes --after needs a --flow.",
        ),
        (
            {
                "customer": "cus_1",
                "flow": "customer_update",
                "after_message": "x" * 501,
            },
            "--after-message has more than 500 characters.",
        ),
    ],
)
def test_what_does_not_go_together(options: dict[str, Any], problem: str) -> None:
    """Each is told with the options to give, before Stripe is asked."""
    assert list(problems(Link(**options))) == [problem]


URN = "urn:pulumi:test::shop::pulumi-python:dynamic/stripe-portal:{}::{}"
RESOURCES: list[dict[str, Any]] = [
    {"urn": "urn:pulumi:test::shop::pulumi:pulumi:Stack::standard", "id": ""},
    *(
        {
            "urn": URN.format(kind, name),
            "type": f"pulumi-python:dynamic/stripe-portal:{kind}",
            "id": id_,
            "outputs": {"account": account},
        }
        for kind, name, id_, account in (
            ("PortalConfiguration", "standard", "bpc_1", None),
            ("DefaultPortalConfiguration", "default", "bpc_2", "acct_1"),
            ("WebhookEndpoint", "events", "we_1", None),
        )
    ),
]


def test_a_configuration_by_its_name_in_the_stack() -> None:
    """Its id and its connected account come from the stack's state."""
    stack = recorded_resources(RESOURCES)

    assert configuration_in(stack, "standard").id == "bpc_1"
    assert configuration_in(stack, "standard").account is None
    assert configuration_in(stack, "default").account == "acct_1"
    with pytest.raises(NoSuchConfiguration, match="did you mean 'standard'"):
        configuration_in(stack, "standart")
    with pytest.raises(NoSuchConfiguration, match=r"it has default, standard"):
        configuration_in(stack, "events")
