"""What becomes of a resource as a whole: made, let go of, replaced. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_stripe_portal._values import value_at

from .endpoints import shown_address
from .fields import ABILITIES, Risk
from .plan import Change
from .text import SUBJECT, Quoted, Text, joined
from .turn import Effect, fact, loss

__all__ = ["left_out", "told"]


def told(change: Change, *, known: bool) -> Iterator[Effect]:
    """Yield what happens to the resource itself.

    `known` says whether what the account's default is set to today was asked.
    """
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
    address = shown_address(inputs.get("url"))
    if change.op in ("create", "remake"):
        again = " again" if change.op == "remake" else ""
        yield fact(
            (
                f"Stripe sends events{again} to ",
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
        yield fact(
            "It is made anew and the old one is deactivated: its id changes.",
            Risk.ACCESS,
        )
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


def _deleted(change: Change) -> Effect:
    if change.key.type == "DefaultPortalConfiguration":
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
    return loss(
        "use this portal: it is deactivated, and Stripe refuses new sessions with it",
        Risk.ACCESS,
    )


def left_out(change: Change, *, known: bool) -> Iterator[Effect]:
    """Yield what customers can't do, or what the code leaves as it is."""
    features = value_at(change.after or {}, ("features",))
    if change.is_endpoint or not isinstance(features, dict):
        return
    undeclared: list[Text] = []
    off: list[Text] = []
    whole_truth = change.key.type == "PortalConfiguration"
    for name, words in ABILITIES.items():
        if name not in features and not whole_truth:
            undeclared.append((words,))
        elif value_at(features, (name, "enabled")) in (None, False):
            off.append((words,))
    if off and change.op == "create" and not known:
        yield fact(("Customers on ", SUBJECT, " can't ", *joined(off, "or"), "."))
    if undeclared and change.op in ("create", "adopt", "update"):
        words = "Not in the code, so left as it is: whether customers can "
        yield fact((words, *joined(undeclared, "or"), "."))
