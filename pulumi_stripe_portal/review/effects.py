"""What a change of a resource does, in sentences, most serious first. Pure.

First what becomes of it as a whole: made, let go of, replaced. Last how many customers
it may concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pulumi_stripe_portal.schema.resources import PORTAL
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.views import project_onto_inputs

from .before_after import Effect, fact, loss
from .endpoints import visible_address
from .features import outage, refusal
from .fields import ABILITIES, Risk
from .labels import risk_of, words_at
from .offers import on_offer
from .plan import Change
from .prices import EVERYONE, Price
from .sentences import tell
from .text import WHO_GET_IT, Quoted, Text, join
from .undeclared import (
    ability,
    declares_all,
    fill,
    undeclared_on,
    with_undeclared_on,
)
from .values import SECRET, Values, conceal, differences

__all__ = ["concerned", "drift_of", "effects_of", "sides"]

_RISKS = [*Risk, None]
_ANNOUNCING = ("takes back", "deletes", "replaces", "adopts", "manages")
"""How warnings begin that tell what an update does besides."""
_WHOSE = {"all": "a subscription that has not ended", "offer": "one of its plans"}


def effects_of(change: Change, renamed: Effect | None = None) -> tuple[Effect, ...]:
    """Return what the code's change does, most serious first.

    `renamed` says that it looks as if only its name in the code changed.
    """
    if not change.by_code:
        return ()
    was, will = sides(change)
    effects = list(_whole(change))
    if was is not None and will is not None:
        new = change.recorded is None and change.default is None
        sentences = tell(change.root, was, will, change.book, new=new)
        effects += sentences
        if change.op == "update":
            alone = not sentences and not any(differences(change.root, was, will))
            if change.remarked:
                effects.append(_marker(change, alone=alone))
            elif alone:
                effects.append(_secret(change, will))
    effects += [renamed] if renamed else []
    effects += _features(change)
    effects += _reach(change, effects)
    return _sort(effects)


def sides(change: Change) -> tuple[Values | None, Values | None]:
    """Return the inputs before and after that the sentences are about.

    None, None where nothing changes at Stripe.
    """
    was, will = change.recorded, change.after
    earlier = change.outputs.get("before")
    if change.op == "delete" and was is not None and isinstance(earlier, Mapping):
        restores = was.get("on_delete") == "restore"
        will = project_onto_inputs(change.root, was, earlier) if restores else will
    if change.op in ("adopt", "release") or will is None:
        return None, None
    if change.key.is_default:
        earlier = change.default if was is None else earlier
        was = fill(change.root, was or {}, earlier or {}, will)
        was = with_undeclared_on(change, was)
    return conceal(was or {}, will), will


def drift_of(change: Change) -> tuple[Effect, ...]:
    """Return what was changed at Stripe, outside the code; () without a refresh."""
    if not change.drifted:
        return ()
    if change.found is None or change.recorded is None:
        words = "It is gone at Stripe: somebody deleted it."
        return (fact(words, risk_of(change.root)),)
    return _sort(tell(change.root, change.recorded, change.found, change.book))


def _sort(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    return tuple(sorted(effects, key=lambda effect: _RISKS.index(effect.risk)))


def _secret(change: Change, inputs: Values) -> Effect:
    """Say that what an update changes is secret: nothing else differs."""
    paths = [at for at, _ in change.root.leaves() if value_at(inputs, at) is SECRET]
    if not paths:
        return fact("Something changes that the preview does not show.")
    words = [words_at(change.root, path) for path in paths]
    labels = join([each.inside for each in words], "or")
    text = ("A secret value changes, which is not shown: ", *labels, ".")
    return fact(text, words[0].risk)


def _whole(change: Change) -> Iterator[Effect]:
    """Yield what happens to the resource itself."""
    for text in change.announcements:
        if text.startswith(_ANNOUNCING):
            goes = text.startswith(("deletes", "replaces"))
            risk = risk_of(change.root) if goes else None
            yield fact(f"The update {text.rstrip('. ')}.", risk)
    if change.op == "release":
        yield fact("The code lets go of it: at Stripe it stays as it is.")
    elif change.op == "adopt":
        yield fact("What exists at Stripe comes under code as it is: nothing changes.")
    else:
        yield from (_endpoint if change.key.is_endpoint else _portal)(change)


def _endpoint(change: Change) -> Iterator[Effect]:
    inputs = change.after or change.recorded or {}
    address = visible_address(inputs.get("url"))
    secret: Text = ("the output ", Quoted("secret"), ".")
    if change.op in ("create", "remake"):
        again, risk = "", Risk.EVENTS
        if change.op == "remake":
            again, risk = " again", Risk.SECRET
        sends = f"Stripe sends events{again} to "
        if inputs.get("disabled") is True:
            sends = "Once it is switched on, Stripe sends events to "
        yield fact((sends, *address, ", signed with a new secret: ", *secret), risk)
    elif change.op == "replace":
        words = (
            "It is replaced, and its signing secret changes: the app must check "
            "signatures with the new one, "
        )
        yield fact((words, *secret), Risk.SECRET)
    elif change.op == "delete":
        words = "Stripe no longer sends events to "
        yield fact((words, *address, ": the endpoint is deleted."), Risk.EVENTS)


def _portal(change: Change) -> Iterator[Effect]:
    """Yield what happens to a portal; the default's is never deactivated."""
    recorded = change.recorded or {}
    if change.becomes_default:
        yield fact(
            "The account has no portal yet: the first one that is made becomes its "
            "default for ever.",
            Risk.DEFAULT,
        )
    if change.op == "delete" and change.key.is_default:
        how = "its settings stay as they are"
        if recorded.get("on_delete") == "restore":
            how = "what the code declared is set back to what it was before"
        words = f"The code lets go of the account's default: {how}."
        yield fact(words, Risk.DEFAULT)
    elif change.op == "delete" and change.is_default:
        yield fact(
            "It is the account's default, which Stripe never deactivates: it stays as "
            "it is, no longer under code.",
            Risk.DEFAULT,
        )
    elif change.op == "delete" and recorded.get("active") is False:
        yield fact("It is deactivated already, and stays so, no longer under code.")
    elif change.op == "delete":
        yield outage(sign_in=value_at(recorded, ("login_page", "enabled")) is True)
    elif change.op == "replace" and change.is_default:
        words = "It is made anew; the old one stays the account's default."
        yield fact(words, Risk.DEFAULT)
    elif change.op == "replace":
        yield fact(
            "It is made anew and the old one is deactivated: its id changes, and "
            "Stripe refuses sessions that name the old id.",
            Risk.OUTAGE,
        )
    elif change.is_default:
        words = "Customers get this portal wherever the app names no other."
        yield fact(words, Risk.DEFAULT)
        if change.op == "create" and change.default is None:
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


def _marker(change: Change, *, alone: bool) -> Effect:
    """Say why an update writes the ownership marker, `alone` where it does no more."""
    recorded, found, will = change.markers
    words = (
        "Stripe is told the resource's new name, stack or project (the ownership "
        "marker)"
    )
    if recorded == will and found != recorded:
        words = (
            "The ownership marker is written again, which somebody changed or removed "
            "at Stripe"
        )
    return fact(f"{words}{'; nothing changes for customers' if alone else ''}.")


def _features(change: Change) -> Iterator[Effect]:
    """Yield what customers can't do, or what the code leaves as it is."""
    features = (change.after or {}).get("features")
    told = change.op in ("create", "adopt", "update", "remake")
    if change.key.is_endpoint or not told or not isinstance(features, dict):
        return
    whole = declares_all(change)
    if change.op == "create" and change.default is None:
        off: list[Text] = [
            (words,)
            for name, words in ABILITIES.items()
            if name in features or whole
            if value_at(features, (name, "enabled")) in (None, False)
        ]
        if off:
            yield fact((*WHO_GET_IT, " can't ", *join(off, "or"), "."))
    on = undeclared_on(change)
    if whole:
        # Of the others the settings tell.
        newer = (name for name in on if name not in ABILITIES)
        yield from (loss(ability(name), Risk.ACCESS) for name in newer)
        return
    if on:
        text = ("Customers can also ", *join([ability(name) for name in on]))
        why = ": the code doesn't declare it, so it stays on."
        yield fact((*text, why), Risk.DEFAULT)
    left = [ability(n) for n in ABILITIES if n not in features and n not in on]
    if left:
        words = "Not in the code, so left as it is: whether customers can "
        yield fact((words, *join(left, "or"), "."))


def concerned(change: Change, effect: Effect) -> tuple[Price, ...]:
    """Return the prices whose customers a sentence may concern."""
    if not effect.reach:
        return effect.prices
    if change.op == "create" and not change.is_default:
        return ()  # no customer sees it yet
    if effect.reach == "all":
        return (Price(id=EVERYONE),)
    return on_offer((change.recorded, change.after), change.book)


def _reach(change: Change, effects: Iterable[Effect]) -> Iterator[Effect]:
    """Yield how many customers the changes may concern, where that was asked.

    Which customers get a portal is decided by the app, session by session: what can be
    counted is who could be among them.
    """
    first = {each.reach: each for each in reversed([*effects]) if each.reach}
    for whom, effect in first.items():
        held = change.book.holders(concerned(change, effect))
        if held is not None and held.found:
            upto = "up to " if held.is_whole else ""
            words = (
                f"Of those who have {_WHOSE[whom]}, {upto}{held.customers} "
                f"({held.subscriptions}) may be concerned; who of them gets this "
                "portal, Stripe does not tell."
            )
            yield fact(words, effect.risk)
        elif held is not None:
            yield fact(f"Today nobody has {_WHOSE[whom]}.", effect.risk)
