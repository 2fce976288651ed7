"""Stacks as the Pulumi CLI knows them: their preview, their state, their settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.stacks.commands import run
from pulumi_stripe_portal.stacks.printed import NotAPreview, parse_json, preview_in
from pulumi_stripe_portal.stacks.recorded import NotAnExport, states_in
from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = [
    "StackError",
    "config",
    "preview",
    "resources",
    "settings",
    "settings_in",
]


_AS_EVENTS = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"


class StackError(Exception):
    """Pulumi's CLI could not do what it was asked to; the message says why."""

    def __init__(self, text: str, why: str = "") -> None:
        """Take the whole message, and the reason where it is but a part of that."""
        super().__init__(text)
        self.why = why or text
        """The reason alone: the last words of the CLI, or what to do first."""


def preview(stack: str, *, refresh: bool = False) -> Any:
    """Return what `pulumi preview --json` says about a stack.

    A preview that failed is an answer as well: its diagnostics say why.
    """
    arguments = ["preview", "--json", "--non-interactive"]
    done = _run([*arguments, *(["--refresh"] if refresh else [])], stack)
    try:
        return preview_in(done.stdout)
    except NotAPreview:
        raise _failed("preview", stack, done) from None


def resources(stack: str) -> list[Mapping[str, Any]]:
    """Return the states of a stack's resources; secrets stay encrypted."""
    done = _run(["stack", "export"], stack)
    try:
        export = parse_json(done.stdout)
    except ValueError:
        raise _failed("stack export", stack, done) from None
    try:
        return states_in(export)
    except NotAnExport as error:
        why = f"the state of stack {stack} can't be read: {error}"
        raise StackError(why) from None


def config(
    stack: str, *, seconds: float | None = None
) -> Mapping[str, Mapping[str, Any]]:
    """Return the settings of a stack as Pulumi has them, secrets in clear."""
    done = _run(["config", "--json", "--show-secrets"], stack, seconds)
    try:
        found = parse_json(done.stdout)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(
        isinstance(entry, dict) for entry in found.values()
    ):
        raise _failed("config", stack, done)
    return found


def settings_in(config: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return what the settings of a stack come to, its key included.

    Raises:
        SettingsError: If one of them has a value that it can't have.
    """
    return Settings.of_config(lambda name: config.get(name, {}).get("value"))


def settings(stack: str) -> Settings:
    """Return the settings of a stack, its key included.

    Raises:
        SettingsError: If one of them has a value that it can't have.
    """
    return settings_in(config(stack))


def _run(
    arguments: list[str], stack: str, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    pulumi = shutil.which("pulumi")
    # A preview is wanted as a whole, not as events while it runs.
    environ = {k: v for k, v in os.environ.items() if k != _AS_EVENTS}
    command = [pulumi or "pulumi", *arguments, "--stack", stack]
    done = run(command, seconds=seconds, environ=environ) if pulumi else None
    if done is None:
        install = "install the Pulumi CLI"
        missing = "can't be run" if pulumi else "is not on PATH"
        raise StackError(f"the command `pulumi` {missing}; {install}", install)
    return done


def _failed(
    what: str, stack: str, done: subprocess.CompletedProcess[str]
) -> StackError:
    words = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
    why = words[-1][:500]
    return StackError(f"`pulumi {what} --stack {stack}` failed: {why}", why)
