"""Run the sample SaaS: the sandbox, `pulumi up` of the example, the web app.

All of it runs on this machine, against the embedded sandbox. Ctrl-C ends all.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

import stripe  # noqa: E402

from pulumi_stripe_portal.sandbox.client import client_of, past_proxies  # noqa: E402
from tools import up  # noqa: E402
from tools.console import SetupError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stripe.params import AccountUpdateParams

SITE = "https://test.shop.example.com"
"""The setting `site` of stack `test`: what is delivered there goes to the web app."""
DATABASE = ROOT / ".sandbox" / "app.sqlite3"
PASSWORD = "tidemark"  # noqa: S105 - of the demo
PEOPLE = {
    "bob@example.com": ("Bob Ross", "basic_monthly"),
    "ada@example.com": ("Ada Lovelace", "pro_monthly"),
    "eve@example.com": ("Eve Online", "enterprise_annual"),
    "new@example.com": None,
}
"""Who can sign in: their name and price, None for somebody without a billing record."""
BRANDING: AccountUpdateParams = {
    "business_profile": {"name": "Tidemark"},
    "settings": {"branding": {"primary_color": "#0f766e"}},
}
"""How the portal looks, which at Stripe is set in the Dashboard: as the app does."""
PATIENCE = 60
"""Seconds that a server may take to begin."""
GRACE = 4
"""Seconds that a program may take to end, each time that it is asked to."""


def main() -> int:
    """Run all of it; 0 when it was ended by Ctrl-C, 1 when it could not begin."""
    parser = argparse.ArgumentParser(prog="tools/app.py", description=__doc__)
    parser.add_argument("--port", type=int, default=4242, help="the web app's")
    parser.add_argument("--sandbox-port", type=int, default=12111)
    given = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with up.app_lock("use that one, or end it with Ctrl-C"):
            _show(_port(given.sandbox_port), _port(given.port))
    except (SetupError, stripe.StripeError) as error:
        print(f"app: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _show(sandbox_port: int, app_port: int) -> None:
    sandbox, app = (f"http://127.0.0.1:{port}" for port in (sandbox_port, app_port))
    environ = {
        **os.environ,
        **up.PULUMI,
        "STRIPE_API_BASE": sandbox,
        "STRIPE_API_KEY": "sk_test_123",
        "APP_DATABASE": str(DATABASE),
        "APP_OUTBOX": "1",
        "APP_PASSWORD": PASSWORD,
        **past_proxies(os.environ),
    }
    serve = ["stripe-portal", "sandbox", "serve", "--data", up.DATA]
    serve += ["--port", str(sandbox_port), "--forward", f"{SITE}={app}"]
    web = [sys.executable, "-m", "examples.webapp"]
    if not (ROOT / up.DATA).exists():
        DATABASE.unlink(missing_ok=True)  # of a sandbox that is no more
    with _server(serve, environ, sandbox_port) as first:
        if up.bring_up(_run, environ):
            raise SetupError("`pulumi up` did not succeed")
        environ["STACK_OUTPUTS"] = _outputs(environ)
        client = client_of(sandbox, environ["STRIPE_API_KEY"])
        account = client.v1.accounts.retrieve_current().id
        client.v1.accounts.update(account, BRANDING)
        for email in PEOPLE:
            customer = _customer(client, email)
            known = ["--customer", customer] if customer else []
            if _run([*web, "user", email, *known], environ):
                raise SetupError(f"{email} could not be added")
        web += ["serve", "--port", str(app_port)]
        with _server(web, environ, app_port) as second:
            _tell(app)
            while _enter(first, second):
                up.bring_up(_run, environ)
                _tell(app)


def _tell(app: str) -> None:
    print(f"\nOpen {app} and sign in as one of")
    for email, person in PEOPLE.items():
        plan = person[1].replace("_", ", ") if person else "no billing record yet"
        print(f"    {email:20} {plan}")
    print(
        f"with the password {PASSWORD}, or by a link, shown at {app}/dev/outbox.\n\n"
        "Change examples/portal/__main__.py and press Enter: `pulumi up` brings it to\n"
        "the portal. Ctrl-C ends all.",
        flush=True,
    )


def _enter(*servers: subprocess.Popen[bytes]) -> bool:
    """Wait for Enter while the servers run; False at the end of the input."""
    watched = [sys.stdin] if sys.stdin.isatty() else []
    while not select.select(watched, [], [], 1)[0]:
        if any(server.poll() is not None for server in servers):
            raise SetupError("a server has ended, see above")
    return bool(sys.stdin.readline())


def _customer(client: stripe.StripeClient, email: str) -> str | None:
    """Find or make a customer with a card and the plan that they begin with."""
    person = PEOPLE[email]
    if person is None:
        return None
    name, key = person
    v1 = client.v1
    found = v1.customers.list({"email": email, "limit": 1}).data
    if found:
        return found[0].id
    customer = v1.customers.create(
        {
            "name": name,
            "email": email,
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
        }
    ).id
    price = v1.prices.list({"lookup_keys": [key]}).data[0].id
    v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
    return customer


def _outputs(environ: Mapping[str, str]) -> str:
    """Return the stack's outputs as JSON, the webhook's secret among them."""
    command = ["pulumi", "stack", "output", "--json", "--show-secrets"]
    command += ["--stack", up.STACK]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SetupError(f"the stack has no outputs: {done.stderr.strip()}")
    return done.stdout


def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command to its end, which Ctrl-C asks it to come to."""
    process = _popen(command, environ, output=None)
    try:
        return process.wait()
    except KeyboardInterrupt:
        _end(process)
        raise


@contextlib.contextmanager
def _server(
    command: Sequence[str], environ: Mapping[str, str], port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for as long as the block lasts, which begins when it answers."""
    process = _popen(command, environ, output=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SetupError(f"{' '.join(command[:3])} doesn't start")
            time.sleep(0.05)
        yield process
    finally:
        _end(process)


def _popen(
    command: Sequence[str], environ: Mapping[str, str], *, output: int | None
) -> subprocess.Popen[bytes]:
    """Start a program that the terminal's Ctrl-C does not reach: we tell it when."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to end, less kindly every few seconds, until it has."""
    # In a job of the background, SIGINT is ignored, and is by what the job starts.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
            return


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _port(wanted: int) -> int:
    """Return a port that is free, the wanted one if it is; 0 wants any."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            # A server that ended a moment ago is no reason to move.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise SetupError("there is no free port on 127.0.0.1")


if __name__ == "__main__":
    sys.exit(main())
