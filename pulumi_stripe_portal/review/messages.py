"""What a preview warns of, and why it failed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from .states import key_of

__all__ = ["Message", "messages_of"]

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BEGINNING = re.compile(r"^(error|warning):\s*")
_RESOURCE = re.compile(r"^\S+ resource '[^']*' has a problem:\s*")


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
    key = key_of(entry["urn"])
    name = key.name if key else entry["urn"].split("::", 3)[-1]
    return Message(name, text or "(no words)", key.type if key else "")
