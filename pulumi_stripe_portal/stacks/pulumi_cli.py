"""Stacks as the Pulumi CLI knows them: their preview, their state, their settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.stacks.printed import NotAPreview, parsed, preview_in
from pulumi_stripe_portal.stacks.recorded import NotAnExport, states_in
from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = ["StackError", "preview", "resources", "settings"]


_AS_EVENTS = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"


class StackError(Exception):
    """Pulumi's CLI could not do what it was asked to; the message says why."""


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
        export = parsed(done.stdout)
    except ValueError:
        raise _failed("stack export", stack, done) from None
    try:
        return states_in(export)
    except NotAnExport as error:
        why = f"the state of stack {stack} can't be read: {error}"
        raise StackError(why) from None


def settings(stack: str) -> Settings:
    """Return the settings of a stack, its key included.

    Raises:
        SettingsError: If one of them has a value that it can't have.
    """
    done = _run(["config", "--json", "--show-secrets"], stack)
    try:
        config = parsed(done.stdout)
        values = {name: entry.get("value") for name, entry in config.items()}
    except (ValueError, AttributeError):
        raise _failed("config", stack, done) from None
    return Settings.of_config(values.get)


def _run(arguments: list[str], stack: str) -> subprocess.CompletedProcess[str]:
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise StackError("the command `pulumi` is not on PATH; install the Pulumi CLI")
    # A preview is wanted as a whole, not as events while it runs.
    environment = {k: v for k, v in os.environ.items() if k != _AS_EVENTS}
    return subprocess.run(  # noqa: S603 - the stack's name is an argument of its own
        [pulumi, *arguments, "--stack", stack],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env=environment,
    )


def _failed(
    what: str, stack: str, done: subprocess.CompletedProcess[str]
) -> StackError:
    words = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
    return StackError(f"`pulumi {what} --stack {stack}` failed: {words[-1][:500]}")
