"""What the commands do alike: which key to use, and how they end."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from pulumi_stripe_portal.errors import SettingsError, StripePortalError
from pulumi_stripe_portal.schema.resources import KINDS, is_id
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stripe_api.keys import key_mode
from pulumi_stripe_portal.stripe_api.settings import NAMESPACE, Settings

__all__ = [
    "WrongUse",
    "make_visible",
    "no_collections",
    "plain_errors",
    "require_ids",
    "settings_of",
    "stack_option",
    "tell",
]

stack_option = click.option(
    "--stack", metavar="NAME", help="Use this stack's key, mode and account."
)


class WrongUse(click.ClickException):
    """Something to set right before the command can work; exits with 2."""

    exit_code = 2


def tell(text: str) -> None:
    """Print a text on stdout; into a file or pipe as UTF-8, whatever the locale is.

    A runner's locale may have no letters for what users wrote, or for an ellipsis.
    """
    if sys.stdout.isatty():
        click.echo(text, nl=False)
    else:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)


@contextmanager
def no_collections() -> Iterator[None]:
    """Leave out the search for cycles: half the time where a large file is read.

    It comes again and again while millions of values are made, none of them garbage.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def plain_errors() -> Iterator[None]:
    """Say what went wrong in one line: exit 2 for settings, 1 where Stripe said no."""
    try:
        yield
    except (SettingsError, pulumi_cli.StackError) as error:
        raise WrongUse(make_visible(str(error))) from None
    except StripePortalError as error:
        raise click.ClickException(make_visible(str(error))) from None


def make_visible(message: str) -> str:
    """Return a message with nothing in it that a terminal would obey, or not show."""
    return "\n".join(map(visible, message.split("\n")))


def require_ids(ids: Iterable[str]) -> None:
    """Refuse what is no id of an object that can be managed.

    Raises:
        click.UsageError: With the first that is none.
    """
    known = " nor ".join(f"a {kind.noun} ({kind.prefix}…)" for kind in KINDS)
    for id_ in ids:
        if not is_id(id_):
            raise click.UsageError(f"'{visible(id_)}' is neither {known}.")


def settings_of(stack: str | None) -> Settings:
    """Return the stack's settings; without a stack, those of the environment.

    The mode is the key's own then: there is no stack for it to disagree with.

    Raises:
        SettingsError: They can't be right.
        StackError: They can't be read.
    """
    if stack is not None:
        return pulumi_cli.settings(stack)
    mode = key_mode(os.environ.get("STRIPE_API_KEY", ""))
    return Settings.of_config({f"{NAMESPACE}:mode": mode}.get)
