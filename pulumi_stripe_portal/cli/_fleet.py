"""`stripe-portal fleet`: one program for many connected accounts."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pulumi_stripe_portal.fleet import FleetError, accounts, summary
from pulumi_stripe_portal.fleet.outcomes import Outcome
from pulumi_stripe_portal.fleet.project import Project, Shard, read_project

from ._common import WrongUse, make_visible, plain_errors, tell
from ._fleet_options import MOST_WORKERS, on_workers, with_program
from ._progress import Progress

if TYPE_CHECKING:
    from pulumi_stripe_portal.fleet.shard import Operation

__all__ = ["command"]

_EXTRA = "pip install 'pulumi-stripe-portal[fleet]'"
_MOST_SENTENCES = 40


@click.group(short_help="Run one program for many connected accounts.")
def command() -> None:
    """Run one program for many connected accounts, cut into stacks, side by side.

    The program is the Pulumi project of this folder. It finds its accounts in its
    setting `accounts`: by id, each with what the list says of it. Each stack of the
    fleet has the settings of --stack besides, and its number as the setting `shard`.
    All workers together keep to Stripe's limit for the platform's key.

    \b
    Example:
        stripe-portal fleet up --stack live --accounts accounts.csv
    """  # noqa: D301 - \b is for click


@command.command()
@with_program
def up(**given: Any) -> None:
    """Create and change what the program says, in all accounts.

    stdout has a line for each account: created, changed, deleted, unchanged, or failed
    with the reason. An account that left the list loses what it had. Exits with 1 if
    any failed.

    \b
    Examples:
        stripe-portal fleet up --stack live --accounts accounts.csv
        stripe-portal fleet up --stack live --from-stripe --workers 3
        stripe-portal fleet up --stack live --accounts accounts.csv --resume
    """  # noqa: D301 - \b is for click
    _run("up", **given)


@command.command()
@with_program
def preview(**given: Any) -> None:
    """Say what `up` would do in each account, and what changes for how many.

    Nothing is written to Stripe. The new accounts get their places, and new stacks are
    made, still empty. Exits with 1 if a preview failed.

    \b
    Example:
        stripe-portal fleet preview --stack live --accounts accounts.csv
    """  # noqa: D301 - \b is for click
    _run("preview", **given)


@command.command()
@on_workers
def refresh(**given: Any) -> None:
    """Read all stacks anew from Stripe; `changed` is what differs from the last `up`.

    Exits with 1 if any account failed.

    \b
    Example:
        stripe-portal fleet refresh --stack live
    """  # noqa: D301 - \b is for click
    _run("refresh", **given)


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_workers
def destroy(yes: bool, **given: Any) -> None:
    """Take back everything in all accounts that ever were in the fleet.

    Exits with 1 if any account failed.

    \b
    Example:
        stripe-portal fleet destroy --stack test --yes
    """  # noqa: D301 - \b is for click
    if not yes:
        click.confirm("Destroy everything in all accounts?", abort=True, err=True)
    _run("destroy", **given)


def _run(
    operation: Operation,
    *,
    stack: str,
    for_programs: bool,
    resume: bool,
    workers: int | None,
    scheduler: str | None,
    per_second: int | None,
    file: Path | None = None,
    from_stripe: bool = False,
    size: int = 0,
    setting: str = "",
) -> None:
    if find_spec("distributed") is None:
        raise WrongUse(f"`stripe-portal fleet` runs on Dask; {_EXTRA}")
    runs_program = operation in ("up", "preview")
    if runs_program and (file is None) == (not from_stripe):
        raise click.UsageError("Give either --accounts FILE.csv or --from-stripe.")
    if workers is not None and scheduler is not None:
        raise click.UsageError("--workers are of this machine; leave out --scheduler.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    try:
        with plain_errors():
            _absolute_backend()
            project = read_project(stack, Path.cwd())
            shards = _shards(project, file, size, setting, runs_program)
            rate = per_second or project.requests_per_second
            where = workers, scheduler
            found = _results(project, shards, operation, resume, where, rate)
    except FleetError as error:
        raise WrongUse(make_visible(str(error))) from None
    _print(operation, found, for_programs=for_programs)
    sys.exit(1 if any(each.status == "failed" for each in found) else 0)


def _absolute_backend() -> None:
    """Let a backend in a folder be the same one for the stacks' own folders."""
    url = os.environ.get("PULUMI_BACKEND_URL", "")
    if url.startswith("file://."):
        os.environ["PULUMI_BACKEND_URL"] = f"file://{Path(url[7:]).resolve()}"


def _shards(
    project: Project,
    file: Path | None,
    size: int,
    setting: str,
    runs_program: bool,
) -> list[Shard]:
    from pulumi_stripe_portal.fleet import index

    say = Progress()
    if not runs_program:
        with say.during("Looking up which account is in which stack"):
            places = index.read_places(project)
        listed = None
    else:
        if file is not None:
            listed = accounts.read_accounts(file)
        else:
            with say.during("Asking Stripe for the connected accounts"):
                listed = accounts.connected_accounts(index.settings_of(project))
        with say.during("Looking up which account is in which stack"):
            places = index.claim_places(project, listed, size)
    return [
        project.shard(number, here, listed, setting)
        for number, here in sorted(places.items())
    ]


def _results(
    project: Project,
    shards: Sequence[Shard],
    operation: Operation,
    resume: bool,
    where: tuple[int | None, str | None],
    rate: int,
) -> list[Outcome]:
    """Run the stacks and return what became of each account, in their order."""
    from pulumi_stripe_portal.fleet import cluster, journal

    workers, scheduler = where
    book = journal.Journal(project, operation)
    done = book.read(shards) if resume else {}
    book.begin(fresh=not resume)
    left = [shard for shard in shards if shard.stack not in done]
    if done:
        click.echo(f"{len(done)} of {len(shards)} stacks are done.", err=True)
    if left:
        many = min(workers or min(os.cpu_count() or 1, MOST_WORKERS), len(left))
        with cluster.connect(scheduler, many) as client:
            click.echo(f"Dashboard: {cluster.dashboard_of(client)}", err=True)
            say = Progress()
            for shard, outcomes in cluster.run_shards(client, left, operation, rate):
                done[shard.stack] = outcomes
                book.add(shard, outcomes)
                say(_progress(done, shards))
    found = [outcome for shard in shards for outcome in done[shard.stack]]
    if all(each.status != "failed" for each in found):
        book.end()
    else:
        click.echo("Run it again with --resume for the stacks that failed.", err=True)
    return found


def _progress(done: dict[str, list[Outcome]], shards: Sequence[Shard]) -> str:
    outcomes = [outcome for stack in done.values() for outcome in stack]
    return f"{len(done)} of {len(shards)} stacks, {_count(outcomes)}"


def _count(outcomes: Sequence[Outcome]) -> str:
    found = summary.counts(outcomes).items()
    return ", ".join(f"{many:,} {status}" for status, many in found) or "no accounts"


def _print(
    operation: Operation, found: Sequence[Outcome], *, for_programs: bool
) -> None:
    if for_programs:
        click.echo(json.dumps(summary.data(operation, found), indent=2))
    elif found:
        tell(summary.table(found))
        _print_review(summary.sentences(found))
    click.echo(f"{len(found):,} accounts: {_count(found)}.", err=True)


def _print_review(found: Sequence[tuple[int, str, str]]) -> None:
    """Print what changes for customers, what changes for most of them first."""
    for many, risk, text in found[:_MOST_SENTENCES]:
        noun = "account" if many == 1 else "accounts"
        tell(f"{many:,} {noun}{f' ({risk})' if risk else ''}: {text}\n")
    if len(found) > _MOST_SENTENCES:
        left = len(found) - _MOST_SENTENCES
        tell(f"{left:,} more sentences for fewer accounts; --json has all.\n")
