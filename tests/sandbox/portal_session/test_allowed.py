"""What the configuration or the flow does not allow is refused, however it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import portal_session
from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import CARD, FEATURES, Customer, Shop

UPDATE = "subscription_update"
BASIC, PRO = "price_BasicMonthlyTest", "price_ProMonthlyTest"

Act = Callable[[portal_session.OpenSession, Customer], object]

ACTS: dict[str, tuple[str, Act]] = {
    "switch": (
        "subscription_update",
        lambda v, c: portal_session.switch(v, c.subscription, price=PRO),
    ),
    "quantity": (
        "subscription_update",
        lambda v, c: portal_session.switch(v, c.subscription, quantity=2),
    ),
    "preview": (
        "subscription_update",
        lambda v, c: portal_session.preview_switch(v, c.subscription, price=PRO),
    ),
    "cancel": (
        "subscription_cancel",
        lambda v, c: portal_session.cancel(v, c.subscription),
    ),
    "cancel_preview": (
        "subscription_cancel",
        lambda v, c: portal_session.cancel_preview(v, c.subscription),
    ),
    "pause": (
        "subscription_pause",
        lambda v, c: portal_session.pause(v, c.subscription, option=0),
    ),
    "add_card": (
        "payment_method_update",
        lambda v, c: portal_session.add_payment_method(v, **CARD),
    ),
    "remove_card": (
        "payment_method_update",
        lambda v, c: portal_session.remove_payment_method(v, "pm_any"),
    ),
    "default_card": (
        "payment_method_update",
        lambda v, c: portal_session.set_default_payment_method(v, "pm_any"),
    ),
    "name": (
        "customer_update",
        lambda v, c: portal_session.update_details(v, {"name": "Eve"}),
    ),
    "tax_id": (
        "customer_update",
        lambda v, c: portal_session.add_tax_id(v, "us_ein", "12-3456789"),
    ),
    "invoices": ("invoice_history", lambda v, c: portal_session.invoices(v)),
    "pay": ("invoice_history", lambda v, c: portal_session.pay_invoice(v, "in_any")),
}
"""What can be done, by name, with the feature that it needs."""


@pytest.mark.parametrize("act", ACTS)
def test_feature_is_off(
    shop: Shop, jenny: Customer, happenings: Happenings, act: str
) -> None:
    """Without its feature an action is refused, and nothing happens."""
    feature, run = ACTS[act]
    off = [feature] if feature != "payment_method_update" else [feature, UPDATE]
    without = shop.configure(act, **dict.fromkeys(off))
    session = shop.sandbox.open_session(shop.link(jenny, configuration=without))
    happenings.forget()

    with pytest.raises(portal_session.NotAllowed) as caught:
        run(session, jenny)
    assert caught.value.status == 403
    assert happenings.types == []


@pytest.mark.parametrize("flow", sorted({*FEATURES} - {"invoice_history"}))
def test_flow_is_for_one_thing(shop: Shop, jenny: Customer, flow: str) -> None:
    """A deep link leads to its own feature and hides all others."""
    for name, (feature, run) in ACTS.items():
        session = shop.sandbox.open_session(shop.flow(jenny, flow))
        if feature == flow:
            continue
        try:
            run(session, jenny)
        except portal_session.NotAllowed:
            continue
        pytest.fail(f"{name} is possible in the flow {flow}")


def test_flow_is_for_one_subscription(shop: Shop, jenny: Customer) -> None:
    """A deep link to a subscription does not lead to another of the customer's."""
    other = shop.api.subscriptions.create(
        {"customer": jenny.id, "items": [{"price": PRO}]}
    )
    session = shop.sandbox.open_session(shop.flow(jenny, "subscription_cancel"))

    assert [s.object["id"] for s in portal_session.subscriptions(session)] == [
        jenny.subscription
    ]
    with pytest.raises(portal_session.NotFound):
        portal_session.cancel(session, other.id)


@pytest.mark.parametrize(
    ("after", "opens"),
    [
        ({"type": "portal_homepage"}, True),
        ({"type": "redirect", "redirect": {"return_url": "https://a.example"}}, False),
        (
            {
                "type": "hosted_confirmation",
                "hosted_confirmation": {"custom_message": "Bye"},
            },
            False,
        ),
    ],
    ids=["homepage", "redirect", "confirmation"],
)
def test_after_completion(
    shop: Shop, jenny: Customer, after: dict[str, Any], opens: bool
) -> None:
    """A completed flow opens the whole portal, or is the end of the session."""
    url = shop.flow(jenny, "subscription_cancel", after_completion=after)
    session = shop.sandbox.open_session(url)
    portal_session.cancel(session, jenny.subscription)
    completion = portal_session.complete(session)

    assert completion == portal_session.Completion(
        type=after["type"],
        return_url="https://a.example" if after["type"] == "redirect" else None,
        custom_message="Bye" if after["type"] == "hosted_confirmation" else None,
    )
    assert session.flow is None
    assert session.allowed.invoice_history == opens
    assert session.allowed.subscription_pause == opens


def test_no_flow_no_completion(shop: Shop, jenny: Customer) -> None:
    """A session without a flow has nothing to complete."""
    assert portal_session.complete(shop.sandbox.open_session(shop.link(jenny))) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "a@b.example"}, "email"), ({"phone": "1"}, "phone")],
)
def test_details_not_listed(
    shop: Shop, jenny: Customer, change: dict[str, Any], field: str
) -> None:
    """Only what `allowed_updates` lists can be changed, and all or nothing."""
    listed = {"enabled": True, "allowed_updates": ["name"]}
    configuration = shop.configure("names", customer_update=listed)
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))

    with pytest.raises(portal_session.NotAllowed) as caught:
        portal_session.update_details(session, {"name": "Jen", **change})
    assert caught.value.field == field
    assert session.customer["name"] == "Jenny Rosen"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "x" * 257}, "name"),
        ({"phone": "1" * 21}, "phone"),
        ({"address": {"country": "Germany"}}, "address.country"),
        ({"shipping": {"address": {"line1": "x" * 300}}}, "shipping.address.line1"),
    ],
)
def test_details_that_will_not_do(
    shop: Shop, jenny: Customer, changes: dict[str, Any], field: str
) -> None:
    """What was entered wrongly is named by its field."""
    session = shop.sandbox.open_session(shop.link(jenny))

    with pytest.raises(portal_session.Invalid) as caught:
        portal_session.update_details(session, changes)
    assert caught.value.field == field


def test_other_keys_of_a_customer(shop: Shop, jenny: Customer) -> None:
    """Nothing else about a customer can be changed from the portal."""
    session = shop.sandbox.open_session(shop.link(jenny))

    for name in ("balance", "metadata", "invoice_settings", "tax_id"):
        with pytest.raises(portal_session.NotAllowed):
            portal_session.update_details(session, {name: 1})


@pytest.mark.parametrize("listed", [["price"], ["quantity"], ["promotion_code"]])
def test_allowed_updates(shop: Shop, jenny: Customer, listed: list[str]) -> None:
    """`default_allowed_updates` says what of a subscription can be changed."""
    code = shop.promotion_code()
    update = {**FEATURES[UPDATE], "default_allowed_updates": listed}
    configuration = shop.configure("some", subscription_update=update)
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))
    may = portal_session.subscription(session, jenny.subscription).may
    wishes: dict[str, dict[str, Any]] = {
        "price": {"price": PRO},
        "quantity": {"quantity": 2},
        "promotion_code": {"promotion_code": code},
    }

    names = {"price": "switch"}
    assert may & {"switch", "quantity", "promotion_code"} == {
        names.get(name, name) for name in listed
    }
    for name, wish in wishes.items():
        if name in listed:
            portal_session.preview_switch(session, jenny.subscription, **wish)
        else:
            with pytest.raises(portal_session.NotAllowed):
                portal_session.switch(session, jenny.subscription, **wish)


def test_price_not_offered(shop: Shop, jenny: Customer) -> None:
    """A price that is not listed, or no longer sold, cannot be reached by request."""
    session = shop.sandbox.open_session(shop.link(jenny))
    shop.api.prices.update("price_ProAnnualTest", {"active": False})
    offered = [
        each.price["id"] for each in portal_session.options(session, jenny.subscription)
    ]

    assert offered == [BASIC, "price_BasicAnnualTest", PRO]
    for price in ("price_EnterpriseMonthlyTest", "price_ProAnnualTest", "price_gone"):
        with pytest.raises(portal_session.NotAllowed) as caught:
            portal_session.switch(session, jenny.subscription, price=price)
        assert caught.value.code == "price_not_offered"


def test_product_not_listed(shop: Shop) -> None:
    """A subscription to a product that is not listed cannot be updated."""
    jenny = shop.customer(price="price_EnterpriseMonthlyTest")
    session = shop.sandbox.open_session(shop.link(jenny))
    may = portal_session.subscription(session, jenny.subscription).may

    assert portal_session.options(session, jenny.subscription) == []
    assert may == {"cancel", "pause"}
    with pytest.raises(portal_session.NotAllowed):
        portal_session.switch(session, jenny.subscription, price=PRO)


@pytest.mark.parametrize("quantity", [0, -1, 21])
def test_quantity_out_of_range(shop: Shop, jenny: Customer, quantity: int) -> None:
    """A quantity stays within `adjustable_quantity`."""
    session = shop.sandbox.open_session(shop.link(jenny))

    with pytest.raises(portal_session.Invalid) as caught:
        portal_session.switch(session, jenny.subscription, quantity=quantity)
    assert (caught.value.code, caught.value.field) == (
        "quantity_out_of_range",
        "quantity",
    )


def test_quantity_is_fixed(shop: Shop, jenny: Customer) -> None:
    """A product whose quantity is not adjustable keeps it."""
    fixed = [
        {**each, "adjustable_quantity": {"enabled": False}}
        for each in FEATURES[UPDATE]["products"]
    ]
    update = {**FEATURES[UPDATE], "products": fixed}
    configuration = shop.configure("fixed", subscription_update=update)
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))

    assert (
        "quantity" not in portal_session.subscription(session, jenny.subscription).may
    )
    with pytest.raises(portal_session.NotAllowed):
        portal_session.switch(session, jenny.subscription, quantity=2)


def test_nothing_to_change(shop: Shop, jenny: Customer) -> None:
    """A switch to what one has is none."""
    session = shop.sandbox.open_session(shop.link(jenny))

    wishes: list[dict[str, Any]] = [{}, {"quantity": 1}, {"price": BASIC}]
    for wish in wishes:
        with pytest.raises(portal_session.Invalid) as caught:
            portal_session.switch(session, jenny.subscription, **wish)
        assert caught.value.code == "nothing_to_change"


@pytest.mark.parametrize("kind", ["several-items", "usage-based"])
def test_only_cancelled(shop: Shop, kind: str) -> None:
    """With several items or usage-based prices one can cancel, and nothing else."""
    wanted = [{"price": BASIC}, {"price": PRO}]
    if kind == "usage-based":
        wanted = [{"price": shop.metered_price()}]
    jenny = shop.customer(subscription={"items": wanted})
    session = shop.sandbox.open_session(shop.link(jenny))

    assert portal_session.subscription(session, jenny.subscription).may == {"cancel"}
    with pytest.raises(portal_session.NotAllowed):
        portal_session.switch(session, jenny.subscription, price=PRO)
    with pytest.raises(portal_session.NotAllowed):
        portal_session.pause(session, jenny.subscription, option=0)
    assert portal_session.cancel(session, jenny.subscription)["cancel_at"]


def test_twice(shop: Shop, jenny: Customer) -> None:
    """What is done already cannot be done again."""
    session = shop.sandbox.open_session(shop.link(jenny))
    with pytest.raises(portal_session.NotAllowed):
        portal_session.renew(session, jenny.subscription)
    with pytest.raises(portal_session.NotAllowed):
        portal_session.resume(session, jenny.subscription)
    with pytest.raises(portal_session.NotAllowed):
        portal_session.undo_switch(session, jenny.subscription)
    portal_session.pause(session, jenny.subscription, option=0)
    with pytest.raises(portal_session.NotAllowed):
        portal_session.pause(session, jenny.subscription, option=0)
    portal_session.resume(session, jenny.subscription)
    portal_session.cancel(session, jenny.subscription)

    with pytest.raises(portal_session.NotAllowed) as caught:
        portal_session.cancel(session, jenny.subscription)
    assert caught.value.code == "already_cancelled"
    assert portal_session.subscription(session, jenny.subscription).may == {"renew"}


@pytest.mark.parametrize("option", [None, -1, 2])
def test_pause_options(shop: Shop, jenny: Customer, option: int | None) -> None:
    """One of the offered durations has to be chosen."""
    session = shop.sandbox.open_session(shop.link(jenny))

    with pytest.raises(portal_session.Invalid) as caught:
        portal_session.pause(session, jenny.subscription, option=option)
    assert caught.value.field == "option"


def test_pause_until_further_notice(shop: Shop, jenny: Customer) -> None:
    """An indefinite pause has no options and no end; it can always be taken back."""
    pause = {"enabled": True, "duration": {"type": "indefinite"}}
    configuration = shop.configure("indefinite", subscription_pause=pause)
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))
    offered = portal_session.pause_options(session)
    after = portal_session.pause(session, jenny.subscription)
    off: Any = {"subscription_pause": {"enabled": False}}
    shop.api.billing_portal.configurations.update(configuration, {"features": off})

    assert offered == []
    assert after["pause_collection"] == {"behavior": "void", "resumes_at": None}
    assert portal_session.next_invoice(session, jenny.subscription) is None
    assert (
        portal_session.resume(session, jenny.subscription)["pause_collection"] is None
    )


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"reason": "unused"}, "reason"),
        ({"reason": "nonsense"}, "reason"),
        ({"feedback_option": "fbo_gone"}, "feedback_option"),
        ({"comment": "x" * 501}, "comment"),
    ],
)
def test_survey_answers(
    shop: Shop, jenny: Customer, answer: dict[str, str], field: str
) -> None:
    """Only reasons that are asked for are answers; and a comment has an end."""
    session = shop.sandbox.open_session(shop.link(jenny))
    with pytest.raises(portal_session.NotAllowed):
        portal_session.give_reason(session, jenny.subscription, **answer)
    portal_session.cancel(session, jenny.subscription)

    with pytest.raises(portal_session.Invalid) as caught:
        portal_session.give_reason(session, jenny.subscription, **answer)
    assert caught.value.field == field


def test_feedback_options(shop: Shop, jenny: Customer) -> None:
    """A team's own reasons are asked for while they are active."""
    options = shop.sandbox.client().v1.billing.feedback_options
    fast, slow = (options.create({"description": each}) for each in ("Fast", "Slow"))
    reason = {
        "enabled": True,
        "options": ["other"],
        "feedback_options": [fast.id, slow.id],
    }
    cancel = {**FEATURES["subscription_cancel"], "cancellation_reason": reason}
    configuration = shop.configure("own", subscription_cancel=cancel)
    options.deactivate(slow.id)
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))
    asked = portal_session.cancel_preview(session, jenny.subscription)
    portal_session.cancel(session, jenny.subscription)
    after = portal_session.give_reason(
        session, jenny.subscription, feedback_option=fast.id
    )

    assert [each["description"] for each in asked.feedback_options] == ["Fast"]
    assert after["cancellation_details"]["feedback_option"] == fast.id
