"""Checks the form of a preview, once, where its JSON comes in. Pure.

A preview may come from any file. What has no form that `pulumi preview --json` gives it
is left out and counted; nothing after this has to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pulumi_stripe_portal.stacks.printed import NotAPreview, is_preview
from pulumi_stripe_portal.stacks.recorded import state_of

from .values import Values

__all__ = ["Preview", "Step", "preview_of"]

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """What the engine would do with one resource."""

    op: str
    urn: str
    provider: str
    old: Values | None
    new: Values | None


@dataclass(frozen=True)
class Preview:
    """What a preview holds."""

    config: Mapping[str, str]
    """The stack's settings, less those that are secret."""
    steps: tuple[Step, ...]
    diagnostics: tuple[Mapping[str, str], ...]
    unread: tuple[str, ...]
    """The places in it that have no form that they can have."""


def preview_of(digest: Any) -> Preview:
    """Return what the JSON of a preview holds.

    Raises:
        NotAPreview: If it is some other JSON.
    """
    if not is_preview(digest):
        raise NotAPreview(
            "it has no `steps`, so `pulumi preview --json` didn't make it"
        )
    unread: list[str] = []
    steps = tuple(_entries(digest, "steps", _step, unread))
    diagnostics = tuple(_entries(digest, "diagnostics", _diagnostic, unread))
    config = digest.get("config") or {}
    if not isinstance(config, dict) or not all(map(_is_text, config.values())):
        unread.append("config")
        config = {}
    shown = {name: text for name, text in config.items() if text != "[secret]"}
    return Preview(shown, steps, diagnostics, tuple(unread))


def _entries(
    digest: Values, name: str, read: Callable[[Any], T | None], unread: list[str]
) -> Iterator[T]:
    """Yield what is listed by this name, and note what can't be read."""
    entries = digest.get(name) or []
    if not isinstance(entries, list):
        unread.append(name)
        return
    for number, entry in enumerate(entries):
        found = read(entry)
        if found is None:
            unread.append(f"{name}[{number}]")
        else:
            yield found


def _step(entry: Any) -> Step | None:
    texts = _texts(entry, ("op", "urn", "provider"))
    if texts is None:
        return None
    given = [entry.get("oldState"), entry.get("newState")]
    old, new = (None if each is None else state_of(each) for each in given)
    if [old is None, new is None] != [each is None for each in given]:
        return None
    return Step(**texts, old=old, new=new)


def _diagnostic(entry: Any) -> dict[str, str] | None:
    return _texts(entry, ("severity", "message", "urn"))


def _texts(entry: Any, names: tuple[str, ...]) -> dict[str, str] | None:
    """Return texts by name, `""` for what is missing; None where one is no text."""
    if not isinstance(entry, dict):
        return None
    found = {name: "" if entry.get(name) is None else entry[name] for name in names}
    return found if all(map(_is_text, found.values())) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
