"""One thing that is wrong with an input, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.visible import HIDDEN

__all__ = [
    "NO_API_SETS_IT",
    "Failure",
    "Secret",
    "literals",
    "meant_choice",
    "nearest",
    "one_of",
    "shown_value",
]

NO_API_SETS_IT = "no API sets it; declare a DefaultPortalConfiguration to manage it"
"""What to do about `is_default`, which objects have and requests have not."""
_NO_VALUE: Any = object()


class Secret:
    """Stands for a value that is never shown."""

    def __repr__(self) -> str:
        """Return what is shown instead."""
        return HIDDEN


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong: where, what, and what to do."""

    path: str
    problem: str
    """What is wrong; `{value}`, here and in the remedy, is where the value is shown."""
    remedy: str
    value: Any = _NO_VALUE

    def text(
        self, shown: Callable[[str, Any], bool] = lambda _path, _value: True
    ) -> str:
        """Return the failure as one line.

        A value of which `shown(path, value)` is false appears as `[hidden]`.
        """
        value = self._shown(shown)
        where = f"{self.path}: " if self.path else ""
        text = f"{self.problem}; {self.remedy}".replace("{value}", value)
        return f"{where}{text}"

    def _shown(self, shown: Callable[[str, Any], bool]) -> str:
        if self.value is _NO_VALUE:
            return ""
        if not isinstance(self.value, (bool, int, float)) and not shown(
            self.path, self.value
        ):
            return HIDDEN
        if isinstance(self.value, Mapping):
            return "an object"
        if isinstance(self.value, (list, tuple)):
            return "a list"
        text = shown_value(self.path, self.value)
        return text if len(text) <= 120 else f"{text[:117]}…'"


def literals(outputs: Iterable[str]) -> Callable[[str, Any], bool]:
    """Return what tells whether a path's value was written plainly in the program.

    `outputs` are the paths of those that came as an Output, which may be secret.
    """
    places = tuple(outputs)

    def shown(path: str, _value: Any = None) -> bool:
        return not any(_within(path, at) or _within(at, path) for at in places)

    return shown


def _within(path: str, outer: str) -> bool:
    return path.startswith(outer) and path[len(outer) : len(outer) + 1] in (
        "",
        ".",
        "[",
    )


def shown_value(path: str, value: Any) -> str:
    """Return a value as messages show it: a URL's query may be secret."""
    if value is None or value == "":
        return "not set"
    text = repr(value)
    return re.sub(r"\?.*", f"?{HIDDEN}'", text) if path.endswith("url") else text


def nearest(text: str, choices: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the choice that a text was most likely meant to be, None for none."""
    import difflib

    return next(iter(difflib.get_close_matches(text, choices, 1, cutoff)), None)


def one_of(choices: tuple[str, ...], value: Any) -> str:
    """Name the choices, the nearest one first."""
    near = nearest(str(value), choices)
    if len(choices) > _MANY:
        meant = f"did you mean {near!r}? There are" if near else "use one of the"
        return f"{meant} {len(choices)} choices of its type"
    *most, last = [repr(choice) for choice in choices]
    wanted = f"use {', '.join(most)} or {last}" if most else f"use {last}"
    return f"{wanted} (did you mean {near!r}?)" if near and most else wanted


_MANY = 12


def meant_choice(value: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that a value was most likely meant to be, if any.

    One or two letters off, and with a word in it that no choice has: a new name made
    of known words (`payment_method.archived`) is no slip of the pen.
    """
    words = {word for choice in choices for word in re.split(r"[.\[\]]", choice)}
    if all(word in words for word in re.split(r"[.\[\]]", value)):
        return None
    import difflib

    near = difflib.get_close_matches(value, choices, n=5, cutoff=0.7)
    return next((each for each in near if _edits(value, each) <= _SLIP), None)


_SLIP = 2


def _edits(left: str, right: str) -> int:
    """Return how many letters to add, drop or change (Levenshtein's distance)."""
    row = list(range(len(right) + 1))
    for number, letter in enumerate(left, 1):
        above, row[0] = row[0], number
        for place, other in enumerate(right, 1):
            change = above + (letter != other)
            above = row[place]
            row[place] = min(change, row[place] + 1, row[place - 1] + 1)
    return row[-1]
