"""`stripe-portal doctor`: each thing that can be wrong is named, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from stripe import StripeClient

from pulumi_stripe_portal._stripe import Connection
from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.doctor import check_tools
from pulumi_stripe_portal.doctor.tools import _within
from pulumi_stripe_portal.sandbox import Sandbox

ABOUT: dict[str, Any] = {
    "cliAbout": {"version": "3.250.0"},
    "plugins": [{"name": "python", "version": "3.78.0", "kind": "language"}],
    "runtime": None,
}
Doctor = Callable[..., "Answer"]


class Answer:
    """What the command said."""

    def __init__(self, code: int, stdout: str, stderr: str) -> None:
        self.code, self.stdout, self.stderr = code, stdout, stderr

    def todo(self) -> list[str]:
        """Return the lines that say that something is to be done."""
        lines = self.stdout.splitlines()
        assert all(line.startswith(("ok     ", "to do  ")) for line in lines)
        return [line[7:] for line in lines if line.startswith("to do")]

    def line(self, topic: str) -> str:
        """Return the first line about something."""
        start = f"{topic}: "
        lines = (line[7:] for line in self.stdout.splitlines())
        return next(line for line in lines if line.startswith(start))


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put a Pulumi CLI on PATH that says what a real one would of another machine."""

    def install(*, plugin: bool = True, **about: Any) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        (folder / "about.json").write_text(json.dumps({**ABOUT, **about}))
        (folder / "pulumi").write_text('#!/bin/sh\ncat "${0%/*}/about.json"\n')
        (folder / "pulumi").chmod(0o755)
        if plugin:
            (folder / "pulumi-resource-pulumi-python").write_text("#!/bin/sh\n")
            (folder / "pulumi-resource-pulumi-python").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return folder

    return install


@pytest.fixture
def doctor(
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    pulumi: Callable[..., Path],
) -> Doctor:
    """Run the command on a machine that is as it should be."""
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    pulumi()

    def invoke(*arguments: str) -> Answer:
        Connection._all.clear()  # as a process of its own
        result = CliRunner().invoke(main, ["doctor", *arguments])
        return Answer(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture
def client(stripe_sandbox: Sandbox) -> StripeClient:
    """Stripe, with a default configuration and an endpoint in it."""
    client = stripe_sandbox.client()
    client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    endpoint(client, "https://shop.example.com/hooks")
    return client


def endpoint(client: StripeClient, url: str, **params: Any) -> str:
    """Make an endpoint, return its id."""
    params = {"url": url, "enabled_events": ["invoice.paid"], **params}
    return client.v1.webhook_endpoints.create(params).id  # type: ignore[arg-type]


def test_all_is_well(
    doctor: Doctor, client: StripeClient, stripe_sandbox: Sandbox
) -> None:
    """Exit code 0, each line is ok, and nothing was written."""
    stripe_sandbox.clear_requests()

    answer = doctor()

    assert (answer.code, answer.todo()) == (0, [])
    assert "STRIPE_API_KEY" in answer.line("key")
    assert answer.line("account") == f"account: {stripe_sandbox.account}"
    assert "1 of 16" in answer.line("webhook endpoints")
    assert {each.method for each in stripe_sandbox.requests} == {"GET"}
    assert stripe_sandbox.api_key not in answer.stdout


def test_json(doctor: Doctor, client: StripeClient) -> None:
    """`--json` has the same findings."""
    lines = doctor().stdout.splitlines()

    answer = json.loads(doctor("--json").stdout)

    assert answer["ok"] is True
    assert len(answer["findings"]) == len(lines)
    assert answer["findings"][0].keys() == {"topic", "ok", "text", "todo"}


def test_no_key(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What else there is to see needs a key."""
    monkeypatch.delenv("STRIPE_API_KEY")

    answer = doctor()

    assert answer.code == 1
    assert "pulumi config set --secret stripe-portal:apiKey" in answer.todo()[0]


def test_a_key_that_stripe_does_not_know(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One finding, not one for each request that fails; the key isn't shown."""
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_424")

    answer = doctor()

    assert answer.code == 1
    (line,) = answer.todo()
    assert line.startswith("key: STRIPE_API_KEY, a key that may do everything, is ref")
    assert "sk_test_424" not in answer.stdout


def test_a_publishable_key(
    doctor: Doctor, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is told from a secret one without asking Stripe, and not shown."""
    monkeypatch.setenv("STRIPE_API_KEY", "pk_test_424")

    answer = doctor()

    (line,) = answer.todo()
    assert line.startswith("key: there is none that can be used; STRIPE_API_KEY is a ")
    assert "publishable key" in line
    assert "pk_test_424" not in answer.stdout
    assert stripe_sandbox.requests == []


def test_missing_permissions_are_named(
    doctor: Doctor,
    client: StripeClient,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each scope that the restricted key lacks."""
    scopes = ["rak_customer_portal_write"]
    key = stripe_sandbox.restricted_key(permissions=scopes)
    monkeypatch.setenv("STRIPE_API_KEY", key)

    answer = doctor()

    assert answer.code == 1
    assert [line.split(" the permission ")[1].split()[0] for line in answer.todo()] == [
        "rak_webhook_read",
        "rak_product_read",
        "rak_plan_read",
    ]
    assert answer.line("account") == f"account: {stripe_sandbox.account}"


def test_enough_permissions(
    doctor: Doctor,
    client: StripeClient,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A restricted key as the README makes it is all that is needed."""
    key = stripe_sandbox.restricted_key(
        permissions=[
            "rak_customer_portal_write",
            "rak_webhook_write",
            "rak_product_read",
            "rak_plan_read",
        ]
    )
    monkeypatch.setenv("STRIPE_API_KEY", key)

    assert doctor().todo() == []


@pytest.mark.parametrize(
    ("livemode", "page"),
    [(False, "dashboard.stripe.com/test/settings"), (True, "stripe.com/settings")],
    ids=["test", "live"],
)
def test_no_default(
    doctor: Doctor,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    livemode: bool,
    page: str,
) -> None:
    """The most common portal error of all, named before a customer meets it."""
    if livemode:
        monkeypatch.setenv("STRIPE_API_KEY", stripe_sandbox.live_api_key)

    (line,) = doctor().todo()

    assert line.startswith("default: there is no default configuration in ")
    assert page in line


def test_no_room_for_another_endpoint(doctor: Doctor, client: StripeClient) -> None:
    """Stripe's limit is 16 in each mode."""
    for number in range(15):
        endpoint(client, f"https://shop.example.com/{number}")

    (line,) = doctor().todo()

    assert line.startswith("webhook endpoints: 16 of 16, 0 of them disabled; delete")


def test_two_endpoints_with_one_address(doctor: Doctor, client: StripeClient) -> None:
    """Every event arrives twice; one for connected accounts gets others."""
    url = "https://shop.example.com/hooks?token=secret"
    first, second = endpoint(client, url), endpoint(client, url)
    endpoint(client, url, connect=True)
    third = endpoint(client, url)
    client.v1.webhook_endpoints.update(third, {"disabled": True})

    (line,) = doctor().todo()

    assert {first, second} == set(line.split(": ")[1].split(" have ")[0].split(", "))
    assert "token" not in line


@pytest.mark.parametrize(
    ("about", "plugin", "todo"),
    [
        pytest.param(
            {"cliAbout": {"version": "3.229.1"}},
            True,
            "Pulumi CLI: 3.229.1; install 3.230 or newer",
            id="old-cli",
        ),
        pytest.param(
            {},
            False,
            "Pulumi plugin: pulumi-resource-pulumi-python is missing; ",
            id="x",
        ),
        pytest.param(
            {"runtime": {"executable": "/no/such/python"}},
            True,
            "the program's Python: /no/such/python has no pulumi-stripe-portal; ",
            id="another-python",
        ),
    ],
)
def test_tools(
    pulumi: Callable[..., Path], about: dict[str, Any], plugin: bool, todo: str
) -> None:
    """What is missing on this machine."""
    pulumi(plugin=plugin, **about)

    (finding,) = [each for each in check_tools() if not each.ok]

    assert finding.line().startswith(f"to do  {todo}")


def test_no_cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Pulumi's CLI nothing goes."""
    monkeypatch.setenv("PATH", str(tmp_path))

    (finding,) = [each for each in check_tools() if not each.ok]

    assert "not on PATH" in finding.text


@pytest.mark.parametrize(
    ("found", "within"),
    [("3.229.9", False), ("3.230.0", True), ("3.999.1+dev", True), ("4.0.0", False)],
)
def test_limits_of_versions(found: str, within: bool) -> None:
    """As in `pulumi>=3.230,<4`."""
    assert _within(found, ">=3.230,<4") is within
