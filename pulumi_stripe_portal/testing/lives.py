"""What Pulumi's engine does to a resource, with the real providers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.values import Path, pack, unpack
from pulumi_stripe_portal.errors import InvalidInputs, StripePortalError
from pulumi_stripe_portal.plugin.servicer import PROVIDERS
from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.stripe_api.markers import forget_process
from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = ["Goal", "Key", "LiveResource", "Lives"]

Key = tuple[str, str]
"""A resource's type and name."""


@dataclass(frozen=True)
class Goal:
    """A resource as the program declares it."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    secrets: frozenset[Path]
    settings: Settings
    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.type, self.name


@dataclass(frozen=True)
class LiveResource:
    """A resource as the state has it."""

    goal: Goal
    id: str
    outs: Mapping[str, Any]
    """What the provider told, secrets in clear."""
    secrets: frozenset[Path]
    """Where the secrets stand."""


@dataclass
class _Door:
    """One call, to the providers: what they ask of an engine."""

    urn: str
    warn: Callable[[str], None]
    recorded: Mapping[str, Any] | None = None

    def install(self) -> None:
        """Do nothing: this is no provider process."""

    def is_installed(self) -> bool:
        """Tell that no engine has started this process."""
        return False

    def is_gone(self) -> bool:
        """Tell that it is there."""
        return False

    def is_python(self) -> bool:
        """Tell that the program is one in Python."""
        return True

    def resource_urn(self) -> str:
        """Return the resource's URN."""
        return self.urn

    def old_inputs(self) -> dict[str, Any] | None:
        """Return the inputs that the state holds."""
        return None if self.recorded is None else dict(self.recorded)

    def ignored_paths(self) -> list[str]:
        """Return none: they are refused."""
        return []

    def hints(self) -> Mapping[str, Any]:
        """Return nothing: the program tells all with its inputs."""
        return {}

    def log(self, severity: str, message: str) -> bool:
        """Keep a warning."""
        if severity == "WARNING":
            self.warn(f"{engine.resource_name(self.urn)}: {message}")
        return True

    def tell_incomplete(self, id_: str, outs: dict[str, Any], reason: str) -> bool:
        """Leave it to the provider to fail."""
        return False


@dataclass
class Lives:
    """The resources of a stack, and what becomes of them in one run."""

    state: dict[Key, LiveResource] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    seen: set[Key] = field(default_factory=set)
    _replaced: list[LiveResource] = field(default_factory=list)

    def begin(self) -> None:
        """Begin a run, as a new process that knows only the state."""
        forget_process()
        self.warnings.clear()
        self.seen.clear()
        self._replaced.clear()

    def declare(self, goal: Goal, earlier: Iterator[Key]) -> LiveResource:
        """Do what makes a resource as it is declared; record it.

        Args:
            goal: The resource.
            earlier: What it may have been called before, the likeliest first.

        Raises:
            StripePortalError: It can't be, or Stripe refuses it.
        """
        keys = (goal.key, *earlier)
        was_key = next((key for key in keys if key in self.state), None)
        was = self.state.pop(was_key) if was_key else None
        self.seen.add(goal.key)
        try:
            done = self._act(goal, was)
        except BaseException:
            if was_key and was:
                self.state[was_key] = was
            raise
        self.state[goal.key] = done
        return done

    def _act(self, goal: Goal, was: LiveResource | None) -> LiveResource:
        if was and goal.ignore_changes:
            raise StripePortalError(
                f"{goal.type} '{goal.name}': ignore_changes is not understood in a "
                "second `up` of a test; use Pulumi's Automation API for that"
            )
        olds = dict(was.goal.inputs) if was else {}
        with self._provider(goal, olds or None) as provider:
            checked = provider.check(olds, dict(goal.inputs))
            lines = "".join(each.reason for each in checked.failures)
            if lines:
                raise InvalidInputs(f"{goal.type} '{goal.name}':{lines}")
            goal = replace(goal, inputs=_as_sent(checked.inputs))
            if was is None:
                made = provider.create(dict(goal.inputs))
                return _record(goal, made.id, made.outs)
            found = provider.diff(was.id, dict(was.outs), dict(goal.inputs))
            if found.replaces:
                made = provider.create(dict(goal.inputs))
                self._replaced.append(was)
                return _record(goal, made.id, made.outs)
            if not found.changes:
                return replace(was, goal=goal)
            updated = provider.update(was.id, dict(was.outs), dict(goal.inputs))
            return _record(goal, was.id, updated.outs)

    def read(self, goal: Goal, id_: str) -> LiveResource:
        """Read an object that the program asks for without managing it."""
        with self._provider(goal) as provider:
            found = provider.read(id_, dict(goal.inputs))
            return _record(goal, id_, found.outs)

    def delete_others(self) -> None:
        """Delete what the program declares no more, and what was replaced.

        Raises:
            StripePortalError: It is protected, or Stripe refuses it.
        """
        gone = [self.state[key] for key in self.state if key not in self.seen]
        for each in (*self._replaced, *reversed(gone)):
            title = f"{each.goal.type} '{each.goal.name}'"
            if each.goal.protect:
                raise StripePortalError(
                    f"{title} is protected and would be deleted; take the option out "
                    "in an `up` before this one"
                )
            if not each.goal.retain_on_delete:
                with self._provider(each.goal, each.goal.inputs) as provider:
                    provider.delete(each.id, dict(each.outs))
            if each in gone:
                del self.state[each.goal.key]

    @contextmanager
    def _provider(
        self, goal: Goal, recorded: Mapping[str, Any] | None = None
    ) -> Iterator[StripeProvider]:
        provider = next(p for p in PROVIDERS if p.manages.name == goal.type)()
        provider.settings = goal.settings
        with engine.use_door(_Door(goal.urn, self.warnings.append, recorded)):
            yield provider


def _as_sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they come back from a state: through Pulumi's messages."""
    return unpack(pack(values))[0]


def _record(goal: Goal, id_: Any, outs: Mapping[str, Any] | None) -> LiveResource:
    values, secrets = unpack(pack(outs or {}, goal.secrets))
    return LiveResource(goal, str(id_), values, secrets)
