"""`stripe-portal doctor`: each thing that can be wrong is named, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from stripe import StripeClient

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.doctor import check_tools, tools
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import replaceable

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
        (folder / "config.json").write_text("{}")
        (folder / "pulumi").write_text('#!/bin/sh\ncat "${0%/*}/$1.json"\n')
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
        assert isinstance(result.exception, (SystemExit, type(None)))
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


def resource(kind: str, name: str, id_: str, **outputs: Any) -> dict[str, Any]:
    """Return a resource as a stack's state has it."""
    type_ = f"pulumi-python:dynamic/stripe-portal:{kind}"
    marker = f"shop/test/{kind}/{name}"
    return {
        "urn": f"urn:pulumi:test::shop::{type_}::{name}",
        "type": type_,
        "id": id_,
        "inputs": {"marker": marker},
        "outputs": {"livemode": False, **outputs},
    }


@pytest.fixture
def stack(doctor: Doctor, pulumi: Callable[..., Path]) -> Callable[..., Answer]:
    """Run the command on a stack that has recorded resources."""

    def invoke(*resources: dict[str, Any]) -> Answer:
        state = {"deployment": {"resources": list(resources)}}
        (pulumi() / "stack.json").write_text(json.dumps(state))
        return doctor("--stack", "test")

    return invoke


OWN = "shop/test/PortalConfiguration/plans"


def marked(client: StripeClient, marker: str | None) -> str:
    """Make a configuration with a marker, return its id."""
    metadata = {"pulumi": marker} if marker else {}
    features: Any = {"invoice_history": {"enabled": True}}
    portals = client.v1.billing_portal.configurations
    return portals.create({"features": features, "metadata": metadata}).id


@pytest.mark.parametrize(
    ("written", "at_stripe", "text", "todo"),
    [
        pytest.param(True, OWN, "", "", id="own"),
        pytest.param(
            True,
            None,
            "has lost the marker that says whose it is",
            "the next `pulumi up --refresh` writes it again",
            id="missing",
        ),
        pytest.param("", None, "has lost the marker", "", id="missing-and-refreshed"),
        pytest.param(
            True,
            "shop/live/PortalConfiguration/plans",
            "carries the marker of PortalConfiguration 'plans' of shop/live",
            "`stripe-portal release {}`",
            id="anothers",
        ),
        pytest.param(
            True, "x\x1b[2Jy", "whoever wrote 'x\\x1b[2Jy'", "{}", id="not-ours"
        ),
        pytest.param(False, None, "", "", id="adopted"),
        pytest.param(False, OWN, "", "", id="adopted-again"),
        pytest.param(
            False,
            "shop/live/PortalConfiguration/plans",
            "carries the marker of PortalConfiguration 'plans' of shop/live",
            "`stripe-portal release {}`",
            id="adopted-from-another",
        ),
    ],
)
def test_markers(
    stack: Callable[..., Answer],
    client: StripeClient,
    written: bool | str,
    at_stripe: str | None,
    text: str,
    todo: str,
) -> None:
    """One that is missing or another's is named, with what to do."""
    id_ = marked(client, at_stripe)
    outputs = {"marker": OWN} if written is True else {"marker": written}
    outputs = {} if written is False else outputs

    answer = stack(resource("PortalConfiguration", "plans", id_, **outputs))

    lines = answer.todo()
    assert len(lines) == bool(text)
    for line in lines:
        assert line.startswith(f"PortalConfiguration 'plans': {id_} ")
        assert text in line
        assert todo.format(id_) in line


@pytest.mark.parametrize(
    ("name", "mine"), [("events", True), ("events" * 99, True), ("other", False)]
)
def test_markers_of_endpoints(
    stack: Callable[..., Answer], client: StripeClient, name: str, mine: bool
) -> None:
    """Theirs end with a digest of what replaces them, long ones are hashed whole."""
    recorded = resource("WebhookEndpoint", "events" * (len(name) // 6 or 1), "we_")
    own = recorded["inputs"]["marker"]
    inputs = {"api_version": "2025-03-31.basil", "secret_version": "2"}
    written = replaceable(own if mine else f"shop/test/WebhookEndpoint/{name}", inputs)
    recorded["id"] = endpoint(
        client,
        "https://shop.example.com/2",
        api_version="2025-03-31.basil",
        metadata={"pulumi": written},
    )
    recorded["inputs"] |= inputs
    recorded["outputs"]["marker"] = own

    assert (stack(recorded).todo() == []) is mine


def test_what_an_interrupted_run_left(
    stack: Callable[..., Answer], client: StripeClient
) -> None:
    """Live objects that carry a resource's marker besides its own are named."""
    marker = "shop/test/WebhookEndpoint/events"
    urls = [f"https://shop.example.com/{number}" for number in range(3)]
    kept, left, disabled = (
        endpoint(client, url, metadata={"pulumi": f"{marker}#{number:012}"})
        for number, url in enumerate(urls)
    )
    client.v1.webhook_endpoints.update(disabled, {"disabled": True})

    answer = stack(resource("WebhookEndpoint", "events", kept, marker=marker))

    (line,) = answer.todo()
    assert line.startswith(f"WebhookEndpoint 'events': {left} carries its marker as")
    assert f"stripe-portal release {left}" in line


@pytest.mark.parametrize("answer", [[], "x", None, {"a": 1}, {"stripe-portal:a": []}])
def test_odd_settings(
    doctor: Doctor, client: StripeClient, pulumi: Callable[..., Path], answer: Any
) -> None:
    """What Pulumi's CLI answers may be anything, and ends in a finding."""
    folder = pulumi()
    (folder / "config.json").write_text(json.dumps(answer))
    (folder / "stack.json").write_text("{}")

    lines = doctor("--stack", "test").stdout.splitlines()

    assert any("settings: " in line for line in lines)


@pytest.mark.parametrize(
    "about",
    [
        {"cliAbout": [], "plugins": {}, "runtime": []},
        {"cliAbout": {"version": ["3"]}, "plugins": [1, {"kind": "language"}]},
        {"cliAbout": {"version": "9" * 5000}, "runtime": {"executable": "a\0b"}},
    ],
)
def test_odd_tools(pulumi: Callable[..., Path], about: dict[str, Any]) -> None:
    """The same goes for what it says of itself."""
    pulumi(**about)

    assert [each.topic for each in check_tools()][1:3] == [
        "Pulumi CLI",
        "Pulumi plugin",
    ]


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


def test_another_languages_runtime_is_no_python(pulumi: Callable[..., Path]) -> None:
    """Node.js has no Python package, and needs none."""
    pulumi(runtime={"language": "nodejs", "executable": "/no/such/node"})

    assert [each for each in check_tools() if not each.ok] == []


def test_no_cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Pulumi's CLI nothing goes."""
    monkeypatch.setenv("PATH", str(tmp_path))

    (finding,) = [each for each in check_tools() if not each.ok]

    assert "not on PATH" in finding.text


@pytest.mark.parametrize(
    ("found", "old"),
    [
        ("3.229.9", True),
        ("3.230.0", False),
        ("v3.230.0", False),
        ("3.999.1+dev", False),
        ("3.230.0-alpha.1784563+g1f2e", True),
        ("4.0.0", False),
        ("of unknown version", False),
    ],
)
def test_limits_of_versions(pulumi: Callable[..., Path], found: str, old: bool) -> None:
    """The CLI is as old as the Python SDK that is required, or newer."""
    pulumi(plugin=True, cliAbout={"version": found})

    todo = [each.text for each in check_tools() if not each.ok]

    assert todo == ([found] if old else [])


@pytest.mark.parametrize(
    ("installed", "todo"),
    [
        ("3.229.9", "pip install 'pulumi<4,>=3.230'"),
        ("4.0.0", "pip install 'pulumi<4,>=3.230'"),
        ("3.999.1", ""),
        ("3.260.0a1", ""),
    ],
)
def test_packages_that_do_not_fit(
    pulumi: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    installed: str,
    todo: str,
) -> None:
    """Pip may have been told to ignore what is needed."""
    pulumi(plugin=True)
    monkeypatch.setattr(
        tools, "version", lambda name: installed if name == "pulumi" else version(name)
    )

    packages = next(each for each in check_tools() if each.topic == "Python packages")

    assert packages.todo == todo
