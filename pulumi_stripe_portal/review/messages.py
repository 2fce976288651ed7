"""What a preview warns of, and why it failed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Message", "Messages", "messages_of"]

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, order=True)
class Message:
    """A warning or an error, and the resource that it is about."""

    resource: str
    """Its name in the code; empty where the message is about none."""
    text: str

    @property
    def names_it(self) -> bool:
        """Whether the text names the resource: first of all, or in quotes."""
        name = re.escape(self.resource)
        return re.search(rf"^{name}:|(['\"`]){name}\1", self.text) is not None


@dataclass(frozen=True)
class Messages:
    """What a preview says besides its steps, each thing once and in a stable order."""

    errors: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()


def messages_of(diagnostics: Iterable[Any]) -> Messages:
    """Return the warnings and errors among a preview's diagnostics."""
    found: dict[str, dict[Message, None]] = {"error": {}, "warning": {}}
    for entry in diagnostics:
        if isinstance(entry, Mapping) and entry.get("severity") in found:
            found[entry["severity"]][_message(entry)] = None
    errors = sorted(found["error"])
    # The engine says so after every failure of a program, which has said why.
    telling = [each for each in errors if "unhandled error occurred" not in each.text]
    return Messages(tuple(telling or errors), tuple(sorted(found["warning"])))


def _message(entry: Mapping[str, Any]) -> Message:
    text = _ESCAPES.sub("", str(entry.get("message") or "")).strip()
    text = re.sub(r"^(error|warning):\s*", "", text)
    text = re.sub(r"^\S+ resource '[^']*' has a problem:\s*", "", text)
    # The last line of a traceback says what happened; the others name this machine.
    head, trace, tail = text.partition("Traceback (most recent call last):")
    if trace and tail.strip():
        text = f"{head.strip()} {tail.strip().splitlines()[-1]}".strip()
    name = str(entry.get("urn") or "").split("::", 3)[-1]
    return Message(name, text or "(no words)")
