"""`stripe-portal import`: a program for what exists at Stripe."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pulumi_stripe_portal import _stacks, importing
from pulumi_stripe_portal._existing import (
    Adoption,
    adopt_all,
    adopt_foreign,
    adopt_ids,
    kind_of,
)
from pulumi_stripe_portal._recorded import recorded
from pulumi_stripe_portal._stripe import Connection

from ._common import WrongUse, plain_errors, settings_of, stack_option
from ._progress import Progress

__all__ = ["command"]


@click.command("import")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="All that the account has; with --stack, that the stack doesn't manage.",
)
@click.option(
    "--include-inactive",
    is_flag=True,
    help="With --all: also configurations that were deactivated.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Take over from a terraform.tfstate or a Pulumi stack export.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the program there; an existing file is left alone.",
)
@click.option("--force", is_flag=True, help="With --out: replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@stack_option
def command(
    ids: tuple[str, ...],
    everything: bool,
    include_inactive: bool,
    source: str | None,
    out: Path | None,
    force: bool,
    as_json: bool,
    stack: str | None,
) -> None:
    """
    Print a program that takes what exists under code.

    ID is that of a portal configuration (bpc_…) or a webhook endpoint (we_…). The
    Pulumi program declares what differs from Stripe's defaults; a feature that it
    doesn't declare is off. Prices are named by lookup key where they have one. Running
    it writes nothing to Stripe, and once `pulumi up` has run, the lines with `import_`
    can be taken out.

    --from takes over what Terraform (providers stripe/stripe, lukasaron/stripe,
    franckverrot/stripe) or Pulumi's bridge of these manages: names are kept, and stderr
    says how to hand over the endpoints' secrets, and how the other tool lets go without
    destroying anything.

    Only reads from Stripe. The key is the --stack's, else STRIPE_API_KEY.

    \b
    Examples:
        stripe-portal import --all --stack test --out __main__.py
        stripe-portal import bpc_1MzQ8x2eZvKYlo2C we_1MzQ8x2eZvKYlo2C
        terraform state pull > state.json; stripe-portal import --from state.json
    """  # noqa: D301 - click wants the character \b
    chosen = [bool(ids), everything, source is not None]
    if sum(chosen) != 1:
        raise click.UsageError(
            "Give the ids of what to import, or --all, or --from FILE; for example "
            "`stripe-portal import --all`."
        )
    for id_ in ids:
        if kind_of(id_) is None:
            raise click.UsageError(
                f"{id_!r} is neither a portal configuration (bpc_…) nor a webhook "
                "endpoint (we_…)."
            )
    if include_inactive and not everything:
        raise click.UsageError("--include-inactive goes with --all.")
    if out is not None and out.exists() and not force:
        raise WrongUse(f"{out} exists already; give another file, or --force.")
    state = None if source is None else _read(source)
    say = Progress()
    with plain_errors(), say.during("Reading from Stripe"):
        connection = Connection.to(settings_of(stack), None)
        if state is not None:
            adoption = adopt_foreign(connection, state, say)
        elif everything:
            managed = recorded(_stacks.resources(stack)) if stack is not None else []
            adoption = adopt_all(connection, say, managed, inactive=include_inactive)
        else:
            adoption = adopt_ids(connection, ids, say)
    handover = None
    if state is not None and source is not None:
        settings = {each.id: each.name.setting for each in adoption.program.resources}
        handover = importing.handover(state, settings, source, stack)
    text = _json(adoption, handover) if as_json else adoption.program.text
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text, force=force)
        click.echo(f"{out}: {len(adoption.program.resources)} resources.", err=True)
    for warning in adoption.warnings:
        click.echo(f"warning: {warning}", err=True)
    if handover is not None:
        click.echo(f"\n{handover.text()}", err=True)


def _read(source: str) -> importing.ForeignState:
    try:
        with click.open_file(source, encoding="utf-8") as file:
            state = importing.read_state(file.read())
    except OSError as error:
        raise WrongUse(f"{source}: {error.strerror}") from None
    except ValueError as error:
        raise WrongUse(f"{source}: {error}") from None
    if not state.objects:
        raise click.ClickException(
            f"{source} has no portal configuration or webhook endpoint of Stripe's"
        )
    return state


def _write(out: Path, text: str, *, force: bool) -> None:
    try:
        with out.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise WrongUse(f"{out}: {error.strerror}") from None


def _json(adoption: Adoption, handover: importing.Handover | None) -> str:
    answer = {
        "program": adoption.program.text,
        "resources": [
            {"type": each.type, "name": each.name.resource, "id": each.id}
            for each in adoption.program.resources
        ],
        "warnings": list(adoption.warnings),
        "secretCommands": list(handover.secrets) if handover else [],
        "releases": list(handover.releases) if handover else [],
    }
    return f"{json.dumps(answer, indent=2)}\n"
