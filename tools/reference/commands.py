"""The page of the command line: what each command says of itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pulumi_stripe_portal.cli import main

__all__ = ["commands", "page"]

_HEAD = """\
# Commands

`pip install pulumi-stripe-portal` brings them all; `fleet` runs with
`pip install 'pulumi-stripe-portal[fleet]'`. They use the key of the `--stack` that you name, else
`STRIPE_API_KEY`. What they print on stdout is data, on stderr talk; they exit with
0, with 1 (the answer is "no") or with 2 (used wrongly). `stripe-portal completion` prints the
completion script of your shell.

Made from what each command says of itself by `python -m tools.reference`; a test compares.
"""


def commands(
    command: click.Command | None = None, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield each command with the words that name it, groups before what is in them."""
    command = main if command is None else command
    if names:
        yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from commands(found, (*names, name))


def page() -> str:
    """Return the page in Markdown."""
    parts = [_HEAD]
    for names, command in commands():
        if isinstance(command, click.Group):
            continue
        title = " ".join(("stripe-portal", *names))
        # With `main` above it, whose `-h` each command has.
        above = click.Context(main, **main.context_settings)
        context = click.Context(command, above, title, terminal_width=80)
        context.parent = None  # the title is whole already
        parts.append(f"\n## {title}\n\n```text\n{command.get_help(context)}\n```\n")
    return "".join(parts)
