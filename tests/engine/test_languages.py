"""The plugin from programs in other languages than Python: YAML and TypeScript."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from stripe import StripeClient

from .languages import (
    EXAMPLES,
    LANGUAGES,
    PYTHON,
    TYPESCRIPT,
    Language,
    install_packages,
    lay_out,
)
from .stack import Stack


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of the TypeScript example, the SDK compiled."""
    folder = tmp_path_factory.mktemp("packages")
    install_packages(folder)
    return folder


@pytest.fixture(params=LANGUAGES, ids=lambda each: each.folder.rpartition("/")[2])
def language(request: pytest.FixtureRequest, stack: Stack) -> Language:
    """Each language that the example is written in, as the stack's program."""
    found: Language = request.param
    lay_out(found, stack)
    if found is TYPESCRIPT:
        packages: Path = request.getfixturevalue("packages")
        for name in ("node_modules", "sdks"):
            (stack.folder / name).symlink_to(packages / name)
    return found


def planned(stack: Stack) -> tuple[dict[str, Any], str]:
    """Return what a preview plans, by the name of the resource; and all it prints."""
    text = stack.preview("--json").stdout
    steps = {
        each["urn"].rpartition("::")[2]: each
        for each in json.loads(text)["steps"]
        if each["op"] != "same"
    }
    return steps, text


def writes(stack: Stack) -> int:
    """Return how many requests changed something since the last look."""
    count = sum(each.method != "GET" for each in stack.sandbox.requests)
    stack.sandbox.clear_requests()
    return count


def in_python(stack: Stack) -> None:
    """Put the example itself in the place of the program, with the same changes."""
    shutil.copy(EXAMPLES / PYTHON.folder / PYTHON.program, stack.folder)
    PYTHON.change(stack, {**PYTHON.secret, **PYTHON.rename})
    stack.use_plugin()


def test_a_life(stack: Stack, dashboard: StripeClient, language: Language) -> None:
    """It converges at once, changes one field, reverts drift and leaves nothing.

    The example in Python, on the same stack, changes nothing.
    """
    language.change(stack, language.secret)
    seen = [stack.up().text]
    assert writes(stack) == 4
    assert "5 unchanged" in stack.up(None, "--expect-no-changes").stdout
    assert stack.sandbox.requests == []

    language.change(stack, language.rename)
    steps, text = planned(stack)
    assert list(steps) == ["standard"]
    kinds = {"name": {"kind": "update", "inputDiff": True}}
    assert steps["standard"]["detailedDiff"] == kinds
    shown = stack.up(None, "--diff").text
    assert '~ name: "Basic and Pro" => "Basic, Pro"' in shown
    assert "features" not in shown
    assert writes(stack) == 1
    seen += [text, shown]

    configurations = dashboard.v1.billing_portal.configurations
    id_ = stack.output("standard")
    configurations.update(id_, {"name": "Clicked"})
    stack.sandbox.clear_requests()
    seen.append(stack.up(None, "--refresh", "--diff").text)
    assert configurations.retrieve(id_).name == "Basic, Pro"
    assert writes(stack) == 1

    secret = stack.output("webhookSecret")
    assert secret.startswith("whsec_")
    for each in (*seen, stack.state_files()):
        assert secret not in each
        assert "TOPSECRET" not in each

    language.change(stack, language.typo)
    refused = stack.preview(check=False)
    assert refused.code != 0
    assert re.search(language.refusal, refused.text), refused.text

    in_python(stack)
    assert "5 unchanged" in stack.up(None, "--expect-no-changes").stdout
    assert stack.sandbox.requests == []
    stack.destroy()
    assert dashboard.v1.webhook_endpoints.list().data == []
    assert not configurations.retrieve(id_).active
