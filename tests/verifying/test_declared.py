"""The probes: each tries the rule that it names, and no rule of ours is forgotten."""

from __future__ import annotations

import re

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.exchange import Answer
from pulumi_stripe_portal.stripe_api.settings import FASTEST_RATE, Settings
from pulumi_stripe_portal.verifying import PROBES, Probe, Rule, reason
from pulumi_stripe_portal.verifying.cleaning import Cleaner
from pulumi_stripe_portal.verifying.side import Side
from tools.evidence import rules

TRIED = {probe.rule for probe in PROBES if probe.rule}


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    """Return what the sandbox answers to all probes, one after another."""
    found = {}
    with Sandbox(catalogue=False) as sandbox:
        settings = Settings(
            sandbox.api_key,
            "test",
            sandbox.url,
            None,
            preflight=False,
            requests_per_second=FASTEST_RATE,
        )
        connection = Connection(settings, None)
        cleaner = Cleaner(connection)
        times = {"past": str(sandbox.now - 9**7), "soon": str(sandbox.now + 10**6)}
        side = Side(connection, {"run": cleaner.run, **times})
        for probe in PROBES:
            assert not side.lacks(probe), probe.name
            found[probe.name] = side.ask(probe, cleaner.tag(probe))
            side.keep(probe, found[probe.name])
    return found


def test_each_probe_is_named_once() -> None:
    """The report names it by its name alone."""
    names = [probe.name for probe in PROBES]

    assert len(names) == len(set(names))


def test_each_probe_names_a_rule_of_the_sandbox() -> None:
    """By its words, as docs/evidence.md has them."""
    known = {Rule(each.words, each.evidence) for each in rules()}

    assert {rule.words for rule in TRIED - known} == set()


def test_each_rule_of_ours_is_tried_or_cannot_be() -> None:
    """A new one gets a probe, or its reason."""
    ours = [each for each in rules() if each.evidence is Evidence.OURS]
    free = [each for each in ours if not reason(each.place, each.words)]

    left = [each for each in free if Rule(each.words, each.evidence) not in TRIED]
    assert left == []
    tried = {rule.words for rule in TRIED if rule.evidence is Evidence.OURS}
    assert tried == {each.words for each in free}


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_the_sandbox_answers_by_the_rule(
    answers: dict[str, Answer], probe: Probe
) -> None:
    """A refusal has the rule's words and evidence; what makes something, makes it."""
    answer = answers[probe.name]

    assert answer.status < 500
    if probe.rule is None or probe.keep:
        assert answer.is_done, answer.body
    if probe.rule is not None and probe.rule.words.startswith("«"):
        words = re.sub(r"\\\{.*?\\\}", ".*", re.escape(probe.rule.words.strip("«»")))
        assert re.fullmatch(words, answer.error["message"], re.DOTALL)
        evidence = answer.headers["Sandbox-Evidence"].partition(";")[0]
        assert evidence == probe.rule.evidence.value


def test_what_makes_something_is_counted(answers: dict[str, Answer]) -> None:
    """What users are told beforehand has all of it."""
    for probe in PROBES:
        made = probe.method == "POST" and "{" not in probe.path
        counted = made and answers[probe.name].is_done and "preview" not in probe.path

        assert counted == probe.makes, probe.name
