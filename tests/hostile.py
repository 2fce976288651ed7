"""What nobody would write: texts that do something else, values of every wrong type."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from pulumi_stripe_portal.schema.visible import is_visible

__all__ = ["JSON", "TEXTS", "assert_shown", "mutated"]

_NASTY = [
    "a\nb",
    "a\r\nrm -rf x",
    "'; rm -rf x; '",
    '"$(rm -rf x)"',
    "`rm -rf x`",
    "${rm}",
    "%{ if true }",
    '"""\nimport os\n"""',
    "a # b",
    "}\nresource {",
    "\\",
    "\\'",
    "--force",
    "=x",
    "!!",
    "\x00\x1b[2J\x07\x9b",
    "\u202etxet\u202c",
    "a\u200bb\u2028c\u2029d\x85e\x0bf\x0cg",
    "\u034f\u3164\ufe0f\U000e0100",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "会員 Größe 🎉",
    "::",
    "$",
    "../../etc",
    "x" * 700,
    "",
]
TEXTS = st.one_of(
    st.sampled_from(_NASTY),
    st.text(st.characters(), max_size=12),
    st.builds("{}{}".format, st.text(max_size=5), st.sampled_from(_NASTY)),
)
"""Any text, lone surrogates included."""

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from([0, -1, 4, 3.5, 10**400, 1e308, float("nan"), float("inf")]),
        TEXTS,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
"""Any value that a JSON file of Python's can hold."""

Path = tuple[Any, ...]


@st.composite
def mutated(draw: st.DrawFn, base: Any, keep: tuple[str, ...] = ()) -> Any:
    """Return a copy in which up to three values are others, gone or there twice.

    What stands under a key of `keep` stays as it is.
    """
    value = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path in _paths(value) if not {*path} & {*keep}]
        *parents, last = draw(st.sampled_from(paths))
        holder = value
        for step in parents:
            holder = holder[step]
        act = draw(st.sampled_from(["put", "put", "drop", "twice"]))
        if act == "put":
            holder[last] = draw(JSON)
        elif act == "drop":
            del holder[last]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        if not any(True for _ in _paths(value)):
            return value
    return value


def _paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the paths of all that is in a value."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inside:
        yield (*at, key)
        yield from _paths(item, (*at, key))


def assert_shown(text: str) -> None:
    """Fail where a terminal would obey a text, or not show all of it."""
    for line in text.split("\n"):
        assert is_visible(line), ascii(line)
