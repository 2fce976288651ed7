"""`stripe-portal completion`: completes commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

__all__ = ["command"]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print a shell's completion script.

    \b
    Examples:
        stripe-portal completion bash >> ~/.bashrc
        stripe-portal completion zsh >> ~/.zshrc
        stripe-portal completion fish > ~/.config/fish/completions/stripe-portal.fish
    """  # noqa: D301 - click wants the character \b
    completion = get_completion_class(shell)
    assert completion is not None  # noqa: S101 - click has all three
    program = ctx.find_root().command
    name = "stripe-portal"
    script = completion(program, {}, name, "_STRIPE_PORTAL_COMPLETE")
    click.echo(script.source())
