"""The command `stripe-portal`: options and printing, and nothing that decides.

Each command lives in a module of its own, `_<name>.py`, which defines `command`. The
module is imported when its command is used, so that none pays for another's imports.
May import `errors`, `schema`, `stripe_api`, `stacks`, `plugin`, `importing`, `review`,
`doctor`, `releasing`, `portal_links`, `project_template`, `verifying`, `fleet` and
`sandbox`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

__all__ = ["main"]

_COMMANDS = (
    "init",
    "import",
    "review",
    "compare",
    "session",
    "release",
    "doctor",
    "plugin",
    "fleet",
    "sandbox",
    "completion",
)


class _LazyGroup(click.Group):
    """A group whose commands are modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in _COMMANDS if find_spec(f"{__name__}._{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{__name__}._{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - a rule of the package
        return command


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-stripe-portal")
def main() -> None:
    """Stripe's customer portal as code: review, import and try it offline.

    \b
    Example:
        stripe-portal sandbox run -- pulumi up
    """  # noqa: D301 - \b is for click
