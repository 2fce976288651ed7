"""Stacks as the Pulumi CLI knows them: their preview, their state, their settings."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from ._settings import Settings

__all__ = ["StackError", "preview", "resources", "settings"]


class StackError(Exception):
    """Pulumi's CLI could not do what it was asked to; the message says why."""


def preview(stack: str, *, refresh: bool = False) -> Any:
    """Return what `pulumi preview --json` says about a stack.

    A preview that failed is an answer as well: its diagnostics say why.
    """
    arguments = ["preview", "--json", "--non-interactive"]
    done = _run([*arguments, *(["--refresh"] if refresh else [])], stack)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise _failed("preview", stack, done) from None


def resources(stack: str) -> list[Mapping[str, Any]]:
    """Return the states of a stack's resources; secrets stay encrypted."""
    done = _run(["stack", "export"], stack)
    try:
        deployment = json.loads(done.stdout).get("deployment") or {}
    except ValueError:
        raise _failed("stack export", stack, done) from None
    return list(deployment.get("resources") or [])


def settings(stack: str) -> Settings:
    """Return the settings of a stack, its key included.

    Raises:
        SettingsError: if one of them has a value that it can't have.
    """
    done = _run(["config", "--json", "--show-secrets"], stack)
    try:
        config = json.loads(done.stdout)
    except ValueError:
        raise _failed("config", stack, done) from None
    return Settings.of_config(lambda name: config.get(name, {}).get("value"))


def _run(arguments: list[str], stack: str) -> subprocess.CompletedProcess[str]:
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise StackError("the command `pulumi` is not on PATH; install the Pulumi CLI")
    return subprocess.run(  # noqa: S603 - the stack's name is an argument of its own
        [pulumi, *arguments, "--stack", stack],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _failed(
    what: str, stack: str, done: subprocess.CompletedProcess[str]
) -> StackError:
    words = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
    return StackError(f"`pulumi {what} --stack {stack}` failed: {words[-1][:500]}")
