"""What a configuration doesn't allow is not on the page, and is refused."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from .browsing import Browsing
from .shop import FEATURES, Customer, Shop

OFF = {"enabled": False}


def only(*names: str) -> dict[str, Any]:
    """Return what leaves only the features *names* on."""
    return {name: None for name in FEATURES if name not in names}


@pytest.mark.parametrize(
    ("feature", "words", "paths"),
    [
        (
            "customer_update",
            ["Billing information", "Tax ID"],
            ["details", "tax-ids/new", "tax-ids/{tax_id}/remove"],
        ),
        ("invoice_history", ["Invoice history"], ["invoices/{invoice}/pay"]),
        (
            "subscription_cancel",
            ["Cancel plan"],
            ["subscriptions/{subscription}/cancel"],
        ),
        ("subscription_pause", ["Pause plan"], ["subscriptions/{subscription}/pause"]),
        (
            "subscription_update",
            ["Change plan"],
            [
                "subscriptions/{subscription}/update/confirm?price=price_ProMonthlyTest",
                "confirm",
            ],
        ),
    ],
)
def test_a_feature_that_is_off(
    shop: Shop, feature: str, words: list[str], paths: list[str]
) -> None:
    """It is not on the page, its own pages are refused, and so are its forms."""
    shop.configure("on")
    without = shop.configure("off", **{feature: OFF})
    customer, ids = with_everything(shop)
    browser = Browsing()
    full = browser.get(shop.link(customer))
    less = browser.get(shop.link(customer, configuration=without))
    answers = [
        browser.post(less, path.format_map(ids), {"option": "0"}) for path in paths
    ]

    for word in words:
        assert word in full.text
        assert word not in less.text
    assert [each.status for each in answers] == [403] * len(paths)
    assert not set(less.actions) - set(full.actions)


def test_payment_methods_off(shop: Shop) -> None:
    """Cards are not there, and can't be added, chosen or removed."""
    shop.configure(payment_method_update=None, subscription_update=None)
    customer, ids = with_everything(shop)
    card = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123"}
    browser = Browsing()
    page = browser.get(shop.link(customer))
    statuses = [
        browser.post(page, "payment-methods/new", card).status,
        browser.post(page, f"payment-methods/{ids['card']}/default").status,
        browser.post(page, f"payment-methods/{ids['card']}/remove").status,
        browser.get(f"{page.url}/payment-methods/new").status,
    ]

    assert "Payment methods" not in page.text
    assert statuses == [403] * 4


def with_everything(shop: Shop) -> tuple[Customer, dict[str, str]]:
    """Make a customer who has one of each, and return their ids."""
    customer = shop.customer()
    card = shop.add_card(customer.id, "pm_card_mastercard")
    tax_id = shop.api.customers.tax_ids.create(
        customer.id, {"type": "eu_vat", "value": "DE123456789"}
    )
    [invoice] = shop.api.invoices.list({"customer": customer.id}).data
    ids = {"card": card, "tax_id": tax_id.id, "invoice": invoice.id}
    return customer, {**ids, "subscription": customer.subscription}


def test_everything_off(shop: Shop) -> None:
    """A configuration without features shows the plan, and nothing to click."""
    shop.configure(**{**only(), "invoice_history": OFF})
    page = Browsing().get(shop.link(shop.customer()))

    assert "Basic" in page.text
    assert page.actions == []


@pytest.mark.parametrize(
    ("detail", "field"),
    [
        ("email", "email"),
        ("name", "name"),
        ("phone", "phone"),
        ("address", "address.line1"),
        ("shipping", "shipping.line1"),
    ],
)
def test_only_allowed_details_can_be_changed(
    shop: Shop, detail: str, field: str
) -> None:
    """A detail that isn't allowed has no field, and can't be sent without one."""
    allowed = {"customer_update": {"enabled": True, "allowed_updates": [detail]}}
    others = list(FEATURES["customer_update"]["allowed_updates"])
    others.remove(detail)
    rest = {"customer_update": {"enabled": True, "allowed_updates": others}}
    one, all_but_one = shop.configure("one", **allowed), shop.configure("rest", **rest)
    customer = shop.customer()
    browser = Browsing()
    page = browser.get(shop.link(customer, configuration=one))
    form = browser.get(f"{page.url}/details")
    other = browser.get(shop.link(customer, configuration=all_but_one))
    refused = browser.post(other, "details", {field: "x@example.com"})

    assert f'name="{field}"' in form.html
    assert len(form.html.split('<label for="')) - 1 in (1, 6, 8)
    assert f'name="{field}"' not in browser.get(f"{other.url}/details").html
    assert refused.status == 403


def updating(**changes: Any) -> dict[str, Any]:
    """Return the update feature with *changes*."""
    return {"subscription_update": {**FEATURES["subscription_update"], **changes}}


def test_prices_that_are_not_listed(shop: Shop) -> None:
    """A plan that isn't listed can't be reached by a click, nor by a request."""
    shop.configure()
    customer = shop.customer()
    browser = Browsing()
    page = browser.get(shop.link(customer))
    at = f"subscriptions/{customer.subscription}/update"
    choice = browser.get(f"{page.url}/{at}")
    wanted = {"price": "price_EnterpriseMonthlyTest"}
    seen = browser.get(f"{page.url}/{at}/confirm?price={wanted['price']}")
    refused = browser.post(page, f"{at}/confirm", wanted)

    assert "Pro" in choice.text
    assert "Enterprise" not in choice.text
    assert (seen.status, refused.status) == (403, 403)
    assert price_of(shop, customer) == "price_BasicMonthlyTest"


def test_a_plan_that_is_not_listed_cannot_be_opened(shop: Shop) -> None:
    """Nothing about it changes in this portal, not by a promotion code either."""
    shop.configure()
    customer = shop.customer(price="price_EnterpriseMonthlyTest")
    assert_closed(shop, customer, "update")


def test_a_plan_that_ends_stays_as_it_is(shop: Shop) -> None:
    """Once cancelled it can be renewed; there is no page to change or pause it."""
    shop.configure()
    customer = shop.customer()
    shop.api.subscriptions.update(customer.subscription, {"cancel_at_period_end": True})
    assert_closed(shop, customer, "update", "pause", "cancel")


def assert_closed(shop: Shop, customer: Customer, *pages: str) -> None:
    """Assert that there is no way to these pages, and that they are refused."""
    browser = Browsing()
    home = browser.get(shop.link(customer))
    for page in pages:
        path = f"subscriptions/{customer.subscription}/{page}"
        assert path not in home.actions
        assert browser.get(f"{home.url}/{path}").status == 403


def price_of(shop: Shop, customer: Customer) -> str:
    """Return the id of the price that the customer pays."""
    [item] = shop.subscription(customer)["items"].data
    price: str = item.price.id
    return price


@pytest.mark.parametrize(
    ("allowed", "there", "absent"),
    [
        (["price"], "Change plan", ["Quantity", "Promotion code"]),
        (["quantity"], "Change quantity", ["Pro", "Promotion code"]),
        (["promotion_code"], "Use promotion code", ["Pro ", "Quantity"]),
    ],
    ids=["price", "quantity", "promotion code"],
)
def test_only_allowed_updates(
    shop: Shop, allowed: list[str], there: str, absent: list[str]
) -> None:
    """The page asks for what may change, and a form that changes more is refused."""
    shop.configure(**updating(default_allowed_updates=allowed))
    shop.api.coupons.create({"id": "HALF", "percent_off": 50, "duration": "once"})
    shop.api.promotion_codes.create(
        {"code": "HALF", "promotion": {"type": "coupon", "coupon": "HALF"}}
    )
    customer = shop.customer()
    browser = Browsing()
    page = browser.get(shop.link(customer))
    at = f"subscriptions/{customer.subscription}/update"
    choice = browser.get(f"{page.url}/{at}")
    wanted = {
        "price": "price_ProMonthlyTest",
        "quantity": "3",
        "promotion_code": "HALF",
    }
    statuses = {
        name: browser.post(page, f"{at}/confirm", {name: value}).status
        for name, value in wanted.items()
        if name not in allowed
    }

    assert there in page.text
    for word in absent:
        assert word not in choice.text.replace("Promotion code (optional) Continue", "")
    assert set(statuses.values()) == {403}


@pytest.mark.parametrize("quantity", ["0", "1", "21", "-3", "9" * 30, "x", "²"])
def test_quantity_has_a_range(shop: Shop, quantity: str) -> None:
    """A quantity outside of the range is told at its field, and changes nothing."""
    features = deepcopy(FEATURES["subscription_update"])
    for product in features["products"]:
        product["adjustable_quantity"]["minimum"] = 2
    shop.configure(subscription_update=features)
    terms = {"items": [{"price": "price_BasicMonthlyTest", "quantity": 4}]}
    customer = shop.customer(subscription=terms)
    browser = Browsing()
    page = browser.get(shop.link(customer))
    at = f"subscriptions/{customer.subscription}/update/confirm"
    refused = browser.post(page, at, {"quantity": quantity})

    assert refused.status == 400
    assert "This quantity isn" in refused.text
    assert (
        'aria-invalid="true" aria-describedby="problem quantity-hint"' in refused.html
    )
    assert 'min="2" max="20"' in refused.html


def test_the_configuration_is_read_anew(shop: Shop) -> None:
    """A change of the configuration shows when the page is reloaded."""
    configuration = shop.configure(subscription_pause=None)
    browser = Browsing()
    page = browser.get(shop.link(shop.customer()))
    shop.api.billing_portal.configurations.update(
        configuration, {"features": {"subscription_pause": {"enabled": True}}}
    )
    with_pause = browser.get(page.url)
    shop.api.billing_portal.configurations.update(
        configuration, {"features": {"subscription_pause": {"enabled": False}}}
    )

    assert "Pause plan" not in page.text
    assert "Pause plan" in with_pause.text
    assert "Pause plan" not in browser.get(page.url).text


def test_last_payment_method_stays(shop: Shop) -> None:
    """While a plan runs, its last card can't be removed."""
    shop.configure()
    customer = shop.customer()
    [card] = shop.api.payment_methods.list({"customer": customer.id}).data
    browser = Browsing()
    page = browser.get(shop.link(customer))
    refused = browser.post(page, f"payment-methods/{card.id}/remove")

    assert f"payment-methods/{card.id}/remove" not in page.actions
    assert refused.status == 403
    assert "one payment method has to stay" in refused.text


def test_without_a_subscription(shop: Shop) -> None:
    """Who has no plan sees past invoices, and the rest of the account."""
    shop.configure()
    customer = shop.customer()
    shop.api.subscriptions.cancel(customer.subscription)
    page = Browsing().get(shop.link(customer))

    assert page.status == 200
    assert "You have no active plan." in page.text
    assert "Invoice history" in page.text
    assert "$9.00" in page.text
    assert "Paid" in page.text


def test_several_items_can_only_be_cancelled(shop: Shop) -> None:
    """A subscription to several products is shown, and can be cancelled."""
    shop.configure()
    items = [{"price": "price_BasicMonthlyTest"}, {"price": "price_ProMonthlyTest"}]
    customer = shop.customer(subscription={"items": items})
    browser = Browsing()
    page = browser.get(shop.link(customer))
    at = f"subscriptions/{customer.subscription}"
    refused = browser.post(page, f"{at}/update/confirm", {"quantity": "2"})

    assert "Basic, Pro" in page.text
    assert "$38.00 per month" in page.text
    assert [each for each in page.actions if each.startswith(at)] == [f"{at}/cancel"]
    assert refused.status == 403
