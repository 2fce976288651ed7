"""Deliveries: each event once, in any order, none lost."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from examples.webapp.store import Store

from .deliveries import (
    all_processed,
    customer_updated,
    held_upgrade,
    received,
    send,
    upgrade,
)
from .serving import SITE, Process, Site
from .shop import ADA, GRACE, PAT, Shop, eventually


def test_a_plan_follows_what_happens_at_stripe(shop: Shop, site: Site) -> None:
    """A switch of plan changes what may be used, without anybody visiting a page."""
    api, browser = site.api(ADA), site.browser(ADA)
    assert api.account()["plan"] == "basic"
    assert browser.get("/reports").status_code == 403

    upgrade(shop)

    assert eventually(lambda: api.account()["plan"] == "pro")
    assert browser.get("/reports").status_code == 200


def test_each_event_is_processed_once(shop: Shop, site: Site) -> None:
    """Delivered three times each, every event is kept and asked about once."""
    shop.sandbox.deliveries.copies = 3
    site.api(ADA).account()
    before = len(received(shop))

    upgrade(shop)
    shop.sandbox.deliveries.settle()

    assert eventually(lambda: all_processed(shop))
    events = [event["event"] for event in received(shop)[before:]]
    delivered = {
        each.event
        for each in shop.sandbox.deliveries.all()
        if each.type == "customer.subscription.updated"
    }
    assert delivered
    assert len(events) == len(set(events))
    assert delivered <= set(events)


def test_copies_at_the_same_moment_are_one(shop: Shop, site: Site) -> None:
    """Where the same delivery arrives on ten connections at once, one is kept."""
    site.api(ADA).account()
    shop.sandbox.clear_requests()
    event = customer_updated("evt_same", shop.customers[ADA])

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: send(shop, event), range(10)))

    assert {answer.status_code for answer in answers} == {200}
    assert eventually(lambda: all_processed(shop))
    assert [event["event"] for event in received(shop)].count("evt_same") == 1
    path = f"/v1/customers/{shop.customers[ADA]}"
    assert [each.path for each in shop.sandbox.requests].count(path) == 1


def test_a_late_copy_changes_nothing(shop: Shop, site: Site) -> None:
    """The upgrade's event, repeated after a downgrade, doesn't bring Pro back."""
    api = site.api(ADA)
    upgrade(shop)
    assert eventually(lambda: api.account()["plan"] == "pro")
    first = shop.sandbox.deliveries.all()[-1]
    upgrade(shop, plan="basic")
    assert eventually(lambda: api.account()["plan"] == "basic")

    assert shop.sandbox.deliveries.resend(first.id).status == 200
    time.sleep(0.2)

    assert api.account()["plan"] == "basic"


@pytest.mark.parametrize("order", ["newest first", "shuffled"])
def test_events_may_come_in_any_order(shop: Shop, site: Site, order: str) -> None:
    """However a day's events arrive, what is kept is what Stripe has at the end."""
    v1 = shop.client.v1
    api = site.api(ADA)
    customer, subscription = shop.customers[ADA], shop.subscription(ADA)
    shop.sandbox.deliveries.hold()
    upgrade(shop)
    v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    v1.customers.update(customer, {"email": "first@example.com"})
    v1.subscriptions.update(subscription, {"cancel_at_period_end": False})
    v1.customers.update(customer, {"email": "last@example.com"})
    upgrade(shop, plan="basic")

    if order == "newest first":
        shop.sandbox.deliveries.release(reverse=True)
    else:
        waiting = [
            each for each in shop.sandbox.deliveries.all() if each.status == "pending"
        ]
        random.Random(5).shuffle(waiting)
        for each in waiting:
            assert shop.sandbox.deliveries.resend(each.id).status == 200

    assert len(received(shop)) >= 6
    assert eventually(lambda: all_processed(shop))
    account = api.account()
    assert account["plan"] == "basic"
    assert account["billing"]["email"] == "last@example.com"
    assert account["billing"]["subscription"]["ends_at"] is None


def test_the_answer_comes_before_the_work(shop: Shop, site: Site) -> None:
    """A slow Stripe doesn't hold up the 2xx that Stripe waits for."""
    site.api(ADA).account()
    shop.sandbox.fail("GET", "/v1/customers/*", latency=2)
    started = time.monotonic()

    answer = send(shop, customer_updated("evt_1", shop.customers[ADA]))

    assert answer.status_code == 200
    assert time.monotonic() - started < 1


def test_work_that_fails_is_done_later(shop: Shop, site: Site) -> None:
    """While Stripe can't be asked the event waits; nothing else has to."""
    api, other = site.api(ADA), site.api(GRACE)
    assert api.account()["plan"] == "basic"
    assert other.account()["plan"] == "pro"
    path = f"/v1/customers/{shop.customers[ADA]}"
    shop.sandbox.fail("GET", path, status=500, times=3)

    upgrade(shop)
    shop.client.v1.subscriptions.cancel(shop.subscription(GRACE))

    assert eventually(lambda: other.account()["plan"] == "free")
    assert eventually(lambda: api.account()["plan"] == "pro", seconds=20)
    assert eventually(lambda: all_processed(shop))


def test_events_that_nobody_waits_for_are_accepted(shop: Shop, site: Site) -> None:
    """Stripe is told that all is well, and nothing is kept."""
    event = customer_updated("evt_1", shop.customers[ADA], type="charge.succeeded")
    before = received(shop)

    assert send(shop, event).status_code == 200
    assert received(shop) == before


def test_strangers_leave_no_trace(shop: Shop, site: Site) -> None:
    """Customers of the same Stripe account who can't sign in here aren't kept."""
    shop.client.v1.customers.create({"email": "else@example.com"})
    stranger = shop.client.v1.customers.create({"name": "Somebody Else"}).id
    shop.client.v1.customers.update(stranger, {"name": "Somebody"})
    shop.sandbox.deliveries.settle()

    assert eventually(lambda: all_processed(shop))
    with Store(shop.settings.database).transaction() as db:
        kept = db.execute("SELECT 1 FROM billing WHERE customer = ?", [stranger])
        assert kept.fetchone() is None


def test_payloads_are_not_kept(shop: Shop, site: Site) -> None:
    """A session's event holds its link: it is nowhere in the database."""
    url = site.api(ADA).open_portal().json()["data"]["url"]
    shop.sandbox.deliveries.settle()
    assert "billing_portal.session.created" in [each["type"] for each in received(shop)]

    with Store(shop.settings.database).transaction() as db:
        assert url.rpartition("/")[2] not in "".join(db.iterdump())


def test_the_billing_address_is_no_sign_in(shop: Shop, site: Site) -> None:
    """`customer.updated` changes where invoices go, and never who may sign in."""
    api = site.api(ADA)
    shop.client.v1.customers.update(
        shop.customers[ADA], {"email": "accounts@example.org"}
    )

    assert eventually(
        lambda: api.account()["billing"]["email"] == "accounts@example.org"
    )
    assert api.account()["email"] == ADA
    assert site.browser().sign_in(ADA).status_code == 303
    assert site.browser().sign_in("accounts@example.org").status_code == 401


def test_nobody_takes_over_an_account_by_a_billing_address(
    shop: Shop, site: Site
) -> None:
    """A customer who types somebody else's address into the portal gains nothing."""
    shop.client.v1.customers.update(shop.customers[PAT], {"email": GRACE})
    shop.sandbox.deliveries.settle()
    assert eventually(lambda: all_processed(shop))

    account = site.api(GRACE).account()

    assert account["plan"] == "pro"
    assert account["billing"]["name"] == "Grace"
    assert site.api(PAT).account()["email"] == PAT


def test_killed_between_receiving_and_processing_nothing_is_lost(shop: Shop) -> None:
    """After kill -9, the next start does what was received and not yet processed."""
    shop.listening.close()
    process = Process(shop.settings, shop.sandbox)
    try:
        site = process.start()
        shop.sandbox.forward(SITE, site.origin)
        assert site.api(ADA).account()["plan"] == "basic"
        path = f"/v1/customers/{shop.customers[ADA]}"
        shop.sandbox.fail("GET", path, latency=5)
        delivery = held_upgrade(shop)
        assert shop.sandbox.deliveries.resend(delivery.id).status == 200
        assert not all_processed(shop)

        process.kill()
        site = process.start()

        assert eventually(lambda: site.api(ADA).account()["plan"] == "pro")
        assert all_processed(shop)
        assert [event["event"] for event in received(shop)].count(delivery.event) == 1
    finally:
        process.stop()
