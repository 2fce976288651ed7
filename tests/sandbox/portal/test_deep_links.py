"""Deep links: a flow shows its page and no other, and ends as the session says."""

from __future__ import annotations

from typing import Any

import pytest

from .browsing import Browsing, Reply
from .shop import RETURN_URL, Customer, Shop

CARD = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123"}


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A customer on Basic, of a company with everything allowed."""
    shop.configure()
    return shop.customer()


def confirming(shop: Shop, customer: Customer) -> dict[str, Any]:
    """Return the flow's parameters for a switch to three Pro."""
    [item] = shop.subscription(customer)["items"].data
    change = {"id": item.id, "price": "price_ProMonthlyTest", "quantity": 3}
    return {"items": [change]}


FLOWS = (
    ("customer_update", "Update your billing information", "details"),
    ("payment_method_update", "Add a payment method", "payment-methods/new"),
    ("subscription_cancel", "Cancel your plan", "subscriptions/{}/cancel"),
    ("subscription_pause", "Pause your plan", "subscriptions/{}/pause"),
    ("subscription_update", "Change your plan", "subscriptions/{}/update"),
    ("subscription_update_confirm", "Confirm the change", "confirm"),
)


def link_to(shop: Shop, customer: Customer, kind: str, **params: Any) -> str:
    """Return a deep link of any kind."""
    if kind == "subscription_update_confirm":
        params |= confirming(shop, customer)
    return shop.flow(customer, kind, **params)


@pytest.mark.parametrize(("kind", "title", "path"), FLOWS)
def test_a_flow_begins_at_its_page(
    shop: Shop, customer: Customer, kind: str, title: str, path: str
) -> None:
    """The link leads to the flow's page, from which only the way back leads away."""
    browser = Browsing()
    page = browser.get(link_to(shop, customer, kind))
    home = page.url.partition("/session/")[2].split("/")[0]
    first = browser.get(f"{shop.sandbox.url}/p/session/{home}")

    assert title in page.text
    assert page.url.endswith(path.format(customer.subscription))
    assert first.url == page.url
    assert "Back to overview" not in page.text
    assert "Invoice history" not in page.text
    assert f'href="{RETURN_URL}"' in page.html


OTHERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("details", {"name": "X"}),
    ("payment-methods/new", CARD),
    ("subscriptions/{}/cancel", {}),
    ("subscriptions/{}/pause", {"option": "0"}),
    ("subscriptions/{}/update/confirm", {"price": "price_ProMonthlyTest"}),
    ("confirm", {}),
)


@pytest.mark.parametrize("flow", range(6), ids=[kind for kind, _, _ in FLOWS])
def test_a_flow_is_for_one_thing(shop: Shop, customer: Customer, flow: int) -> None:
    """Within a flow, the portal's other actions are refused."""
    browser = Browsing()
    page = browser.get(link_to(shop, customer, FLOWS[flow][0]))
    statuses = [
        browser.post(page, path.format(customer.subscription), form).status
        for place, (path, form) in enumerate(OTHERS)
        if place != flow
    ]

    assert statuses == [403] * 5


def acted(shop: Shop, customer: Customer, flow: int, **params: Any) -> Reply:
    """Go through a flow, and return where it ends."""
    browser = Browsing()
    kind, _, path = FLOWS[flow]
    page = browser.get(link_to(shop, customer, kind, **params))
    if kind == "subscription_update":
        path += "/confirm"
    done = browser.post(page, path.format(customer.subscription), OTHERS[flow][1])
    if done.url.endswith("/reason"):
        reason = f"subscriptions/{customer.subscription}/reason"
        return browser.post(page, reason, {"reason": "other"})
    return done


@pytest.mark.parametrize("flow", range(6), ids=[kind for kind, _, _ in FLOWS])
def test_flow_redirects(shop: Shop, customer: Customer, flow: int) -> None:
    """`redirect` leads to its address, which the page's policy lets forms lead to."""
    url = "https://shop.example/thanks?x=1"
    after = {"type": "redirect", "redirect": {"return_url": url}}
    link = link_to(shop, customer, FLOWS[flow][0], after_completion=after)
    policy = Browsing().get(link).headers["Content-Security-Policy"]
    end = acted(shop, customer, flow, after_completion=after)

    assert policy.endswith("form-action 'self' https://shop.example")
    assert (end.status, end.headers["Location"]) == (303, url)


@pytest.mark.parametrize("flow", range(6), ids=[kind for kind, _, _ in FLOWS])
def test_flow_confirms(shop: Shop, customer: Customer, flow: int) -> None:
    """`hosted_confirmation` shows its message and the way back, and nothing else."""
    after = {
        "type": "hosted_confirmation",
        "hosted_confirmation": {"custom_message": "Thank you <b>so</b> much."},
    }
    end = acted(shop, customer, flow, after_completion=after)

    assert end.status == 200
    assert "Thank you <b>so</b> much." in end.text
    assert end.actions == []
    assert f'href="{RETURN_URL}"' in end.html


@pytest.mark.parametrize("flow", range(6), ids=[kind for kind, _, _ in FLOWS])
def test_flow_leads_home(shop: Shop, customer: Customer, flow: int) -> None:
    """`portal_homepage`, which is the default, opens the portal afterwards."""
    end = acted(shop, customer, flow)

    assert end.status == 200
    assert "Plan and billing" in end.text
    assert "Invoice history" in end.text


def test_a_flow_that_is_over(shop: Shop, customer: Customer) -> None:
    """After a redirect the session does nothing any more."""
    after = {"type": "redirect", "redirect": {"return_url": "https://shop.example"}}
    browser = Browsing()
    link = shop.flow(customer, "customer_update", after_completion=after)
    page = browser.get(link)
    browser.post(page, "details", {"name": "Jenny"})
    base = page.url.rpartition("/")[0]

    assert "Done" in browser.get(base).text
    assert browser.post(page, "details", {"name": "X"}).status == 403


def test_retention(shop: Shop, customer: Customer) -> None:
    """The flow offers a coupon first; who accepts keeps the plan, and pays less."""
    coupon = shop.api.coupons.create(
        {"percent_off": 20, "duration": "repeating", "duration_in_months": 3}
    )
    retention = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon.id}}
    browser = Browsing()
    page = browser.get(shop.flow(customer, "subscription_cancel", retention=retention))
    kept = browser.post(page, f"subscriptions/{customer.subscription}/offer")

    assert "20% off for 3 months" in page.text
    assert "Accept the offer" in page.text
    assert "The discount has been applied." in kept.text
    assert "20% off for 3 months" in kept.text
    assert shop.subscription(customer).cancel_at is None
    assert shop.subscription(customer).discounts


def test_no_offer_without_retention(shop: Shop, customer: Customer) -> None:
    """Without an offer there is none to accept."""
    browser = Browsing()
    page = browser.get(shop.link(customer))
    refused = browser.post(page, f"subscriptions/{customer.subscription}/offer")

    assert refused.status == 403


def test_what_is_confirmed_is_the_sessions(shop: Shop, customer: Customer) -> None:
    """The confirmation shows and makes the change of the link, whatever is sent."""
    browser = Browsing()
    page = browser.get(link_to(shop, customer, "subscription_update_confirm"))
    browser.post(page, "confirm", {"price": "price_BasicAnnualTest", "quantity": "9"})
    [item] = shop.subscription(customer)["items"].data

    assert "Pro, $29.00 per month" in page.text
    assert (item.price.id, item.quantity) == ("price_ProMonthlyTest", 3)


def test_customer_update_has_tax_ids(shop: Shop, customer: Customer) -> None:
    """The flow for details has the tax ids too, which do not end it."""
    browser = Browsing()
    page = browser.get(shop.flow(customer, "customer_update"))
    form = browser.get(f"{page.url.rpartition('/')[0]}/tax-ids/new")
    added = browser.post(
        page, "tax-ids/new", {"type": "eu_vat", "value": "DE123456789"}
    )

    assert "Add tax ID" in page.text
    assert form.status == 200
    assert added.url.partition("?")[0] == page.url
    assert "The tax ID has been added." in added.text
    assert "DE123456789" in added.text
