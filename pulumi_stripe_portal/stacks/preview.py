"""Checks the form of a preview, once, where its JSON comes in. Pure.

A preview may come from any file. What has no form that `pulumi preview --json` gives it
is left out and counted; nothing after this has to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from pulumi_stripe_portal.schema.resources import BY_NAME, type_name
from pulumi_stripe_portal.stacks.printed import NotAPreview, is_preview
from pulumi_stripe_portal.stacks.recorded import parse_urn, state_of

__all__ = ["Message", "Preview", "Step", "messages_of", "preview_of"]

T = TypeVar("T")
Values: TypeAlias = "Mapping[str, Any]"
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BEGINNING = re.compile(r"^(error|warning):\s*")
_RESOURCE = re.compile(r"^\S+ resource '[^']*' has a problem:\s*")


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


@dataclass(frozen=True)
class Message:
    """A warning or an error, and the resource that it is about."""

    resource: str
    """Its name in the code; empty where the message is about none."""
    text: str
    kind: str = ""
    """The resource's type where it is one of ours, e.g. `PortalConfiguration`."""

    @property
    def names_it(self) -> bool:
        """Whether the text names the resource: first of all, or in quotes."""
        name = re.escape(self.resource)
        return re.search(rf"^{name}:|(['\"`]){name}\1", self.text) is not None


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
    return Preview(shown, steps, diagnostics + _of_unread(unread), tuple(unread))


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


def _of_unread(places: list[str]) -> tuple[dict[str, str], ...]:
    """Return the warning of the places in a preview that have no form to read."""
    if not places:
        return ()
    named = ", ".join(places[:5]) + (", …" if len(places) > 5 else "")
    count = "1 part" if len(places) == 1 else f"{len(places):,} parts"
    words = f"{count} of the preview could not be read and is not in this review"
    return ({"severity": "warning", "message": f"{words}: {named}", "urn": ""},)


def messages_of(
    diagnostics: Iterable[Mapping[str, Any]],
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return a preview's errors and warnings, each once and in a stable order."""
    found: dict[str, dict[Message, None]] = {"error": {}, "warning": {}}
    for entry in diagnostics:
        if entry["severity"] in found:
            found[entry["severity"]][_message(entry)] = None
    errors, warnings = (
        sorted(found[kind], key=attrgetter("resource", "text", "kind"))
        for kind in ("error", "warning")
    )
    # The engine says so after every failure of a program, which has said why.
    telling = [each for each in errors if "unhandled error occurred" not in each.text]
    return tuple(telling or errors), tuple(warnings)


def _message(entry: Mapping[str, Any]) -> Message:
    text = _ESCAPES.sub("", entry["message"]).strip()
    text = _BEGINNING.sub("", text)
    text = _RESOURCE.sub("", text)
    # The last line of a traceback says what happened; the others name this machine.
    head, trace, tail = text.partition("Traceback (most recent call last):")
    if trace and tail.strip():
        text = f"{head.strip()} {tail.strip().splitlines()[-1]}".strip()
    urn = entry["urn"]
    kind = type_name(parse_urn(urn)[0])
    name = urn.split("::", 3)[-1]
    return Message(name, text or "(no words)", kind if kind in BY_NAME else "")
