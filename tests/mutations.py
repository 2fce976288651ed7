"""JSON as nobody writes it: values of real JSON replaced, dropped, doubled, nested."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from .review.hostile_texts import EVIL

__all__ = ["mutated", "printed"]

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([2**53 + 1, 10**30, -(10**400), 0.5, 1e300, float("inf")]),
    st.sampled_from([*EVIL, "", "[secret]", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"]),
    st.sampled_from(["create", "update", "same", "refresh", "live", "http://[", "::"]),
    st.text(max_size=4),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.text(max_size=4), inside, max_size=3)
        | st.builds(lambda v: {"4dabf18193072939515e22adb298388d": v}, inside)
        | st.builds(lambda v: {"lookup_key": v, "id": v, "interval": v}, inside)
    ),
    max_leaves=6,
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container, with each key or index in it."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in children:
        yield value, key
        if isinstance(item, (dict, list)):
            yield from _places(item)


@st.composite
def mutated(draw: st.DrawFn, originals: st.SearchStrategy[Any]) -> Any:
    """Return JSON with a few of its values changed in any way."""
    value = copy.deepcopy(draw(originals))
    for _ in range(draw(st.integers(1, 6))):
        places = list(_places(value))
        if not places:
            break
        inside, at = draw(st.sampled_from(places))
        match draw(st.sampled_from(["put", "put", "drop", "double", "nest", "move"])):
            case "put":
                inside[at] = draw(_VALUES)
            case "drop":
                del inside[at]
            case "double" if isinstance(inside, list):
                inside.append(copy.deepcopy(inside[at]))
            case "nest":
                inside[at] = draw(st.sampled_from([[inside[at]], {"a": inside[at]}]))
            case "move":
                other, there = draw(st.sampled_from(places))
                inside[at] = copy.deepcopy(
                    other.get(there)
                    if isinstance(other, dict)
                    else (other[there:] or [0])[0]
                )
    return value


def printed(value: Any) -> bytes:
    """Return JSON as a file holds it; a lone surrogate stays an escape."""
    return json.dumps(value).encode()
