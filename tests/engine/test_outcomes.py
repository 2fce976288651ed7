"""What becomes of live objects when stacks, names and states change around them.

A marker says who made an object, not who uses it. In no case here is a live object of
another owner changed, deactivated or deleted; what is written was shown before.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from stripe import StripeClient

from .stack import Stack

Values = dict[str, Any]

HOUR = 60 * 60  # seconds
AGES = {"same day": 2 * HOUR, "40 days later": 40 * 24 * HOUR}
KINDS = {
    "default": "DefaultPortalConfiguration",
    "plans": "PortalConfiguration",
    "events": "WebhookEndpoint",
}

FEATURES = 'features={"invoice_history": {"enabled": True}}'
ARGUMENTS = {
    "default": FEATURES,
    "plans": FEATURES,
    "events": 'url="https://example.com/hook", enabled_events=["invoice.paid"]',
}


def resource(what: str, name: str = "", opts: str = "") -> str:
    """Return one of the resources as a program declares it."""
    given = f", opts=ResourceOptions({opts})" if opts else ""
    return f'{KINDS[what]}("{name or what}", {ARGUMENTS[what]}{given})\n'


def program(opts: str = "") -> str:
    """Return the program of all three resources, each with the same options."""
    return "".join(resource(what, opts=opts) for what in KINDS)


def renamed(what: str) -> str:
    """Return a resource with another name, and an alias of its old one."""
    return resource(what, f"{what}-v1", f'aliases=[pulumi.Alias(name="{what}")]')


def adopting(held: dict[str, str]) -> str:
    """Return the program that adopts what exists."""
    return "".join(
        resource(what, opts=f'import_="{id_}"') for what, id_ in held.items()
    )


class Account:
    """What is at Stripe, as somebody else sees it."""

    def __init__(self, stack: Stack, dashboard: StripeClient) -> None:
        self._sandbox = stack.sandbox
        self._client = dashboard

    def all(self) -> dict[str, Values]:
        """Return every object by id, without when it was changed."""
        configurations = self._client.v1.billing_portal.configurations.list().data
        endpoints = self._client.v1.webhook_endpoints.list().data
        everyone: list[Any] = [*configurations, *endpoints]
        found = [each.to_dict() for each in everyone]
        return {each["id"]: {**each, "updated": 0} for each in found}

    def writes(self) -> list[tuple[str, Values]]:
        """Return what was written since the last call, in any order."""
        found = [
            (each.method, each.params)
            for each in self._sandbox.requests
            if each.method != "GET"
        ]
        self._sandbox.clear_requests()
        return found


@pytest.fixture
def account(stack: Stack, dashboard: StripeClient) -> Account:
    """The account that the stack works on."""
    return Account(stack, dashboard)


@pytest.fixture
def before(stack: Stack, account: Account) -> dict[str, Values]:
    """All three resources, made by the stack, and what is at Stripe then."""
    stack.up(program())
    account.writes()
    return account.all()


every_age = pytest.mark.parametrize("seconds", AGES.values(), ids=list(AGES))


def ids(stack: Stack) -> dict[str, str]:
    """Return the id of each object that the state holds, by name."""
    return {urn.rpartition("::")[2]: id_ for urn, id_ in recorded(stack).items()}


def recorded(stack: Stack) -> dict[str, str]:
    """Return the id of each object that the state holds, by URN."""
    resources = stack.export()["deployment"]["resources"]
    ours = (item for item in resources if "dynamic/stripe-portal" in item["type"])
    return {item["urn"]: item["id"] for item in ours}


def markers(found: dict[str, Values]) -> set[str]:
    """Return the resources that the objects name as their maker."""
    held = (each["metadata"].get("pulumi", "") for each in found.values())
    return {marker.partition("#")[0] for marker in held}


def without_markers(found: dict[str, Values]) -> dict[str, Values]:
    """Return objects as customers and apps feel them."""
    return {id_: {**each, "metadata": {}} for id_, each in found.items()}


def assert_only_markers_move(
    stack: Stack, account: Account, before: dict[str, Values], **names: str
) -> None:
    """Fail unless the next `up` writes three markers and nothing else, as previewed."""
    preview = stack.preview("--diff")
    assert account.writes() == []
    assert preview.text.count("~ marker") == 3
    assert preview.text.count("writes its ownership marker") == 3

    stack.up()

    written = account.writes()
    where = {"project": "shop", "stack": stack.name, "suffix": "", **names}
    owned = {
        f"{where['project']}/{where['stack']}/{kind}/{name}{where['suffix']}"
        for name, kind in KINDS.items()
    }
    assert [method for method, _ in written] == ["POST"] * 3
    assert all(set(params) <= {"metadata", "expand"} for _, params in written)
    found = account.all()
    assert markers(found) == owned
    assert without_markers(found) == without_markers(before)
    again = stack.up(None, "--refresh", "--expect-no-changes")
    assert again.text.count("unchanged") == 1
    assert account.writes() == []


@every_age
def test_a_rename_moves_the_marker_and_frees_the_name(
    stack: Stack, account: Account, before: dict[str, Values], seconds: int
) -> None:
    """The alias goes later, and the old names are used again: new objects are made.

    The renamed endpoint, in use for weeks, keeps its secret and stays.
    """
    held = ids(stack)
    stack.sandbox.advance(seconds)
    stack.program("".join(map(renamed, KINDS)))
    assert_only_markers_move(stack, account, before, suffix="-v1")
    assert ids(stack) == {f"{name}-v1": id_ for name, id_ in held.items()}

    stack.sandbox.advance(seconds)
    later = "".join(resource(what, f"{what}-v1") for what in KINDS)
    stack.program(later + resource("plans") + resource("events"))
    preview = stack.preview()
    stack.up()

    assert "2 to create" in preview.text
    assert "deletes" not in preview.text
    assert [method for method, _ in account.writes()] == ["POST"] * 2
    found = account.all()
    assert len(found) == 5
    kept = {id_: found[id_] for id_ in before}
    assert without_markers(kept) == without_markers(before)
    stack.assert_converged()


def test_a_name_that_is_used_again_in_one_run_is_refused(
    stack: Stack, account: Account, before: dict[str, Values]
) -> None:
    """Pulumi's engine gives no name twice in one run: the rename goes first."""
    first = "first = " + renamed("events")
    again = resource("events", opts="depends_on=[first]")
    stack.program(resource("default") + resource("plans") + first + again)

    for run in (stack.preview(check=False), stack.up(check=False)):
        assert run.code != 0
        assert "WebhookEndpoint::events" in run.text
    assert {method for method, _ in account.writes()} <= {"POST"}
    assert without_markers(account.all()) == without_markers(before)


@every_age
def test_a_renamed_stack_moves_the_markers(
    stack: Stack, account: Account, before: dict[str, Values], seconds: int
) -> None:
    """The same objects, marked with the stack's new name."""
    held = ids(stack)
    stack.sandbox.advance(seconds)
    stack.pulumi("stack", "rename", "production")
    stack.name = "production"

    assert_only_markers_move(stack, account, before)
    assert ids(stack) == held


@every_age
def test_a_renamed_project_moves_the_markers(
    stack: Stack, account: Account, before: dict[str, Values], seconds: int
) -> None:
    """The same objects, marked with the project's new name."""
    held = ids(stack)
    stack.sandbox.advance(seconds)
    stack.pulumi("stack", "rename", f"organization/store/{stack.name}")
    (stack.folder / "Pulumi.yaml").write_text('{"name": "store", "runtime": "python"}')
    stack.pulumi("stack", "select", stack.name)

    assert_only_markers_move(stack, account, before, project="store")
    assert ids(stack) == held


@every_age
def test_a_move_into_a_component_asks_stripe_nothing(
    stack: Stack, account: Account, before: dict[str, Values], seconds: int
) -> None:
    """A marker has no parents in it."""
    held = ids(stack)
    stack.sandbox.advance(seconds)
    component = 'portal = pulumi.ComponentResource("shop:index:Portal", "portal")\n'
    alias = "pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)"
    stack.sandbox.clear_requests()
    stack.up(component + program(f"parent=portal, aliases=[{alias}]"))

    assert stack.sandbox.requests == []
    assert ids(stack) == held
    stack.assert_converged()
    assert account.all() == before


@every_age
def test_a_move_to_another_stack_moves_the_markers(
    stack: Stack, account: Account, before: dict[str, Values], seconds: int
) -> None:
    """`pulumi state move`: the other stack's next `up` marks them as its own."""
    held, ours = ids(stack), list(recorded(stack))
    stack.sandbox.advance(seconds)
    stack.pulumi("stack", "init", "second")
    stack.pulumi("stack", "select", stack.name)
    route = ["--source", stack.name, "--dest", "second", "--include-parents"]
    stack.pulumi("state", "move", *route, "--yes", *ours)
    stack.pulumi("stack", "select", "second")
    first, stack.name = stack.name, "second"

    assert_only_markers_move(stack, account, before)
    assert ids(stack) == held

    stack.pulumi("stack", "select", first)
    stack.up("")
    assert account.writes() == []
    assert without_markers(account.all()) == without_markers(before)


@pytest.mark.parametrize("seconds", [0, *AGES.values()], ids=["now", *AGES])
def test_a_second_backend_touches_nothing(
    stack: Stack,
    account: Account,
    before: dict[str, Values],
    tmp_path: Path,
    seconds: int,
) -> None:
    """The same project and stack in another backend: refused, with the two ways on."""
    stack.sandbox.advance(seconds)
    other = Stack(tmp_path / "elsewhere", stack.sandbox)
    other.program(program())

    for run in (other.preview(check=False), other.up(check=False)):
        assert run.code != 0
        assert "is live" in run.text
        assert 'import_="' in run.text
        assert "stripe-portal release" in run.text
    assert account.writes() == []
    assert account.all() == before
    stack.assert_converged()


def forget(stack: Stack, how: str) -> None:
    """Let a stack lose all three resources while they live on."""
    if how == "retain_on_delete":
        stack.up(program("retain_on_delete=True"))
        stack.up("")
    else:
        for urn in reversed(recorded(stack)):
            stack.pulumi("state", "delete", "--force", "--yes", urn)


@pytest.mark.parametrize("how", ["retain_on_delete", "state delete"])
@every_age
def test_what_a_stack_has_forgotten_is_refused(
    stack: Stack, account: Account, before: dict[str, Values], how: str, seconds: int
) -> None:
    """It may be somebody's portal by now: adopting it, or releasing it, is a decision.

    Both ways on that the message names work.
    """
    held = ids(stack)
    forget(stack, how)
    stack.sandbox.advance(seconds)
    stack.program(program())

    for run in (stack.preview(check=False), stack.up(check=False)):
        assert run.code != 0
        assert "it has been in use for longer than an interrupted run takes" in run.text
    assert account.writes() == []
    assert account.all() == before

    stack.up(adopting(held))
    assert account.writes() == []
    assert ids(stack) == held
    stack.up(program())
    stack.assert_converged()
    assert account.all() == before


@pytest.mark.parametrize("how", ["retain_on_delete", "state delete"])
def test_what_was_just_made_is_taken_for_the_leftover_of_a_run(
    stack: Stack, account: Account, before: dict[str, Values], how: str
) -> None:
    """Within the hour, unchanged and held by nothing: announced, then taken back.

    An endpoint's secret was told only once: a new one is made, then the found deleted.
    """
    held = ids(stack)
    forget(stack, how)
    stack.sandbox.advance(3 * 60)
    account.writes()
    stack.program(program())

    preview = stack.preview()
    assert account.writes() == []
    up = stack.up()

    for run in (preview, up):
        assert f"takes back {held['plans']}, which an interrupted" in run.text
        assert f"deletes {held['events']}, which an interrupted" in run.text
        assert "left 3 minutes ago" in run.text
    assert [method for method, _ in account.writes()] == ["POST", "DELETE"]
    now = ids(stack)
    assert now.pop("events") != held.pop("events")
    assert now == held
    assert len(account.all()) == 3
    stack.assert_converged()


@every_age
def test_a_forced_replacement_is_one_or_is_refused(
    stack: Stack, account: Account, before: dict[str, Values], seconds: int
) -> None:
    """A new object, and the old one deactivated or deleted; a default has no other."""
    held = ids(stack)
    urns = {urn.rpartition("::")[2]: urn for urn in recorded(stack)}
    stack.sandbox.advance(seconds)
    for name in ("plans", "events"):
        preview = stack.preview("--replace", urns[name])
        assert "1 to replace" in preview.text
        assert account.writes() == []
        stack.up(None, "--replace", urns[name])
        assert [method for method, _ in account.writes()] == [
            "POST",
            "DELETE" if name == "events" else "POST",
        ]

    now, found = ids(stack), account.all()
    assert now["plans"] != held["plans"]
    assert now["events"] != held["events"]
    assert found[held["plans"]]["active"] is False
    assert held["events"] not in found
    assert found[held["default"]] == before[held["default"]]
    stack.assert_converged()

    for refused in (
        stack.preview("--replace", urns["default"], check=False),
        stack.up(None, "--replace", urns["default"], check=False),
    ):
        assert refused.code != 0
        assert "it can't be replaced" in refused.text
    assert account.writes() == []
    stack.assert_converged()


@pytest.mark.parametrize("how", ["taint", "replacement_trigger"])
def test_whatever_forces_a_replacement(
    stack: Stack, account: Account, before: dict[str, Values], how: str
) -> None:
    """It is one, as previewed; the account's default is refused at preview."""
    triggers = dict.fromkeys(KINDS, 1)

    def force(*names: str) -> None:
        """Ask for a replacement of these at the next `up`."""
        if how == "taint" and names:
            urns = [u for u in recorded(stack) if u.rpartition("::")[2] in names]
            stack.pulumi("state", "taint", "--yes", *urns)
        for name in names:
            triggers[name] += 1
        stack.program(
            "".join(
                resource(what, opts=f'replacement_trigger="{triggers[what]}"')
                for what in KINDS
            )
            if how == "replacement_trigger"
            else program()
        )

    held = ids(stack)
    force()
    stack.up()
    account.writes()
    force("plans", "events")
    preview = stack.preview()
    assert "2 to replace" in preview.text
    assert account.writes() == []
    stack.up()

    methods = sorted(method for method, _ in account.writes())
    assert methods == ["DELETE", "POST", "POST", "POST"]
    now, found = ids(stack), account.all()
    assert now["plans"] != held["plans"]
    assert found[held["plans"]]["active"] is False
    assert held["events"] not in found
    stack.assert_converged()

    force("default")
    refused = stack.preview(check=False)
    assert refused.code != 0
    assert "it can't be replaced" in refused.text


def test_two_runs_at_once_leave_one_managed_default(
    stack: Stack, account: Account, tmp_path: Path
) -> None:
    """In an account without configurations; who comes second says who came first."""
    other = Stack(tmp_path / "elsewhere", stack.sandbox, name="second")
    stack.sandbox.fail("POST", "/v1/billing_portal/configurations", latency=4, times=2)
    runs = []
    for each in (stack, other):
        each.program(resource("default"))
        command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"]
        runs.append(
            subprocess.Popen(
                command,
                cwd=each.folder,
                env=each.env(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    texts = [run.communicate(timeout=200)[0] for run in runs]

    assert sorted(run.returncode for run in runs) in ([0, 1], [0, 255]), texts
    assert "Traceback" not in "".join(texts)
    (failed,) = [text for run, text in zip(runs, texts, strict=True) if run.returncode]
    assert "is managed by the resource 'shop/" in failed
    active = [each for each in account.all().values() if each["active"]]
    assert len(active) == 1
    assert active[0]["is_default"]
    winner = stack if runs[0].returncode == 0 else other
    assert ids(winner) == {"default": active[0]["id"]}
    winner.assert_converged()


def test_replacements_take_turns(stack: Stack, account: Account) -> None:
    """The deactivated one is taken back: two objects in all, however often."""
    stack.up(program())
    urn = stack.resource("plans")["urn"]
    seen = [ids(stack)["plans"]]
    for _ in range(3):
        stack.up(None, "--replace", urn)
        seen.append(ids(stack)["plans"])

    assert seen[0] == seen[2] != seen[1] == seen[3]
    configurations = [id_ for id_ in account.all() if id_.startswith("bpc_")]
    assert len(configurations) == 3
    stack.assert_converged()


def test_a_configuration_that_became_the_default_is_not_written_by_a_namesake(
    stack: Stack, account: Account
) -> None:
    """Handed over to a DefaultPortalConfiguration, its features stay that one's."""
    stack.up(resource("plans"))
    id_ = ids(stack)["plans"]
    managed = resource("default", "main", f'import_="{id_}"')
    stack.program(managed)
    refused = stack.preview(check=False)
    assert refused.code != 0
    assert "'shop/test/PortalConfiguration/plans'" in refused.text
    assert f"stripe-portal release {id_}" in refused.text

    released(stack, id_)
    stack.up(managed)
    before = account.all()[id_]
    account.writes()
    other = (
        'features={"customer_update": {"enabled": True, "allowed_updates": ["email"]}}'
    )
    stack.program(managed + f'PortalConfiguration("plans", {other})')
    preview = stack.preview()
    stack.up()

    assert "1 to create" in preview.text
    assert account.all()[id_] == before
    assert ids(stack)["plans"] != id_
    stack.assert_converged()


def released(stack: Stack, id_: str) -> None:
    """Clear an object's marker, as `stripe-portal release` does."""
    client = stack.sandbox.client()
    client.v1.billing_portal.configurations.update(id_, {"metadata": {"pulumi": ""}})


def test_an_adopted_object_of_another_stack_is_refused(
    stack: Stack, account: Account, before: dict[str, Values], tmp_path: Path
) -> None:
    """Two stacks that adopt one object would fight: the second learns of the first."""
    held = ids(stack)
    other = Stack(tmp_path / "elsewhere", stack.sandbox, name="second")
    other.program(adopting(held))

    for run in (other.preview(check=False), other.up(check=False)):
        assert run.code != 0
        assert "carries the ownership marker of another resource" in run.text
        assert "'shop/test/" in run.text
        assert "stripe-portal release" in run.text
    assert account.all() == before


def test_a_marker_that_somebody_removed_comes_back(
    stack: Stack, dashboard: StripeClient, account: Account, before: dict[str, Values]
) -> None:
    """It shows as drift, and `up --refresh` writes it again, with nothing else."""
    unmarked: Any = {"metadata": {"pulumi": ""}}
    for id_ in before:
        if id_.startswith("we_"):
            dashboard.v1.webhook_endpoints.update(id_, unmarked)
        else:
            dashboard.v1.billing_portal.configurations.update(id_, unmarked)
    account.writes()

    assert stack.preview("--refresh", "--expect-no-changes", check=False).code != 0
    up = stack.up(None, "--refresh")

    assert "it was removed at Stripe" in up.text
    assert [method for method, _ in account.writes()] == ["POST"] * 3
    assert account.all() == before
    stack.assert_converged()


def test_a_marker_of_another_stack_is_named_and_left(
    stack: Stack, dashboard: StripeClient, account: Account, before: dict[str, Values]
) -> None:
    """Two stacks that mark an object in turns would never come to an end."""
    id_ = ids(stack)["plans"]
    theirs: Any = {"metadata": {"pulumi": "other/live/PortalConfiguration/plans"}}
    dashboard.v1.billing_portal.configurations.update(id_, theirs)
    account.writes()

    refreshed = stack.up(None, "--refresh")

    assert "'other/live/PortalConfiguration/plans', which may write to it" in (
        refreshed.text
    )
    assert account.writes() == []


def test_with_target_what_is_not_evaluated_holds_its_object(
    stack: Stack, account: Account, before: dict[str, Values]
) -> None:
    """A state renamed by hand still carries the old marker; its object stays."""
    urn = stack.resource("events")["urn"]
    stack.pulumi("state", "rename", urn, "events-v1", "--yes")
    new = urn.rpartition("::")[0] + "::events"
    stack.program(program())

    for run in (
        stack.preview("--target", new, check=False),
        stack.up(None, "--target", new, check=False),
    ):
        assert run.code != 0
        assert "this stack manages it as WebhookEndpoint 'events-v1' so far" in run.text
    assert account.writes() == []
    assert account.all() == before


def test_a_state_that_cannot_be_read_refuses(
    stack: Stack, account: Account, before: dict[str, Values]
) -> None:
    """When in doubt nothing is touched, and the message says what is not known."""
    forget(stack, "state delete")
    stack.program(program())
    commands = stack.folder / "bin"
    commands.mkdir()
    for path in os.environ["PATH"].split(os.pathsep):
        for file in Path(path).glob("p*"):
            wrapper = commands / file.name
            if file.name != "pulumi" and not wrapper.exists():
                wrapper.write_text(f'#!/bin/sh\nexec "{file}" "$@"\n')
                wrapper.chmod(0o755)
    stack.environ["PATH"] = f"{commands}:/usr/bin:/bin"

    refused = stack.preview(check=False)

    assert refused.code != 0
    assert "whether this stack manages it is not known" in refused.text
    assert "the command `pulumi` is not on PATH" in refused.text
    assert account.all() == before
