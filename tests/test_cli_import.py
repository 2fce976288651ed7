"""`stripe-portal import`: what it prints where, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from stripe import StripeClient

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection

from .importing.states import SECRET, TERRAFORM

Run = Callable[..., Result]


@pytest.fixture
def run(stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on an account as new."""
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: str, text: str | bytes | None = None) -> Result:
        Connection._all.clear()  # as a process of its own
        return CliRunner().invoke(main, ["import", *arguments], input=text)

    return invoke


@pytest.fixture
def client(stripe_sandbox: Sandbox) -> StripeClient:
    """Stripe, with a default, a configuration and an endpoint in it."""
    client = stripe_sandbox.client()
    for name in ("Clicked together", "Pro"):
        configuration(client, name=name)
    client.v1.webhook_endpoints.create(
        {"url": "https://shop.example.com/hooks", "enabled_events": ["*"]}
    )
    stripe_sandbox.clear_requests()
    return client


def configuration(client: StripeClient, **params: Any) -> str:
    """Make a configuration, return its id."""
    params = {"features": {"invoice_history": {"enabled": True}}, **params}
    return client.v1.billing_portal.configurations.create(params).id  # type: ignore[arg-type]


def test_everything(run: Run, client: StripeClient, stripe_sandbox: Sandbox) -> None:
    """Stdout is the program, stderr how far it is at most, and nothing is written."""
    result = run("--all")

    assert result.exit_code == 0
    assert all(line.endswith(" …") for line in result.stderr.splitlines())
    assert 'DefaultPortalConfiguration(\n    "default",' in result.stdout
    assert 'PortalConfiguration(\n    "pro",' in result.stdout
    assert 'WebhookEndpoint(\n    "hooks",' in result.stdout
    compile(result.stdout, "__main__.py", "exec")
    assert stripe_sandbox.count("POST") == stripe_sandbox.count("DELETE") == 0


def test_ids(run: Run, client: StripeClient) -> None:
    """Only what was asked for, also where it is inactive; each once."""
    id_ = configuration(client, name="Old")
    client.v1.billing_portal.configurations.update(id_, {"active": False})

    result = run(id_, id_)

    assert result.exit_code == 0
    assert result.stdout.count("import_=") == 1
    assert f'import_="{id_}"' in result.stdout
    assert "    active=False,\n" in result.stdout


def test_inactive_ones_on_request(run: Run, client: StripeClient) -> None:
    """`--all` leaves deactivated configurations out: there may be hundreds."""
    id_ = configuration(client)
    client.v1.billing_portal.configurations.update(id_, {"active": False})

    assert id_ not in run("--all").stdout
    assert id_ in run("--all", "--include-inactive").stdout


def test_a_lookup_key_that_moved_is_not_used(run: Run, client: StripeClient) -> None:
    """A key that finds another price now would change what customers are offered."""
    features = {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {
                    "product": "prod_ProTest",
                    "prices": ["price_ProMonthlyTest", "price_ProAnnualTest"],
                }
            ],
        },
    }
    id_ = configuration(client, features=features)
    client.v1.prices.create(
        {
            "currency": "usd",
            "unit_amount": 3900,
            "recurring": {"interval": "month"},
            "product": "prod_ProTest",
            "lookup_key": "pro_monthly",
            "transfer_lookup_key": True,
        }
    )

    text = run(id_).stdout

    assert '"prices": ["price_ProMonthlyTest", {"lookup_key": "pro_annual"}]' in text
    assert '"product": "prod_ProTest"' in text


def test_a_key_that_may_not_read_prices(
    run: Run,
    client: StripeClient,
    stripe_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Prices are named by id then, and a warning names the missing permission."""
    features = {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"product": "prod_ProTest", "prices": ["price_ProMonthlyTest"]}
            ],
        },
    }
    id_ = configuration(client, features=features)
    scopes = ["rak_customer_portal_write", "rak_webhook_write"]
    key = stripe_sandbox.restricted_key(permissions=scopes)
    monkeypatch.setenv("STRIPE_API_KEY", key)

    result = run(id_)

    assert result.exit_code == 0
    assert '"prices": ["price_ProMonthlyTest"]' in result.stdout
    assert "warning: prices are named by id" in result.stderr
    assert "add the permission rak_" in result.stderr


def test_live_mode_needs_only_a_live_key(
    run: Run, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a stack the key decides the mode, and the program says which one."""
    id_ = configuration(stripe_sandbox.client(livemode=True))
    monkeypatch.setenv("STRIPE_API_KEY", stripe_sandbox.live_api_key)

    assert "Stripe in live mode" in run(id_).stdout


def test_out(run: Run, client: StripeClient, tmp_path: Path) -> None:
    """`--out` overwrites nothing, unless it is told to."""
    path = tmp_path / "__main__.py"

    first = run("--all", "--out", str(path))
    text = path.read_text()
    path.write_text("mine")
    second = run("--all", "--out", str(path))
    kept = path.read_text()
    third = run("--all", "--out", str(path), "--force")

    assert (first.exit_code, first.stdout) == (0, "")
    assert first.stderr == f"{path}: 3 resources.\n"
    assert (second.exit_code, kept) == (2, "mine")
    assert "exists already" in second.stderr
    assert (third.exit_code, path.read_text()) == (0, text)


def test_out_where_nothing_can_be_written(
    run: Run, client: StripeClient, tmp_path: Path
) -> None:
    """Exit code 2, in one line."""
    result = run("--all", "--out", str(tmp_path / "missing" / "__main__.py"))

    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


def test_json(run: Run, client: StripeClient) -> None:
    """`--json` has the program, and what is in it."""
    answer = json.loads(run("--all", "--json").stdout)

    assert answer["program"] == run("--all").stdout
    assert [each["name"] for each in answer["resources"]] == ["default", "pro", "hooks"]
    assert answer["resources"][0].keys() == {"type", "name", "id"}
    assert answer["warnings"] == answer["releases"] == answer["secretCommands"] == []


def test_the_file_for_pulumi_import(run: Run, client: StripeClient) -> None:
    """It names the same resources as the program does, by the plugin's types."""
    printed = json.loads(run("--all", "--format", "pulumi-json").stdout)

    program = json.loads(run("--all", "--json").stdout)
    assert printed == {
        "resources": [
            {**each, "type": f"stripe-portal:index:{each['type']}"}
            for each in program["resources"]
        ]
    }


def test_a_takeover_by_pulumi_import(
    run: Run, client: StripeClient, tmp_path: Path
) -> None:
    """The steps on stderr name the command that adopts."""
    endpoint = client.v1.webhook_endpoints.list().data[0]
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state_of(client, events=endpoint.id)))

    result = run("--from", str(path), "--format", "pulumi-json")

    (only,) = json.loads(result.stdout)["resources"]
    assert only["name"] == "events"
    assert "Run `pulumi import --file FILE`: it adopts everything" in result.stderr
    assert "pulumi up" not in result.stderr


def test_markers_of_other_stacks_are_named(run: Run, client: StripeClient) -> None:
    """Two stacks that manage one object undo each other's changes."""
    mark = {"pulumi": "shop/test/PortalConfiguration/plans"}
    id_ = configuration(client, metadata=mark)

    result = run(id_)

    assert 'PortalConfiguration(\n    "plans",' in result.stdout
    assert "metadata" not in result.stdout
    assert f"warning: {id_}: the metadata says that shop/test" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param([], "--all, or --from FILE", id="nothing"),
        pytest.param(["bpc_1", "--all"], "--all, or --from FILE", id="too-much"),
        pytest.param(["prod_1"], "neither a portal configuration", id="other-id"),
        pytest.param(["we_1", "--include-inactive"], "goes with --all", id="inactive"),
        pytest.param(
            ["--all", "--json", "--format", "pulumi-json"],
            "--json goes without --format",
            id="two-formats",
        ),
        pytest.param(["--from", "no-such-file"], "No such file", id="no-file"),
        pytest.param(["--from", "-"], "this is no JSON", id="no-state"),
    ],
)
def test_used_wrongly(run: Run, arguments: list[str], words: str) -> None:
    """Exit code 2, and what to do instead."""
    result = run(*arguments, text="")

    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["bpc_none"], "there is no bpc_none in test mode", id="no-id"),
        pytest.param(["--all"], "nothing to import in test mode", id="empty"),
    ],
)
def test_nothing_there(run: Run, arguments: list[str], words: str) -> None:
    """Exit code 1."""
    result = run(*arguments)

    assert result.exit_code == 1
    assert words in result.stderr


def test_no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing key is something to set right: exit code 2."""
    monkeypatch.delenv("STRIPE_API_KEY")

    result = run("--all")

    assert result.exit_code == 2
    assert "no Stripe API key" in result.stderr


def test_take_over_from_terraform(
    run: Run, client: StripeClient, tmp_path: Path
) -> None:
    """Names are kept, what is gone is left out, the secret is never shown."""
    default, other = client.v1.billing_portal.configurations.list().data[::-1]
    (endpoint,) = client.v1.webhook_endpoints.list().data
    text = json.dumps(TERRAFORM)
    for old, new in {
        "bpc_1": default.id,
        "bpc_2": other.id,
        "we_1": endpoint.id,
    }.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    path = tmp_path / "terraform.tfstate"
    path.write_text(text)

    result = run("--from", str(path), "--json")
    answer = json.loads(result.stdout)

    assert result.exit_code == 0
    assert [(each["type"], each["name"]) for each in answer["resources"]] == [
        ("DefaultPortalConfiguration", "portal_main"),
        ("PortalConfiguration", "plans-a-b"),
        ("WebhookEndpoint", "events-0"),
    ]
    assert f"{path} |" in answer["secretCommands"][0]
    assert "removed {" in answer["releases"][0]
    assert "bpc_3" in result.stderr
    assert "is gone at Stripe" in result.stderr
    assert "pulumi config set --secret events0Secret" in result.stderr
    assert SECRET not in result.stdout + result.stderr


def test_a_state_of_another_account(run: Run, tmp_path: Path) -> None:
    """Nothing of it is there: said once, not for each object."""
    file = tmp_path / "terraform.tfstate"
    file.write_text(json.dumps(TERRAFORM))

    result = run("--from", str(file))

    assert result.exit_code == 1
    assert "the mode and account that the other tool manages" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_state_without_portal(run: Run) -> None:
    """Exit code 1: the answer is that there is nothing."""
    empty = {"version": 4, "terraform_version": "1.13.4", "resources": []}

    result = run("--from", "-", text=json.dumps(empty))

    assert result.exit_code == 1
    assert "has no portal configuration" in result.stderr


def state_of(client: StripeClient, **resources: str) -> dict[str, Any]:
    """Return a Terraform state with endpoints by name."""
    return {
        "version": 4,
        "resources": [
            {
                "mode": "managed",
                "type": "stripe_webhook_endpoint",
                "name": name,
                "instances": [{"attributes": {"id": id_, "secret": SECRET}}],
            }
            for name, id_ in resources.items()
        ],
    }


def test_several_states(run: Run, client: StripeClient, tmp_path: Path) -> None:
    """Merged: an object once, under its first name; each file is told by name."""
    (first,) = client.v1.webhook_endpoints.list().data
    second = client.v1.webhook_endpoints.create(
        {"url": "https://shop.example.com/more", "enabled_events": ["*"]}
    )
    eu, us = tmp_path / "eu.tfstate", tmp_path / "us.tfstate"
    eu.write_text(json.dumps(state_of(client, events=first.id)))
    us.write_text(json.dumps(state_of(client, events=second.id, old=first.id)))

    result = run("--from", str(eu), "--from", str(us), "--from", str(eu), "--json")
    answer = json.loads(result.stdout)

    assert result.exit_code == 0, result.stderr
    assert [(each["id"], each["name"]) for each in answer["resources"]] == [
        (first.id, "events"),
        (second.id, f"events-{second.id[-4:].lower()}"),
    ]
    assert [block.splitlines()[:3] for block in answer["releases"]] == [
        [f"# {eu}", "removed {", "  from = stripe_webhook_endpoint.events"],
        [f"# {us}", "removed {", "  from = stripe_webhook_endpoint.events"],
        [f"# {us}", "removed {", "  from = stripe_webhook_endpoint.old"],
    ]
    assert len(answer["secretCommands"]) == 2
    assert f"warning: {first.id} has 2 addresses" in result.stderr
    assert SECRET not in result.stdout + result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_encodings(
    run: Run, client: StripeClient, tmp_path: Path, encoding: str
) -> None:
    """PowerShell writes a byte order mark, and UTF-16 where `>` does."""
    (endpoint,) = client.v1.webhook_endpoints.list().data
    text = json.dumps(state_of(client, events=endpoint.id))
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = tmp_path / "state.json"
    path.write_bytes(mark + text.encode(encoding))

    from_file = run("--from", str(path))
    from_pipe = run("--from", "-", text=path.read_bytes())

    assert from_file.exit_code == from_pipe.exit_code == 0, from_file.stderr
    assert from_file.stdout == from_pipe.stdout
    assert ("iconv -f UTF-16" in from_file.stderr) is encoding.startswith("utf-16")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"\xff\xfe\x00", "neither UTF-8 nor UTF-16", id="half-a-letter"),
        pytest.param(b"\x80", "neither UTF-8 nor UTF-16", id="no-text"),
        pytest.param(b"\x1f\x8b\x08", "give what `gunzip` makes", id="compressed"),
        pytest.param(b"[" * 99_999, "nested too deeply", id="deep"),
    ],
)
def test_what_cannot_be_read(run: Run, tmp_path: Path, data: bytes, words: str) -> None:
    """One clear error, that names the file."""
    path = tmp_path / "\u202estate.json"
    path.write_bytes(data)

    result = run("--from", str(path))

    assert result.exit_code == 2
    assert words in result.stderr
    assert "\\u202estate.json: " in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.fixture
def stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stripe_sandbox: Sandbox
) -> Callable[..., None]:
    """Put a Pulumi CLI on PATH that knows one stack, with resources by type and id."""

    def install(**resources: tuple[str, str]) -> None:
        config = {"stripe-portal:apiKey": {"value": stripe_sandbox.api_key}}
        (tmp_path / "config").write_text(json.dumps(config))
        urn = "urn:pulumi:test::shop::{}::{}"
        known = [{"urn": urn.format("pulumi:pulumi:Stack", "shop-test"), "type": "s"}]
        for name, (kind, id_) in resources.items():
            type_ = f"pulumi-python:dynamic/stripe-portal:{kind}"
            known.append({"urn": urn.format(type_, name), "type": type_, "id": id_})
        deployment = {"deployment": {"resources": known}}
        (tmp_path / "stack").write_text(json.dumps(deployment))
        (tmp_path / "pulumi").write_text('#!/bin/sh\ncat "${0%/*}/$1"\n')
        (tmp_path / "pulumi").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return install


def test_a_state_beside_what_the_stack_has(
    run: Run, client: StripeClient, stack: Callable[..., None], tmp_path: Path
) -> None:
    """No name collides; what the stack manages is left out, and said."""
    (first,) = client.v1.webhook_endpoints.list().data
    second = client.v1.webhook_endpoints.create(
        {"url": "https://shop.example.com/more", "enabled_events": ["*"]}
    )
    stack(Events=("WebhookEndpoint", first.id), portal=("PortalConfiguration", "bpc_9"))
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state_of(client, events=second.id, portal=first.id)))

    result = run("--from", str(path), "--stack", "test", "--json")
    answer = json.loads(result.stdout)

    assert result.exit_code == 0, result.stderr
    (imported,) = answer["resources"]
    assert imported["id"] == second.id
    assert imported["name"].lower() not in ("events", "portal")
    assert answer["warnings"][0] == (
        f"the stack manages {first.id} already, as WebhookEndpoint 'Events': left out"
    )
    assert "--stack test\n" in answer["secretCommands"][0]


def test_all_of_a_state_is_managed(
    run: Run, client: StripeClient, stack: Callable[..., None], tmp_path: Path
) -> None:
    """Then there is nothing to import, and that is said."""
    (first,) = client.v1.webhook_endpoints.list().data
    stack(events=("WebhookEndpoint", first.id))
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state_of(client, events=first.id)))

    result = run("--from", str(path), "--stack", "test")

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"the stack manages {first.id} already" in result.stderr


def test_an_id_that_the_stack_manages(
    run: Run, client: StripeClient, stack: Callable[..., None]
) -> None:
    """It is left out also where it was asked for by id."""
    (managed,) = client.v1.webhook_endpoints.list().data
    id_ = configuration(client, name="Events")
    stack(events=("WebhookEndpoint", managed.id))

    result = run(managed.id, id_, "--stack", "test")

    assert result.exit_code == 0
    assert managed.id not in result.stdout
    assert '"events"' not in result.stdout
    assert f"the stack manages {managed.id} already" in result.stderr


def test_markers_and_what_clears_them(
    run: Run, client: StripeClient, stack: Callable[..., None]
) -> None:
    """The owner and the command, beside the resource and on stderr; our own pass."""
    other = configuration(client, metadata={"pulumi": "shop/old/PortalConfiguration/a"})
    own = configuration(client, metadata={"pulumi": "shop/test/PortalConfiguration/b"})
    endpoint = client.v1.webhook_endpoints.create(
        {
            "url": "https://shop.example.com/e",
            "enabled_events": ["*"],
            "metadata": {"pulumi": "shop/old/WebhookEndpoint/e#0123456789ab"},
        }
    ).id
    stack()

    result = run(other, own, endpoint, "--stack", "test")

    command = f"stripe-portal release --stack test {other} {endpoint}"
    assert result.stderr.endswith(
        f"warning: {other}, {endpoint}: the metadata says that shop/old manages this "
        "(PortalConfiguration 'a', WebhookEndpoint 'e'), so that `import_` is refused; "
        f"once it has let go of it: `{command}`\n"
    )
    lines = result.stdout.splitlines()
    at = lines.index("e = WebhookEndpoint(")
    assert lines[at - 3 : at] == [
        "# Its marker says that WebhookEndpoint 'e' of shop/old manages it, so that "
        "`import_` is",
        "# refused. Once that has let go of it:",
        f"#   stripe-portal release --stack test {endpoint}",
    ]
    assert lines[lines.index("b = PortalConfiguration(") - 1] == ""


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"connect": True},
        {"api_version": "2025-03-31.basil"},
        {"connect": True, "api_version": "2025-03-31.basil"},
    ],
    ids=["neither", "connect", "version", "both"],
)
def test_what_replaces_an_endpoint_is_declared(
    run: Run, client: StripeClient, params: dict[str, Any]
) -> None:
    """What Stripe shows of it, and nothing where it shows nothing."""
    made = client.v1.webhook_endpoints.create(
        {"url": "https://a.example/b", "enabled_events": ["*"], **params}  # type: ignore[typeddict-item]
    )

    text = run(made.id).stdout

    assert ("    connect=True,\n" in text) is ("connect" in params)
    assert ("    api_version=" in text) is ("api_version" in params)
    assert ('    api_version="2025-03-31.basil",\n' in text) is (
        "api_version" in params
    )


def test_help(run: Run) -> None:
    """The help has a real example."""
    result = run("--help")

    assert result.exit_code == 0
    assert "  stripe-portal import --all" in result.stdout
