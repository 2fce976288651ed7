"""`stripe-portal init`: the portal in a Pulumi project that exists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pulumi_stripe_portal import project_template
from pulumi_stripe_portal.stacks.project_file import ProjectFile, find_project

from ._common import make_visible, plain_errors

__all__ = ["command"]


@click.command()
@click.option(
    "--dir",
    "folder",
    metavar="FOLDER",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of the project, in place of this one.",
)
@click.option(
    "--without",
    metavar="PART",
    multiple=True,
    type=click.Choice(list(project_template.PARTS)),
    help="Leave out a part: program, stacks, workflow or test. Can be repeated.",
)
def command(folder: Path, without: tuple[str, ...]) -> None:
    """Add the portal to an existing Pulumi project in Python.

    Writes portal.py, with a default, a portal of two plans and a webhook endpoint;
    Pulumi.test.yaml and Pulumi.live.yaml, the settings of two stacks; a workflow that
    reviews pull requests on GitHub; and tests/test_portal.py. It all runs as it
    stands, against the sandbox: change it from there.

    Nothing that is there is written over: a stack's file stays as it is, and where one
    of the others exists, nothing is written at all. Nothing is asked, neither you nor
    Stripe. Prints the files that it wrote; what to do next is said on stderr.

    For a project that doesn't exist yet there are templates for `pulumi new`.

    \b
    Examples:
        stripe-portal init
        stripe-portal init --dir infra --without stacks --without workflow
    """  # noqa: D301 - click wants the character \b
    with plain_errors():
        project = find_project(folder)
        missing = project_template.missing_files(project)
        kept = project_template.stacks_there(project)
        planned = project_template.plan(project, without)
    try:
        project_template.write_files(planned)
    except OSError as error:
        text = f"nothing was written: {error.filename}: {error.strerror}"
        raise click.ClickException(make_visible(text)) from None
    here = Path.cwd()
    for path in planned:
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        click.echo(make_visible(str(shown)))
    steps = list(_next_steps(project, missing, kept, without))
    text = "".join(f"\n{number}. {step}" for number, step in enumerate(steps, 1))
    click.echo(make_visible(f"Next:{text}"), err=True)


def _next_steps(
    project: ProjectFile, missing: list[str], kept: list[str], without: tuple[str, ...]
) -> Iterator[str]:
    if "program" not in without and "__main__.py" not in missing:
        yield "Add `import portal` to the program."
    if "program" not in without and "requirements.txt" not in missing:
        yield "Add pulumi-stripe-portal to what the program's environment has."
    if "stacks" in without or kept:
        yield (
            "For each stack whose file was not written: `pulumi config set "
            f"{project.name}:site https://…`, and for the one with a live key `pulumi "
            "config set stripe-portal:mode live`."
        )
    if "test" not in without:
        yield "Run `pytest`: it needs no account and no network."
    yield (
        "`pulumi stack select --create test`, and `stripe-portal sandbox run -- pulumi "
        "up` tries it all without an account."
    )
    if "workflow" not in without:
        yield "The workflow's first lines say which secrets it needs."
