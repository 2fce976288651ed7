"""`stripe-portal doctor`: looks whether everything is as it should be."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from pulumi_stripe_portal import doctor
from pulumi_stripe_portal.errors import StripePortalError
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stacks.recorded import recorded_resources
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings

from ._common import settings_of, stack_option
from ._progress import Progress

__all__ = ["command"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@stack_option
def command(as_json: bool, stack: str | None) -> None:
    """Look whether everything is as it should be.

    Says what to do where it isn't. Looks at the Python packages, the Pulumi CLI and its
    plugin, at this package's own plugin where the program needs it, the key with its
    mode and permissions, the account's default configuration, the room for webhook
    endpoints and, with --stack, at the stack's settings and whether its products and
    prices can be offered. Only reads, and shows no key.

    Exits with 1 if there is something to do.

    \b
    Examples:
        stripe-portal doctor --stack test
        stripe-portal doctor --json
    """  # noqa: D301 - click wants the character \b
    findings = []
    for finding in _findings(stack, Progress()):
        findings.append(finding)
        if not as_json:
            colour = None if finding.ok else "yellow"
            click.echo(click.style(finding.line(), fg=colour))
    fine = all(finding.ok for finding in findings)
    if as_json:
        lines = [
            {"topic": each.topic, "ok": each.ok, "text": each.text, "todo": each.todo}
            for each in findings
        ]
        click.echo(json.dumps({"ok": fine, "findings": lines}, indent=2))
    sys.exit(0 if fine else 1)


def _findings(stack: str | None, say: Progress) -> Iterator[doctor.Finding]:
    """Yield what is found, in the order in which one thing needs the other."""
    say("Looking at what is installed")
    about = yield from doctor.check_tools()
    config: Mapping[str, Mapping[str, Any]] = {}
    if stack is not None:
        say(f"Looking at stack {stack}")
        read = yield from doctor.check_settings(stack)
        if read is None:
            return
        config = read
    yield from doctor.check_plugin(about, config)
    try:
        settings = settings_of(stack)
    except (pulumi_cli.StackError, StripePortalError) as error:
        if stack is None:  # else it has been found
            yield doctor.Finding("settings", "they can't be used", str(error))
        return
    say("Asking Stripe")
    works = True
    for finding in doctor.check_account(settings):
        works = works and (finding.ok or finding.topic != "key")
        yield finding
    if stack is not None and works:
        yield from _resources(stack, settings)


def _resources(stack: str, settings: Settings) -> Iterator[doctor.Finding]:
    try:
        resources = recorded_resources(pulumi_cli.resources(stack))
        yield from doctor.check_resources(Connection.to(settings, None), resources)
    except (pulumi_cli.StackError, StripePortalError) as error:
        yield doctor.Finding("resources", "they can't be looked at", str(error))
