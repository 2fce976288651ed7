"""Taxes in Checkout: rates by hand, automatic tax, and what it takes to know it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import hypothesis
import pytest
import stripe
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox.portal.handlers.checkout_form import FIELDS
from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Shop

from .test_checkout import ENTERED, PRO, authenticate, start, submit
from .test_taxes import AUTOMATIC, BERLIN, adds_up, rate

TAX_ID = {"tax_id_collection": {"enabled": True}}
IN_BERLIN = {
    "address.line1": "Unter den Linden 1",
    "address.city": "Berlin",
    "address.postal_code": "10117",
    "address.country": "DE",
}
BUSINESS = {
    "business_name": "Lovelace GmbH",
    "tax_id_type": "eu_vat",
    "tax_id": "DE123456789",
}


def done(shop: Shop, session: Any) -> Any:
    """Return a session as it is now, with what came of it."""
    wanted: Any = {
        "expand": [
            "customer",
            "invoice",
            "line_items",
            "subscription",
            "total_details.breakdown",
        ]
    }
    return shop.api.checkout.sessions.retrieve(session.id, wanted)


@pytest.mark.parametrize("inclusive", [False, True])
def test_rates_by_hand(shop: Shop, inclusive: bool) -> None:
    """A session's rates are on its lines, its invoice and those to come."""
    own, every = rate(shop, 7, inclusive=inclusive), rate(shop, 19)
    lines = [
        {"price": PRO, "quantity": 2, "tax_rates": [own]},
        {"price": "price_BasicMonthlyTest", "quantity": 1},
    ]
    data = {"default_tax_rates": [every]}
    session = start(shop, line_items=lines, subscription_data=data)
    page = Browsing().get(session.url)
    submit(session)
    made = done(shop, session)
    pro, basic = made.line_items.data

    assert "VAT (19%) $1.71" in page.text
    assert ("VAT (7%) $4.06" in page.text) is not inclusive
    assert (
        session.amount_total == made.amount_total == 6700 + 171 + 406 * (not inclusive)
    )
    assert session.total_details.amount_tax == (379 if inclusive else 406) + 171
    assert (pro.amount_tax, basic.amount_tax) == (379 if inclusive else 406, 171)
    assert basic.amount_total == 900 + 171
    adds_up(made.invoice)
    assert made.invoice.total == made.amount_total
    assert [each.id for each in made.subscription.default_tax_rates] == [every]
    told = made.total_details.breakdown.taxes
    assert {each.rate.id for each in told} == {own, every}


def test_automatic_tax(shop: Shop) -> None:
    """The page asks where the customer is, and adds the tax before they pay."""
    session = start(shop, **AUTOMATIC)
    before = Browsing().get(session.url)
    after = Browsing().get(f"{session.url}?{urlencode({'address.country': 'DE'})}")
    early = submit(session)
    reply = submit(session, **IN_BERLIN)
    made = done(shop, session)

    assert session.automatic_tax.status == "requires_location_inputs"
    assert (session.amount_total, session.total_details.amount_tax) == (5800, 0)
    assert "Tax is added once your address is known." in before.text
    assert 'name="number"' not in before.html
    assert "VAT (19%) $11.02" in after.text
    assert 'name="number"' in after.html
    assert (early.status, "Choose your country." in early.text) == (400, True)
    assert reply.status == 303
    assert (made.automatic_tax.status, made.amount_total) == ("complete", 6902)
    assert made.total_details.amount_tax == 1102
    assert made.customer.address.city == "Berlin"
    assert made.customer_details.address.country == "DE"
    assert made.subscription.automatic_tax.enabled
    assert made.invoice.customer_address.postal_code == "10117"
    adds_up(made.invoice)
    shop.sandbox.advance(32 * 24 * 60 * 60)
    [renewal, _] = shop.api.invoices.list({"customer": made.customer.id}).data
    assert renewal.total == 6902


@pytest.mark.parametrize(
    ("country", "more", "words"),
    [
        ("US", {}, "Enter your postal code or state, for the tax."),
        ("US", {"address.state": "WA"}, "Sales Tax (10.35%) $6.00"),
        ("BR", {}, "Due today $58.00"),
        ("JP", {}, "JCT (10%) $5.80"),
    ],
)
def test_where_the_tax_is_due(
    shop: Shop, country: str, more: dict[str, str], words: str
) -> None:
    """A country is enough, but where its states have taxes of their own."""
    session = start(shop, **AUTOMATIC)
    query = urlencode({"address.country": country, **more})

    assert words in Browsing().get(f"{session.url}?{query}").text


def test_a_tax_id(shop: Shop) -> None:
    """Who enters a VAT id owes the tax themselves, and has both on the invoice."""
    session = start(shop, **AUTOMATIC, **TAX_ID)
    unnamed = Browsing().get(
        f"{session.url}?{urlencode({**IN_BERLIN, **BUSINESS, 'business_name': ''})}"
    )
    wrong = Browsing().get(
        f"{session.url}?{urlencode({**IN_BERLIN, **BUSINESS, 'tax_id': '1'})}"
    )
    page = Browsing().get(f"{session.url}?{urlencode({**IN_BERLIN, **BUSINESS})}")
    submit(session, **IN_BERLIN, **BUSINESS)
    made = done(shop, session)
    [tax_id] = shop.api.customers.tax_ids.list(made.customer.id).data

    assert (unnamed.status, "name of your business" in unnamed.text) == (400, True)
    assert (wrong.status, 'value="Berlin"' in wrong.html) == (400, True)
    assert "Due today $58.00" in page.text
    assert (made.amount_total, made.total_details.amount_tax) == (5800, 0)
    assert made.collected_information.business_name == made.customer.name
    assert made.customer.name == "Lovelace GmbH"
    [told] = made.customer_details.tax_ids
    assert (told.type, told.value) == ("eu_vat", "DE123456789")
    assert tax_id.value == "DE123456789"
    assert made.invoice.customer_tax_ids[0].value == "DE123456789"
    assert made.invoice.total_taxes[0].taxability_reason == "reverse_charge"


def test_a_known_customer(shop: Shop) -> None:
    """Their own address is taxed, unless they may change it; then it is kept."""
    fields: Any = {"address": BERLIN}
    ada = shop.customer(price=None, card=None, fields=fields)
    known = start(shop, customer=ada.id, **AUTOMATIC)
    asks = start(
        shop,
        customer=ada.id,
        customer_update={"address": "auto", "name": "auto"},
        **AUTOMATIC,
    )
    page, form = Browsing().get(known.url), Browsing().get(asks.url)
    submit(asks, **{"address.country": "JP", "address.city": "Tokyo"})
    made = done(shop, asks)

    assert known.automatic_tax.status == "complete"
    assert (known.amount_total, asks.amount_total) == (6902, 6902)
    assert 'name="address.country"' not in page.html
    assert "VAT (19%) $11.02" in form.text
    assert made.amount_total == 6380
    assert (made.customer.address.country, made.customer.name) == ("JP", "Ada Lovelace")


def test_a_billing_address(shop: Shop) -> None:
    """`required` asks for an address without any tax: the customer and card have it."""
    session = start(shop, billing_address_collection="required")
    submit(session, **IN_BERLIN)
    made = done(shop, session)
    method = shop.api.payment_methods.retrieve(made.subscription.default_payment_method)

    assert session.billing_address_collection == "required"
    assert made.customer.address.line1 == "Unter den Linden 1"
    assert method.billing_details.address is not None
    assert method.billing_details.address.city == "Berlin"


def test_three_d_secure_keeps_what_was_entered(shop: Shop) -> None:
    """After a bank that refused the page has it all, and the tax still."""
    code = shop.promotion_code(code="SAVE20")
    session = start(shop, allow_promotion_codes=True, **AUTOMATIC, **TAX_ID)
    entered = {**IN_BERLIN, "business_name": "Lovelace GmbH", "promotion_code": code}
    asked = submit(session, number="4000 0027 6000 3184", **entered)
    failed = authenticate(asked, "fail")
    again = submit(session, number="4000 0027 6000 3184", **entered)
    authenticate(again, "succeed")
    made = done(shop, session)

    for text in ("VAT (19%) $8.82", "Discount -$11.60", "Due today $55.22"):
        assert text in failed.text
    assert failed.html.count('value="Lovelace GmbH"') == 3
    assert (made.amount_total, made.customer.name) == (5522, "Lovelace GmbH")
    assert made.total_details.breakdown.discounts[0].amount == 1160


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"customer_update": {"address": "auto"}}, "can only be used with `customer`"),
        (
            {"customer": "known", **AUTOMATIC},
            "requires a valid address on the Customer",
        ),
        ({"customer": "known", **TAX_ID}, "requires updating business name"),
        (
            {
                "subscription_data": {"default_tax_rates": ["rate"]},
                **AUTOMATIC,
            },
            "while `automatic_tax` is enabled",
        ),
        (
            {"line_items": [{"price": PRO, "tax_rates": ["txr_none"]}]},
            "No such tax rate",
        ),
        ({"mode": "setup", "line_items": None, **AUTOMATIC}, "in `setup` mode"),
    ],
)
def test_refused(shop: Shop, params: dict[str, Any], words: str) -> None:
    """What Stripe would refuse is refused when the session is made."""
    known = shop.customer(price=None, card=None).id
    given = {"customer": known} if "customer" in params else {}
    if "subscription_data" in params:
        given["subscription_data"] = {"default_tax_rates": [rate(shop, 19)]}  # type: ignore[assignment]
    with pytest.raises(stripe.InvalidRequestError, match=words):
        start(shop, **{**params, **given})


def test_nothing_is_made_by_looking(shop: Shop) -> None:
    """Whatever the page reckons with leaves no customer, rate or event."""
    session = start(shop, **AUTOMATIC, **TAX_ID)
    count = len(shop.api.events.list({"limit": 100}).data)
    Browsing().get(f"{session.url}?{urlencode({**IN_BERLIN, **BUSINESS})}")
    submit(session, **{**ENTERED, **IN_BERLIN, "number": "4000 0000 0000 9995"})

    assert shop.api.customers.list().data == []
    assert shop.api.tax_rates.list().data == []
    assert len(shop.api.events.list({"limit": 100}).data) == count


@pytest.mark.parametrize("mode", ["subscription", "setup"])
def test_a_customer_who_has_gone(shop: Shop, mode: str) -> None:
    """Their page says that it can't be done, and so does its form."""
    ada = shop.customer(price=None, card=None)
    lines = [{"price": PRO, "quantity": 1}] if mode == "subscription" else None
    session = start(shop, mode=mode, line_items=lines, customer=ada.id)
    shop.api.customers.delete(ada.id)

    assert Browsing().get(session.url).status == (200 if mode == "setup" else 400)
    assert submit(session).status == 400
    assert shop.api.checkout.sessions.retrieve(session.id).status == "open"


TYPED = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["DE", "us", "XX", "eu_vat", "DE123456789", "000000000", "SAVE20"]),
    st.just("x" * 600),
)


@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    max_examples=20,
    deadline=None,
)
@hypothesis.given(
    typed=st.dictionaries(st.sampled_from(FIELDS), TYPED, max_size=6),
    sends=st.booleans(),
)
def test_whatever_is_entered(shop: Shop, typed: dict[str, str], sends: bool) -> None:
    """The page answers with itself, or leads on; it never breaks."""
    session = start(shop, allow_promotion_codes=True, **AUTOMATIC, **TAX_ID)
    entered = {**IN_BERLIN, **BUSINESS, **(ENTERED if sends else {}), **typed}
    query = urlencode(entered, errors="replace")
    reply = (
        submit(session, **entered)
        if sends
        else Browsing().get(f"{session.url}?{query}")
    )

    assert reply.status in (200, 303, 400, 402)
