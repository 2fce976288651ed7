"""The app over real HTTP, against the sandbox, in this process or in one of its own."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import make_server

from examples.webapp.app import Tidemark
from examples.webapp.settings import Settings
from pulumi_stripe_portal.sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse"
SITE = "https://test.shop.example.com"


class Client:
    """What asks the app over HTTP, without following redirects."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.http = requests.Session()
        self.http.trust_env = False

    def get(self, path: str, **options: Any) -> requests.Response:
        """Ask for something."""
        return self.send("GET", path, **options)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send any request."""
        options = {"allow_redirects": False, "timeout": 30, **options}
        return self.http.request(method, self.origin + path, **options)


class Browser(Client):
    """A browser's cookies and forms."""

    def post(self, path: str, **form: str) -> requests.Response:
        """Send a form as our pages have it, with the token."""
        return self.send("POST", path, data={"csrf": self.csrf(), **form})

    def csrf(self) -> str:
        """Return the token of this browser's forms."""
        page = self.get("/sign-in")
        if page.status_code == 303:
            page = self.get("/account")
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, page.text
        return found[1]

    def sign_in(self, email: str, password: str = PASSWORD) -> requests.Response:
        """Sign in with a password."""
        return self.post("/sign-in", email=email, password=password)

    def text(self, path: str) -> str:
        """Return what somebody reads on a page."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.text, flags=re.S)
        return " ".join(html.unescape(body).split())


def assert_refused(answer: requests.Response, status: int, code: str) -> str:
    """Assert the envelope that every error has, and return the message."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    message = body["error"]["message"]

    assert body == {"success": False, "error": {"code": code, "message": message}}
    assert isinstance(message, str)
    assert message
    return message


class Api(Client):
    """A client of the JSON interface."""

    def sign_in(self, email: str, password: str = PASSWORD) -> Api:
        """Sign in, and carry the token from here on."""
        answer = self.post("/api/auth/sign-in", {"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        token = answer.json()["data"]["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        return self

    def post(self, path: str, body: object, **headers: str) -> requests.Response:
        """Send JSON."""
        return self.send("POST", path, json=body, headers=headers)

    def open_portal(self, **body: object) -> requests.Response:
        """Ask for a portal session, by default back to the account page."""
        wanted = {"returnUrl": f"{self.origin}/account", **body}
        return self.post("/api/billing/portal", wanted)

    def account(self) -> dict[str, Any]:
        """Return what the app knows about who is signed in."""
        found: dict[str, Any] = self.get("/api/account").json()["data"]
        return found


class Site:
    """The app where it answers."""

    def __init__(self, origin: str, settings: Settings) -> None:
        self.origin = origin
        self.settings = settings

    def browser(self, email: str | None = None) -> Browser:
        """Return a new browser, signed in if somebody is named."""
        browser = Browser(self.origin)
        if email:
            assert browser.sign_in(email).status_code == 303
        return browser

    def api(self, email: str | None = None) -> Api:
        """Return a client of the JSON interface, signed in if somebody is named."""
        api = Api(self.origin)
        return api.sign_in(email) if email else api


@contextmanager
def serving(settings: Settings, listening: socket.socket) -> Iterator[Site]:
    """Run the app in this process, on a socket that is bound already."""
    tidemark = Tidemark(settings)
    port = listening.getsockname()[1]
    server = make_server(
        "127.0.0.1", port, tidemark.flask, threaded=True, fd=listening.fileno()
    )
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    tidemark.start()
    thread.start()
    try:
        yield Site(settings.origin, settings)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        tidemark.stop()


class Process:
    """The app in a process of its own, as users start it."""

    def __init__(self, settings: Settings, sandbox: Sandbox) -> None:
        self.settings = settings
        outputs = {
            "default": settings.portal_default,
            "standard": settings.portal_standard,
            "allPlans": settings.portal_all_plans,
            "webhookSecret": settings.webhook_secrets[0],
        }
        self._environ = {
            **os.environ,
            **sandbox.environ,
            "STACK_OUTPUTS": json.dumps(outputs),
            "APP_DATABASE": settings.database,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Site:
        """Start it and wait until it answers."""
        port = self.settings.origin.rpartition(":")[2]
        command = [sys.executable, "-m", "examples.webapp", "serve", "--port", port]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environ)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the app ended at once"
            try:
                socket.create_connection(("127.0.0.1", int(port))).close()
            except OSError:
                time.sleep(0.05)
            else:
                return Site(self.settings.origin, self.settings)
        raise AssertionError("the app doesn't answer")

    def kill(self) -> None:
        """End it as a crash does: at once, with nothing said or saved."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it if it still runs."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
