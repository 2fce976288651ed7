"""The steps from a checkout to a `.venv/bin` that holds all a shell needs."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tools import apt, for_tests, go_build, pulumi_cli
from tools.console import SetupError, lock, run, say

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "setup-stamp"
LOGS = ROOT / ".cache" / "setup"

NEEDED = ("python", "stripe-portal", *pulumi_cli.PROGRAMS)
# What decides whether an environment made earlier is still the right one.
INPUTS = (
    ROOT / "pyproject.toml",
    go_build.CONSTRAINTS,
    *sorted(go_build.MODULES.glob("*/go.*")),
)


def main() -> int:
    """Run the set-up; 1 with one message where it can't be done."""
    parser = argparse.ArgumentParser(prog="tools/setup.py", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="and what tests need")
    tests: bool = parser.parse_args().tests
    signal.signal(signal.SIGTERM, _stop)  # so that children end and scratch folders go
    try:
        set_up(tests=tests)
    except (SetupError, OSError) as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; run it again to go on", file=sys.stderr)
        return 130
    return 0


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def set_up(*, tests: bool) -> None:
    """Do what is still to be done."""
    cache = go_build.cache_folder()
    if not _ready(tests=tests, cache=cache):
        started = time.monotonic()
        with lock(LOGS / "lock", held_for="setting up this checkout"):
            # The run that was waited for may have done it all.
            if not _ready(tests=tests, cache=cache):
                _provide(tests=tests, cache=cache)
        say(f"took {time.monotonic() - started:.0f} s")
    if tests:
        for_tests.provide_chromium(logs=LOGS)
        for_tests.provide_postgresql(logs=LOGS)
    say("all is there, in .venv/bin")


def _ready(*, tests: bool, cache: Path) -> bool:
    return (
        stamp_matches(STAMP, INPUTS)
        and not absent(BIN, NEEDED)
        and (not tests or for_tests.has_programs(BIN, cache=cache))
    )


def _provide(*, tests: bool, cache: Path) -> None:
    complete = stamp_matches(STAMP, INPUTS) and not absent(BIN, NEEDED)
    if not complete:
        STAMP.unlink(missing_ok=True)
        _make_venv()
        _install_packages()
    with (
        lock(cache / "lock", held_for=f"filling {cache}"),
        go_build.GoWorkspace(cache, python=BIN / "python", logs=LOGS) as go,
    ):
        go_build.drop_leftovers(cache)
        if not complete:
            pulumi_cli.provide(BIN, cache=cache, go=go, logs=LOGS)
            write_stamp(STAMP, INPUTS)
        if tests:
            for_tests.provide_programs(BIN, cache=cache, go=go)


def absent(folder: Path, names: Iterable[str]) -> list[str]:
    """Those of the programs that are not in the folder, or whose links lead nowhere."""
    return [name for name in names if not (folder / name).exists()]


def stamp_matches(stamp: Path, inputs: Iterable[Path]) -> bool:
    """Tell whether the stamp was written for these very inputs and this Python."""
    try:
        return stamp.read_text() == _stamp_text(inputs)
    except FileNotFoundError:
        return False


def write_stamp(stamp: Path, inputs: Iterable[Path]) -> None:
    """Note what the environment was made for; the last step of a set-up."""
    stamp.write_text(_stamp_text(inputs))


def _stamp_text(inputs: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in inputs:
        digest.update(f"{file.parent.name}/{file.name}\n".encode() + file.read_bytes())
    return f"{_python_identity()}\n{digest.hexdigest()}\n"


def _python_identity() -> str:
    """Name the interpreter, the same inside and outside of a .venv made with it."""
    return f"{sys.version} {sys.base_prefix}"


def _make_venv() -> None:
    code = "import pip, sys; print(sys.version, sys.base_prefix)"
    python = BIN / "python"
    if python.exists():
        answer = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, check=False
        )
        if answer.stdout.rstrip("\n") == _python_identity():
            return
        say(".venv is of another Python or broken, it is made anew")
    if importlib.util.find_spec("ensurepip") is None:
        _install_ensurepip()
    # From inside a virtual environment, the new one is to stand on the Python below it.
    base: str = getattr(sys, "_base_executable", sys.executable)
    run(
        [base, "-m", "venv", "--clear", VENV],
        doing=f"making .venv with Python {sys.version.split()[0]}",
        log=LOGS / "venv.log",
    )


def _install_ensurepip() -> None:
    """Fetch the part of Python that Debian puts into a package of its own."""
    packages = ["python3-venv", f"python3.{sys.version_info.minor}-venv"]
    if not apt.can_install():
        msg = (
            "this Python has no ensurepip, so it can't make a virtual environment; "
            f"on Debian, as root: apt-get install {packages[0]}"
        )
        raise SetupError(msg)
    apt.install(packages, logs=LOGS, usually="seconds")


def _install_packages() -> None:
    pip = [f"{BIN}/python", "-m", "pip", "--disable-pip-version-check"]
    pinned = ["--constraint", f"{go_build.CONSTRAINTS}"]
    run(
        [*pip, "install", *pinned, "pip"],  # an older one knows no dependency groups
        doing="installing pip",
        log=LOGS / "pip.log",
    )
    build = ["--build-constraint", f"{go_build.CONSTRAINTS}"]
    groups = ["--group", "dev", "--group", "docs"]
    run(
        [*pip, "install", *pinned, *build, *groups, "--editable", ".[fleet]"],
        doing="installing the package and its tools",
        usually="half a minute",
        log=LOGS / "packages.log",
        cwd=ROOT,
    )
