"""What all tests share: what is slow, and how many examples hypothesis tries."""

from __future__ import annotations

import os
import re
from pathlib import Path

import hypothesis
import pytest

from tests.engine import warm_python
from tests.engine.processes import be_interruptible

hypothesis.settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.register_profile(
    "thorough", parent=hypothesis.settings.get_profile("quick"), max_examples=1000
)


# What starts servers or programs, or tries many examples: too long for `make check`.
SLOW = (
    "docs",
    "fleet/test_limit.py",
    "importing/test_hostile_states.py",
    "plugin/test_fuzz.py",
    "plugin/test_process.py",
    "review/test_any_preview.py",
    "review/test_command.py",
    "sandbox",
    "test_answers.py",
    "test_any_state.py",
    "test_cli_doctor.py",
    "test_cli_import.py",
    "test_cli_init.py",
    "test_cli_plugin.py",
    "test_cli_release.py",
    "test_cli_session.py",
    "test_extra_params.py",
    "test_fault_matrix.py",
    "test_network.py",
    "test_new_input.py",
    "test_ownership.py",
    "test_preflight.py",
    "test_program_end.py",
    "test_properties.py",
    "test_rate_limit.py",
    "test_setup.py",
    "test_truth.py",
    "testing",
    "test_updates.py",
    "test_upkeep.py",
    "verifying/test_altered.py",
    "verifying/test_verify.py",
    "webapp",
)
HERE = Path(__file__).parent

# Each run of the engine starts Python several times: compiled, they start at once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Don't even import what `make check` leaves out: each worker would."""
    left = {*re.findall(r"\bnot (\w+)", config.getoption("markexpr"))}
    inside = collection_path.relative_to(HERE).as_posix()
    marks = {inside.partition("/")[0]}  # `engine` and `browser` are folders
    if inside.startswith(SLOW):
        marks.add("slow")
    elif left and inside.endswith(".py"):
        whole = r"^pytestmark = pytest\.mark\.(\w+)$"
        marks |= {*re.findall(whole, collection_path.read_text(), re.M)}
    return True if marks & left else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make check` leaves out, and begin with what takes longest."""
    items.sort(key=lambda item: item.path.name != "test_wheel.py")
    for item in items:
        if item.path.relative_to(HERE).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return one more than there are processors: much of a slow test is waiting."""
    waits = "not slow" not in config.getoption("markexpr")
    return (os.cpu_count() or 1) + waits


def pytest_configure() -> None:
    """Choose how much is tried and how quickly, and let signals mean what they do."""
    be_interruptible()
    profile = os.environ.get("HYPOTHESIS_PROFILE", "quick")
    hypothesis.settings.load_profile(profile)
    if profile == "quick":
        warm_python.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what repeats the run, in a quiet one too."""
    seed = terminalreporter.config.getoption("--hypothesis-seed")
    terminalreporter.write_line(f"generated with --hypothesis-seed={seed}")
    cells = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "cells"
    ]
    if cells:
        terminalreporter.write_line(f"fault matrix: {sum(cells)} cells, each mended")
