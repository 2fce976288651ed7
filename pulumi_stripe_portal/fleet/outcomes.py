"""What became of each account in a run of its stack. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.schema.resources import type_name
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks.printed import without_colours
from pulumi_stripe_portal.stacks.recorded import is_provider
from pulumi_stripe_portal.stripe_api.keys import without_secrets

from .accounts import Accounts, ids_in

__all__ = ["Outcome", "Status", "Tally", "message"]

Status = Literal["created", "changed", "deleted", "unchanged", "failed"]

_LONGEST = 500
_TELLING = 4
"""Shorter values may be parts of other words."""
_TYPE = re.compile(r"(\S+:\w+) resource(?= ')")
"""A resource's whole type, as the engine names it: `PortalConfiguration` is enough."""
_BECOMES: Mapping[str, Status] = {
    "create": "created",
    "adopt": "created",
    "import": "created",
    "delete": "deleted",
    "release": "deleted",
    "same": "unchanged",
    "read": "unchanged",
    "refresh": "unchanged",
}
"""What an operation makes of an account that has one resource; else it changes."""
_IDLE = ("same", "read", "refresh")


@dataclass(frozen=True)
class Outcome:
    """What became of one account."""

    account: str
    stack: str
    status: Status
    message: str = ""
    """Why it failed, or what is to be known besides."""
    effects: tuple[tuple[str, str], ...] = ()
    """What a preview says that changes for its customers: risk and sentence."""


@dataclass
class Tally:
    """Counts what happens in one stack, over all tries."""

    stack: str
    accounts: Accounts
    """What the program is told of each."""
    nothing: str = "the program has nothing for it"
    """What is said of an account that no resource is in."""
    operations: dict[str, set[str]] = field(default_factory=dict)
    """What was done in each account."""
    failures: dict[str, str] = field(default_factory=dict)
    """Why an account failed."""
    failed_urns: dict[str, None] = field(default_factory=dict)
    """The resources that failed, to leave out in another try."""
    trouble: str = ""
    """Why the stack as a whole failed, in its last try."""
    effects: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def take(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Count what the engine did, by its events.

        https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
        """
        of_urn: dict[str, str] = {}
        for event in events:
            for kind in ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"):
                step = (event.get(kind) or {}).get("metadata")
                if step:
                    account = of_urn.setdefault(step["urn"], self.account_of(step))
                    self._count(kind, account, step)
            told = event.get("diagnosticEvent") or {}
            if told.get("severity") == "error":
                self.fail(str(told.get("urn") or ""), str(told.get("message")), of_urn)

    def _count(self, kind: str, account: str, step: Mapping[str, Any]) -> None:
        if kind == "resOutputsEvent" and account:
            op = "update" if _has_drifted(step) else str(step["op"])
            self.operations.setdefault(account, set()).add(op)
        elif kind == "resOpFailedEvent" and account:
            self.failures.setdefault(account, "")
            self.failed_urns[step["urn"]] = None

    def fail(self, urn: str, text: str, of_urn: Mapping[str, str]) -> None:
        """Take what an error says: of one account, or of the whole stack."""
        account = of_urn.get(urn) or self._account_in(urn)
        if account:
            self.failed_urns[urn] = None
            if not self.failures.get(account):
                self.failures[account] = message(text)
        elif not self.trouble:
            self.trouble = message(text)

    def account_of(self, step: Mapping[str, Any]) -> str:
        """Return the account that a resource is in, "" where it is in none of ours."""
        if is_provider(str(step.get("type"))):
            return ""
        for state in (step.get("new") or {}, step.get("old") or {}):
            for values in (state.get("inputs") or {}, state.get("outputs") or {}):
                for name in ("account", "stack_account"):
                    if isinstance(values.get(name), str) and values[name]:
                        return str(values[name])
        return self._account_in(str(step["urn"]))

    def _account_in(self, text: str) -> str:
        """Return the account that the name in a URN begins with, or holds."""
        urn = Urn.of(text)
        found = ids_in(urn.name) if urn else ()
        return next((id_ for id_ in found if id_ in self.accounts), "")

    @property
    def is_complete(self) -> bool:
        """Whether something is known of each account."""
        return set(self.accounts) <= self.operations.keys() | self.failures.keys()

    def affects(self, account: str, risk: str, text: str) -> None:
        """Take a sentence of the review, in words that fit other accounts as well.

        What the list says of this one is in it by the name of its column.
        """
        told = self.accounts.get(account, {}).items()
        for name, value in sorted(told, key=lambda item: -len(item[1])):
            if len(value) >= _TELLING:
                text = text.replace(value, f"[{name}]")
        self.effects.setdefault(account, []).append((risk, text))

    def outcomes(self) -> list[Outcome]:
        """Return what became of each account, in the order of the stack."""
        gone = [each for each in self.operations if each not in self.accounts]
        gone += [
            each
            for each in self.failures
            if each not in self.accounts and each not in self.operations
        ]
        return [self._outcome(account) for account in (*self.accounts, *gone)]

    def _outcome(self, account: str) -> Outcome:
        done = self.operations.get(account, set())
        effects = tuple(self.effects.get(account, ()))
        if account in self.failures:
            why = self.failures[account] or self.trouble
            return Outcome(account, self.stack, "failed", why, effects)
        if self.trouble and not done - set(_IDLE):
            return Outcome(account, self.stack, "failed", self.trouble, effects)
        if not done:
            return Outcome(account, self.stack, "unchanged", self.nothing, effects)
        moved = done - set(_IDLE)
        found = {_BECOMES.get(op, "changed") for op in moved} or {"unchanged"}
        mixed = len(found) > 1 or (found == {"deleted"} and moved != done)
        status: Status = "changed" if mixed else next(iter(found))
        return Outcome(account, self.stack, status, "", effects)


def _has_drifted(step: Mapping[str, Any]) -> bool:
    """Tell whether a refresh found something else than what was recorded."""
    if step["op"] != "refresh":
        return False
    old, new = step.get("old") or {}, step.get("new") or {}
    return bool(old.get("outputs") != new.get("outputs"))


def message(text: str) -> str:
    """Return a message in one line, without what is secret."""
    words = " ".join(without_colours(text).split()).removeprefix("error: ")
    words = _TYPE.sub(lambda found: type_name(found[1]) or found[1], words)
    shown = visible(without_secrets(words))
    return f"{shown[: _LONGEST - 1]}…" if len(shown) > _LONGEST else shown
