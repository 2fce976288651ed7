"""A `python3` for PATH, and a `stripe-portal`, which start sooner: by a fork.

A run of the engine starts Python for the program and for its providers, and half of
what it costs is importing Pulumi's SDK. `client.py` hands its arguments, environment
and files to `server.py`, which has imported all that isn't ours, forks, and becomes the
program. What a fork can't do, such as `-c`, the real interpreter does.

`make test-thorough` and the benchmarks start real interpreters instead.
"""

from __future__ import annotations

import atexit
import marshal
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["enable", "folder", "fork_of", "interpreter", "path"]

HERE = Path(__file__).parent
_LIST = ("-m", "pip", "list", "-v", "--format", "json")
"""What the language host asks in every run."""


_enabled = False


def enable() -> None:
    """Let what this process starts be forked, where there is a /proc."""
    global _enabled
    _enabled = sys.platform == "linux"


def folder() -> str | None:
    """Return where the programs are that fork, None where they don't."""
    return _serve() if _enabled else None


def path() -> str:
    """Return PATH, on which programs start soonest."""
    return os.pathsep.join(filter(None, (folder(), os.environ.get("PATH"))))


def interpreter() -> str:
    """Return what starts Python soonest, for programs that want no option."""
    first = folder()
    return f"{first}/python3" if first else sys.executable


def fork_of(client: int) -> int:
    """Return the process that works for a client, or the process itself if it's none.

    A fork has the server's environment and command line, but a name of its own, which
    what it starts has for a moment too, and leads a process group.
    """
    name = f"for {client}\n"
    for pid in (int(each) for each in os.listdir("/proc") if each.isdigit()):
        try:
            named = Path(f"/proc/{pid}/comm").read_text() == name
            if named and os.getpgid(pid) == pid:
                return pid
        except OSError:  # it has ended meanwhile
            continue
    return client


@cache
def _serve() -> str:
    """Start the server, which ends with this process; return its folder."""
    place = tempfile.mkdtemp(prefix="py-")
    client = f"#!{sys.executable} -IS\n{(HERE / 'client.py').read_text()}"
    commands = {"python": client, "python3": client}
    if portal := shutil.which("stripe-portal"):
        start = f'exec "{place}/python3" "{portal}" "$@"'
        commands["stripe-portal"] = f"#!/bin/sh\n{start}\n"
    for name, text in commands.items():
        Path(place, name).write_text(text)
        Path(place, name).chmod(0o755)
    said = {each: _say(*each) for each in (_LIST, ("--version",))}
    known = {"python": sys.executable, "said": said}
    Path(place, "known").write_bytes(marshal.dumps(known))
    code = "import sys; sys.path[0] = {!r}; import server; server.main({!r})"
    server = subprocess.Popen(
        [sys.executable, "-c", code.format(str(HERE), place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={
            name: value
            for name, value in os.environ.items()
            if name != "PYTHONPATH" and not name.startswith("COVERAGE_")
        },
        start_new_session=True,
    )
    assert server.stdin
    assert server.stdout
    assert server.stdout.read(6) == b"ready\n"
    server.stdout.close()
    atexit.register(_end, server, place)
    return place


def _say(*arguments: str) -> bytes:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _end(server: subprocess.Popen[bytes], place: str) -> None:
    assert server.stdin
    server.stdin.close()
    server.wait()
    shutil.rmtree(place, ignore_errors=True)
