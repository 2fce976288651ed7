"""Run the app, or say who may sign in.

    python -m examples.webapp user ada@example.com --customer cus_123
    python -m examples.webapp serve --port 4242

The settings come from the environment, see `settings.py`.
"""

from __future__ import annotations

import argparse
import getpass
import logging
import os
import signal
import sqlite3
import sys

import stripe
from werkzeug.serving import make_server

from .app import Tidemark
from .billing import stripe_client
from .settings import Settings, SettingsError, database, stripe_key
from .store import Store
from .users import Users

SHORTEST = 8
"""Characters of a password."""


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.webapp", description=__doc__.partition("\n")[0]
    )
    commands = parser.add_subparsers(required=True)
    serving = commands.add_parser("serve", help="answer on 127.0.0.1 until Ctrl-C")
    serving.add_argument("--port", type=int, default=4242)
    serving.set_defaults(run=lambda given: serve(given.port))
    adding = commands.add_parser("user", help="add or change who may sign in")
    adding.add_argument("email")
    adding.add_argument("--customer", metavar="cus_…", help="their billing record")
    adding.set_defaults(run=lambda given: add_user(given.email, given.customer))
    given = parser.parse_args()
    try:
        given.run(given)
    except (SettingsError, stripe.StripeError) as error:
        sys.exit(f"Error: {error}")


def serve(port: int) -> None:
    """Answer requests on 127.0.0.1 until Ctrl-C."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    settings = Settings.from_environ(os.environ, port)
    tidemark = Tidemark(settings)
    server = make_server("127.0.0.1", port, tidemark.flask, threaded=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    tidemark.start()
    print(f"Open {settings.origin}, Ctrl-C ends it.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        tidemark.stop()


def add_user(email: str, customer: str | None) -> None:
    """Add somebody, with the password in `APP_PASSWORD` or asked for."""
    if customer:
        _check(customer)
    password = os.environ.get("APP_PASSWORD") or _ask_password()
    if len(password) < SHORTEST:
        sys.exit(f"Error: a password has {SHORTEST} characters or more.")
    try:
        new = Users(Store(database(os.environ))).put(email, password, customer)
    except sqlite3.IntegrityError:
        sys.exit(f"Error: {customer} is the billing record of somebody else here.")
    done = "created" if new else "updated"
    print(f"{email} {done}, with {customer or 'no billing record'}")


def _check(customer: str) -> None:
    """End with an error where Stripe doesn't have the customer."""
    client = stripe_client(stripe_key(os.environ), os.environ.get("STRIPE_API_BASE"))
    if client.v1.customers.retrieve(customer).to_dict().get("deleted"):
        sys.exit(f"Error: the customer {customer} was deleted at Stripe.")


def _ask_password() -> str:
    """Ask twice, for what is typed isn't seen."""
    if not sys.stdin.isatty():
        sys.exit("Error: there is no terminal to ask for a password: set APP_PASSWORD.")
    try:
        password = getpass.getpass()
        again = getpass.getpass("Again: ")
    except (EOFError, KeyboardInterrupt):
        sys.exit("\nError: there is no password.")
    if password != again:
        sys.exit("Error: the two passwords differ.")
    return password


if __name__ == "__main__":
    main()
