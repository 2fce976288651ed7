"""`stripe-portal plugin install`: where the package comes from, and what can fail."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.plugin import installing


class Distribution:
    """What is installed, as pip has noted it."""

    version = "1.2.3"

    def __init__(self, **direct_url: Any) -> None:
        self._direct_url = json.dumps(direct_url) if direct_url else None

    def read_text(self, name: str) -> str | None:
        """Return the note on where it came from, None where an index had it."""
        return self._direct_url if name == "direct_url.json" else None


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))


def install(monkeypatch: pytest.MonkeyPatch, **direct_url: Any) -> Result:
    """Run the command where the package came from somewhere."""
    found = Distribution(**direct_url)
    monkeypatch.setattr(installing, "distribution", lambda _name: found)
    return CliRunner().invoke(main, ["plugin", "install"])


@pytest.mark.parametrize(
    ("direct_url", "requirement"),
    [
        ({}, "pulumi-stripe-portal==1.2.3"),
        (
            {"url": "file:///a/b.whl", "archive_info": {}},
            "pulumi-stripe-portal @ file:///a/b.whl",
        ),
        (
            {"url": "file:///a/clone", "dir_info": {"editable": True}},
            "pulumi-stripe-portal @ file:///a/clone",
        ),
        (
            {
                "url": "https://example.com/a.git",
                "vcs_info": {"vcs": "git", "commit_id": "0123abc"},
            },
            "pulumi-stripe-portal @ git+https://example.com/a.git@0123abc",
        ),
    ],
)
def test_the_plugin_has_the_same_package(
    direct_url: dict[str, Any], requirement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pip installs is this version, from where this one came from."""
    found = Distribution(**direct_url)
    monkeypatch.setattr(installing, "distribution", lambda _name: found)

    assert installing.Origin().requirement == requirement


def test_without_the_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something is to be set right first: 2."""
    monkeypatch.setenv("PATH", "/nowhere")

    result = install(monkeypatch)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "Error: the command `pulumi` is not on PATH; install the Pulumi CLI\n"
    )


@pytest.fixture
def _cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pulumi CLI that is never to be called."""
    cli = tmp_path / "pulumi"
    cli.write_text("#!/bin/sh\nexit 9\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


@pytest.mark.usefixtures("_cli")
def test_without_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is gone."""
    result = install(monkeypatch, url="file:///gone.whl", archive_info={})

    assert result.exit_code == 1
    assert "was installed from file:///gone.whl, which is gone" in result.stderr


@pytest.mark.usefixtures("_cli")
def test_where_pip_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its last words are told, in one line, and nothing half made stays."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")

    result = install(monkeypatch)

    assert result.exit_code == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: `pip install` failed: ERROR: No matching distribu")
    assert list((tmp_path / "home").iterdir()) == []


def test_where_its_python_is_gone(tmp_path: Path) -> None:
    """The launcher says what to do, where else the engine would show an errno."""
    launcher = installing.pack(tmp_path).with_name("pulumi-resource-stripe-portal")

    done = subprocess.run([launcher], capture_output=True, text=True)

    assert done.returncode == 1
    assert "run stripe-portal plugin install" in done.stderr
