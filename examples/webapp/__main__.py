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
import sys

from werkzeug.serving import make_server

from .app import Tidemark
from .settings import Settings, database
from .store import Store
from .users import Users


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.webapp", description=__doc__.partition("\n")[0]
    )
    commands = parser.add_subparsers(required=True)
    serving = commands.add_parser("serve", help="answer on 127.0.0.1 until Ctrl-C")
    serving.add_argument("--port", type=int, default=4242)
    serving.set_defaults(run=lambda given: serve(given.port))
    adding = commands.add_parser("user", help="add somebody who may sign in")
    adding.add_argument("email")
    adding.add_argument("--customer", metavar="cus_…", help="their billing record")
    adding.set_defaults(run=lambda given: add_user(given.email, given.customer))
    given = parser.parse_args()
    given.run(given)


def serve(port: int) -> None:
    """Answer requests on 127.0.0.1 until Ctrl-C."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        settings = Settings.from_environ(os.environ, port)
    except KeyError as missing:
        sys.exit(f"The environment lacks {missing}, see examples/webapp/settings.py.")
    tidemark = Tidemark(settings)
    server = make_server("127.0.0.1", port, tidemark.flask, threaded=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    tidemark.start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        tidemark.stop()


def add_user(email: str, customer: str | None) -> None:
    """Add somebody, with the password in `APP_PASSWORD` or asked for."""
    password = os.environ.get("APP_PASSWORD") or getpass.getpass()
    Users(Store(database(os.environ))).put(email, password, customer)


if __name__ == "__main__":
    main()
