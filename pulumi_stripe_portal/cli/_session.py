"""`stripe-portal session`: a link into the customer portal."""

from __future__ import annotations

import json
import sys
import webbrowser
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import click

from pulumi_stripe_portal.portal_links import (
    AFTER,
    FLOWS,
    SESSIONS,
    Link,
    NoSuchConfiguration,
    configuration_in,
    problems,
    session_params,
)
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stacks.recorded import recorded_resources
from pulumi_stripe_portal.stripe_api.connection import Connection

from ._common import WrongUse, plain_errors, settings_of, stack_option
from ._progress import Progress

__all__ = ["command"]


def _seconds(
    _context: click.Context, _option: click.Parameter, value: datetime | None
) -> int | None:
    """Read a date without a zone as UTC."""
    return int(value.replace(tzinfo=timezone.utc).timestamp()) if value else None


@click.command()
@click.option("--customer", metavar="cus_…", help="Whose portal it is.")
@click.option("--customer-account", metavar="acct_…", help="The same, by account.")
@click.option(
    "--configuration",
    metavar="bpc_…|NAME",
    help="What they can do: an id, or a resource of the --stack; else the default.",
)
@click.option("--return-url", metavar="URL", help='Where "return" leads.')
@click.option("--locale", metavar="TAG", help="The language, e.g. `de` or `auto`.")
@click.option("--on-behalf-of", metavar="acct_…", help="Show only its subscriptions.")
@click.option("--flow", type=click.Choice(list(FLOWS)), help="Lead straight to this.")
@click.option("--subscription", metavar="sub_…", help="The flow's subscription.")
@click.option("--item", metavar="si_…", help="Confirm: the item that changes.")
@click.option("--price", metavar="price_…", help="Confirm: its new price.")
@click.option("--quantity", type=click.IntRange(0), help="Confirm: its new quantity.")
@click.option("--coupon", metavar="ID", help="Confirm: a coupon on top.")
@click.option("--promotion-code", metavar="promo_…", help="Confirm: a code on top.")
@click.option("--retention-coupon", metavar="ID", help="Cancel: offered for staying.")
@click.option(
    "--after", type=click.Choice(list(AFTER)), help="What follows on the flow."
)
@click.option("--after-url", metavar="URL", help="Redirect there after the flow.")
@click.option("--after-message", metavar="TEXT", help="Confirm with this text.")
@click.option("--recoverable", is_flag=True, help="Once expired, let them sign in.")
@click.option(
    "--recoverable-until",
    type=click.DateTime(),
    callback=_seconds,
    help="The same, until then (UTC).",
)
@click.option("--open", "open_it", is_flag=True, help="Open it instead of printing it.")
@click.option("--yes", is_flag=True, help="Don't ask in live mode.")
@click.option("--json", "as_json", is_flag=True, help="Print the session as JSON.")
@stack_option
def command(
    open_it: bool, yes: bool, as_json: bool, stack: str | None, **options: Any
) -> None:
    """Print a link into a customer's portal.

    Whoever has the link acts as the customer, so it is made for looking and testing;
    in live mode you are asked first. It expires within minutes if nobody opens it.

    A --flow leads straight to one task, and comes back as --after says.
    The key is the --stack's, else STRIPE_API_KEY.

    \b
    Examples:
        stripe-portal session --customer cus_NciAYcXfLnqBoz --open
        stripe-portal session --stack test --configuration standard \\
          --customer cus_NciAYcXfLnqBoz --flow subscription_cancel \\
          --subscription sub_1MowQVLkdIwHu7ix --after-url https://example.com/bye
    """  # noqa: D301 - click wants the character \b
    link = Link(**options)
    for problem in problems(link):
        raise click.UsageError(problem)
    say = Progress()
    with plain_errors():
        with say.during(f"Reading stack {stack}"):
            link, account = _resolve(link, stack)
            settings = settings_of(stack)
        if settings.livemode and not yes:
            _confirm(link)
        connection = Connection.to(settings, account)
        with say.during("Asking Stripe"):
            session = connection.create(SESSIONS, session_params(link))
    if open_it and webbrowser.open(session["url"]):
        click.echo("Opened in the browser.", err=True)
    elif not as_json:
        click.echo(session["url"])
    if as_json:
        click.echo(json.dumps(session, indent=2))


def _resolve(link: Link, stack: str | None) -> tuple[Link, str | None]:
    """Return the link with its configuration's id, and the account that it is in."""
    name = link.configuration
    if name is None or name.startswith(CONFIGURATIONS.prefix):
        return link, None
    if stack is None:
        raise WrongUse(
            f"{name!r} is no id ({CONFIGURATIONS.prefix}…); for the name of a "
            "resource give --stack too"
        )
    try:
        found = configuration_in(recorded_resources(pulumi_cli.resources(stack)), name)
    except NoSuchConfiguration as error:
        raise WrongUse(str(error)) from None
    return replace(link, configuration=found.id), found.account


def _confirm(link: Link) -> None:
    """Ask before a link into somebody's real portal is made."""
    if not sys.stdin.isatty():
        raise WrongUse("this is live mode, where you are asked first; give --yes")
    who = link.customer or link.customer_account
    click.confirm(
        f"Live mode: whoever has the link can act as {who}. Make it?",
        abort=True,
        err=True,
    )
