"""The built wheel, installed where nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TEST = """
def test_fixture(stripe_sandbox):
    client = stripe_sandbox.client()
    made = client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    assert made.is_default
"""


@pytest.mark.engine
def test_the_wheel_alone_gives_every_command(tmp_path: Path) -> None:
    """`pip install pulumi-stripe-portal` is all that the commands and fixture need."""
    dist = tmp_path / "dist"
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(dist), str(ROOT)], check=True)
    (wheel,) = dist.glob("*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    constraints = str(ROOT / "tools" / "constraints.txt")
    install = [python, "-m", "pip", "-q", "--disable-pip-version-check", "install"]
    subprocess.run([*install, "-c", constraints, str(wheel)], check=True)
    environ = {**os.environ, "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    environ["PULUMI_HOME"] = str(tmp_path / "pulumi-home")
    environ.pop("PYTHONPATH", None)

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    listed = run("stripe-portal", "--help").split("Commands:")[1].split()
    for line in listed:
        if line in ("sandbox", "import", "review", "compare", "session", "doctor"):
            run("stripe-portal", line, "--help")
    assert "sandbox" in listed
    code = "import os; print(os.environ['STRIPE_API_BASE'])"
    served = run("stripe-portal", "sandbox", "run", "--", python, "-c", code)
    assert served.startswith("http://127.0.0.1:")

    plugin = home / "bin" / "pulumi-resource-stripe-portal"
    schema = json.loads(run("pulumi", "package", "get-schema", str(plugin)))
    assert schema["name"] == "stripe-portal"

    subprocess.run([*install, "-c", constraints, "pytest"], check=True)
    (tmp_path / "test_it.py").write_text(TEST)
    run(python, "-m", "pytest", "-q", "test_it.py")
