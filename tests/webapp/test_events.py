"""Each event that is listened to: the action that makes it, and what follows.

The actions are made in the portal, by its forms; the app hears of them only by webhook.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from examples.webapp.webhooks import EVENTS
from pulumi_stripe_portal.events import PORTAL_EVENTS

from .actions import add_card
from .deliveries import all_processed, customer_updated, received, send
from .rows import ROWS, Row
from .serving import Api, Site
from .shop import ADA, Shop, eventually


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_row_is_handled(shop: Shop, site: Site, row: Row) -> None:
    """The action makes the row's event, and the app then has what it led to."""
    if row.before:
        row.before(shop)
    shop.sandbox.deliveries.settle()
    api = site.api(row.email)
    assert eventually(lambda: all_processed(shop))
    known = {event["event"] for event in received(shop)}
    assert not row.holds(api.account(), shop) or row.event.startswith("billing_portal")

    row.act(shop)

    assert eventually(lambda: row.holds(api.account(), shop)), api.account()
    shop.sandbox.deliveries.settle()
    assert eventually(lambda: all_processed(shop))
    new = [event for event in received(shop) if event["event"] not in known]
    assert row.event in [event["type"] for event in new]
    assert {
        event["subject"] for event in new if event["subject"].startswith("cus_")
    } <= set(shop.customers.values())


@pytest.mark.parametrize("change", ["created", "updated"])
def test_changes_of_the_portal_are_followed(
    shop: Shop, site: Site, change: str
) -> None:
    """What a configuration offers decides which deep links the account page has."""
    configurations = shop.client.v1.billing_portal.configurations
    browser = site.browser(ADA)
    assert eventually(lambda: doors(browser) is not None)
    assert "Pause plan" in browser.text("/account")

    if change == "created":
        new = configurations.create(
            {"features": {"invoice_history": {"enabled": True}}}
        )
        subject = new.id
    else:
        subject = shop.settings.portal_standard
        off: Any = {"features": {"subscription_pause": {"enabled": False}}}
        configurations.update(subject, off)

    wanted = f"billing_portal.configuration.{change}"
    assert eventually(
        lambda: [
            each
            for each in received(shop)
            if (each["type"], each["subject"]) == (wanted, subject)
            and each["processed"]
        ]
    )
    assert ("Pause plan" in browser.text("/account")) is (change == "created")


def doors(browser: Any) -> str | None:
    """Return the account page once it is known what the portal offers."""
    page: str = browser.text("/account")
    return page if "Pause plan" in page else None


def test_every_event_that_the_stack_subscribes_to_is_listened_to() -> None:
    """The listener's table is the endpoint's, so that nothing arrives in vain."""
    assert set(EVENTS) == set(PORTAL_EVENTS)
    told = [row.event for row in ROWS.values()]
    portal = [
        each for each in EVENTS if each.startswith("billing_portal.configuration")
    ]
    assert set(told) | set(portal) == set(EVENTS)


def test_the_page_tells_what_happened(shop: Shop, site: Site) -> None:
    """The account page lists the newest events in words."""
    site.browser(ADA).get("/account")
    add_card(shop)

    assert eventually(
        lambda: "Payment method added" in site.browser(ADA).text("/account")
    )


def test_what_is_stored_is_the_present_state(shop: Shop, site: Site) -> None:
    """An event's payload is never believed: an old one in a new event does nothing."""
    api: Api = site.api(ADA)
    event = customer_updated("evt_old", shop.customers[ADA])
    event["data"]["object"] |= {"email": "old@example.com", "name": "Old"}

    assert send(shop, event).status_code == 200
    assert eventually(lambda: all_processed(shop))

    assert "old@example.com" not in json.dumps(api.account())
