"""What becomes of a resource as a whole: made, let go of, replaced. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_stripe_portal.schema.resources import PORTAL
from pulumi_stripe_portal.schema.values import value_at

from .before_after import Effect, fact, loss
from .endpoints import said_address
from .features import offline, refusal
from .fields import ABILITIES, Risk
from .plan import Change
from .text import SUBJECT, Quoted, Text, join
from .undeclared import able, undeclared_on, whole_truth
from .values import Values

__all__ = ["left_out", "marked", "tell"]

_ANNOUNCING = ("takes back", "deletes", "replaces", "adopts", "manages")
"""How warnings begin that tell what an update does besides."""


def tell(change: Change, *, known: bool) -> Iterator[Effect]:
    """Yield what happens to the resource itself.

    `known` says whether what the account's default is set to today was asked.
    """
    for text in change.announcements:
        if text.startswith(_ANNOUNCING):
            yield _announced(change, text)
    if change.op == "release":
        yield fact("The code lets go of it: at Stripe it stays as it is.")
    elif change.op == "adopt":
        yield fact("What exists at Stripe comes under code as it is: nothing changes.")
    elif change.is_endpoint:
        yield from _endpoint(change)
    else:
        yield from _portal(change, known=known)


def _endpoint(change: Change) -> Iterator[Effect]:
    inputs = change.after or change.recorded or {}
    address = said_address(inputs.get("url"))
    if change.op in ("create", "remake"):
        again = " again" if change.op == "remake" else ""
        sends = f"Stripe sends events{again} to "
        if inputs.get("disabled") is True:
            sends = "Once it is switched on, Stripe sends events to "
        yield fact(
            (
                sends,
                *address,
                ", signed with a new secret: the output ",
                Quoted("secret"),
                ".",
            ),
            Risk.SECRET if again else Risk.EVENTS,
        )
    elif change.op == "replace":
        yield fact(
            (
                "It is replaced, and its signing secret changes: the app must check "
                "signatures with the new one, the output ",
                Quoted("secret"),
                ".",
            ),
            Risk.SECRET,
        )
    elif change.op == "delete":
        yield fact(
            (
                "Stripe no longer sends events to ",
                *address,
                ": the endpoint is deleted.",
            ),
            Risk.EVENTS,
        )


def _portal(change: Change, *, known: bool) -> Iterator[Effect]:
    if change.becomes_default:
        yield fact(
            "The account has no portal yet: the first one that is made becomes its "
            "default for ever.",
            Risk.DEFAULT,
        )
    if change.op == "delete":
        yield _deleted(change)
    elif change.op == "replace":
        yield _made_anew(change)
    elif change.is_default:
        yield fact(
            "Customers see this portal wherever the app names no other.", Risk.DEFAULT
        )
        if change.op == "create" and not known:
            yield fact(
                "What it is set to today is not in the preview; run the review with "
                "--online to see what is new for customers.",
                Risk.DEFAULT,
            )
    elif change.op == "create" and not change.becomes_default:
        yield fact("No customer sees it until the app names it.")
    elif change.op == "remake":
        yield fact("It is gone at Stripe, and made again.", Risk.ACCESS)
    new = change.op == "create" and change.key.resource_type is PORTAL
    if new and not value_at(change.after or {}, ("default_return_url",)):
        yield refusal(None)


def _made_anew(change: Change) -> Effect:
    if change.is_default:
        return fact(
            "It is made anew; the old one stays the account's default.", Risk.DEFAULT
        )
    return fact(
        "It is made anew and the old one is deactivated: its id changes, and Stripe "
        "refuses sessions that name the old id.",
        Risk.OUTAGE,
    )


def _deleted(change: Change) -> Effect:
    if change.key.is_default:
        restored = (change.recorded or {}).get("on_delete") == "restore"
        how = (
            "what the code declared is set back to what it was before"
            if restored
            else "its settings stay as they are"
        )
        return fact(f"The code lets go of the account's default: {how}.", Risk.DEFAULT)
    if change.is_default:
        return fact(
            "It is the account's default, which Stripe never deactivates: it stays as "
            "it is, no longer under code.",
            Risk.DEFAULT,
        )
    recorded = change.recorded or {}
    if recorded.get("active") is False:
        return fact("It is deactivated already, and stays so, no longer under code.")
    return offline(sign_in=value_at(recorded, ("login_page", "enabled")) is True)


def _announced(change: Change, text: str) -> Effect:
    """Say what the provider will do besides, in its own words."""
    risk = None
    if text.startswith(("deletes", "replaces")):
        risk = Risk.EVENTS if change.is_endpoint else Risk.ACCESS
    return fact(f"The update {text.rstrip('. ')}.", risk)


def marked(change: Change, *, alone: bool) -> Iterator[Effect]:
    """Yield what becomes of the ownership marker in an update.

    `alone` says that nothing else changes.
    """
    recorded, found, will = change.markers
    if not change.remarked:
        return
    nothing = "; nothing changes for customers" if alone else ""
    if recorded == will and found != recorded:
        yield fact(
            "The ownership marker is written again, which somebody changed or removed "
            f"at Stripe{nothing}."
        )
    else:
        yield fact(
            "Stripe is told the resource's new name, stack or project (the ownership "
            f"marker){nothing}."
        )


def left_out(change: Change, default: Values | None = None) -> Iterator[Effect]:
    """Yield what customers can't do, or what the code leaves as it is.

    `default` is what the account's default is set to today, where that was asked.
    """
    features = value_at(change.after or {}, ("features",))
    if change.is_endpoint or not isinstance(features, dict):
        return
    undeclared: list[Text] = []
    off: list[Text] = []
    still_on = [] if whole_truth(change) else undeclared_on(change, default)
    for name, words in ABILITIES.items():
        if name not in features and not whole_truth(change):
            if name not in still_on:
                undeclared.append((words,))
        elif value_at(features, (name, "enabled")) in (None, False):
            off.append((words,))
    if off and change.op == "create" and default is None:
        yield fact(("Customers on ", SUBJECT, " can't ", *join(off, "or"), "."))
    if change.op not in ("create", "adopt", "update", "remake"):
        return
    if whole_truth(change):
        for name in undeclared_on(change, default):
            if name not in ABILITIES:  # of the others the settings tell
                yield loss(able(name), Risk.ACCESS)
    if still_on:
        abilities = join([able(name) for name in still_on])
        text = ("Customers can also ", *abilities)
        why = ": the code doesn't declare it, so it stays on."
        yield fact((*text, why), Risk.DEFAULT)
    if undeclared:
        words = "Not in the code, so left as it is: whether customers can "
        yield fact((words, *join(undeclared, "or"), "."))
