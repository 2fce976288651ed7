"""The pytest fixture that comes with the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = """
import os
import stripe

def test_one(stripe_sandbox, monkeypatch):
    assert "STRIPE_API_BASE" not in os.environ
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    client = stripe_sandbox.client()
    client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    stripe_sandbox.url_of_one = stripe_sandbox.url

def test_two(stripe_sandbox):
    assert stripe_sandbox.url == stripe_sandbox.url_of_one
    assert stripe_sandbox.requests == []
    assert stripe_sandbox.client().v1.billing_portal.configurations.list().data == []
"""


def test_fixture(tmp_path: Path) -> None:
    """`stripe_sandbox` needs no set-up, starts once, and is new for each test."""
    (tmp_path / "test_users.py").write_text(TESTS)

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "2 passed" in result.stdout, result.stdout + result.stderr


def test_costs_nothing() -> None:
    """A pytest run that does not use the fixture imports no part of the sandbox."""
    program = (
        "import sys; import pulumi_stripe_portal.pytest_plugin; "
        "print([m for m in ('werkzeug', 'stripe', 'click') if m in sys.modules])"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout == "[]\n"
