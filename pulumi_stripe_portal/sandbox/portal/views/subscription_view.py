"""The view of a subscription: what runs, and what can be done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from . import view
from .statement_view import statement

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import portal_session

__all__ = ["plan_words", "subscription"]


def subscription(
    words: Words,
    current: portal_session.CustomerSubscription,
    upcoming: Json | None = None,
) -> view.Subscription:
    """Show a subscription; *upcoming* is the preview of its next invoice."""
    stripe, may = current.object, current.may
    items = stripe["items"]["data"]
    item = items[0]
    count = item.get("quantity") or 1
    method = stripe["default_payment_method"]
    changes_quantity = "quantity" in may
    alone = len(items) == 1
    return view.Subscription(
        id=stripe["id"],
        name=", ".join(each["price"]["product"]["name"] for each in items),
        price=words.price(item["price"] if alone else _sum(item, current.amount)),
        status=_status(words, current),
        notes=tuple(_notes(words, current)),
        warning=_warning(words, stripe["status"], may),
        quantity=(
            words.text("subscription.quantity", count=count)
            if alone and (count > 1 or changes_quantity)
            else None
        ),
        discount=_discount(words, stripe.get("discounts") or []),
        upcoming=statement(words, upcoming) if upcoming else None,
        method=method and _own_card(words, method),
        is_method_removable="remove_payment_method" in may,
        can_change_price="switch" in may,
        can_change_quantity=changes_quantity,
        can_use_code="promotion_code" in may,
        can_cancel="cancel" in may,
        can_renew="renew" in may,
        can_pause="pause" in may,
        can_resume="resume" in may,
        can_undo="undo_switch" in may,
        can_add_method="add_method" in may,
    )


def _sum(item: Json, amount: int) -> Json:
    """Return what several items cost together as a price; their interval is one."""
    return {**item["price"], "unit_amount": amount, "unit_amount_decimal": None}


def _status(words: Words, current: portal_session.CustomerSubscription) -> view.Status:
    stripe = current.object
    if stripe["status"] not in ("active", "trialing"):
        tone = "bad" if stripe["status"] == "past_due" else "warn"
        return view.Status(words.text(f"status.{stripe['status']}"), tone)
    if current.ends_at is not None:
        return view.Status(words.text("status.canceling"), "warn")
    if stripe.get("pause_collection"):
        return view.Status(words.text("status.paused"), "warn")
    return view.Status(words.text(f"status.{stripe['status']}"), "good")


def _warning(words: Words, status: str, may: Collection[str]) -> str | None:
    key = "warning.needs_method" if "add_method" in may else f"warning.{status}"
    return words.text(key) if key in words.text else None


def _notes(words: Words, current: portal_session.CustomerSubscription) -> Iterable[str]:
    stripe = current.object
    pause, switch = stripe.get("pause_collection"), current.next_switch
    if stripe["status"] == "trialing":
        yield words.text("note.trial", date=words.date(stripe["trial_end"]))
    if current.ends_at is not None:
        yield words.text("note.cancels", date=words.date(current.ends_at))
    elif pause and pause["resumes_at"]:
        yield words.text("note.paused_until", date=words.date(pause["resumes_at"]))
    elif pause:
        yield words.text("note.paused")
    elif stripe["status"] == "active":
        yield words.text("note.renews", date=words.date(current.period_end))
    if switch:
        plan = plan_words(words, switch["price"], switch["quantity"])
        yield words.text("note.scheduled", plan=plan, date=words.date(switch["at"]))


def plan_words(words: Words, price: Json, quantity: int) -> str:
    """Name a plan with its price: `Pro, $29.00 per month`, and how many."""
    name = price["product"]["name"]
    if quantity > 1:
        name = words.text("plan.times", count=quantity, plan=name)
    return words.text("plan.with_price", name=name, price=words.price(price))


def _discount(words: Words, discounts: list[Json]) -> str | None:
    coupons = [each["source"]["coupon"] for each in discounts]
    return ", ".join(map(words.discount, coupons)) or None


def _own_card(words: Words, method: Json) -> view.Card:
    return view.Card(method["id"], words.card(method), words.expiry(method))
