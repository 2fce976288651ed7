"""`stripe-portal sandbox`: the embedded Stripe from the command line."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import Sandbox

__all__ = ["command"]

_DATA = Path(".sandbox") / "stripe.json"

_SHOWN_VERSIONS = 5

_Function = TypeVar("_Function", bound=Callable[..., object])


def _addresses(
    _context: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    forwards = {}
    for each in given:
        address, equals, target = each.partition("=")
        if not equals:
            raise click.BadParameter(f"{each!r} is not of the form ORIGIN=URL.")
        forwards[address] = target
    return forwards


def _shared(function: _Function) -> _Function:
    """Add the options that both commands have."""
    for option in (
        click.option(
            "--forward",
            "forwards",
            multiple=True,
            metavar="ORIGIN=URL",
            callback=_addresses,
            help="Deliver webhooks for ORIGIN to URL on this machine; repeatable.",
        ),
        click.option(
            "--connect",
            "connected",
            multiple=True,
            metavar="ACCT",
            help="Have an account acct_… connected to the key's; repeatable.",
        ),
        click.option(
            "--mode",
            type=click.Choice(["test", "live"]),
            default="test",
            show_default=True,
            help="Whose key STRIPE_API_KEY holds; both keys work.",
        ),
        click.option(
            "--link-life",
            type=click.IntRange(1),
            default=3600,
            show_default=True,
            metavar="SECONDS",
            help="How long a portal link waits to be opened.",
        ),
        click.option("--memory", is_flag=True, help="Keep nothing for the next run."),
        click.option(
            "--data",
            type=click.Path(dir_okay=False, path_type=Path),
            default=_DATA,
            show_default=True,
            help="Where data is kept between runs.",
        ),
    ):
        function = option(function)
    return function


class _Group(click.Group):
    """Has `verify` beside the others, which asks Stripe: imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), "verify"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "verify":
            return super().get_command(ctx, cmd_name)
        from . import _verify

        return _verify.command


@click.group(
    cls=_Group, short_help="Start a Stripe of one's own, offline, to try and test."
)
def command() -> None:
    """Start a Stripe of one's own, offline: to try, develop and test.

    It answers Stripe's API on 127.0.0.1, for portal configurations and sessions,
    products, customers, subscriptions, webhook endpoints and what belongs to them, and
    has the portal's pages. Nothing is sent to Stripe, but by `verify`, which compares.

    \b
    Example:
        stripe-portal sandbox run -- pulumi up
    """  # noqa: D301 - \b is for click


@command.command()
@click.option("--port", type=click.IntRange(0, 65535), default=12111, show_default=True)
@_shared
def serve(
    port: int,
    data: Path,
    memory: bool,
    mode: str,
    link_life: int,
    connected: tuple[str, ...],
    forwards: dict[str, str],
) -> None:
    """Run the sandbox in the foreground until Ctrl-C.

    Without --forward, deliveries to webhook endpoints are recorded and not sent:
    nothing leaves this machine.

    \b
    Examples:
        stripe-portal sandbox serve --port 12111
        stripe-portal sandbox serve --forward https://shop.example=http://127.0.0.1:8000
    """  # noqa: D301 - \b is for click
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    options: dict[str, Any] = {"memory": memory, "port": port, "link_life": link_life}
    with _running(data, forwards, connected, **options) as sandbox:
        click.echo(f"Stripe sandbox at {sandbox.url}, Ctrl-C ends it.", err=True)
        for name, value in _environ(sandbox, mode).items():
            click.echo(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        ended.wait()
        click.echo(_summary(sandbox), err=True)


@command.command(context_settings={"allow_interspersed_args": False})
@click.argument("cmd", nargs=-1, required=True, type=click.UNPROCESSED)
@_shared
def run(
    cmd: tuple[str, ...],
    data: Path,
    memory: bool,
    mode: str,
    link_life: int,
    connected: tuple[str, ...],
    forwards: dict[str, str],
) -> None:
    """Run CMD with the sandbox around it, and end with CMD's exit code.

    CMD finds the sandbox by STRIPE_API_BASE and STRIPE_API_KEY, and can tell by
    STRIPE_PORTAL_SANDBOX=1 that it is one. A stack's own key isn't used then, but
    still refused where it can't be right. Behind a proxy, NO_PROXY gets this machine's
    addresses added. Afterwards one line on stderr says how many requests were made.

    \b
    Examples:
        stripe-portal sandbox run -- pulumi up
        stripe-portal sandbox run --mode live -- pulumi preview --stack live
        stripe-portal sandbox run --connect acct_shop -- pulumi up
    """  # noqa: D301 - \b is for click
    from pulumi_stripe_portal.sandbox.run_command import run as run_child

    program = shutil.which(cmd[0])
    if program is None:
        click.echo(f"Error: command not found: {cmd[0]}", err=True)
        sys.exit(127)
    options: dict[str, Any] = {"memory": memory, "link_life": link_life}
    with _running(data, forwards, connected, **options) as sandbox:
        environ = {**os.environ, **_environ(sandbox, mode)}
        try:
            code = run_child([program, *cmd[1:]], environ)
        except OSError as error:
            click.echo(f"Error: cannot run {cmd[0]}: {error.strerror}", err=True)
            code = 126
        click.echo(_summary(sandbox), err=True)
    sys.exit(code)


@contextmanager
def _running(
    data: Path,
    forwards: dict[str, str],
    connected: tuple[str, ...],
    *,
    memory: bool,
    link_life: int,
    port: int = 0,
) -> Iterator[Sandbox]:
    """Run a sandbox.

    Raises:
        click.UsageError: The data file or the port is in use, the file is broken, a
            forward leads away from this machine, or an account cannot be connected.
    """
    from pulumi_stripe_portal.sandbox import DataFileError, Sandbox

    sandbox = Sandbox(None if memory else data, port, link_life=link_life)
    try:
        for address, target in forwards.items():
            sandbox.forward(address, target)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    try:
        if not memory and data == _DATA:
            _ignore(data.parent)
        sandbox.start()
    except DataFileError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        why = f"port {port} is in use" if error.errno == errno.EADDRINUSE else error
        raise click.UsageError(f"The sandbox cannot start: {why}") from None
    try:
        _connect(sandbox, connected)
        yield sandbox
    finally:
        sandbox.stop()


def _connect(sandbox: Sandbox, accounts: tuple[str, ...]) -> None:
    """Make the connected accounts that the data file doesn't have from another run."""
    from pulumi_stripe_portal.sandbox import DataFileError

    try:
        for account in accounts:
            if account not in sandbox.connected:
                sandbox.connect(account)
    except (ValueError, DataFileError) as error:
        raise click.UsageError(str(error)) from None


def _ignore(folder: Path) -> None:
    """Make the default folder, and keep it out of git: it holds webhook secrets."""
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def _environ(sandbox: Sandbox, mode: str) -> dict[str, str]:
    from pulumi_stripe_portal.sandbox.client import past_proxies

    key = sandbox.live_api_key if mode == "live" else sandbox.api_key
    return {
        **sandbox.environ,
        "STRIPE_API_KEY": key,
        "STRIPE_PORTAL_SANDBOX": "1",
        **past_proxies(os.environ),
    }


def _summary(sandbox: Sandbox) -> str:
    counts = {method: sandbox.count(method) for method in ("GET", "POST", "DELETE")}
    shown = [
        f"{method} {count}"
        for method, count in counts.items()
        if count or method != "DELETE"
    ]
    return f"Requests to the sandbox: {', '.join(shown)}{_versions(sandbox)}"


def _versions(sandbox: Sandbox) -> str:
    """Return a line about versions of Stripe's API that were asked for in vain."""
    from pulumi_stripe_portal.sandbox.data.store import API_VERSION

    asked = {each.stripe_version or API_VERSION for each in sandbox.requests}
    others = sorted(each for each in asked - {API_VERSION} if each.isprintable())
    if not others:
        return ""
    listed = ", ".join(each[:40] for each in others[:_SHOWN_VERSIONS])
    return f"\nAnswered as of Stripe's API {API_VERSION}, though asked for {listed}."
