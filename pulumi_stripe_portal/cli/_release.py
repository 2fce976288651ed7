"""`stripe-portal release`: lets another stack adopt what a marker says is taken."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.releasing import Marked, look_up, name_managed, release
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stacks.recorded import recorded_resources

from ._common import (
    WrongUse,
    make_visible,
    plain_errors,
    require_ids,
    settings_of,
    stack_option,
)
from ._progress import Progress

__all__ = ["command"]


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--yes", is_flag=True, help="Don't ask, in live mode neither.")
@stack_option
def command(ids: tuple[str, ...], yes: bool, stack: str | None) -> None:
    """Clear ownership markers, so that another stack may adopt.

    ID is that of a portal configuration (bpc_…) or a webhook endpoint (we_…). Each
    carries a marker in its metadata (the key `pulumi`) that says which resource of
    which stack manages it, and no other stack adopts it, or makes its own beside it,
    before that marker is gone. Take the object out of its stack first, with
    `retain_on_delete` or `pulumi state delete`: a stack that still manages it writes
    its marker again.

    Nothing else of the objects is changed. All are looked up and shown before anything
    is written, and you are asked first; --yes says it for scripts. Prints the ids that
    were released. The key is the --stack's, else STRIPE_API_KEY.

    \b
    Examples:
        stripe-portal release bpc_1MzQ8x2eZvKYlo2C
        stripe-portal release --stack live bpc_1MzQ8x2eZvKYlo2C we_1MzQ8x2eZvKYlo2C
        stripe-portal release --yes we_1MzQ8x2eZvKYlo2C
    """  # noqa: D301 - click wants the character \b
    require_ids(ids)
    say = Progress()
    with plain_errors():
        settings = settings_of(stack)
        managed = (
            recorded_resources(pulumi_cli.resources(stack)) if stack is not None else []
        )
        with say.during("Reading from Stripe"):
            found = look_up(settings, list(dict.fromkeys(ids)), managed, say)
        marked = [each for each in found if each.owner is not None]
        for each in found:
            click.echo(make_visible(each.text()), err=True)
        for each in found:
            if each.owner is None:
                click.echo(f"{each.id}: nothing to release", err=True)
        if not marked:
            return
        for warning in name_managed(marked, managed, stack or ""):
            click.echo(f"warning: {make_visible(warning)}", err=True)
        if not yes:
            _confirm(marked)
        _release(marked, say)


def _confirm(marked: Sequence[Marked]) -> None:
    """Ask before a marker goes that keeps stacks apart."""
    where = visible(" and ".join(dict.fromkeys(each.where for each in marked)))
    if not sys.stdin.isatty():
        raise WrongUse(
            f"this is {where}, and you are asked first; give --yes. Nothing was written"
        )
    noun = "this marker" if len(marked) == 1 else f"these {len(marked)} markers"
    click.confirm(f"{where}: clear {noun}?", abort=True, err=True)


def _release(marked: Sequence[Marked], say: Progress) -> None:
    left = [each.id for each in marked]
    try:
        with say.during("Writing to Stripe"):
            for id_ in release(marked):
                left.remove(id_)
                click.echo(id_)
    except RequestRefused as refused:
        refused.args = (f"{refused}\nNot released: {', '.join(left)}",)
        raise
