"""Whatever a state holds, it is read, refused or left out, and does nothing else."""

from __future__ import annotations

import ast
import io
import json
import re
import shlex
import subprocess
import tokenize
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.importing import (
    Adopter,
    Existing,
    ForeignState,
    Handover,
    NotAState,
    PriceNames,
    doubles,
    handover,
    program,
    read_state,
)
from pulumi_stripe_portal.stacks.recorded import Recorded
from tests.hostile import JSON, TEXTS, assert_shown, mutated

from .states import BRIDGE, TERRAFORM
from .test_program import DEFAULT, ENDPOINT, PLANS

SETTINGS = {f"we_{number}": f"setting{number}" for number in range(9)}
CHECKPOINT = {"version": 3, "checkpoint": {"latest": BRIDGE["deployment"]}}
STATES = [TERRAFORM, BRIDGE, CHECKPOINT]


def handed(*states: ForeignState, stack: str | None = None) -> Handover:
    """Return how the objects of states change hands."""
    return handover(states, SETTINGS, stack)


def assert_only_names(answer: Handover) -> None:
    """Fail unless everything to paste has the structure that it should have."""
    assert_shown(answer.text())
    for words in answer.unsaid:
        assert_shown(words)
    for command in answer.secrets:
        assert_reads_a_secret(command)
    for release in answer.releases:
        if release.lstrip("# ").startswith("pulumi"):
            assert_deletes(release)
        else:
            assert_removes(release)


def tokens(command: str) -> list[str]:
    """Return the words of a command, operators apart, as a POSIX shell sees them."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def assert_reads_a_secret(command: str) -> None:
    """A pipe from the state's file, or from its tool, to the setting."""
    stages: list[list[str]] = [[]]
    for word in tokens(command):
        if word == "|":
            stages.append([])
        else:
            stages[-1].append(word)
    first, *_, last = stages
    assert last[:-1] == ["pulumi", "config", "set", "--secret"]
    assert re.fullmatch(r"setting\d", last[-1])
    if first[0] == "jq":
        assert (len(stages), len(first), first[1]) == (2, 4, "-r")
        return
    assert len(stages) == 3
    assert (len(stages[1]), stages[1][:2]) == (3, ["jq", "-r"])
    if first[0] == "terraform":
        assert first == ["terraform", "state", "pull"]
        return
    assert first[:2] == ["pulumi", "-C"]
    assert re.fullmatch(r"\$OTHER(_\d+)?", first[2])
    assert first[3:6] == ["stack", "export", "--stack"]
    assert re.fullmatch(r"[\w.-]+", first[6], re.ASCII)
    assert first[7:] == ["--show-secrets"]


def assert_deletes(command: str) -> None:
    """One command, for one URN."""
    words = tokens(command)
    assert [*words[:2], *words[3:6]] == ["pulumi", "-C", "state", "delete", "--stack"]
    assert re.fullmatch(r"\$OTHER(_\d+)?", words[2])
    assert re.fullmatch(r"[\w.-]+", words[6], re.ASCII)
    assert words[7:-1] in (["--yes"], ["--force", "--yes"])
    assert words[-1].startswith("urn:pulumi:")


def assert_removes(block: str) -> None:
    """One block of HCL, one thing a line, a plain address in it."""
    lines = block.split("\n")
    if lines[0].startswith("# "):
        lines = lines[1:]
    name = r"[^\W\d][\w-]*"
    assert lines[0] == "removed {"
    assert re.fullmatch(rf"  from = (module\.{name}\.)*{name}\.{name}", lines[1])
    assert lines[2:] == ["", "  lifecycle {", "    destroy = false", "  }", "}", ""]


@given(st.sampled_from(STATES).flatmap(mutated))
def test_mutated_states(state: Any) -> None:
    """A value of any type anywhere: an answer or one clear error."""
    try:
        found = read_state(json.dumps(state), "state.json")
    except NotAState as error:
        assert_shown(str(error))
        return

    assert_only_names(handed(found))
    for words in doubles([found]):
        assert_shown(words)


@given(JSON)
def test_generated_states(value: Any) -> None:
    """Where a state should be, and where its resources should be."""
    for state in (
        value,
        {"version": 4, "resources": value},
        {"deployment": {"resources": value}},
        {"version": 3, "checkpoint": value},
        {"checkpoint": {"latest": value}},
    ):
        try:
            found = read_state(json.dumps(state))
        except NotAState:
            continue

        assert found.objects == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100_000, id="deep-lists"),
        pytest.param('{"version":4,"resources":' * 50_000, id="deep-objects"),
        pytest.param("9" * 5_000, id="a-huge-number"),
        pytest.param('{"version": NaN}', id="nan"),
        pytest.param("\ud800", id="no-text"),
        pytest.param("", id="empty"),
    ],
)
def test_what_no_reader_takes(text: str) -> None:
    """Also what breaks JSON readers is one clear error."""
    with pytest.raises(NotAState, match=r"give terraform\.tfstate"):
        read_state(text)


def terraform(module: str, name: str, key: str) -> dict[str, Any]:
    """Return a state with texts of others in every place that has a name."""
    attributes = {"id": "we_1", "secret": "whsec_x"}
    return {
        "version": 4,
        "resources": [
            {
                "mode": "managed",
                "type": "stripe_webhook_endpoint",
                "name": name,
                "module": module,
                "instances": [{"attributes": attributes, "index_key": key}],
            }
        ],
    }


def pulumi(stack: str, project: str, parent: str, name: str) -> dict[str, Any]:
    """Return an export with texts of others in every place that has a name."""
    type_ = "stripe:index/webhookEndpoint:WebhookEndpoint"
    urn = f"urn:pulumi:{stack}::{project}::{parent}${type_}::{name}"
    outputs = {"secret": "whsec_x"}
    resource = {"urn": urn, "type": type_, "id": "we_1", "outputs": outputs}
    return {"version": 3, "deployment": {"resources": [resource]}}


MODULES = st.one_of(
    TEXTS,
    st.builds("module.{}".format, TEXTS),
    st.builds(lambda key: f"module.a[{json.dumps(key)}].module.b", TEXTS),
)
NAMES = st.one_of(st.just("events"), TEXTS)


@given(MODULES, NAMES, TEXTS, TEXTS, TEXTS)
def test_any_name_in_terraform(
    module: str, name: str, key: str, file: str, other: str
) -> None:
    """Each is printed where it can only name, or left out with a word."""
    state = terraform(module, name, key)
    found = read_state(json.dumps(state), file or "-")
    second = read_state(json.dumps(terraform("", "second", other)), "b.json")

    for answer in (handed(found), handed(found, second)):
        assert_only_names(answer)
        expressed = len(answer.releases) + sum(
            "can't be written" in words for words in answer.unsaid
        )
        assert expressed >= len(found.objects)
    assert len(found.objects) + len(found.odd) == 1
    for words in doubles([found, second]):
        assert_shown(words)


@given(
    st.one_of(st.just("live"), TEXTS),
    st.one_of(st.just("shop"), TEXTS),
    TEXTS,
    TEXTS,
    TEXTS,
)
def test_any_name_in_pulumi(
    stack: str, project: str, parent: str, name: str, file: str
) -> None:
    """Each is printed where it can only name, or left out with a word."""
    state = pulumi(stack, project, parent, name)
    found = read_state(json.dumps(state), file or "-")
    second = read_state(json.dumps(BRIDGE), "b.json")

    for answer in (handed(found), handed(found, second)):
        assert_only_names(answer)
    assert len(found.objects) + len(found.odd) == 1
    if found.objects and found.objects[0].release:
        (command,) = handed(found).releases
        assert tokens(command)[-1] == found.objects[0].address


@given(st.lists(TEXTS, max_size=3), TEXTS, TEXTS, TEXTS)
def test_any_name_in_the_program(
    names: list[str], marker: str, label: str, origin: str
) -> None:
    """The program imports, declares and exports, and does nothing else."""
    states = [terraform("module.a", name or "x", label) for name in names]
    given_names = [read_state(json.dumps(each)).objects[0].names for each in states]
    metadata = {"pulumi": f"shop/test/WebhookEndpoint/{marker}", label or "x": marker}
    foreign = [
        Existing({**ENDPOINT, "id": f"we_{number}", "metadata": metadata}, candidates)
        for number, candidates in enumerate(given_names)
    ]
    existing = [
        Existing({**DEFAULT, "name": label, "metadata": {"pulumi": marker}}),
        Existing({**PLANS, "name": marker, "metadata": {label or "x": label}}),
        *foreign,
    ]

    managed = [
        Recorded("PortalConfiguration", name, "bpc_1", {}, {}, own_provider=False)
        for name in (label, *names)
    ]

    made = program(existing, PriceNames(), origin, Adopter(managed))

    assert_shown(made.text)
    module = ast.parse(made.text)
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
    }
    assert calls <= {
        "pulumi.Config",
        "pulumi.ResourceOptions",
        "pulumi.export",
        "config.get_secret",
        "DefaultPortalConfiguration",
        "PortalConfiguration",
        "WebhookEndpoint",
    }
    statements = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    assert all(isinstance(each, statements) for each in module.body)
    comments = [
        each.string
        for each in tokenize.generate_tokens(io.StringIO(made.text).readline)
        if each.type == tokenize.COMMENT
    ]
    commands = [each for each in comments if each.startswith("#   stripe-portal")]
    assert len(commands) == sum(each.owner is not None for each in made.resources)


@given(TEXTS)
def test_a_real_shell_runs_what_it_should(tmp_path_factory: Any, name: str) -> None:
    """With commands in place of Pulumi's that tell their arguments."""
    found = read_state(json.dumps(pulumi("live", "shop", "a", name)), "x.json")
    for command in handed(found).releases:
        script = f'pulumi() {{ printf "%s\\0" "$@"; }}; OTHER=folder; {command}'
        done = subprocess.run(["sh", "-c", script], capture_output=True, check=False)

        told = done.stdout.decode().split("\0")[:-1]
        assert told[:5] == ["-C", "folder", "state", "delete", "--stack"]
        assert told[5:] == ["live", "--yes", found.objects[0].address]
        assert done.stderr == b""


def test_a_file_that_no_command_can_name(tmp_path: Path) -> None:
    """The secret is not lost without a word."""
    found = read_state(json.dumps(TERRAFORM), "a\nb.json")

    answer = handed(found)

    assert answer.secrets == []
    assert answer.unsaid == [
        "the secret of we_1 is in a\\nb.json, which no command can name: rename that "
        "file, or give it to `pulumi config set --secret setting1`"
    ]


def test_an_address_that_is_none_is_left_out() -> None:
    """What was HCL that ran a command is a word now."""
    name = 'x\n  provisioner "local-exec" { command = "rm -rf x" }'
    answer = handed(read_state(json.dumps(terraform("", name, "a"))))

    assert answer.releases == []
    (words,) = answer.unsaid
    assert words.startswith("stripe_webhook_endpoint.x\\n  provisioner")
    assert words.endswith("make Terraform forget we_1 by hand")
