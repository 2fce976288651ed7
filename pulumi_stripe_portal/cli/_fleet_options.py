"""The options of `stripe-portal fleet`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from pulumi_stripe_portal.stripe_api.settings import FASTEST_RATE

__all__ = ["MOST_WORKERS", "on_workers", "with_program"]

MOST_WORKERS = 4
"""Processes that are started where nobody says how many."""

_Function = TypeVar("_Function", bound=Callable[..., object])


def on_workers(function: _Function) -> _Function:
    """Add the options that all commands have."""
    for option in (
        click.option("--json", "for_programs", is_flag=True, help="Print JSON."),
        click.option(
            "--resume", is_flag=True, help="Leave out the stacks that are done."
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="Run on the workers of this Dask scheduler, not on this machine.",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            metavar="N",
            help="Processes on this machine; one for each core, at most "
            f"{MOST_WORKERS}, where it is not given.",
        ),
        click.option(
            "--requests-per-second",
            "per_second",
            type=click.IntRange(1, FASTEST_RATE),
            metavar="N",
            help="What all workers together ask Stripe; the stack's setting, where it "
            "is not given.",
        ),
        click.option(
            "--stack",
            required=True,
            metavar="NAME",
            help="The stack whose settings they have; theirs are NAME-0001, ….",
        ),
    ):
        function = option(function)
    return function


def with_program(function: _Function) -> _Function:
    """Add the options of those that run the program."""
    for option in (
        click.option(
            "--setting",
            default="accounts",
            show_default=True,
            metavar="NAME",
            help="The setting in which the program finds them.",
        ),
        click.option(
            "--size",
            type=click.IntRange(1, 1000),
            default=100,
            show_default=True,
            metavar="N",
            help="Accounts in a stack; those that have their place keep it.",
        ),
        click.option(
            "--from-stripe",
            is_flag=True,
            help="All accounts that are connected to the key's.",
        ),
        click.option(
            "--accounts",
            "file",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE.csv",
            help="The accounts: a column `account`, and what the program reads.",
        ),
    ):
        function = option(function)
    return on_workers(function)
