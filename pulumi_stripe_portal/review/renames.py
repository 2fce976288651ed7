"""Finds resources that only got another name in the code, without `aliases`. Pure.

Pulumi sees one resource that goes and another that comes.
https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from pulumi_stripe_portal.schema.values import Path, canonical, has_opaque, value_at

from .before_after import Effect, fact
from .fields import Risk
from .labels import words_at
from .plan import Change
from .states import Key
from .text import Quoted, Text, join
from .values import Values, differences

__all__ = ["renames"]

_NEARLY = 0.75
"""How much of what is declared must be the same."""
_MOST = 2_500
"""How many pairs are compared field by field."""
_TYPE = ("type",)
_Declared: TypeAlias = "dict[int, dict[Path, str]]"


def renames(changes: Iterable[Change]) -> Mapping[Key, Effect]:
    """Return what to say of resources that look renamed, by their old and new keys."""
    listed = list(changes)
    gone = [each for each in listed if each.op == "delete" and not each.is_default]
    made = [each for each in listed if each.op == "create"]
    if not gone or not made:
        return {}
    before = {each: _declarations(old, old.recorded) for each, old in enumerate(gone)}
    after = {each: _declarations(new, new.after) for each, new in enumerate(made)}
    told: dict[Key, Effect] = {}
    for one, other in [*_same(before, after), *_alike(before, after)]:
        old, new = gone[one], made[other]
        if not {old.key, new.key} & told.keys():
            told[old.key], told[new.key] = _effects(old, new)
    return told


def _same(before: _Declared, after: _Declared) -> Iterator[tuple[int, int]]:
    """Yield those that declare the same, each once."""
    waiting: dict[str, list[int]] = {}
    for other, texts in after.items():
        waiting.setdefault(repr(texts), []).append(other)
    for one, texts in before.items():
        fitting = waiting.get(repr(texts))
        if fitting and all(texts.values()):
            yield one, fitting.pop(0)


def _alike(before: _Declared, after: _Declared) -> Iterator[tuple[int, int]]:
    """Yield those that declare nearly the same, the most alike first."""
    if len(before) * len(after) > _MOST:
        return
    pairs = (
        (_likeness(mine, theirs), -one, -other)
        for one, mine in before.items()
        for other, theirs in after.items()
    )
    for likeness, one, other in sorted(pairs, reverse=True):
        if likeness >= _NEARLY:
            yield -one, -other


def _declarations(change: Change, inputs: Values | None) -> dict[Path, str]:
    """Return what is declared, less what only the team sees, as texts to compare."""
    found: dict[Path, str] = {_TYPE: change.key.type}
    for path, leaf in change.root.leaves():
        value = value_at(inputs or {}, path)
        if value is not None and words_at(change.root, path).topic != "team":
            canon = canonical(leaf, value)
            known = not has_opaque(canon)
            found[path] = json.dumps(canon, sort_keys=True) if known else ""
    return found


def _likeness(before: Mapping[Path, str], after: Mapping[Path, str]) -> float:
    """Return how much of what is declared is the same, from 0 to 1."""
    if any(before.get(path) != after.get(path) for path in (_TYPE, ("account",))):
        return 0.0
    alike = sum(bool(text) and after.get(path) == text for path, text in before.items())
    share = (alike - 1) / max(len(before.keys() | after.keys()) - 1, 1)
    if before.get(("url",)) or after.get(("url",)):  # one address has one endpoint
        at_one_address = before.get(("url",)) == after.get(("url",))
        return max(share, _NEARLY) if at_one_address else 0.0
    return share


def _effects(old: Change, new: Change) -> tuple[Effect, Effect]:
    differing = {
        words_at(new.root, path).inside: None
        for path, _ in differences(new.root, old.recorded or {}, new.after or {})
        if words_at(new.root, path).topic != "team"
    }
    lost, risks = "", (Risk.OUTAGE, Risk.ACCESS)
    kept: Text = ("nothing would change for customers",)
    if old.key.is_endpoint:
        lost, risks = ": the signing secret changes", (Risk.SECRET, Risk.SECRET)
        kept = ("the endpoint and its signing secret would stay",)
    elif differing:
        kept = ("customers would notice only what differs: ", *join([*differing]))
    remedy: Text = (lost, "; with ", Quoted("aliases"), " ", *kept, ".")
    noun = "rename"
    became: Text = ("The code seems to rename it to ", Quoted(new.key.name))
    if old.key.name == new.key.name:
        noun, became = "move", ("The code seems to move it elsewhere",)
    came: Text = (f"It looks like a {noun} of ", Quoted(old.key.name))
    return fact((*became, *remedy), risks[0]), fact((*came, *remedy), risks[1])
