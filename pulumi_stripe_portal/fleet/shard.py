"""Runs one stack of the fleet, as a worker does it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from .accounts import FleetError
from .automation import Ran, last_words, run, select
from .outcomes import Outcome, Tally, message
from .planned import take_preview
from .project import Shard, folder_of

__all__ = ["Operation", "run_shard"]

Operation = Literal["up", "preview", "refresh", "destroy"]

_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "up": ("up", "--yes", "--skip-preview", "--continue-on-error"),
    "preview": ("preview", "--json"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview", "--continue-on-error"),
}
_OF_PROGRAM = ("up", "preview")
_TRIES = 20


def run_shard(
    shard: Shard, operation: Operation, environ: Mapping[str, str]
) -> list[Outcome]:
    """Run a stack and return what became of each of its accounts.

    Inputs that are refused end Pulumi's run for all accounts of the stack: it is run
    again without the resource that they are of, so that one account's mistake is its
    own. What was done before stays done.
    """
    tally = Tally(shard.stack, shard.told)
    if operation not in _OF_PROGRAM:
        tally.nothing = "its stack has nothing of it"
    with folder_of(shard) as folder:
        try:
            select(shard.stack, folder)
            for _ in range(_TRIES):
                known = dict(tally.failed_urns)
                tally.trouble = ""
                ran = _run(shard, operation, folder, environ, list(known))
                _take(tally, operation, ran)
                again = tally.failed_urns.keys() - known.keys()
                if not again or tally.is_complete or operation not in _OF_PROGRAM:
                    break
        except FleetError as error:
            tally.trouble = message(str(error))
    return tally.outcomes()


def _run(
    shard: Shard,
    operation: Operation,
    folder: Path,
    environ: Mapping[str, str],
    excluded: list[str],
) -> Ran:
    leaving_out = [f"--exclude={urn}" for urn in excluded]
    arguments = [*_ARGUMENTS[operation], "--stack", shard.stack, *leaving_out]
    return run(arguments, folder, environ)


def _take(tally: Tally, operation: Operation, ran: Ran) -> None:
    failures = len(tally.failures)
    if operation == "preview":
        take_preview(tally, ran.stdout, ran.trouble)
    else:
        tally.take(ran.events)
    if ran.trouble and not tally.trouble and len(tally.failures) == failures:
        tally.trouble = message(last_words(ran.trouble))
