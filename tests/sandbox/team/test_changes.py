"""Subscriptions that run: changed, paused, ended, looked for; their items and plans."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import BASIC, PRO, THERE, Call, Outcome, Refused, Team, left_out, try_call

DAY = 86400
ENTERPRISE = "price_EnterpriseMonthlyTest"


def changed(name: str, outcome: Outcome, **terms: Any) -> Call:
    """Return the call that changes a subscription on *terms*."""

    def make(team: Team) -> Any:
        made = team.subscribe(discounts=[{"coupon": team.coupon()}])
        team.sandbox.advance(10 * DAY)
        given = {n: v(team, made) if callable(v) else v for n, v in terms.items()}
        return team.v1.subscriptions.update(made.id, given)

    return f"subscriptions.update, {name}", make, outcome


def item(made: Any, **fields: Any) -> list[Any]:
    """Return the items of an update of the only one."""
    return [{"id": made["items"].data[0].id, **fields}]


def first_item(team: Team) -> str:
    """Return the first item of a new subscription of two."""
    made = team.subscribe(items=[{"price": PRO}, {"price": BASIC}])
    id_: str = made["items"].data[0].id
    return id_


def planned(team: Team) -> Any:
    """Return the schedule of a new subscription."""
    wanted = {"from_subscription": team.subscribe().id}
    return team.v1.subscription_schedules.create(wanted)


def downgrade(team: Team) -> Any:
    """Plan that Basic follows."""
    schedule = planned(team)
    now = schedule.phases[0]
    current = {
        "items": [{"price": PRO, "quantity": 1}],
        "start_date": now.start_date,
        "end_date": now.end_date,
    }
    following = {"items": [{"price": BASIC, "quantity": 1}]}
    return team.v1.subscription_schedules.update(
        schedule.id,
        {
            "phases": [current, following],
            "end_behavior": "release",
            "proration_behavior": "none",
        },
    )


def upgraded_in_vain(team: Team, behavior: str) -> Any:
    """Upgrade a customer whose card has come to be declined."""
    made = team.subscribe()
    card = team.shop.add_card(made.customer, "pm_card_chargeCustomerFail")
    terms: Any = {"default_payment_method": card, "payment_behavior": behavior}
    terms |= {"items": item(made, price=ENTERPRISE)}
    terms |= {"proration_behavior": "always_invoice"}
    return team.v1.subscriptions.update(made.id, terms)


def paused(team: Team) -> str:
    """Return a subscription that is paused."""
    id_: str = team.subscribe().id
    team.v1.subscriptions.pause(id_, {"type": "subscription"})
    return id_


CALLS: list[Call] = [
    changed(
        "another price",
        {"items.data.0.price.id": BASIC},
        items=lambda _, made: item(made, price=BASIC),
    ),
    changed(
        "another price, billed at once",
        {"latest_invoice.billing_reason": "subscription_update"},
        items=lambda _, made: item(made, price=ENTERPRISE),
        proration_behavior="always_invoice",
        payment_behavior="error_if_incomplete",
        expand=["latest_invoice"],
    ),
    changed(
        "another price without proration",
        {"items.data.0.price.id": BASIC},
        items=lambda _, made: item(made, price=BASIC),
        proration_behavior="none",
    ),
    changed(
        "another price, prorated as of a date",
        {"items.data.0.price.id": BASIC},
        items=lambda _, made: item(made, price=BASIC),
        proration_date=lambda team, _: team.now - DAY,
    ),
    changed(
        "more of it",
        {"items.data.0.quantity": 4},
        items=lambda _, made: item(made, quantity=4),
    ),
    changed("another item", {"items.data.#": 2}, items=[{"price": BASIC}]),
    changed(
        "its only item deleted",
        Refused(400, None, "at least one active item"),
        items=lambda _, made: item(made, deleted=True),
    ),
    changed(
        "a new anchor",
        {"latest_invoice": THERE},
        billing_cycle_anchor={"type": "now"},
    ),
    changed(
        "ending with its period",
        {"cancel_at": THERE, "canceled_at": THERE},
        cancel_at_period_end=True,
        cancellation_details={"feedback": "too_expensive", "comment": "Hm"},
    ),
    changed("ending never", {"cancel_at": None}, cancel_at=""),
    changed(
        "a trial",
        {"status": "trialing"},
        trial_end=lambda team, _: team.now + 3 * DAY,
        proration_behavior="none",
    ),
    changed("its trial ended", {"status": "active"}, trial_end="now"),
    changed("without its discounts", {"discounts": []}, discounts=""),
    changed(
        "collection paused",
        {"pause_collection.behavior": "void", "status": "active"},
        pause_collection={"behavior": "void"},
    ),
    changed("collection resumed", {"pause_collection": None}, pause_collection=""),
    changed(
        "described", {"metadata": {"a": "1"}}, metadata={"a": "1"}, description="x"
    ),
    changed(
        "paid by invoice from now on",
        {"collection_method": "send_invoice", "days_until_due": 14},
        collection_method="send_invoice",
        days_until_due=14,
    ),
    changed(
        "if it can be paid",
        {"items.data.0.price.id": ENTERPRISE, "pending_update": None},
        items=lambda _, made: item(made, price=ENTERPRISE),
        payment_behavior="pending_if_incomplete",
        proration_behavior="always_invoice",
    ),
    *(
        (
            f"subscriptions.update that can't be paid, {behavior}",
            lambda t, behavior=behavior: upgraded_in_vain(t, behavior),
            outcome,
        )
        for behavior, outcome in (
            ("allow_incomplete", {"status": "past_due"}),
            ("default_incomplete", {"status": "past_due"}),
            (
                "error_if_incomplete",
                Refused(402, "card_declined", decline_code="generic_decline"),
            ),
            ("pending_if_incomplete", left_out("pending_if_incomplete")),
        )
    ),
    (
        "subscriptions.cancel",
        lambda t: t.v1.subscriptions.cancel(t.subscribe().id),
        {"status": "canceled", "ended_at": THERE},
    ),
    (
        "subscriptions.cancel, with credit and a reason",
        lambda t: t.v1.subscriptions.cancel(
            t.subscribe().id,
            {
                "invoice_now": True,
                "prorate": True,
                "cancellation_details": {"comment": "Bye", "feedback": "unused"},
            },
        ),
        {"status": "canceled", "cancellation_details.feedback": "unused"},
    ),
    (
        "subscriptions.cancel of one that isn't there",
        lambda t: t.v1.subscriptions.cancel("sub_none"),
        Refused(404, "resource_missing", "No such subscription: 'sub_none'"),
    ),
    (
        "subscriptions.pause",
        lambda t: t.v1.subscriptions.pause(t.subscribe().id, {"type": "subscription"}),
        {"status": "paused"},
    ),
    (
        "subscriptions.resume",
        lambda t: t.v1.subscriptions.resume(paused(t)),
        {"status": "active"},
    ),
    (
        "subscriptions.delete_discount",
        lambda t: t.v1.subscriptions.delete_discount(
            t.subscribe(discounts=[{"coupon": t.coupon()}]).id
        ),
        {"deleted": True},
    ),
    (
        "subscriptions.retrieve, expanded",
        lambda t: t.v1.subscriptions.retrieve(
            t.subscribe().id,
            {"expand": ["customer", "latest_invoice", "items.data.price.product"]},
        ),
        {
            "customer.email": "jenny@example.com",
            "latest_invoice.status": "paid",
            "items.data.0.price.product.name": "Pro",
        },
    ),
    (
        "subscriptions.list of a customer",
        lambda t: t.v1.subscriptions.list(
            {"customer": t.subscribe().customer, "status": "all", "limit": 1}
        ),
        {"data.#": 1},
    ),
    (
        "subscriptions.list by price",
        lambda t: [t.subscribe(), t.v1.subscriptions.list({"price": PRO})][1],
        {"data.#": 1},
    ),
    (
        "subscriptions.search",
        lambda t: [
            t.subscribe(metadata={"team": "7"}),
            t.v1.subscriptions.search(
                {"query": "status:'active' AND metadata['team']:'7'"}
            ),
        ][1],
        {"data.#": 1},
    ),
    (
        "subscriptions.migrate",
        lambda t: t.v1.subscriptions.migrate(
            t.subscribe(billing_mode={"type": "classic"}).id,
            {"billing_mode": {"type": "flexible"}},
        ),
        left_out("/migrate"),
    ),
    (
        "subscription_items.create",
        lambda t: t.v1.subscription_items.create(
            {"subscription": t.subscribe().id, "price": BASIC, "quantity": 2}
        ),
        {"quantity": 2, "price.id": BASIC},
    ),
    (
        "subscription_items.update",
        lambda t: t.v1.subscription_items.update(
            first_item(t), {"quantity": 5, "proration_behavior": "none"}
        ),
        {"quantity": 5},
    ),
    (
        "subscription_items.delete",
        lambda t: t.v1.subscription_items.delete(first_item(t)),
        {"deleted": True},
    ),
    (
        "subscription_items.list",
        lambda t: t.v1.subscription_items.list({"subscription": t.subscribe().id}),
        {"data.#": 1},
    ),
    ("subscription_schedules.create", planned, {"status": "active", "phases.#": 1}),
    (
        "subscription_schedules.create, from nothing",
        lambda t: t.v1.subscription_schedules.create(
            {
                "customer": t.customer(),
                "start_date": "now",
                "phases": [{"items": [{"price": PRO}]}],
            }
        ),
        left_out("the parameter customer of subscription schedules"),
    ),
    ("subscription_schedules.update", downgrade, {"phases.#": 2}),
    (
        "subscription_schedules.release",
        lambda t: t.v1.subscription_schedules.release(downgrade(t).id),
        {"status": "released"},
    ),
    (
        "subscription_schedules.cancel",
        lambda t: t.v1.subscription_schedules.cancel(planned(t).id),
        {"status": "canceled"},
    ),
    (
        "subscription_schedules.list",
        lambda t: t.v1.subscription_schedules.list({"customer": planned(t).customer}),
        {"data.#": 1},
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
