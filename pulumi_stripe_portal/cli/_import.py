"""`stripe-portal import`: a program for what exists at Stripe."""

from __future__ import annotations

import codecs
import json
import shlex
from dataclasses import replace
from pathlib import Path

import click

from pulumi_stripe_portal import importing
from pulumi_stripe_portal.importing.existing import (
    Adoption,
    adopt_all,
    adopt_foreign,
    adopt_ids,
)
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks import pulumi_cli
from pulumi_stripe_portal.stacks.files import decode_text
from pulumi_stripe_portal.stacks.recorded import recorded_resources
from pulumi_stripe_portal.stripe_api.connection import Connection

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

_BULK = "pulumi-json"
_GZIP = b"\x1f\x8b"  # Pulumi's backend compresses where it is told to
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
    "sources",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    multiple=True,
    help="Take over from a terraform.tfstate, or a Pulumi stack export or checkpoint; "
    "may be given more than once.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the program there; an existing file is left alone.",
)
@click.option("--force", is_flag=True, help="With --out: replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["python", _BULK]),
    default="python",
    show_default=True,
    help="A program in Python, or the file for `pulumi import --file`, which writes "
    "one in the language of its project.",
)
@stack_option
def command(
    ids: tuple[str, ...],
    everything: bool,
    include_inactive: bool,
    sources: tuple[str, ...],
    out: Path | None,
    force: bool,
    as_json: bool,
    form: str,
    stack: str | None,
) -> None:
    """Print a program that takes what exists under code.

    ID is that of a portal configuration (bpc_…) or a webhook endpoint (we_…). The
    Pulumi program declares what differs from Stripe's defaults; a feature that it
    doesn't declare is off. Prices are named by lookup key where they have one. Running
    it writes nothing to Stripe, and once `pulumi up` has run, the lines with `import_`
    can be taken out.

    --from takes over what Terraform (providers stripe/stripe, lukasaron/stripe,
    franckverrot/stripe) or Pulumi's bridge of these manages: names are kept, and stderr
    says how to hand over the endpoints' secrets, and how the other tool lets go without
    destroying anything.

    Only reads from Stripe. The key is the --stack's, else STRIPE_API_KEY; what that
    stack manages already is left out, and its names are not given again.

    \b
    Examples:
        stripe-portal import --all --stack test --out __main__.py
        stripe-portal import bpc_1MzQ8x2eZvKYlo2C we_1MzQ8x2eZvKYlo2C
        terraform state pull > state.json; stripe-portal import --from state.json
        stripe-portal import --from eu.tfstate --from us.tfstate --stack live
        stripe-portal import --all --format pulumi-json --out import.json
    """  # noqa: D301 - click wants the character \b
    chosen = [bool(ids), everything, bool(sources)]
    if sum(chosen) != 1:
        raise click.UsageError(
            "Give the ids of what to import, or --all, or --from FILE; for example "
            "`stripe-portal import --all`."
        )
    require_ids(ids)
    if include_inactive and not everything:
        raise click.UsageError("--include-inactive goes with --all.")
    if out is not None and out.exists() and not force:
        raise WrongUse(
            f"{visible(str(out))} exists already; give another file, or --force."
        )
    if as_json and form == _BULK:
        raise click.UsageError(f"--json goes without --format {_BULK}.")
    states = [_read(source) for source in dict.fromkeys(sources)]
    if states and not any(state.objects for state in states):
        files = ", ".join(visible(state.file) for state in states)
        raise click.ClickException(
            f"{files} has no portal configuration or webhook endpoint of Stripe's"
        )
    say = Progress()
    with plain_errors(), say.during("Reading from Stripe"):
        connection = Connection.to(settings_of(stack), None)
        adopter = _adopter(stack)
        if states:
            adoption = adopt_foreign(connection, states, say, adopter)
        elif everything:
            adoption = adopt_all(connection, say, adopter, inactive=include_inactive)
        else:
            adoption = adopt_ids(connection, ids, say, adopter)
    handover = None
    if states:
        settings = {each.id: each.name.setting for each in adoption.program.resources}
        handover = importing.handover(states, settings, stack)
    if form == _BULK:
        text = importing.import_file(adoption.program.resources)
    else:
        text = _json(adoption, handover) if as_json else adoption.program.text
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text, force=force)
        count = len(adoption.program.resources)
        click.echo(f"{visible(str(out))}: {count} resources.", err=True)
    for warning in [*adoption.warnings, *(handover.unsaid if handover else ())]:
        click.echo(f"warning: {make_visible(warning)}", err=True)
    if handover is not None:
        if form == _BULK:
            handover = replace(handover, adopter="pulumi import --file FILE")
        click.echo(f"\n{handover.text()}", err=True)


def _adopter(stack: str | None) -> importing.Adopter:
    """Return what is known of the stack that is to adopt."""
    if stack is None:
        return importing.Adopter()
    resources = pulumi_cli.resources(stack)
    urns = (importing.plain_urn(str(each.get("urn"))) for each in resources)
    urn = next(filter(None, urns), None)
    release = f"stripe-portal release --stack {shlex.quote(stack)}"
    owner = f"{urn.project}/{urn.stack}" if urn else ""
    return importing.Adopter(recorded_resources(resources), owner, release)


def _read(source: str) -> importing.ForeignState:
    file = visible(source)
    try:
        with click.open_file(source, "rb") as opened:
            data: bytes = opened.read()
    except OSError as error:
        raise WrongUse(f"{file}: {error.strerror or 'it cannot be read'}") from None
    if data.startswith(_GZIP):
        raise WrongUse(f"{file}: this is compressed; give what `gunzip` makes of it")
    try:
        text = decode_text(data)
    except ValueError:
        raise WrongUse(f"{file}: this is no text, neither UTF-8 nor UTF-16") from None
    try:
        return importing.read_state(text, source, utf16=data[:2] in _UTF16)
    except importing.NotAState as error:
        raise WrongUse(f"{file}: {error}") from None


def _write(out: Path, text: str, *, force: bool) -> None:
    try:
        with out.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise WrongUse(f"{visible(str(out))}: {error.strerror}") from None


def _json(adoption: Adoption, handover: importing.Handover | None) -> str:
    answer = {
        "program": adoption.program.text,
        "resources": [
            {"type": each.type.name, "name": each.name.resource, "id": each.id}
            for each in adoption.program.resources
        ],
        "warnings": [*adoption.warnings, *(handover.unsaid if handover else ())],
        "markerCommands": list(adoption.releases),
        "secretCommands": list(handover.secrets) if handover else [],
        "releases": list(handover.releases) if handover else [],
    }
    return f"{json.dumps(answer, indent=2)}\n"
