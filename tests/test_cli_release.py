"""`stripe-portal release`: markers go when that was said, and nothing else does."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from stripe import StripeClient

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection

from .hostile import assert_shown

Run = Callable[..., Result]

PLANS = "shop/test/PortalConfiguration/plans"
EVENTS = "shop/old/WebhookEndpoint/events#0123456789ab"


@pytest.fixture
def run(stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on an account as new."""
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: str) -> Result:
        Connection._all.clear()  # as a process of its own
        return CliRunner().invoke(main, ["release", *arguments])

    return invoke


@pytest.fixture
def client(stripe_sandbox: Sandbox) -> StripeClient:
    """Stripe, as another client sees it."""
    return stripe_sandbox.client()


def configuration(client: StripeClient, marker: str = PLANS, **params: Any) -> str:
    """Make a configuration with a marker, return its id."""
    request = {
        "features": {"invoice_history": {"enabled": True}},
        "metadata": {"team": "billing", **({"pulumi": marker} if marker else {})},
        "name": "Pro plans",
        **params,
    }
    return client.v1.billing_portal.configurations.create(request).id  # type: ignore[arg-type]


def endpoint(client: StripeClient, marker: str = EVENTS) -> str:
    """Make an endpoint with a marker, return its id."""
    made = client.v1.webhook_endpoints.create(
        {
            "url": "https://shop.example.com/hooks?token=not-to-be-seen",
            "enabled_events": ["invoice.paid"],
            "metadata": {"pulumi": marker},
        }
    )
    return made.id


def metadata(client: StripeClient, id_: str) -> dict[str, str]:
    """Return an object's metadata, as Stripe has it."""
    if id_.startswith("we_"):
        endpoint = client.v1.webhook_endpoints.retrieve(id_)
        return dict(endpoint.to_dict()["metadata"])
    found = client.v1.billing_portal.configurations.retrieve(id_)
    return dict(found.to_dict()["metadata"])


def writes(sandbox: Sandbox) -> list[Any]:
    """Return the requests that write."""
    return [each for each in sandbox.requests if each.method != "GET"]


def test_only_the_marker_goes(
    run: Run, client: StripeClient, stripe_sandbox: Sandbox
) -> None:
    """One POST for each, with the marker and nothing else; stdout has the ids."""
    plans, events = configuration(client), endpoint(client)
    stripe_sandbox.clear_requests()

    result = run(plans, events, plans, "--yes")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{plans}\n{events}\n"
    sent = [dict(each.params) for each in writes(stripe_sandbox)]
    for params in sent:
        params.pop("expand", None)
    assert sent == [{"metadata": {"pulumi": ""}}] * 2
    assert metadata(client, plans) == {"team": "billing"}
    assert metadata(client, events) == {}


def test_what_is_shown_first(
    run: Run, client: StripeClient, stripe_sandbox: Sandbox
) -> None:
    """What each is, whose, in which mode and account; nothing of a URL's query."""
    plans, events = configuration(client), endpoint(client)

    result = run(plans, events, "--yes")

    where = f"in test mode of {stripe_sandbox.account}, marked by"
    assert result.stderr.splitlines()[-2:] == [
        f"{plans}: portal configuration 'Pro plans' {where} PortalConfiguration "
        "'plans' of shop/test",
        f"{events}: webhook endpoint https://shop.example.com/hooks?[hidden] {where} "
        "WebhookEndpoint 'events' of shop/old",
    ]


def test_the_released_can_be_adopted_by_another(run: Run, client: StripeClient) -> None:
    """`import` prints the command, and no longer once it has been run."""
    plans = configuration(client)
    importing = ["import", plans, "--json"]

    before = json.loads(CliRunner().invoke(main, importing).stdout)
    (command,) = before["markerCommands"]
    run(*command.split()[2:], "--yes")
    after = json.loads(CliRunner().invoke(main, importing).stdout)

    assert command == f"stripe-portal release {plans}"
    assert command in before["program"]
    assert after["markerCommands"] == after["warnings"] == []


def test_nothing_to_release(
    run: Run, client: StripeClient, stripe_sandbox: Sandbox
) -> None:
    """Exit code 0 with a word, and without a question."""
    id_ = configuration(client, marker="")
    stripe_sandbox.clear_requests()

    result = run(id_)

    assert (result.exit_code, result.stdout) == (0, "")
    assert f"{id_}: nothing to release" in result.stderr
    assert writes(stripe_sandbox) == []


@pytest.mark.parametrize("livemode", [False, True], ids=["test", "live"])
def test_a_script_says_that_it_means_it(
    run: Run,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    livemode: bool,
) -> None:
    """Without a terminal and without `--yes`: exit code 2, and nothing is written."""
    client = stripe_sandbox.client(livemode=livemode)
    if livemode:
        monkeypatch.setenv("STRIPE_API_KEY", stripe_sandbox.live_api_key)
    id_ = configuration(client)
    stripe_sandbox.clear_requests()

    refused = run(id_)
    written = writes(stripe_sandbox)
    done = run(id_, "--yes")

    assert (refused.exit_code, refused.stdout, written) == (2, "", [])
    assert "give --yes" in refused.stderr
    assert ("live mode" in refused.stderr) is livemode
    assert (done.exit_code, done.stdout) == (0, f"{id_}\n")


@pytest.mark.parametrize("livemode", [False, True], ids=["test", "live"])
@pytest.mark.parametrize(("answer", "count"), [("n", 0), ("y", 1)])
def test_in_a_terminal_one_is_asked(
    run: Run,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    livemode: bool,
    answer: str,
    count: int,
) -> None:
    """On stderr, in both modes; no is exit code 1."""
    id_ = configuration(stripe_sandbox.client(livemode=livemode))
    if livemode:
        monkeypatch.setenv("STRIPE_API_KEY", stripe_sandbox.live_api_key)
    stripe_sandbox.clear_requests()
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "pulumi_stripe_portal", "release", id_],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(ours, f"{answer}\n".encode())
    stdout, stderr = child.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)

    mode = "live" if livemode else "test"
    assert f"{mode} mode of {stripe_sandbox.account}: clear this marker?" in stderr
    assert len(writes(stripe_sandbox)) == count
    assert child.returncode == 1 - count
    assert stdout == (f"{id_}\n" if count else "")


def test_all_are_looked_up_before_one_is_written(
    run: Run, client: StripeClient, stripe_sandbox: Sandbox
) -> None:
    """Every id that doesn't exist is named, and nothing is written."""
    id_ = configuration(client)
    stripe_sandbox.clear_requests()

    result = run(id_, "bpc_none", "we_none", "--yes")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no bpc_none and no we_none in test mode" in result.stderr
    assert writes(stripe_sandbox) == []
    assert "pulumi" in metadata(client, id_)


@pytest.mark.parametrize(
    "id_", ["prod_1", "bpc_", "acct_1", "bpc_1/../x", "bpc_\x1b[31m", "-"]
)
def test_what_is_no_id(run: Run, stripe_sandbox: Sandbox, id_: str) -> None:
    """Exit code 2 before anything is asked, and nothing that a terminal obeys."""
    result = run("--yes", "--", id_)

    assert result.exit_code == 2
    assert "neither a portal configuration (bpc_…) nor a webhook" in result.stderr
    assert "\x1b" not in result.stderr
    assert stripe_sandbox.requests == []


def test_no_id(run: Run) -> None:
    """There is no `--all`: markers keep stacks apart."""
    assert run("--yes").exit_code == 2


def test_what_stripe_refuses(
    run: Run,
    client: StripeClient,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was released before is on stdout, what wasn't is named."""
    first, second = configuration(client), endpoint(client)
    key = stripe_sandbox.restricted_key(
        permissions=["rak_customer_portal_write", "rak_webhook_read"]
    )
    monkeypatch.setenv("STRIPE_API_KEY", key)

    result = run(first, second, "--yes")

    assert (result.exit_code, result.stdout) == (1, f"{first}\n")
    assert "rak_webhook_write" in result.stderr
    assert f"Not released: {second}" in result.stderr
    assert "pulumi" in metadata(client, second)


def test_what_a_marker_says_is_only_shown(run: Run, client: StripeClient) -> None:
    """Any client writes metadata: nothing in it reaches the terminal as it is."""
    marker = "shop/te\u202est/PortalConfiguration/a\x1b]0;b\x07\nc"
    id_ = configuration(client, marker, name="\x1b[2J\u200b")

    result = run(id_, "--yes")

    assert result.exit_code == 0
    assert "'a\\x1b]0;b\\x07\\nc' of shop/te\\u202est" in result.stderr
    assert "'\\x1b[2J\\u200b'" in result.stderr
    assert_shown(result.stderr)
    assert len(result.stderr.splitlines()[-1]) > len(marker)


@pytest.fixture
def pulumi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stripe_sandbox: Sandbox
) -> Callable[[list[dict[str, Any]]], None]:
    """Put a Pulumi CLI on PATH that knows one stack."""

    def install(resources: list[dict[str, Any]]) -> None:
        config = {"stripe-portal:apiKey": {"value": stripe_sandbox.api_key}}
        (tmp_path / "config").write_text(json.dumps(config))
        state = {"deployment": {"resources": resources}}
        (tmp_path / "stack").write_text(json.dumps(state))
        (tmp_path / "pulumi").write_text('#!/bin/sh\ncat "${0%/*}/$1"\n')
        (tmp_path / "pulumi").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        monkeypatch.delenv("STRIPE_API_KEY", raising=False)

    return install


def test_a_stack_that_still_manages_it(
    run: Run,
    client: StripeClient,
    pulumi: Callable[[list[dict[str, Any]]], None],
) -> None:
    """Is told, since it will write its marker again; its key is used."""
    id_ = configuration(client)
    type_ = "pulumi-python:dynamic/stripe-portal:PortalConfiguration"
    urn = f"urn:pulumi:test::shop::{type_}::plans"
    pulumi([{"urn": urn, "type": type_, "id": id_, "inputs": {}, "outputs": {}}])

    result = run(id_, "--stack", "test", "--yes")

    assert (result.exit_code, result.stdout) == (0, f"{id_}\n")
    assert (
        f"warning: stack test still manages {id_}, as PortalConfiguration 'plans'"
        in result.stderr
    )


def test_help(run: Run) -> None:
    """The help has a real example."""
    result = run("--help")

    assert result.exit_code == 0
    assert "  stripe-portal release bpc_" in result.stdout
