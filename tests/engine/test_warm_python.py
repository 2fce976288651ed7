"""A program gets the same from the server's fork as from an interpreter of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import coverage
import psutil  # type: ignore[import-untyped]
import pytest

from . import warm_python

LOOK = """
import atexit, json, os, signal, subprocess, sys, threading
import __main__
around = {
    "argv": sys.argv, "orig_argv": sys.orig_argv, "cwd": os.getcwd(),
    "environ": {name: os.environ[name] for name in sorted(os.environ)},
    "getenv": subprocess.check_output("echo $GIVEN", shell=True, text=True),
    "executable": sys.executable, "prefix": sys.prefix, "path": sys.path,
    "main": {
        name: str(value).partition(" object at")[0]
        for name, value in vars(__main__).items()
        if name.startswith("__") and name != "__main__"
    },
    "is main": vars(__main__) is globals(),
    "streams": [
        (each.fileno(), each.name, each.mode, each.encoding, each.errors,
         each.line_buffering, each.write_through, type(each.buffer).__name__,
         each.newlines)
        for each in (sys.stdin, sys.stdout, sys.stderr)
    ],
    "original streams": [sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__],
    "signals": {each.name: str(signal.getsignal(each)).partition("0x")[0]
                for each in signal.Signals
                if each.name not in ("SIGKILL", "SIGSTOP")},
    "threads": threading.active_count(),
    "thread": threading.current_thread() is threading.main_thread(),
    "ours": [name for name in sys.modules if name.startswith(("pulumi_st", "tests"))],
    "server": "server" in sys.modules,
    "stdin": sys.stdin.read(),
}
print(json.dumps(around, sort_keys=True))
print("told", file=sys.stderr)
atexit.register(print, "at exit")
threading.Thread(target=lambda: print("thread")).start()
"""

FAILS = """
import helper
def fail():
    helper.fail()
fail()
"""

ENDINGS = {
    "in order": "print('ends')",
    "with a status": "import sys; sys.exit(7)",
    "with a message": "import sys; sys.exit('why')",
    "at once": "import os; print('lost', end=''); os._exit(3)",
    "with an error": FAILS,
    "with a syntax error": "x = = 1",
    "by an interrupt": "raise KeyboardInterrupt",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "without its module": "import nowhere",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with programs, and an environment; the forks are on."""
    monkeypatch.setattr(warm_python, "_enabled", sys.platform == "linux")
    if not warm_python.folder():
        pytest.skip("there are no forks without a /proc")
    (tmp_path / "helper.py").write_text("def fail():\n    raise ValueError('so')\n")
    monkeypatch.setenv("GIVEN", "something")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:elsewhere:{tmp_path}:/nowhere")
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def both(*arguments: str, stdin: str = "") -> list[tuple[int, str, str]]:
    """Return how a program ended and what it said, from an interpreter and a fork."""
    answers = []
    for python in sys.executable, warm_python.interpreter():
        done = subprocess.run(
            [python, *arguments], input=stdin, capture_output=True, text=True
        )
        named = done.stderr.replace(warm_python.interpreter(), sys.executable)
        answers.append((done.returncode, done.stdout, named))
    return answers


@pytest.mark.parametrize("unbuffered", [(), ("-u",)], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("started", ["script", "./script.py", "-m"])
def test_a_program_finds_the_same_around_it(
    project: Path, started: str, unbuffered: tuple[str, ...]
) -> None:
    """Arguments, environment, folders, streams, handlers, `__main__`, `sys.path`."""
    (project / "script.py").write_text(LOOK)
    (project / "linked").mkdir()
    (project / "linked" / "script").symlink_to(project / "script.py")
    how = {"script": ["linked/script"], "-m": ["-m", "script"]}.get(started, [started])

    real, fork = both(*unbuffered, *how, "-u", "a b", "ü", stdin="line\n")

    seen: list[Any] = [json.loads(out.splitlines()[0]) for _, out, _ in (real, fork)]
    assert seen[1] == seen[0]
    assert fork == real
    assert seen[0]["ours"] == []
    assert seen[0]["stdin"] == "line\n"


@pytest.mark.parametrize("ending", list(ENDINGS))
def test_a_program_ends_the_same(project: Path, ending: str) -> None:
    """With the same status or by the same signal, and with the same words."""
    (project / "script.py").write_text(ENDINGS[ending])

    for how in ["script.py"], ["-m", "script"]:
        real, fork = both(*how)

        assert fork == real


@pytest.mark.parametrize(
    "arguments",
    [
        ["-c", "print(1)"],
        ["missing.py"],
        ["-m", "missing"],
        ["-m"],
        ["--version"],
        ["."],
    ],
)
def test_what_is_no_program_is_answered_the_same(
    project: Path, arguments: list[str]
) -> None:
    """Options and mistakes are the real interpreter's matter."""
    real, fork = both(*arguments)

    assert fork == real


WAITS = """
import time, sys
print("begun", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(5)
"""


def waiting(project: Path) -> subprocess.Popen[str]:
    """Start a program that waits, by a fork."""
    (project / "script.py").write_text(WAITS)
    command = [warm_python.interpreter(), "script.py"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    return process


def test_signals_are_passed_on(project: Path) -> None:
    """An interrupt interrupts, a termination terminates."""
    interrupted, terminated = waiting(project), waiting(project)

    interrupted.send_signal(signal.SIGINT)
    terminated.send_signal(signal.SIGTERM)

    assert interrupted.communicate()[0] == "interrupted\n"
    assert interrupted.returncode == 5
    terminated.communicate()
    assert terminated.returncode == -signal.SIGTERM


@pytest.mark.parametrize("first", ["client", "fork"])
def test_one_doesnt_outlive_the_other(project: Path, first: str) -> None:
    """Whichever is killed, the other one is dead as well."""
    process = waiting(project)
    fork = psutil.Process(warm_python.fork_of(process.pid))
    assert fork.pid != process.pid

    os.kill(process.pid if first == "client" else fork.pid, signal.SIGKILL)

    process.communicate()  # until nobody has its output
    assert process.returncode == -signal.SIGKILL
    fork.wait(timeout=20)


def test_a_module_in_front_of_what_is_imported_is_found(project: Path) -> None:
    """A program whose folder has a `yaml` of its own gets that one."""
    (project / "yaml.py").write_text("mine = True")
    (project / "script.py").write_text("import yaml; print(yaml.mine)")

    for how in ["script.py"], ["-m", "script"]:
        real, fork = both(*how)

        assert fork == real == (0, "True\n", "")


def test_the_server_imports_and_starts_nothing_of_ours(project: Path) -> None:
    """It has one thread, and Pulumi's SDK; what is measured by coverage is ours."""
    (project / "script.py").write_text(
        "import os, sys; print(os.getppid(), *sys.modules)"
    )
    _, (_, said, _) = both("script.py")

    server, *modules = said.split()

    assert "pulumi.dynamic" in modules
    assert not [name for name in modules if name.startswith("pulumi_stripe_portal")]
    assert psutil.Process(int(server)).num_threads() == 1


def test_a_fork_is_measured(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As coverage's `.pth` file has each process of `make coverage` measured."""
    settings = project / "settings"
    lines = "[run]", f"data_file = {project}/measured", "parallel = true"
    settings.write_text("\n".join([*lines, f"source = {project}"]))
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    monkeypatch.delenv("COVERAGE_FILE", raising=False)
    monkeypatch.setenv("COVERAGE_PROCESS_START", str(settings))
    (project / "script.py").write_text("import helper")

    real, fork = both("script.py")

    assert fork == real == (0, "", "")
    data = [coverage.CoverageData(str(file)) for file in project.glob("measured.*")]
    for each in data:
        each.read()
    files = [sorted(each.measured_files()) for each in data]
    assert files == [[str(project / "helper.py"), str(project / "script.py")]] * 2


def test_the_server_ends_with_its_worker(project: Path) -> None:
    """Also where that is killed; its folder goes with it."""
    start = (
        "from tests.engine import warm_python as warm; import time; warm.enable();"
        "print(warm.folder(), flush=True); time.sleep(60)"
    )
    root = str(Path(__file__).parents[2])
    worker = subprocess.Popen(
        [sys.executable, "-c", start],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout
    place = Path(worker.stdout.readline().strip())
    (server,) = psutil.Process(worker.pid).children()

    worker.kill()
    worker.communicate()

    server.wait(timeout=30)
    assert not place.exists()
