"""The places of the accounts, as the backend keeps them: an output of a stack.

They are changed by an `up` of that stack, inside of which they are read again: Pulumi
locks it, so two fleets at once never give one account two places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pulumi
from pulumi import automation as auto

from pulumi_stripe_portal.stacks.pulumi_cli import settings_in
from pulumi_stripe_portal.stripe_api.settings import Settings

from .accounts import FleetError
from .automation import command, last_words, run, select, stack_outputs
from .places import NotPlaces, Places, add_places, places_in, places_text
from .project import Project, folder_of

__all__ = ["claim_places", "read_places", "settings_of"]

_OUTPUT = "accounts"


def settings_of(project: Project) -> Settings:
    """Return the settings that all stacks of the fleet have, the key included.

    Raises:
        FleetError: The backend can't be read.
        SettingsError: One of them has a value that it can't have.
    """
    with folder_of(project.index) as folder:
        select(project.index.stack, folder)
        shown = ["config", "--json", "--show-secrets", "--stack", project.index.stack]
        done = run(shown, folder)
    if done.trouble:
        raise FleetError(last_words(done.trouble))
    return settings_in(json.loads(done.stdout))


def read_places(project: Project) -> Places:
    """Return the places that are given.

    Raises:
        FleetError: The backend can't be read, or holds something else there.
    """
    with folder_of(project.index) as folder:
        select(project.index.stack, folder)
        return _stored_places(project, folder)


def claim_places(project: Project, accounts: Iterable[str], size: int) -> Places:
    """Give each account that has none yet its place, and return all.

    Raises:
        FleetError: Another fleet is about it, or the backend can't be written.
    """
    wanted = list(accounts)
    stack = project.index.stack
    with folder_of(project.index) as folder:
        select(stack, folder)
        places = _stored_places(project, folder)
        if not set(wanted) - {each for here in places.values() for each in here}:
            return places

        def program() -> None:
            current = add_places(_stored_places(project, folder), wanted, size)
            pulumi.export(_OUTPUT, places_text(current))

        options = auto.LocalWorkspaceOptions(
            work_dir=str(folder), pulumi_command=command()
        )
        try:
            auto.select_stack(
                stack,
                project_name=project.file.name,
                program=program,
                opts=options,
            ).up()
        except auto.ConcurrentUpdateError:
            raise FleetError(
                f"the stack '{stack}' is locked: another fleet gives accounts their "
                f"places. Run this again, or `pulumi cancel --stack {stack}` where it "
                "was killed"
            ) from None
        except auto.CommandError as error:
            raise FleetError(last_words(str(error))) from None
        return _stored_places(project, folder)


def _stored_places(project: Project, folder: Path) -> Places:
    stack = project.index.stack
    try:
        return places_in(stack_outputs(stack, folder).get(_OUTPUT) or {})
    except NotPlaces:
        raise FleetError(
            f"the stack '{stack}' says something else than which account is in which "
            "stack; give the fleet another name, with another --stack"
        ) from None
