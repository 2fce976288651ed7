"""The tests that users are shown beside the example."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_example_has_tests_that_pass() -> None:
    """As users run them: a pytest of their own, on two processes, warnings as errors.

    A developer's live key in the environment is not used for anything.
    """
    place = ROOT / "examples" / "portal" / "tests"
    plain = ["-q", "-p", "no:cacheprovider", "-W", "error", "-n", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, "--rootdir", str(place), str(place)],
        capture_output=True,
        text=True,
        env={**os.environ, "STRIPE_API_KEY": "sk_live_123"},
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
