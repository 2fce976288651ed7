"""No state, whatever is in it, ends in anything but an answer or a clear line."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.cli import main

from .mutations import mutated, printed
from .review.material import HERE, preview

INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066\u2067]"
)
PRICE = {
    "urn": "urn:pulumi:test::shop::stripe:index/price:Price::pro",
    "type": "stripe:index/price:Price",
    "id": "price_ProMonthlyTest",
    "inputs": {},
    "outputs": {
        "product": "prod_ProTest",
        "unitAmount": 2900,
        "currency": "usd",
        "recurring": {"interval": "month", "intervalCount": 1},
    },
}


def _export(*names: str) -> Any:
    """Return the state that recorded previews began with, as Pulumi exports it."""
    steps = [step for name in names for step in preview(name)["steps"]]
    states = [copy.deepcopy(s["oldState"]) for s in steps if "oldState" in s]
    return {"version": 3, "deployment": {"resources": [*states, PRICE]}}


NAMES = sorted(file.stem for file in (HERE / "previews").glob("*.json"))
EXPORTS = mutated(st.sampled_from(NAMES).map(_export))


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Pulumi CLI whose stacks are the files of a folder."""
    folder = tmp_path_factory.mktemp("exports")
    command = folder / "bin" / "pulumi"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nfor last; do :; done\ncat "{folder}/$last"\n')
    command.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
        yield folder


def _assert_plain(done: Result, *codes: int) -> None:
    assert isinstance(done.exception, (SystemExit, type(None))), done.exc_info
    assert done.exit_code in codes, done.output
    assert not INVISIBLE.search(done.output)
    if done.exit_code == 2:
        assert done.stdout == ""
        assert done.stderr.startswith("Error: ")
        assert done.stderr.count("\n") == 1


@given(one=EXPORTS, other=EXPORTS)
def test_compare(exports: Path, one: Any, other: Any) -> None:
    """Any two states are compared, for people and for programs."""
    (exports / "one").write_bytes(printed(one))
    (exports / "other").write_bytes(printed(other))
    for flags in ([], ["--json"]):
        done = CliRunner().invoke(main, ["compare", "one", "other", *flags])

        _assert_plain(done, 0, 1, 2)
        if flags and done.stdout:
            json.loads(done.stdout, parse_constant=pytest.fail)


@given(state=EXPORTS)
def test_compare_with_itself(exports: Path, state: Any) -> None:
    """A state without anything unreadable or secret is the same as itself."""
    (exports / "one").write_bytes(printed(state))
    done = CliRunner().invoke(main, ["compare", "one", "one"])

    _assert_plain(done, 0, 1, 2)
    assert (
        done.exit_code != 1 or "not readable" in done.stdout or "secret" in done.stdout
    )


@given(state=EXPORTS)
def test_session(exports: Path, state: Any) -> None:
    """A configuration is looked for in any state."""
    (exports / "one").write_bytes(printed(state))
    flags = ["--customer", "cus_1", "--stack", "one", "--configuration", "no such"]
    done = CliRunner().invoke(main, ["session", *flags])

    _assert_plain(done, 2)
