"""What all tests share: how many examples hypothesis tries, and from which seed."""

from __future__ import annotations

import os
import random

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "quick",
    max_examples=60,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.register_profile(
    "thorough", parent=hypothesis.settings.get_profile("quick"), max_examples=1000
)


def pytest_configure() -> None:
    """Choose a seed, for this process and the workers that it starts."""
    os.environ.setdefault("HYPOTHESIS_SEED", str(random.randrange(2**32)))
    hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what repeats the run, in a quiet one too."""
    seed = os.environ["HYPOTHESIS_SEED"]
    terminalreporter.write_line(f"generated from HYPOTHESIS_SEED={seed}")
