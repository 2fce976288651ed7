"""Every block of Python runs, and every block of YAML can be read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from pulumi_stripe_portal.fleet.accounts import read_accounts
from tests.docs.pages import PAGES, ROOT, Block, blocks

# CONTRIBUTING.md is tried by tests/test_contributing.py.
PYTHON = [
    each
    for each in blocks("python")
    if each.page.name != "CONTRIBUTING.md"
    and "pulumi import automation" not in each.text
]
TESTS = [each for each in PYTHON if "def test_" in each.text]
PROGRAMS = [each for each in PYTHON if each not in TESTS]

# Each program runs as Pulumi's unit tests run one, all in one process.
RUN = """
import json, sys
import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}

failed = {}
for name, text in json.load(sys.stdin).items():
    pulumi.runtime.set_mocks(Mocks(), preview=False)
    pulumi.runtime.set_all_config(
        {"project:liveKey": "sk_live_123", "project:site": "https://shop.example.com"}
    )

    @pulumi.runtime.test
    def program():
        exec(compile(text, name, "exec"), {"__name__": "__main__"})

    try:
        program()
    except BaseException as error:
        failed[name] = f"{type(error).__name__}: {error}"
print(json.dumps(failed))
"""


def test_there_is_code() -> None:
    """Blocks are found: of each kind, on more than a few pages."""
    assert len(PROGRAMS) > 15
    assert len(TESTS) > 1
    assert len({each.page for each in PYTHON}) > 8


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The programs that failed, by name, each with its error."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps({each.name: each.text for each in PROGRAMS}),
        capture_output=True,
        text=True,
        cwd=tmp_path_factory.mktemp("programs"),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("block", PROGRAMS, ids=lambda each: each.name)
def test_programs_run(block: Block, failed: dict[str, str]) -> None:
    """Each is a program that Pulumi's mocks accept, or that runs by itself."""
    assert failed.get(block.name) is None


def test_tests_pass(tmp_path: Path) -> None:
    """The tests that users are shown pass, beside the example as their program."""
    example, infra = ROOT / "examples" / "portal", tmp_path / "infra"
    infra.mkdir()
    (infra / "Pulumi.yaml").write_text("name: stripe-portal-example\nruntime: python\n")
    for file in (example / "__main__.py", *example.glob("Pulumi.*.yaml")):
        shutil.copy(file, infra)
    for number, block in enumerate(TESTS):
        (tmp_path / f"test_{number}.py").write_text(block.text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("block", blocks("yaml"), ids=lambda each: each.name)
def test_yaml_can_be_read(block: Block) -> None:
    """It is YAML, and something."""
    assert yaml.safe_load(block.text)


@pytest.mark.parametrize("block", blocks("csv"), ids=lambda each: each.name)
def test_csv_is_a_list_of_accounts(block: Block, tmp_path: Path) -> None:
    """A fleet takes it."""
    (tmp_path / "accounts.csv").write_text(block.text)

    assert read_accounts(tmp_path / "accounts.csv")


def test_no_other_language() -> None:
    """A block in a language that nothing tries would be believed unseen."""
    known = {"python", "yaml", "console", "csv", "text", "{toctree}", "{eval-rst}"}
    odd = [
        each.name
        for each in blocks(pages=PAGES)
        if each.language not in known and not each.language.startswith("{include}")
    ]

    assert odd == []
