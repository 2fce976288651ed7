"""`stripe-portal compare`: what differs between two stacks."""

from __future__ import annotations

import json
import sys

import click

from pulumi_stripe_portal.review.compare import compare
from pulumi_stripe_portal.review.comparison import as_json, as_markdown
from pulumi_stripe_portal.stacks import pulumi_cli

from ._common import no_collections, plain_errors, tell
from ._progress import Progress

__all__ = ["command"]


@click.command(short_help="Tell what stack B lacks or has otherwise than stack A.")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option(
    "--ignore",
    multiple=True,
    metavar="SETTING",
    help="A setting that may differ, by its path; repeatable.",
)
@click.option("--json", "for_programs", is_flag=True, help="Print JSON, not Markdown.")
@no_collections()
def command(one: str, other: str, ignore: tuple[str, ...], for_programs: bool) -> None:
    """Tell what stack B lacks or has otherwise than stack A: a check before going live.

    Reads the states of both and asks Stripe nothing. Ids differ between test and live,
    so resources are matched by name and URL, and prices by lookup key; a price of A
    that B doesn't know is named. Secrets are left out.

    Exits with 1 if anything differs.

    \b
    Examples:
        stripe-portal compare test live
        stripe-portal compare test live --ignore url --ignore default_return_url
    """  # noqa: D301 - click needs the backspace itself
    say = Progress()
    with plain_errors():
        states = []
        for stack in (one, other):
            with say.during(f"Reading stack {stack}"):
                states.append(pulumi_cli.resources(stack))
    found = compare((one, other), (states[0], states[1]), ignore)
    if for_programs:
        click.echo(json.dumps(as_json(found), indent=2))
    else:
        tell(as_markdown(found))
    sys.exit(0 if found.same else 1)
