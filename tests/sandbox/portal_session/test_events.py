"""What customers do in the portal, and the events of it.

One test per action; the order of events is not a promise of Stripe's.
"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import portal_session
from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.shop import CARD, FEATURES, Customer, Shop

DAY = 24 * 60 * 60
UPDATED = "customer.subscription.updated"


def open_(
    shop: Shop, customer: Customer, happenings: Happenings, **features: Any
) -> portal_session.OpenSession:
    """Open the portal with a configuration that differs in *features*."""
    changed = {name: {**FEATURES[name], **each} for name, each in features.items()}
    configuration = shop.configure("special", **changed)
    session = shop.sandbox.open_session(
        shop.link(customer, configuration=configuration)
    )
    happenings.forget()
    return session


def test_opens_portal(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Opens portal: the event comes with the session, not when it is opened."""
    happenings.forget()
    url = shop.link(jenny)
    shop.sandbox.open_session(url)

    assert happenings.types == ["billing_portal.session.created"]
    assert happenings.object("billing_portal.session.created")["url"] == url


def test_cancel_flexible(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Flexible billing: `cancel_at` is set, `cancel_at_period_end` stays false."""
    session = open_(shop, jenny, happenings)
    after = portal_session.cancel(session, jenny.subscription)

    assert happenings.types == [UPDATED]
    assert happenings.previous(UPDATED) == [
        {
            "cancel_at": None,
            "canceled_at": None,
            "cancellation_details": {"reason": None},
        }
    ]
    assert happenings.object(UPDATED)["cancel_at_period_end"] is False
    period_end = after["items"]["data"][0]["current_period_end"]
    assert happenings.object(UPDATED)["cancel_at"] == period_end
    details = happenings.object(UPDATED)["cancellation_details"]
    assert details["reason"] == "cancellation_requested"


def test_cancel_classic(shop: Shop, happenings: Happenings) -> None:
    """Classic billing: `cancel_at_period_end` is set as well."""
    jenny = shop.customer(subscription={"billing_mode": {"type": "classic"}})
    portal_session.cancel(open_(shop, jenny, happenings), jenny.subscription)

    (previous,) = happenings.previous(UPDATED)
    assert previous["cancel_at_period_end"] is False
    assert happenings.object(UPDATED)["cancel_at_period_end"] is True


def test_survey(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """The answer to the survey is a second update."""
    session = open_(shop, jenny, happenings)
    portal_session.cancel(session, jenny.subscription)
    happenings.forget()
    portal_session.give_reason(
        session, jenny.subscription, reason="too_expensive", comment="Sorry"
    )

    assert happenings.types == [UPDATED]
    assert happenings.previous(UPDATED) == [
        {"cancellation_details": {"comment": None, "feedback": None}}
    ]
    details = happenings.object(UPDATED)["cancellation_details"]
    assert (details["feedback"], details["comment"]) == ("too_expensive", "Sorry")


def test_renew(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Renewing is the inverse of cancelling."""
    session = open_(shop, jenny, happenings)
    end = portal_session.cancel(session, jenny.subscription)["cancel_at"]
    happenings.forget()
    after = portal_session.renew(session, jenny.subscription)

    assert after["cancel_at"] is None
    assert happenings.types == [UPDATED]
    (previous,) = happenings.previous(UPDATED)
    assert previous["cancel_at"] == end
    assert previous["cancellation_details"] == {"reason": "cancellation_requested"}


@pytest.mark.parametrize("prorated", [False, True])
def test_cancel_immediately(
    shop: Shop, jenny: Customer, happenings: Happenings, prorated: bool
) -> None:
    """At once: deleted, and with proration an invoice that credits what is left."""
    shop.sandbox.advance(10 * DAY)
    behavior = "create_prorations" if prorated else "none"
    cancel = {"mode": "immediately", "proration_behavior": behavior}
    session = open_(shop, jenny, happenings, subscription_cancel=cancel)
    preview = portal_session.cancel_preview(session, jenny.subscription)
    portal_session.cancel(session, jenny.subscription)
    survey = portal_session.survey(session, jenny.subscription)
    portal_session.give_reason(session, jenny.subscription, reason="other")

    credit = ["invoiceitem.created", "invoice.created"] if prorated else []
    assert happenings.types[: len(credit)] == credit
    assert happenings.types[-2:] == ["customer.subscription.deleted", UPDATED]
    assert survey.reasons == ("too_expensive", "missing_features", "other")
    balance = shop.api.customers.retrieve(jenny.id).balance
    assert (balance, preview.credit) == ((-600, 600) if prorated else (0, 0))


@pytest.mark.parametrize(
    ("behavior", "types"),
    [
        pytest.param("none", [UPDATED], id="none"),
        pytest.param(
            "create_prorations",
            ["invoiceitem.created", "invoiceitem.created", UPDATED],
            id="create_prorations",
        ),
        pytest.param(
            "always_invoice",
            ["invoiceitem.created", "invoiceitem.created", *INVOICED, UPDATED],
            id="always_invoice",
        ),
    ],
)
def test_switch_now(
    shop: Shop,
    jenny: Customer,
    happenings: Happenings,
    behavior: str,
    types: list[str],
) -> None:
    """Switching price: the update has the old item, the rest is as it is billed."""
    shop.sandbox.advance(10 * DAY)
    update = {"proration_behavior": behavior}
    session = open_(shop, jenny, happenings, subscription_update=update)
    portal_session.switch(session, jenny.subscription, price="price_ProMonthlyTest")

    assert happenings.types == types
    (previous,) = happenings.previous(UPDATED)
    (old,) = previous["items"]["data"]
    assert old["price"]["id"] == "price_BasicMonthlyTest"
    assert previous["plan"]["id"] == "price_BasicMonthlyTest"
    (new,) = happenings.object(UPDATED)["items"]["data"]
    assert new["price"]["id"] == "price_ProMonthlyTest"


@pytest.mark.parametrize("behavior", ["end_trial", "continue_trial"])
def test_switch_in_a_trial(shop: Shop, happenings: Happenings, behavior: str) -> None:
    """A trial ends at once with a switch, unless the configuration continues it."""
    jenny = shop.customer(subscription={"trial_period_days": 14})
    session = open_(
        shop,
        jenny,
        happenings,
        subscription_update={"trial_update_behavior": behavior},
    )
    ends = behavior == "end_trial"
    preview = portal_session.preview_switch(
        session, jenny.subscription, price="price_ProMonthlyTest"
    )
    after = portal_session.switch(
        session, jenny.subscription, price="price_ProMonthlyTest"
    )

    assert preview.ends_trial == ends
    assert preview.due_now == (2900 if ends else 0)
    assert after["status"] == ("active" if ends else "trialing")
    assert happenings.types == ([*INVOICED, UPDATED] if ends else [UPDATED])


def test_switch_deferred(shop: Shop, happenings: Happenings) -> None:
    """A deferred switch is a schedule until the period's end, and then is released."""
    jenny = shop.customer(price="price_ProMonthlyTest")
    shop.sandbox.advance(10 * DAY)
    when = {"conditions": [{"type": "decreasing_item_amount"}]}
    session = open_(
        shop, jenny, happenings, subscription_update={"schedule_at_period_end": when}
    )
    preview = portal_session.preview_switch(
        session, jenny.subscription, price="price_BasicMonthlyTest"
    )
    portal_session.switch(session, jenny.subscription, price="price_BasicMonthlyTest")

    assert preview.when == "period_end"
    assert (preview.due_now, preview.next_amount) == (0, 900)
    assert happenings.types == ["subscription_schedule.created", UPDATED]
    assert happenings.previous(UPDATED) == [{"schedule": None}]
    subscribed = portal_session.subscription(session, jenny.subscription)
    assert subscribed.next_switch is not None
    assert subscribed.next_switch["price"]["product"]["name"] == "Basic"
    assert subscribed.next_switch["at"] == preview.at
    assert subscribed.may == {"undo_switch"}
    happenings.forget()
    shop.sandbox.advance(preview.at - shop.sandbox.now)

    assert happenings.types == [
        "invoice.upcoming",
        "subscription_schedule.released",
        *INVOICED,
        UPDATED,
    ]
    (previous,) = happenings.previous(UPDATED)
    assert previous["schedule"].startswith("sub_sched_")
    assert previous["items"]["data"][0]["price"]["id"] == "price_ProMonthlyTest"
    assert shop.api.invoices.list().data[0].total == 900


def test_scheduled_subscription_is_not_cancelled(
    shop: Shop, happenings: Happenings
) -> None:
    """While a switch is scheduled, the API refuses to plan an end; so do we."""
    jenny = shop.customer(price="price_ProMonthlyTest")
    when = {"conditions": [{"type": "decreasing_item_amount"}]}
    session = open_(
        shop, jenny, happenings, subscription_update={"schedule_at_period_end": when}
    )
    after = portal_session.switch(
        session, jenny.subscription, price="price_BasicMonthlyTest"
    )
    wanted: Any = {"cancel_at_period_end": True}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.subscriptions.update(jenny.subscription, wanted)

    assert caught.value.user_message == (
        "The subscription is managed by the subscription schedule "
        f"`{after['schedule']['id']}`, and updating any cancelation behavior directly "
        "is not allowed. Please update the schedule instead."
    )
    with pytest.raises(portal_session.NotAllowed):
        portal_session.cancel(session, jenny.subscription)


def test_switch_undone(shop: Shop, happenings: Happenings) -> None:
    """A deferred switch that is taken back releases its schedule."""
    jenny = shop.customer(price="price_ProMonthlyTest")
    when = {"conditions": [{"type": "decreasing_item_amount"}]}
    session = open_(
        shop, jenny, happenings, subscription_update={"schedule_at_period_end": when}
    )
    portal_session.switch(session, jenny.subscription, price="price_BasicMonthlyTest")
    happenings.forget()
    after = portal_session.undo_switch(session, jenny.subscription)

    assert after["schedule"] is None
    assert after["items"]["data"][0]["price"]["id"] == "price_ProMonthlyTest"
    assert happenings.types == ["subscription_schedule.released", UPDATED]


def test_quantity(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A new quantity: the update has the old one, and the old items."""
    update = {"proration_behavior": "none"}
    session = open_(shop, jenny, happenings, subscription_update=update)
    portal_session.switch(session, jenny.subscription, quantity=3)

    assert happenings.types == [UPDATED]
    (previous,) = happenings.previous(UPDATED)
    assert previous["quantity"] == 1
    assert previous["items"]["data"][0]["quantity"] == 1


def test_pause_and_resume(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Pausing sets `pause_collection`, always `void`, with the time it is over."""
    session = open_(shop, jenny, happenings)
    offered = portal_session.pause_options(session)
    portal_session.pause(session, jenny.subscription, option=1)
    paused = happenings.object(UPDATED)["pause_collection"]
    portal_session.resume(session, jenny.subscription)

    assert happenings.types == [UPDATED, UPDATED]
    assert paused == {"behavior": "void", "resumes_at": offered[1].resumes_at}
    assert happenings.previous(UPDATED) == [
        {"pause_collection": None},
        {"pause_collection": paused},
    ]


def test_paused_and_resumed(shop: Shop, happenings: Happenings) -> None:
    """A trial that ends without a card pauses; a card resumes it."""
    end = {"end_behavior": {"missing_payment_method": "pause"}}
    terms = {"trial_period_days": 7, "trial_settings": end}
    jenny = shop.customer(card=None, subscription=terms)
    shop.sandbox.advance(7 * DAY)
    assert "customer.subscription.paused" in happenings.types
    session = open_(shop, jenny, happenings)
    with pytest.raises(portal_session.NotAllowed):
        portal_session.resume(session, jenny.subscription)
    portal_session.add_payment_method(session, **CARD)

    assert shop.subscription(jenny).status == "active"
    assert "customer.subscription.resumed" in happenings.types


def test_cards(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Adding, choosing and removing cards."""
    session = open_(shop, jenny, happenings)
    (old,) = [each["id"] for each in portal_session.payment_methods(session)]
    added = portal_session.add_payment_method(session, **CARD)

    assert happenings.types == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "customer.updated",
    ]
    assert happenings.previous("customer.updated") == [
        {"invoice_settings": {"default_payment_method": old}}
    ]
    happenings.forget()
    portal_session.set_default_payment_method(session, old)
    portal_session.remove_payment_method(session, added["id"])

    assert happenings.types == ["customer.updated", "payment_method.detached"]
    assert happenings.previous("payment_method.detached") == [{"customer": jenny.id}]


def test_override_removed(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A subscription's own card is removed from it, which is an update of it."""
    card = shop.add_card(jenny.id, "pm_card_mastercard")
    shop.api.subscriptions.update(jenny.subscription, {"default_payment_method": card})
    session = open_(shop, jenny, happenings)
    before = portal_session.subscription(session, jenny.subscription)
    portal_session.clear_subscription_payment_method(session, jenny.subscription)

    assert before.object["default_payment_method"]["card"]["last4"] == "4444"
    assert "remove_payment_method" in before.may
    assert happenings.types == [UPDATED]
    assert happenings.previous(UPDATED) == [{"default_payment_method": card}]


def test_details(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Address, email, name, phone and shipping: the changed keys."""
    session = open_(shop, jenny, happenings)
    portal_session.update_details(
        session,
        {
            "email": "jenny@rosen.example",
            "phone": "+1 555 0100",
            "address": {"line1": "1 Main St", "country": "US"},
            "shipping": {"name": "Jenny", "address": {"line1": "2 Side St"}},
        },
    )

    assert happenings.types == ["customer.updated"]
    assert happenings.previous("customer.updated") == [
        {
            "address": None,
            "email": "jenny@example.com",
            "phone": None,
            "shipping": None,
        }
    ]


def test_tax_ids(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Tax id: created, updated by its verification, deleted."""
    session = open_(shop, jenny, happenings)
    made = portal_session.add_tax_id(session, "eu_vat", "DE123456789")
    shop.sandbox.advance(30)
    (verified,) = portal_session.tax_ids(session)
    portal_session.remove_tax_id(session, made["id"])

    assert happenings.types == [
        "customer.tax_id.created",
        "customer.tax_id.updated",
        "customer.tax_id.deleted",
    ]
    assert verified["verification"]["status"] == "verified"
    (previous,) = happenings.previous("customer.tax_id.updated")
    assert previous["verification"]["status"] == "pending"


def test_coupon_accepted(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """The coupon that is offered instead of cancelling."""
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    retention = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon}}
    url = shop.flow(jenny, "subscription_cancel", retention=retention)
    session = shop.sandbox.open_session(url)
    happenings.forget()
    offer = portal_session.retention_offer(session)
    portal_session.accept_offer(session, jenny.subscription)

    assert offer is not None
    assert offer["percent_off"] == 50
    assert happenings.types == ["customer.discount.created", UPDATED]
    assert happenings.previous(UPDATED) == [{"discounts": []}]
    upcoming = portal_session.next_invoice(session, jenny.subscription)
    assert upcoming is not None
    assert upcoming["amount_due"] == 450


def test_configuration_saved(shop: Shop, happenings: Happenings) -> None:
    """A saved configuration: the changed keys, for those who watch over it."""
    made = shop.configure("watched")
    features: Any = {"invoice_history": {"enabled": False}}
    shop.api.billing_portal.configurations.update(made, {"features": features})

    assert happenings.types == [
        "billing_portal.configuration.created",
        "billing_portal.configuration.updated",
    ]
    (previous,) = happenings.previous("billing_portal.configuration.updated")
    assert previous["features"] == {"invoice_history": {"enabled": True}}
