"""Parameters of Stripe's that no declaration names yet: the input `extra_params`. Pure.

They are nested as in Stripe's reference, and each of their leaves is a value of its
own: compared, sent and read back by its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_stripe_portal.schema.failures import NO_API_SETS_IT, Failure
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.tree import Node

__all__ = [
    "EXTRA",
    "extra_failures",
    "extra_leaves",
    "extra_warnings",
    "held_extras",
    "told_extras",
    "with_extras",
]

EXTRA = "extra_params"

Path = tuple[str, ...]


def extra_leaves(extras: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield what is declared, by path; an object without keys is a value too."""
    if isinstance(extras, Mapping) and (extras or at) and not is_opaque(extras):
        if not extras:
            yield at, {}
        for key, value in extras.items():
            yield from extra_leaves(value, (*at, key))
    elif at and extras is not None:
        yield at, extras


def with_extras(
    params: Mapping[str, Any], leaves: Mapping[Path, Any]
) -> dict[str, Any]:
    """Return the params of a request with the leaves in their places."""
    merged: dict[str, Any] = dict(params)
    for path, value in leaves.items():
        inside = merged
        for name in path[:-1]:
            held = inside.get(name)
            inside[name] = dict(held) if isinstance(held, Mapping) else {}
            inside = inside[name]
        inside[path[-1]] = _as_form(value)
    return merged


def _as_form(value: Any) -> Any:
    """Return a leaf as the stripe package encodes it rightly.

    A form can't carry an empty list: `""` is Stripe's way to say so; and the package
    writes booleans in lists as Python does.
    """
    if isinstance(value, list):
        return [_as_form(item) for item in value] or ""
    if isinstance(value, Mapping):
        return {key: _as_form(item) for key, item in value.items()}
    return str(value).lower() if isinstance(value, bool) else value


_UNTOLD: Any = object()


def told_extras(extras: Any, found: Any) -> Any:
    """Return what a Stripe object says about what is declared.

    A value that it holds as declared keeps its spelling; one that it doesn't tell is
    taken to be as declared.
    """
    if isinstance(extras, Mapping) and extras and not is_opaque(extras):
        return {
            key: told_extras(value, _inside(found, key))
            for key, value in extras.items()
        }
    if found is _UNTOLD or is_opaque(extras) or _alike(extras, found):
        return extras
    return "" if found is None else found


def held_extras(extras: Any, found: Any) -> dict[str, Any]:
    """Return as much of what is declared as a Stripe object tells."""
    held = {}
    for path, _ in extra_leaves(extras):
        value = found
        for name in path:
            value = _inside(value, name)
        if value is not _UNTOLD:
            held[path] = "" if value is None else value
    return with_extras({}, held)


def _inside(found: Any, key: str) -> Any:
    return found.get(key, _UNTOLD) if isinstance(found, Mapping) else _UNTOLD


def _alike(declared: Any, found: Any) -> bool:
    """Tell whether Stripe holds what was sent: it is sent as text, in any order."""
    if isinstance(declared, Mapping):
        # Stripe fills in what an object of a list leaves out.
        return isinstance(found, Mapping) and all(
            _alike(value, found.get(key)) for key, value in declared.items()
        )
    if isinstance(declared, list) and declared:
        if not isinstance(found, list) or len(found) != len(declared):
            return False
        rest = list(found)
        for item in declared:
            match = next((each for each in rest if _alike(item, each)), _UNTOLD)
            if match is _UNTOLD:
                return False
            rest.remove(match)
        return True
    if declared in ("", []):
        return found in (None, "", [], {})
    return not isinstance(found, (Mapping, list)) and _text(declared) == _text(found)


def _text(value: Any) -> str | None:
    """Return a scalar as a form carries it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value)


def extra_failures(root: Node, inputs: Mapping[str, Any]) -> Iterator[Failure]:
    """Yield what can't be an extra parameter."""
    extras = inputs.get(EXTRA)
    if isinstance(extras, Mapping):
        yield from _failures(root, inputs, extras, ())


_REFUSED = {
    "metadata": "declare its keys in `metadata`",
    "expand": "it asks for more of an answer, and changes nothing",
    "is_default": NO_API_SETS_IT,
}


def _failures(
    node: Node | None, declared: Any, extras: Mapping[str, Any], at: Path
) -> Iterator[Failure]:
    """Check one level; `node` and `declared` are None below what is declared."""
    for key, value in extras.items():
        path = (*at, key)
        where = ".".join((EXTRA, *path))
        known = node.children.get(key) if node else None
        open_ = known is not None and known.kind == "object"
        if not key or not key.isprintable() or set(key) & set("[]"):
            shown = ".".join((EXTRA, *at))
            yield Failure(
                shown,
                f"the key {key!r} is no parameter's name",
                "nest the parameters as dicts, in printable characters",
            )
        elif not at and key in _REFUSED:
            yield Failure(where, "is refused here", _REFUSED[key])
        elif known is not None and not (open_ and isinstance(value, Mapping)):
            own = ".".join(path)
            yield Failure(where, "is an input of its own", f"write it as {own}")
        elif value == {}:
            yield Failure(where, "is empty", "give a parameter in it, or remove it")
        elif isinstance(value, Mapping):
            inside = declared.get(key) if isinstance(declared, Mapping) else None
            yield from _failures(known, inside, value, path)
            yield from _missing_beside(known, inside, path)
        elif isinstance(value, list) and not all(map(_fits, value)):
            yield Failure(
                where, "can't be sent as a form", "give a list of scalars or of dicts"
            )


def _fits(item: Any) -> bool:
    """Tell whether an element of a list has a form's shape."""
    if isinstance(item, Mapping):
        return bool(item) and not any(
            isinstance(v, (list, Mapping)) for v in item.values()
        )
    return not isinstance(item, list)


def _missing_beside(node: Node | None, declared: Any, at: Path) -> Iterator[Failure]:
    """Yield what Stripe requires beside an extra parameter, and the code leaves out."""
    for name, child in node.children.items() if node else ():
        held = declared.get(name) if isinstance(declared, Mapping) else None
        if child.required and held is None and not is_opaque(declared):
            yield Failure(
                ".".join((*at, name)),
                f"is missing beside {'.'.join((EXTRA, *at))}",
                "Stripe requires it with any parameter of its object",
            )


def extra_warnings(old: Any, new: Any) -> Iterator[str]:
    """Yield what no longer stands in the code, and stays at Stripe nevertheless."""
    kept = dict(extra_leaves(new))
    for path, _ in extra_leaves(old):
        if path not in kept and not any(path[: len(other)] == other for other in kept):
            yield (
                f"{'.'.join((EXTRA, *path))} is gone from the code, but stays as it is "
                "at Stripe: nobody knows what would reset it. Where it is to change, "
                "set the value that you want before you remove it"
            )
