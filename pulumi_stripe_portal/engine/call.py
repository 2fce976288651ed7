"""What providers ask of the engine, whichever door their call came through.

Pulumi's SDK calls dynamic providers by itself, and all that is known of a call is found
by `dynamic`. A plugin serves its calls by itself, and says here which one it serves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from pulumi_stripe_portal.engine import dynamic
from pulumi_stripe_portal.engine.urn import Urn

__all__ = ["Door", "door", "resource_name", "tell", "use_door", "warn"]


class Door(Protocol):
    """What both doors to the engine fulfil."""

    def install(self) -> None:
        """Prepare the provider process, once; do nothing elsewhere."""

    def is_installed(self) -> bool:
        """Tell whether this is a provider process that an engine has started."""

    def is_gone(self) -> bool:
        """Tell whether the engine that started this process has ended.

        Outside of a provider process there is no engine to be gone.
        """

    def is_python(self) -> bool:
        """Tell whether the program is known to be one in Python, with this package.

        A plugin knows it by what such a program hands over; nothing else tells a
        language.
        """

    def resource_urn(self) -> str | None:
        """Return the URN of the resource that the engine is asking about.

        Returns:
            The URN, None where it can't be told: two resources with one object are not
            told from each other then.
        """

    def old_inputs(self) -> dict[str, Any] | None:
        """Return the inputs that the state holds, None where they can't be told.

        A dynamic provider is told them in a read only.
        """

    def ignored_paths(self) -> list[str]:
        """Return the paths of `ignore_changes` of the update that is under way.

        Returns:
            The paths in Pulumi's spelling, such as `features.*.enabled`; none where
            they can't be told: a warning may name a path that is ignored on purpose
            then.
        """

    def hints(self) -> Mapping[str, Any]:
        """Return what the call itself tells of the program that it comes from.

        Returns:
            `depends_on`: whether what Stripe doesn't know may be made by the program;
            `outputs`: the paths of values that must not be shown. A program in Python
            tells these, and more, with its inputs.
        """

    def log(self, severity: str, message: str) -> bool:
        """Show a message on the resource in question; False where it can't be shown."""

    def tell_incomplete(self, id_: str, outs: dict[str, Any], reason: str) -> bool:
        """Tell the engine that an object was created, but not all is as declared.

        The engine then records the object with the error, and the next `up` updates it
        instead of creating a second one.

        Args:
            id_: The object's id.
            outs: What the state is to hold of it.
            reason: What is not as declared, and why.

        Returns:
            Whether the engine will learn it. Where not, the caller raises, and the
            ownership marker finds the object next time.
        """


_door: ContextVar[Door] = ContextVar("door", default=dynamic)


def door() -> Door:
    """Return the door that the call under way came through."""
    return _door.get()


@contextmanager
def use_door(call: Door) -> Iterator[None]:
    """Let what this thread asks of the engine go to a call that a plugin serves."""
    token = _door.set(call)
    try:
        yield
    finally:
        _door.reset(token)


def resource_name(urn: str | None = None) -> str | None:
    """Return `Type 'name'` of a resource; of the one that the engine is asking about.

    Args:
        urn: The resource's URN, None for the one in question.

    Returns:
        The name, None where it can't be told: the id stands for it then.
    """
    known = Urn.of(urn or door().resource_urn() or "")
    return known.title if known else None


def warn(message: str) -> None:
    """Show a warning on the resource that the engine is asking about.

    Args:
        message: The text, without the resource's name; where the engine can't be told,
            it is a line under the stack.
    """
    if not door().log("WARNING", message):
        sys.stderr.write(f"warning: {message}\n")


def tell(message: str) -> None:
    """Say something on the way, which is nobody's fault.

    Args:
        message: The text; where the engine can't be told, it is a line under the stack.
    """
    if not door().log("INFO", message):
        sys.stderr.write(f"{message}\n")
