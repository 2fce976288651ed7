"""Reviews and comparisons of real stacks, previewed by the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_stripe_portal.review import markdown, read_plan, report_of
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stacks.printed import preview_in
from tests.engine.stack import Run, Stack

from .material import SNAPSHOTS, known_of
from .record import prepared, record
from .scenarios import SCENARIOS, cancel, portal

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    "name",
    ["pause_on", "drift_and_code", "endpoint_secret_rotated", "known_after_apply"],
)
def test_material_is_real(name: str, tmp_path: Path) -> None:
    """The engine still says what was recorded."""
    plan = read_plan(record(SCENARIOS[name], tmp_path / "shop"))
    review = markdown(report_of([plan], known_of(plan)))

    assert review == (SNAPSHOTS / f"{name}.md").read_text()


@pytest.mark.parametrize(
    "name",
    [
        "portal_first_of_account",
        "drift_and_code",
        "endpoint_secret_rotated",
        "endpoint_gone_at_stripe",
        "known_after_apply",
        "secret_value",
        "portal_released",
        "default_restored",
        "failed_check",
        "failed_program",
    ],
)
def test_a_stream_of_events_reads_alike(name: str, tmp_path: Path) -> None:
    """A preview that comes as events says what it says as a whole."""
    with prepared(SCENARIOS[name], tmp_path / "shop") as (stack, flags):
        whole = stack.preview("--json", *flags, check=False).stdout
        stack.environ["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true"
        events = stack.preview("--json", *flags, check=False).stdout
    plans = [read_plan(preview_in(text)) for text in (whole, events)]

    assert len(events.splitlines()) > 3
    assert plans[0].changes == plans[1].changes
    reviews = [markdown(report_of([plan], known_of(plan))) for plan in plans]
    assert reviews[0] == reviews[1]


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Stack]]:
    """Both stacks after an `up`."""
    folder = tmp_path_factory.mktemp("two") / "shop"
    with Sandbox() as sandbox:
        keys = {"test": sandbox.api_key, "live": sandbox.live_api_key}
        stacks = {}
        for mode, key in keys.items():
            stack = Stack(folder, sandbox, mode, {"STRIPE_API_KEY": ""})
            stack.config("stripe-portal:mode", mode)
            stack.config("stripe-portal:apiKey", key, secret=True)
            stack.up(portal(), "--stack", mode)
            stacks[mode] = stack
        yield stacks


class TestTwoStacks:
    """One program, a stack for each mode, as the command line sees them."""

    def _run(self, stacks: dict[str, Stack], *arguments: str) -> Run:
        return stacks["test"].portal(*arguments, check=False)

    def test_review(self, stacks: dict[str, Stack]) -> None:
        """Both stacks are previewed and stand side by side; stderr tells how far."""
        stacks["test"].program(cancel(mode="immediately"))
        flags = ["--online", "--fail-on", "money"]
        done = self._run(stacks, "review", "--stack", "test", "--stack", "live", *flags)

        assert done.code == 1, done.stderr
        assert done.stdout.startswith("<!-- stripe-portal-review shop live, test -->")
        assert (
            "## Customer portal, test: 1 changed; live: 1 changed. Look at: money"
            in (done.stdout)
        )
        assert "only)" not in done.stdout.partition("### Warnings")[0]
        for stack in ("test", "live"):
            assert f"Previewing stack {stack} …" in done.stderr
        assert "sk_" not in done.text

    def test_same_bytes(self, stacks: dict[str, Stack]) -> None:
        """The same preview twice, in two processes: the same bytes."""
        stacks["test"].program(cancel(mode="immediately"))
        preview = stacks["test"].preview("--json", "--stack", "test").stdout
        file = stacks["test"].folder / "preview.json"
        file.write_text(preview)
        once, twice = (self._run(stacks, "review", str(file)) for _ in range(2))

        assert once.code == 0, once.stderr
        assert once.stdout == twice.stdout

    def test_setting_for_events(self, stacks: dict[str, Stack]) -> None:
        """A variable that makes the CLI print events is not handed on to it."""
        stacks["test"].program(cancel(mode="immediately"))
        stacks["test"].environ["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true"
        done = self._run(stacks, "review", "--stack", "test")
        del stacks["test"].environ["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"]

        assert done.code == 0, done.stderr
        assert "test: 1 changed. Look at: money" in done.stdout

    def test_drift(self, stacks: dict[str, Stack]) -> None:
        """`--refresh` finds what was changed at Stripe meanwhile."""
        stacks["test"].program(portal())
        portals = stacks["test"].sandbox.client().v1.billing_portal.configurations
        [pro] = [p for p in portals.list().data if p.name == "Pro portal"]
        portals.update(pro.id, {"features": {"invoice_history": {"enabled": False}}})
        flags = ["--refresh", "--fail-on", "drift"]
        done = self._run(stacks, "review", "--stack", "test", *flags)

        assert done.code == 1, done.stderr
        assert "test: 1 changed outside the code" in done.stdout

    def test_compare(self, stacks: dict[str, Stack]) -> None:
        """Two stacks of one program are the same, though no id is."""
        done = self._run(stacks, "compare", "test", "live")

        assert (done.code, done.stdout) == (
            0,
            "## live has all that test has, and nothing differs\n",
        )

    def test_compare_as_json(self, stacks: dict[str, Stack]) -> None:
        """A program reads the same answer, and that nothing was asked."""
        before = len(stacks["test"].sandbox.requests)
        done = self._run(stacks, "compare", "test", "live", "--json")

        assert json.loads(done.stdout)["same"] is True
        assert len(stacks["test"].sandbox.requests) == before

    def test_no_such_stack(self, stacks: dict[str, Stack]) -> None:
        """A stack that isn't there is said so, with exit code 2."""
        done = self._run(stacks, "review", "--stack", "nosuch")

        assert done.code == 2
        assert "no stack named 'nosuch' found" in done.stderr
        assert done.stdout == ""
