"""Finds resources that only got another name in the code, without `aliases`. Pure.

Pulumi sees one resource that goes and another that comes.
https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pulumi_stripe_portal._values import same, value_at

from .fields import Risk
from .labels import label_at, words_at
from .plan import Change, Key
from .text import Quoted, Text, joined
from .turn import Effect, fact
from .values import changed

__all__ = ["renames"]

_NEARLY = 0.75
"""How much of what is declared must be the same."""


def renames(changes: Iterable[Change]) -> Mapping[Key, Effect]:
    """Return what to say of resources that look renamed, by their old and new keys."""
    told: dict[Key, Effect] = {}
    listed = list(changes)
    gone = [each for each in listed if each.op == "delete" and _can_be_lost(each)]
    made = [each for each in listed if each.op == "create"]
    pairs = [
        (_likeness(old, new), old, new)
        for old in gone
        for new in made
        if old.key.type == new.key.type
    ]
    for likeness, old, new in sorted(pairs, key=lambda pair: -pair[0]):
        if likeness >= _NEARLY and not {old.key, new.key} & told.keys():
            told[old.key], told[new.key] = _told(old, new)
    return told


def _can_be_lost(change: Change) -> bool:
    return not change.is_default


def _likeness(old: Change, new: Change) -> float:
    """Return how much of what is declared is the same, from 0 to 1."""
    before, after = old.recorded or {}, new.after or {}
    if new.is_endpoint and before.get("url") != after.get("url"):
        return 0.0
    if before.get("account") != after.get("account"):
        return 0.0
    alike = []
    for path, leaf in new.root.leaves():
        values = value_at(before, path), value_at(after, path)
        if words_at(new.root, path).topic != "team" and values != (None, None):
            alike.append(same(leaf, *values))
    share = sum(alike) / len(alike) if alike else 0.0
    if new.is_endpoint:  # one address has one endpoint
        return max(share, _NEARLY)
    return share


def _told(old: Change, new: Change) -> tuple[Effect, Effect]:
    differing = {
        label_at(new.root, path): None
        for path, _ in changed(new.root, old.recorded or {}, new.after or {})
        if words_at(new.root, path).topic != "team"
    }
    kept: Text = ("nothing would change for customers",)
    if old.is_endpoint:
        kept = ("the endpoint and its signing secret would stay",)
    elif differing:
        kept = ("customers would notice only what differs: ", *joined([*differing]))
    remedy: Text = ("; with ", Quoted("aliases"), " ", *kept, ".")
    lost = "" if not old.is_endpoint else ": the signing secret changes"
    moved = old.key.name == new.key.name
    became: Text = (
        ("The code seems to move it elsewhere",)
        if moved
        else ("The code seems to rename it to ", Quoted(new.key.name))
    )
    noun = "move" if moved else "rename"
    risks = (
        (Risk.SECRET, Risk.SECRET) if old.is_endpoint else (Risk.OUTAGE, Risk.ACCESS)
    )
    return (
        fact((*became, lost, *remedy), risks[0]),
        fact(
            (f"It looks like a {noun} of ", Quoted(old.key.name), lost, *remedy),
            risks[1],
        ),
    )
