"""What Stripe said of an account: for a review, and for one that has no key.

Pure. The file has names, amounts and counts; customers and subscriptions are numbered
in it, so that nobody learns who they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .plan import Plan
from .prices import Holders, NotACatalogue, price_book, stripe_objects
from .report import Known
from .states import Key
from .values import Values, reveal

__all__ = ["Answer", "answers_in", "file_of", "known_of"]

Answers = Mapping[tuple[str, str], Sequence["Answer"]]
"""By project and stack."""


@dataclass(frozen=True)
class Answer:
    """What Stripe said of the resources in one account."""

    keys: tuple[Key, ...]
    mode: str
    objects: Sequence[Values]
    """Prices, and what else has a name."""
    default: Values | None = None
    """What the account's default is set to, where the code takes it over."""
    counts: Mapping[str, Holders] = field(default_factory=dict)
    """Who has a subscription to each price, by its id."""


def known_of(
    plan: Plan, answers: Iterable[Answer], named: Sequence[Values]
) -> dict[Key, Known]:
    """Return what is known of each resource; `named` are objects of a catalogue."""
    taken_over = {
        change.key
        for change in plan.changes
        if change.key.is_default and change.op == "create"
    }
    known = {}
    for answer in answers:
        book = price_book(plan.states, [*named, *answer.objects], answer.mode)
        book = replace(book, counts=answer.counts)
        for key in answer.keys:
            known[key] = Known(book, answer.default if key in taken_over else None)
    return known


_SHOWN = (
    *("id", "object", "livemode", "lookup_key", "nickname", "name", "description"),
    *("unit_amount", "currency", "recurring", "product"),
)
"""What a review reads of Stripe's objects."""


def file_of(answers: Answers) -> dict[str, Any]:
    """Return the answers as JSON has them."""
    stacks = [
        {"project": project, "stack": stack, "accounts": [_written(a) for a in of_one]}
        for (project, stack), of_one in answers.items()
    ]
    return {"object": "list", "data": [], "stacks": stacks}


def _written(answer: Answer) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    numbers: defaultdict[str, str] = defaultdict(lambda: str(len(numbers) + 1))
    for price, held in answer.counts.items():
        found = {
            numbers[id_]: [numbers[customer], quantity]
            for id_, (customer, quantity) in held.found.items()
        }
        counts[price] = {"is_whole": held.is_whole, "found": found}
    return {
        "resources": [[key.type, key.name, key.parent] for key in answer.keys],
        "mode": answer.mode,
        "objects": [_shown(each) for each in answer.objects],
        "default": answer.default,
        "counts": counts,
    }


def _shown(found: Values) -> dict[str, Any]:
    shown = {name: found[name] for name in _SHOWN if name in found}
    if isinstance(shown.get("product"), Mapping):
        shown["product"] = _shown(shown["product"])
    return shown


def answers_in(file: Any) -> Answers:
    """Return the answers in what `file_of` wrote, {} for any other catalogue.

    Raises:
        NotACatalogue: If they have no form that they can have.
    """
    stacks = file.get("stacks") if isinstance(file, Mapping) else None
    try:
        return {
            (str(each["project"]), str(each["stack"])): [
                _read(answer) for answer in each["accounts"]
            ]
            for each in stacks or ()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotACatalogue(
            "its `stacks` are not as `review --save` writes them; write the file anew"
        ) from None


def _read(answer: Any) -> Answer:
    default = answer["default"]
    counts = {
        str(price): Holders(
            {str(i): (str(c), int(n)) for i, (c, n) in held["found"].items()},
            held["is_whole"] is True,
        )
        for price, held in answer["counts"].items()
    }
    return Answer(
        keys=tuple(Key(*map(str, names)) for names in answer["resources"]),
        mode=str(answer["mode"]),
        objects=stripe_objects(answer["objects"]),
        default=None if default is None else dict(reveal(default)),
        counts=counts,
    )
