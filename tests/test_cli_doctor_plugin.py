"""`stripe-portal doctor` and the plugin: found where Pulumi finds it, and asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from pulumi_stripe_portal.doctor import Finding, check_plugin

OURS = version("pulumi-stripe-portal")
NAME = "pulumi-resource-stripe-portal"
PYTHON: Mapping[str, Any] = {"plugins": [{"name": "python", "kind": "language"}]}
CHOSEN = {"stripe-portal:engine": {"value": "plugin"}}


def uses(wanted: str | None = None) -> Mapping[str, Any]:
    """Return what the CLI says of a program with the plugin's resources."""
    plugin = {"name": "stripe-portal", "version": wanted, "kind": "resource"}
    return {"plugins": [plugin]}


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a CLI that starts plugins (they print their schema), and none."""
    cli = tmp_path / "cli" / "pulumi"
    cli.parent.mkdir()
    cli.write_text('#!/bin/sh\n[ "$1 $2" = "package get-schema" ] && exec "$3"\n')
    cli.chmod(0o755)
    project = tmp_path / "project" / "inside"
    project.mkdir(parents=True)
    monkeypatch.chdir(project)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{cli.parent}:/usr/bin:/bin")


Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Put a plugin of a version into a folder; "" is one that doesn't start."""

    def put(told: str, *folder: str) -> Path:
        path = tmp_path.joinpath(*folder or ("home", "plugins", _folder(told)), NAME)
        path.parent.mkdir(parents=True)
        says = f"echo '{json.dumps({'version': told})}'" if told else "exit 1"
        path.write_text(f"#!/bin/sh\n{says}\n")
        path.chmod(0o755)
        return path

    return put


def _folder(told: str) -> str:
    return f"resource-stripe-portal-v{told or OURS}"


def look(about: Mapping[str, Any] = PYTHON, **setting: Any) -> list[Finding]:
    """Return what is found."""
    return list(check_plugin(about, setting))


def test_a_program_that_needs_none(put: Put) -> None:
    """Dynamic resources have their own."""
    assert look() == []
    assert look(**{"stripe-portal:engine": {"value": "dynamic"}}) == []
    assert look({"plugins": {}}) == []


@pytest.mark.parametrize(
    ("about", "setting"),
    [(PYTHON, CHOSEN), (uses(), {}), (uses(f"v{OURS}"), {})],
    ids=["setting", "yaml", "sdk"],
)
def test_it_is_missing(about: Mapping[str, Any], setting: dict[str, Any]) -> None:
    """Where the stack or the program uses it."""
    (found,) = look(about, **setting)

    assert found.text == f"{NAME} is neither on PATH nor in Pulumi's plugin folder"
    assert found.todo == "`stripe-portal plugin install`"


@pytest.mark.parametrize("wanted", [None, OURS])
def test_it_is_in_the_plugin_folder(put: Put, wanted: str | None) -> None:
    """In this package's version, all is well."""
    put("0.0.1")
    path = put(OURS)

    (found,) = look(uses(wanted))

    assert found.line() == (
        f"ok     plugin: {NAME} {OURS} is in Pulumi's plugin folder: {path}"
    )


@pytest.mark.parametrize(
    ("there", "todo"),
    [
        ("0.0.1", "`stripe-portal plugin install`"),
        (
            "99.0.0",
            "install pulumi-stripe-portal 99.0.0, or `pulumi plugin rm resource "
            "stripe-portal 99.0.0` and `stripe-portal plugin install`",
        ),
        ("", "`stripe-portal plugin install --force`"),
    ],
    ids=["older", "newer", "broken"],
)
def test_another_one_is_there(put: Put, there: str, todo: str) -> None:
    """It is named, and what mends it: a newer one would still be taken first."""
    path = put(there)

    (found,) = look(uses())

    assert f"{path}" in found.text
    assert "doesn't run" in found.text or f"this package is {OURS}" in found.text
    assert found.todo == todo


def test_an_sdk_of_another_version(put: Put) -> None:
    """Pulumi takes the very version that the SDK names, and no other."""
    put(OURS)

    (found,) = look(uses("0.0.1"))

    assert "in version 0.0.1, which the program's SDK is of" in found.text
    assert found.todo.startswith(f"make the SDK anew from version {OURS}")


@pytest.mark.parametrize("told", [OURS, "0.0.1", ""])
def test_one_on_path_comes_first(put: Put, told: str) -> None:
    """Whatever the plugin folder has; so installing alone is no remedy."""
    put(OURS, "home", "plugins", _folder(OURS))
    path = put(told, "bin")

    (found,) = look(PYTHON, **CHOSEN)

    assert found.text.startswith(NAME)
    assert str(path) in found.text
    assert found.ok == (told == OURS)
    if not found.ok:
        assert found.todo.startswith(f"install pulumi-stripe-portal {OURS} there, or")


@pytest.mark.parametrize(
    ("project", "named"),
    [
        ("plugins: {providers: [{name: stripe-portal, path: ./mine}]}", True),
        ("plugins: {providers: [{name: stripe-portal, path: 3}, 1]}", False),
        ("plugins: {providers: [{name: aws, path: ./mine}]}", False),
        ("plugins: 1", False),
        ("[", False),
        ("- a", False),
        ("a: &a [*a]", False),
    ],
)
def test_one_that_the_project_names(
    put: Put, tmp_path: Path, project: str, named: bool
) -> None:
    """It comes before all others; what is none in Pulumi.yaml is none here."""
    path = put(OURS, "project", "mine")
    (tmp_path / "project" / "Pulumi.yaml").write_text(project)

    (found,) = look(uses())

    assert found.ok == named
    assert (f"is where Pulumi.yaml says: {path}" in found.text) == named


def test_the_project_s_folder_is_empty(tmp_path: Path) -> None:
    """Pulumi looks nowhere else then."""
    text = "plugins: {providers: [{name: stripe-portal, path: ../none}]}"
    (tmp_path / "project" / "Pulumi.yaml").write_text(text)

    (found,) = look(uses())

    assert "where Pulumi.yaml says doesn't run" in found.text
    assert found.text.endswith(f"none/{NAME}")
