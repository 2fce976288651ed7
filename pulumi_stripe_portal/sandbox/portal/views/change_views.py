"""Views of what a subscription can become: another plan, paused, cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from . import view
from .statement_view import statement
from .subscription_view import plan_words

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import portal_session

__all__ = ["cancellation", "change", "pauses", "planning", "reasons"]


def planning(
    words: Words,
    shown: view.Subscription,
    options: Sequence[portal_session.Option],
    chosen: view.Chosen,
) -> view.Planning:
    """Show what a subscription can be switched to, and what is *chosen* so far."""
    ranges = [each.quantity for each in options if each.quantity]
    hints = {_range(words, each) for each in ranges}
    groups: dict[str, list[view.Plan]] = {}
    for each in options:
        hint = each.quantity and len(hints) > 1 and _range(words, each.quantity)
        plan = view.Plan(
            id=each.price["id"],
            name=each.product["name"],
            price=words.price(each.price),
            description=each.product.get("description") or "",
            quantity=hint or "",
            is_current=each.current,
        )
        groups.setdefault(words.billed(each.price), []).append(plan)
    return view.Planning(
        subscription=shown,
        chosen=chosen,
        groups=tuple(
            view.PlanGroup(title, tuple(plans)) for title, plans in groups.items()
        ),
        minimum=min((each.minimum for each in ranges), default=1),
        maximum=_highest(ranges),
        quantity_hint=hints.pop() if len(hints) == 1 else "",
    )


def _highest(ranges: Iterable[portal_session.Quantity]) -> int | None:
    bounds = [each.maximum for each in ranges]
    known = [bound for bound in bounds if bound is not None]
    return max(known, default=None) if len(known) == len(bounds) else None


def _range(words: Words, quantity: portal_session.Quantity) -> str:
    if quantity.maximum is None:
        return words.text("quantity.from", minimum=quantity.minimum)
    return words.text(
        "quantity.between", minimum=quantity.minimum, maximum=quantity.maximum
    )


def change(
    words: Words, item: Json, preview: portal_session.SwitchPreview
) -> view.Change:
    """Show what a switch costs from *item* of the subscription, and when it happens."""
    nothing = view.Statement(words.money(0, preview.currency), words.date(preview.at))
    upcoming = preview.upcoming
    return view.Change(
        was=plan_words(words, item["price"], item["quantity"]),
        plan=plan_words(words, preview.price, preview.quantity),
        is_same_plan=preview.price["id"] == item["price"]["id"],
        notes=tuple(_change_notes(words, preview)),
        due=statement(words, preview.due) if preview.due else nothing,
        upcoming=statement(words, upcoming) if upcoming else None,
        discount=words.discount(preview.discount) if preview.discount else None,
    )


def _change_notes(words: Words, preview: portal_session.SwitchPreview) -> Iterable[str]:
    if preview.when == "period_end":
        yield words.text("change.later", date=words.date(preview.at))
    else:
        yield words.text("change.now")
    if preview.ends_trial:
        yield words.text("change.ends_trial")


def cancellation(
    words: Words,
    shown: view.Subscription,
    preview: portal_session.CancelPreview,
    coupon: Json | None = None,
) -> view.Cancellation:
    """Show what a cancellation means; *coupon* is offered for staying."""
    credit = None
    if preview.credit:
        amount = words.money(preview.credit, preview.currency)
        credit = words.text("cancel.credit", amount=amount)
    date = words.date(preview.ends_at)
    return view.Cancellation(
        subscription=shown,
        text=words.text(f"cancel.{preview.mode}", date=date),
        credit=credit,
        offer=words.discount(coupon) if coupon else None,
    )


def reasons(
    words: Words, preview: portal_session.CancelPreview | portal_session.Survey
) -> tuple[view.Choice, ...]:
    """Show the reasons that can be given for a cancellation."""
    stripes = (
        view.Choice(reason, words.known(f"reason.{reason}", reason))
        for reason in preview.reasons
    )
    own = (
        view.Choice(each["id"], each["description"])
        for each in preview.feedback_options
    )
    return (*stripes, *own)


def pauses(
    words: Words, options: Iterable[portal_session.PauseOption]
) -> tuple[view.Choice, ...]:
    """Show for how long a subscription can be paused; nothing: until it is resumed."""
    return tuple(
        view.Choice(
            value=str(place),
            label=words.duration(each.interval, each.interval_count),
            hint=words.text("pause.until", date=words.date(each.resumes_at)),
        )
        for place, each in enumerate(options)
    )
