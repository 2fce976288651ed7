"""Rules that are altered on purpose are found, each of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pulumi_stripe_portal.cli._progress import Progress
from pulumi_stripe_portal.sandbox.client import client_of
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.verifying import (
    PROBES,
    Probe,
    Verification,
    prepare,
    report,
    verify,
)
from pulumi_stripe_portal.verifying.verify import Outcome

from .altered import ALTERATIONS, MARK, Alteration, copy_altered
from .conftest import left_by

SERVE = ["sandbox", "serve", "--memory", "--port", "0"]
NO_REFUSAL = {each.probe for each in ALTERATIONS}
REFUSED = [
    probe
    for probe in PROBES
    if probe.rule and probe.rule.words.startswith("«") and probe.name not in NO_REFUSAL
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a sandbox with all alterations, in a process of its own."""
    folder = tmp_path_factory.mktemp("altered")
    copy_altered(folder)
    with subprocess.Popen(
        [sys.executable, "-m", "pulumi_stripe_portal", *SERVE],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        found = dict(
            server.stdout.readline().strip().removeprefix("export ").split("=", 1)
            for _ in range(2)
        )
        yield found["STRIPE_API_BASE"]
        server.terminate()


@pytest.fixture(scope="module")
def before(address: str) -> list[str]:
    """Return what it has of its own."""
    return left_by(client_of(address, "sk_test_123"))


@pytest.fixture(scope="module")
def verified(address: str, before: list[str]) -> Verification:
    """Return what came of all probes against it."""
    client = client_of(address, "sk_test_123")
    client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    settings = Settings("sk_test_123", "test", address, None, preflight=False)
    found = Verification()
    verify(prepare(settings), Progress(), lambda: False, found)
    return found


def outcome(verified: Verification, name: str) -> Outcome:
    """Return what came of one probe."""
    (found,) = [each for each in verified.outcomes if each.probe.name == name]
    return found


@pytest.mark.parametrize("each", ALTERATIONS, ids=lambda each: each.probe)
def test_each_altered_rule_is_found(verified: Verification, each: Alteration) -> None:
    """In the field that tells of it."""
    fields = [one.path for one in outcome(verified, each.probe).differences]

    assert each.field in fields


@pytest.mark.parametrize("probe", REFUSED, ids=lambda probe: probe.name)
def test_other_words_are_found(verified: Verification, probe: Probe) -> None:
    """Each refusal says something else; what is asked of it is what was asked."""
    found = outcome(verified, probe.name).differences
    words = [each for each in found if each.path == "error.message"]

    assert [each.stripe.endswith(MARK) for each in words] == [True]
    assert not [each for each in words if MARK in each.sandbox]


def test_no_rule_of_ours_is_left_unaltered(verified: Verification) -> None:
    """Each that is tried was altered, and so was found."""
    ours = [
        each
        for each in verified.outcomes
        if each.probe.rule and each.probe.rule.evidence is Evidence.OURS
    ]

    assert [each.probe.name for each in ours if not each.differences] == []


def test_what_is_made_against_expectation_is_cleared_up(
    verified: Verification, before: list[str], address: str
) -> None:
    """Where an altered rule lets pass what the sandbox refuses."""
    assert verified.left == []
    assert left_by(client_of(address, "sk_test_123")) == before


def test_the_report_has_all_of_it(verified: Verification) -> None:
    """Each that differs has its chapter, with rule, request and fields; OURS first."""
    text = report(verified, len(PROBES))

    for each in verified.outcomes:
        title = f"\n### {each.probe.name.capitalize()}\n"
        assert text.count(title) == bool(each.differences)
    assert text.index("\n## OURS: ") < text.index("\n## OBSERVED: ")
    assert len(text) < 65_536
    for line in text.splitlines():
        assert not line.startswith("|") or line.count("|") == 4, line
