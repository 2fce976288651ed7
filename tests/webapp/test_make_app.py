"""`make app`: what it starts, and that it leaves nothing behind."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from .serving import ROOT, Browser

pytestmark = pytest.mark.engine

APP = [sys.executable, "tools/app.py"]
READY = "Ctrl-C ends all"


class Terminal:
    """`tools/app.py` in a copy of the checkout, with a terminal in front of it."""

    def __init__(self, folder: Path, *wrapper: str) -> None:
        self.folder = folder
        for part in ("examples", "tools"):
            shutil.copytree(ROOT / part, folder / part)
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        self.program = folder / "examples" / "portal" / "__main__.py"
        self.screen = ""
        self._keyboard, other = pty.openpty()
        self.process = subprocess.Popen(
            [*wrapper, *APP, "--port", "0", "--sandbox-port", "0"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
        )
        os.close(other)

    def wait_for(self, text: str) -> str:
        """Read until the text is there, and return what was read on the way."""
        seen = ""
        deadline = time.monotonic() + 120
        while text not in seen:
            assert time.monotonic() < deadline, seen
            if select.select([self._keyboard], [], [], 0.5)[0]:
                try:
                    seen += os.read(self._keyboard, 65_536).decode(errors="replace")
                except OSError:  # nobody is there any more
                    raise AssertionError(seen) from None
        self.screen += seen
        return seen

    def beside(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run another command in the same checkout."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=30,
        )

    def press_enter(self) -> None:
        """Press Enter."""
        os.write(self._keyboard, b"\n")

    def end(self, number: int = signal.SIGINT) -> int:
        """End it with a signal, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def close(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.end(signal.SIGTERM)
        os.close(self._keyboard)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """The command, started."""
    terminal = Terminal(tmp_path / "checkout")
    yield terminal
    terminal.close()


def answers(url: str) -> bool:
    """Tell whether there is a server."""
    try:
        requests.get(url, timeout=5)
    except requests.ConnectionError:
        return False
    return True


def test_the_app_runs_until_ctrl_c(terminal: Terminal) -> None:
    """It tells where to go and how to sign in, follows the code, and ends wholly."""
    text = terminal.wait_for(READY)
    found = re.search(r"Open (http://127\.0\.0\.1:\d+) ", text)
    assert found
    browser = Browser(found[1])

    assert browser.sign_in("bob@example.com", "tidemark").status_code == 303
    assert "Basic" in browser.text("/account")
    assert "Pause plan" not in browser.text("/account")
    portal = browser.post("/create-customer-portal-session").headers["Location"]
    assert "Return to Tidemark" in requests.get(portal, timeout=10).text

    code = terminal.program.read_text()
    allowed = (
        '"subscription_pause": {"enabled": True},\n        "subscription_update": {'
    )
    terminal.program.write_text(code.replace('"subscription_update": {', allowed))
    terminal.press_enter()
    assert "2 updated" in terminal.wait_for(READY)
    deadline = time.monotonic() + 10
    while "Pause plan" not in browser.text("/account"):
        assert time.monotonic() < deadline
        time.sleep(0.1)

    for command in (APP, [sys.executable, "tools/up.py"]):
        other = terminal.beside(*command)
        assert (other.returncode, other.stdout) == (1, "")
        assert "`make app`" in other.stderr
        assert f"(process {terminal.process.pid})" in other.stderr
        assert "end it with Ctrl-C" in other.stderr

    assert terminal.end() == 0
    assert not answers(found[1])
    assert not answers(portal)


def test_the_app_ends_where_ctrl_c_is_ignored(tmp_path: Path) -> None:
    """In the background of a shell it is; what it started ends all the same."""
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    terminal = Terminal(tmp_path / "checkout", *ignoring)
    try:
        found = re.search(r"Open (http://127\.0\.0\.1:\d+) ", terminal.wait_for(READY))
        assert found

        assert terminal.end(signal.SIGTERM) == 0
        assert not answers(found[1])
    finally:
        terminal.close()
