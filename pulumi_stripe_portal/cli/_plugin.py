"""`stripe-portal plugin`: the resources for projects in other languages than Python."""

from __future__ import annotations

import click

from pulumi_stripe_portal.plugin import installing

from ._common import make_visible, plain_errors
from ._progress import Progress

__all__ = ["command"]


@click.group()
def command() -> None:
    """Serve the resources to programs in every language of Pulumi's.

    \b
    Example:
        stripe-portal plugin install
    """  # noqa: D301 - click wants the character \b


@command.command()
@click.option("--force", is_flag=True, help="Make it anew where it is there already.")
def install(force: bool) -> None:
    """Put a self-contained plugin into Pulumi's plugin folder.

    Pulumi finds it there for every project of this user, in TypeScript, YAML, Go or C#
    for example, with no Python environment on PATH. It has an environment of its own,
    with this version of the package, which pip gets from where this one came from; so
    the environment that you run this in can go. `pulumi plugin rm resource
    stripe-portal` removes all of it, 250 MB. (A plugin that is on PATH comes first.)

    Prints the plugin's folder, which PULUMI_HOME moves. What is there already stays as
    it is, unless it was made from a folder of source code.

    \b
    Examples:
        stripe-portal plugin install
        stripe-portal plugin install --force
    """  # noqa: D301 - click wants the character \b
    say = Progress()
    origin = installing.Origin()
    name = f"resource plugin stripe-portal {origin.version}"
    try:
        with say.during("Looking at Pulumi's plugin folder"):
            there = not force and installing.current(origin)
        if not there:
            doing = "Installing the plugin, which takes half a minute"
            with plain_errors(), say.during(doing):
                installing.install(origin, say)
    except installing.InstallError as error:
        raise click.ClickException(make_visible(str(error))) from None
    click.echo(installing.plugin_folder(origin.version))
    done = "is there already" if there else f"installed from {origin.requirement}"
    click.echo(make_visible(f"{name}: {done}"), err=True)
