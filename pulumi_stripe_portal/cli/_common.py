"""What the commands do alike: which key to use, and how they end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from pulumi_stripe_portal import _stacks
from pulumi_stripe_portal._keys import key_mode
from pulumi_stripe_portal._settings import NAMESPACE, Settings
from pulumi_stripe_portal._visible import visible
from pulumi_stripe_portal.errors import SettingsError, StripePortalError

__all__ = ["WrongUse", "plain_errors", "settings_of", "shown", "stack_option"]

stack_option = click.option(
    "--stack", metavar="NAME", help="Use this stack's key, mode and account."
)


class WrongUse(click.ClickException):
    """Something to set right before the command can work; exits with 2."""

    exit_code = 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """Say what went wrong in one line: exit 2 for settings, 1 where Stripe said no."""
    try:
        yield
    except (SettingsError, _stacks.StackError) as error:
        raise WrongUse(shown(str(error))) from None
    except StripePortalError as error:
        raise click.ClickException(shown(str(error))) from None


def shown(message: str) -> str:
    """Return a message with nothing in it that a terminal would obey, or not show."""
    return "\n".join(map(visible, message.split("\n")))


def settings_of(stack: str | None) -> Settings:
    """Return the stack's settings; without a stack, those of the environment.

    The mode is the key's own then: there is no stack for it to disagree with.

    Raises:
        SettingsError, StackError: if they can't be read, or can't be right.
    """
    if stack is not None:
        return _stacks.settings(stack)
    mode = key_mode(os.environ.get("STRIPE_API_KEY", ""))
    return Settings.of_config({f"{NAMESPACE}:mode": mode}.get)
