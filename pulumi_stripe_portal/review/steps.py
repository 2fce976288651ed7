"""Checks the form of a preview, once, where its JSON comes in. Pure.

A preview may come from any file. What has no form that `pulumi preview --json` gives it
is left out and counted; nothing after this has to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.stacks.printed import NotAPreview, is_preview
from pulumi_stripe_portal.stacks.recorded import state_of

from .values import Values

__all__ = ["Preview", "Step", "diagnostics_of_unread", "preview_of"]


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
    steps = []
    for place, entry in _listed(digest, "steps", unread):
        step = _step(entry)
        if step is None:
            unread.append(place)
        else:
            steps.append(step)
    diagnostics = []
    for place, entry in _listed(digest, "diagnostics", unread):
        diagnostic = _texts(entry, ("severity", "message", "urn"))
        if diagnostic is None:
            unread.append(place)
        else:
            diagnostics.append(diagnostic)
    config = _config(digest.get("config") or {})
    if config is None:
        unread.append("config")
    shown = {name: text for name, text in (config or {}).items() if text != "[secret]"}
    return Preview(shown, tuple(steps), tuple(diagnostics), tuple(unread))


def _config(given: Any) -> dict[str, str] | None:
    """Return the settings, None where they aren't texts by name."""
    if not isinstance(given, dict):
        return None
    return given if all(isinstance(text, str) for text in given.values()) else None


def _listed(digest: Values, name: str, unread: list[str]) -> list[tuple[str, Any]]:
    entries = digest.get(name) or []
    if not isinstance(entries, list):
        unread.append(name)
        return []
    return [(f"{name}[{number}]", entry) for number, entry in enumerate(entries)]


def _step(entry: Any) -> Step | None:
    texts = _texts(entry, ("op", "urn", "provider"))
    if texts is None:
        return None
    states = []
    for side in ("oldState", "newState"):
        given = entry.get(side)
        state = None if given is None else state_of(given)
        if given is not None and state is None:
            return None
        states.append(state)
    return Step(texts["op"], texts["urn"], texts["provider"], *states)


def _texts(entry: Any, names: tuple[str, ...]) -> dict[str, str] | None:
    """Return texts by name, `""` for what is missing; None where one is no text."""
    if not isinstance(entry, dict):
        return None
    found = {name: "" if entry.get(name) is None else entry[name] for name in names}
    return found if all(isinstance(text, str) for text in found.values()) else None


def diagnostics_of_unread(places: tuple[str, ...]) -> list[Mapping[str, str]]:
    """Return what to say of the places in a preview that have no form to read."""
    if not places:
        return []
    named = ", ".join(places[:5]) + (", …" if len(places) > 5 else "")
    count = "1 part" if len(places) == 1 else f"{len(places):,} parts"
    words = f"{count} of the preview could not be read and is not in this review"
    return [{"severity": "warning", "message": f"{words}: {named}", "urn": ""}]
