"""The server: has imported what isn't ours, and becomes each program that it is sent.

It starts as `python -c`, with this file's folder on the path, imports no module of the
repository, and has one thread: a fork of it is an interpreter that has just started.
"""

from __future__ import annotations

import fcntl
import importlib
import importlib.machinery
import io
import marshal
import os
import runpy
import selectors
import shutil
import signal
import site
import socket
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

IMPORTED = (
    *("pulumi", "pulumi.dynamic", "dill", "yaml", "importlib.metadata", "zoneinfo"),
    *("grpc", "grpc._channel", "grpc._server", "grpc._simple_stubs", "encodings.idna"),
    *("requests", "stripe", "stripe._stripe_client", "stripe._account_service"),
    *("stripe._object_classes", "stripe.billing_portal._configuration_service"),
    *("click", "csv", "difflib", "jinja2"),
)
READ_ONCE = ("PYTHON", "LANG", "LC_", "LD_", "GRPC_", "OTEL_", "STRIPE_LOG", "SSL")
"""How variables begin that are read at the start of Python or at an import."""
HONOURED = {"PYTHONPATH", "PYTHONUNBUFFERED"}
"""Those of them that a fork can still follow."""

Main = Callable[[], None]


@dataclass
class Request:
    """What a program is started with."""

    arguments: list[str]
    folder: str
    environ: dict[bytes, bytes]
    ignored: list[int]
    """Signals."""
    files: list[int]
    """Standard input, output and error, and what is broken when the client ends."""
    client: int

    @property
    def _program(self) -> list[str]:
        """What is to run and its arguments, without the interpreter's option."""
        return self.arguments[self.arguments[:1] == ["-u"] :]

    def can_be_forked(self) -> bool:
        """Whether a fork does the same as a new interpreter."""
        arguments = self._program
        if not arguments or len(self.files) < 4 or _fixed(self.environ) != FIXED:
            return False
        if arguments[0] == "-m":
            return len(arguments) > 1 and not self._hides([self.folder])
        script = Path(self.folder, arguments[0])
        try:
            regular = stat.S_ISREG(script.stat().st_mode)
        except OSError:
            return False
        return regular and not self._hides([os.path.dirname(os.path.realpath(script))])

    def _hides(self, folders: list[str]) -> bool:
        """Whether a folder in front of the others has a module that is imported."""
        hidden = {name.partition(".")[0] for name in sys.modules}
        hidden -= {"__main__", __name__}
        for folder in (*folders, *self._path()):
            with suppress(OSError):
                for entry in Path(self.folder, folder).iterdir():
                    stem, _, ending = entry.name.partition(".")
                    if stem in hidden and (ending or (entry / "__init__.py").exists()):
                        return True
        return False

    def _path(self) -> list[str]:
        given = os.fsdecode(self.environ.get(b"PYTHONPATH", b""))
        return given.split(os.pathsep) if given else []

    def begin(self) -> Main:
        """Make this process the program's; return what runs it."""
        os.setpgid(0, 0)
        Path("/proc/self/comm").write_text(f"for {self.client}")
        for number, file in enumerate(self.files[:3]):
            os.dup2(file, number)
            os.close(file)
        _die_with(self.files[3])
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in self.ignored:
            signal.signal(each, signal.SIG_IGN)
        os.chdir(self.folder)
        os.environ.clear()
        os.environb.update(self.environ)
        time.tzset()
        unbuffered = self.arguments[:1] == ["-u"] or b"PYTHONUNBUFFERED" in self.environ
        _open_streams(unbuffered=unbuffered)
        sys.orig_argv = [sys.executable, *self.arguments]
        sys.path[:] = [*self._path(), *PATH]
        site.removeduppaths()
        sys.modules.pop(__name__)
        sys.excepthook = _show
        return self._main()

    def _main(self) -> Main:
        main = vars(sys.modules["__main__"])
        for name in {*main} - MAIN:
            del main[name]
        measured = "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"
        if any(name in os.environ for name in measured):
            importlib.import_module("coverage").process_startup(slug="pth")
        arguments = self._program
        if arguments[0] == "-m":
            sys.path.insert(0, self.folder)
            sys.argv = ["-m", *arguments[2:]]
            return lambda: runpy._run_module_as_main(arguments[1])  # type: ignore[attr-defined]
        sys.argv = arguments
        script = os.path.join(self.folder, arguments[0])
        sys.path.insert(0, os.path.dirname(os.path.realpath(script)))
        loader = importlib.machinery.SourceFileLoader("__main__", script)
        main |= {"__file__": script, "__cached__": None, "__loader__": loader}

        def run() -> None:
            with io.open_code(script) as file:
                code = compile(file.read(), script, "exec", dont_inherit=True)
            exec(code, main)

        return run


def _fixed(environ: dict[bytes, bytes]) -> dict[str, str]:
    decoded = ((os.fsdecode(name), os.fsdecode(environ[name])) for name in environ)
    return {
        name: value
        for name, value in decoded
        if name.startswith(READ_ONCE) and name not in HONOURED
    }


FIXED = _fixed(dict(os.environb))
PATH = sys.path[1:]
MAIN = {name for name in vars(sys.modules["__main__"]) if name.startswith("__")}
"""What the interpreter itself writes into `__main__`."""


def _die_with(lifeline: int) -> None:
    """Have the kernel kill this process when the lifeline's other end is closed."""
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        os.read(lifeline, 1)
        os._exit(1)  # it was closed before


def _open_streams(*, unbuffered: bool) -> None:
    """Make the standard streams as Python does (`create_stdio` of pylifecycle.c)."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        mode = "w" if number else "r"
        raw = unbuffered and mode == "w"
        lines = not raw and (number == 2 or os.isatty(number))
        buffer: Any = open(  # noqa: SIM115
            number, mode + "b", buffering=0 if raw else -1, closefd=False
        )
        buffer_raw = buffer if raw else buffer.raw
        buffer_raw.name = f"<{name}>"
        stream = io.TextIOWrapper(
            buffer,
            old.encoding,
            old.errors,
            newline="\n" if number else None,
            line_buffering=lines,
            write_through=unbuffered,
        )
        stream.mode = mode  # type: ignore[misc]
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _show(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Show an error without the server's frames."""
    while trace and trace.tb_frame.f_code.co_filename in {"<string>", __file__}:
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


class Server:
    """Forks until its standard input ends."""

    def __init__(self, folder: str) -> None:
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(f"{folder}/socket")
        self._door.listen(64)
        self._ended, woken = socket.socketpair()
        for each in self._ended, woken:
            each.setblocking(False)
        self._woken = woken
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        self._clients: dict[int, socket.socket] = {}

    def serve(self) -> Main | None:
        """Return what a fork is to run; in the server itself, None at its end."""
        with selectors.DefaultSelector() as selector:
            for each in self._door, self._ended, 0:
                selector.register(each, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._ended in ready:
                    self._reap()
                if self._door in ready:
                    request = self._fork()
                    if request is not None:
                        break
                if 0 in ready and not os.read(0, 1):
                    return None
        for open_ in (self._door, self._ended, self._woken, *self._clients.values()):
            open_.close()
        return request.begin()

    def _fork(self) -> Request | None:
        """Fork for the next client; return the request in the fork."""
        client, _ = self._door.accept()
        client.settimeout(10)
        request = None
        with suppress(OSError, EOFError):
            request = _received(client)
        if request is None or not request.can_be_forked():
            pid = 0
        else:
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                client.close()
                return request
            self._clients[pid] = client
        with suppress(OSError):
            client.sendall(pid.to_bytes(4, "little"))
        for file in request.files if request else ():
            os.close(file)
        if not pid:
            client.close()
        return None

    def _reap(self) -> None:
        """Tell the clients of those that have ended how they did."""
        with suppress(BlockingIOError):
            self._ended.recv(4096)
        while self._clients:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            with suppress(OSError), self._clients.pop(pid) as client:
                client.sendall(status.to_bytes(4, "little"))


def _received(client: socket.socket) -> Request:
    data, files, _, _ = socket.recv_fds(client, 65536, 4)
    with client.makefile("rb") as rest:
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "little"):
            more = rest.read1(65536)
            if not more:
                raise EOFError
            data += more
    credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4)
    pid = int.from_bytes(credentials, sys.byteorder)
    arguments, folder, environ, ignored = marshal.loads(data[4:])
    return Request(arguments, folder, environ, ignored, files, pid)


def main(folder: str) -> None:
    """Serve in the folder, which goes with the server."""
    import gc

    for name in IMPORTED:
        importlib.import_module(name)
    server = Server(folder)
    gc.collect()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    run = server.serve()
    if run is None:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        run()
