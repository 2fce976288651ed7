"""`stripe-portal sandbox verify`: tries the sandbox's rules at the real Stripe."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ._common import (
    WrongUse,
    make_visible,
    plain_errors,
    settings_of,
    stack_option,
    tell,
)
from ._progress import Progress

__all__ = ["command"]


@click.command("verify")
@click.option("--yes", is_flag=True, help="Don't ask.")
@stack_option
def command(yes: bool, stack: str | None) -> None:
    """Try the sandbox's rules at Stripe itself, with a test key of yours.

    Sends some 160 requests to Stripe and to a sandbox beside it, and prints
    where Stripe answers otherwise, as a report in Markdown without ids, keys or
    anything of your account: attach it to an issue. Each rule that is only the
    sandbox's own choice is tried, as far as requests can.

    Says first what it will make and what of it stays in the account: Stripe deletes
    neither portal configurations nor prices, so they are switched off. Asks before it
    begins; --yes says it for scripts. Everything else is deleted at the end, after
    Ctrl-C or an error too. A live key is refused, and a restricted one that lacks a
    permission. Exits with 1 where anything differs. The key is the --stack's, else
    STRIPE_API_KEY.

    \b
    Examples:
        stripe-portal sandbox verify
        stripe-portal sandbox verify --stack test --yes > differences.md
    """  # noqa: D301 - click wants the character \b
    from pulumi_stripe_portal.verifying import (
        PROBES,
        Verification,
        plan,
        prepare,
        report,
        verify,
    )

    say = Progress()
    found = Verification()
    with plain_errors():
        with say.during("Looking at the account"):
            connection = prepare(settings_of(stack))
        click.echo(plan(), err=True)
        if not yes:
            _confirm()
        try:
            with _stoppable() as stopped:
                verify(connection, say, stopped.is_set, found)
        finally:
            for each in found.left:
                click.echo(f"Not cleared up: {make_visible(each)}", err=True)
    tell(report(found, len(PROBES)))
    if not found.agrees or found.left:
        sys.exit(1)


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise WrongUse("you are asked before anything is made; give --yes")
    click.confirm("Make all this in the account's test mode?", abort=True, err=True)


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Let Ctrl-C wait for the answer to a request: what it made would be unknown."""
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if not stopped.is_set():
            click.echo("Stopping; what was made is cleared up first …", err=True)
        stopped.set()

    before = {each: signal.signal(each, stop) for each in _SIGNALS}
    try:
        yield stopped
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
