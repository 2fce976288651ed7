"""The commands for the other tool do what they say; the secret is never shown."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulumi_stripe_portal.importing import Handover, doubles, handover, read_state

from .states import BRIDGE, SECRET, TERRAFORM

SETTINGS = {"we_1": "eventsSecret", "we_2": "otherSecret"}


def handed(state: Any, file: str = "state.json", stack: str | None = None) -> Handover:
    """Return how the objects of a state change hands."""
    return handover([read_state(json.dumps(state), file)], SETTINGS, stack)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("state", [TERRAFORM, BRIDGE], ids=["terraform", "pulumi"])
def test_the_secret_goes_from_the_file_to_the_setting(
    state: Any, tmp_path: Path
) -> None:
    """The command as it is, with a `pulumi` that says what it was given."""
    path = tmp_path / "it's a state.json"
    path.write_text(json.dumps(state))
    fake = tmp_path / "pulumi"
    fake.write_text('#!/bin/sh\necho "$@"\ncat\n')
    fake.chmod(0o755)
    command = handed(state, str(path), "live").secrets[0]

    done = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": f"{tmp_path}:/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    assert done.stdout == (
        f"config set --secret eventsSecret --stack live\n{SECRET}\n"
    ), done.stderr
    assert SECRET not in command


def test_where_a_secret_is_encrypted_pulumi_tells_it() -> None:
    """An export without `--show-secrets` has only the ciphertext."""
    _plain, sealed = handed(BRIDGE).secrets

    assert sealed.startswith(
        'pulumi -C "$OTHER" stack export --stack live --show-secrets |\n  jq -r '
    )
    assert sealed.endswith("|\n  pulumi config set --secret otherSecret\n")


def test_from_stdin_the_state_is_pulled_again() -> None:
    """There is no file to read it from."""
    terraform = handed(TERRAFORM, "-").secrets[0]
    bridge = handed(BRIDGE, "-").secrets[0]

    assert terraform.startswith("terraform state pull | jq -r ")
    assert bridge.startswith('pulumi -C "$OTHER" stack export ')


def test_terraform_forgets_without_destroying() -> None:
    """One block for all instances: `from` takes no instance keys."""
    blocks = handed(TERRAFORM).releases

    assert blocks[0] == (
        "removed {\n"
        "  from = stripe_billing_portal_configuration.portal_main\n"
        "\n"
        "  lifecycle {\n"
        "    destroy = false\n"
        "  }\n"
        "}\n"
    )
    assert [block.splitlines()[1].partition(" = ")[2] for block in blocks] == [
        "stripe_billing_portal_configuration.portal_main",
        "module.billing.module.portal.stripe_portal_configuration.plans",
        "stripe_webhook_endpoint.events",
    ]


def test_pulumi_forgets_without_destroying() -> None:
    """Protected ones too; names with spaces are quoted."""
    first, second, *_ = handed(BRIDGE).releases

    assert first == (
        'pulumi -C "$OTHER" state delete --stack live --force --yes '
        "urn:pulumi:live::shop::stripe:index/billingPortalConfiguration:"
        "BillingPortalConfiguration::portal"
    )
    assert second.endswith("PortalConfiguration::Plans: EU'")
    assert "--force" not in second


def test_steps() -> None:
    """Secrets first, then `up`, then the other tool lets go."""
    text = handed(TERRAFORM).text()

    assert [line for line in text.splitlines() if line[:2] in ("1.", "2.", "3.")] == [
        "1. Give the stack the endpoints' secrets:",
        "2. Run `pulumi up`: it adopts everything and writes nothing.",
        "3. In Terraform, replace their `resource` blocks by these and apply; it "
        "forgets them and destroys nothing:",
    ]
    assert "OTHER" not in text
    assert handed(BRIDGE).text().startswith("export OTHER=")


def doubled(*secrets: str | None) -> dict[str, Any]:
    """Return a state that manages one endpoint under several addresses."""
    state: dict[str, Any] = json.loads(json.dumps(TERRAFORM))
    state["resources"] = [
        {
            "mode": "managed",
            "type": "stripe_webhook_endpoint",
            "name": f"events{number}",
            "instances": [{"attributes": {"id": "we_1", "secret": secret}}],
        }
        for number, secret in enumerate(secrets)
    ]
    return state


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("secrets", [(None, SECRET), (SECRET, None), ("", SECRET)])
def test_every_address_lets_go_and_the_secret_survives(
    secrets: tuple[str | None, ...], tmp_path: Path
) -> None:
    """What stays under one of them would be destroyed with it."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps(doubled(*secrets)))

    answer = handed(doubled(*secrets), str(path))
    (command,) = answer.secrets
    reader = command.rpartition("|")[0]
    told = subprocess.run(["sh", "-c", reader], capture_output=True, text=True)

    assert [block.splitlines()[1] for block in answer.releases] == [
        "  from = stripe_webhook_endpoint.events0",
        "  from = stripe_webhook_endpoint.events1",
    ]
    assert told.stdout == f"{SECRET}\n"


def test_a_double_is_told() -> None:
    """With its addresses, where the secret is from, and whether there is a doubt."""
    said = list(doubles([read_state(json.dumps(doubled(None, "whsec_1")), "a.json")]))
    doubt = list(doubles([read_state(json.dumps(doubled("whsec_2", "whsec_1")), "-")]))

    assert said == [
        "we_1 has 2 addresses: stripe_webhook_endpoint.events0, stripe_webhook_endpoint"
        ".events1; each of them has to let go of it, else what is left there may "
        "destroy it; its secret is taken from stripe_webhook_endpoint.events1 (a.json)"
    ]
    assert doubt[0].endswith("but they hold different ones: see which one is right")


def test_several_files() -> None:
    """Each is named where its objects let go, and each project has its folder."""
    other = json.loads(json.dumps(BRIDGE).replace("::shop::", "::store::"))
    states = [
        read_state(json.dumps(TERRAFORM), "a b.tfstate"),
        read_state(json.dumps(BRIDGE), "shop.json"),
        read_state(json.dumps(other), "store.json"),
    ]

    answer = handover(states, SETTINGS, "live")
    text = answer.text()

    assert answer.secrets[0].startswith("jq -r ")
    assert (
        "'a b.tfstate' |\n  pulumi config set --secret eventsSecret --stack live"
        in (answer.secrets[0])
    )
    assert answer.releases[0].startswith("# a b.tfstate\nremoved {\n")
    assert "export OTHER_1=…  # the folder of the Pulumi project shop\n" in text
    assert "export OTHER_2=…  # the folder of the Pulumi project store\n" in text
    assert sum('-C "$OTHER_1" state delete' in each for each in answer.releases) == 4
    assert sum('-C "$OTHER_2" state delete' in each for each in answer.releases) == 4
    assert "destroys nothing (a b.tfstate):" in text
    assert "before that runs again (shop.json, store.json):" in text


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_a_file_of_powershells(tmp_path: Path) -> None:
    """UTF-8 is all that jq reads; the command says so where the file is in UTF-16."""
    path = tmp_path / "state.json"
    path.write_bytes(json.dumps(TERRAFORM).encode("utf-16"))
    state = read_state(json.dumps(TERRAFORM), str(path), utf16=True)
    (command,) = handover([state], SETTINGS, None).secrets
    reader = command.rpartition("|")[0]

    told = subprocess.run(["sh", "-c", reader], capture_output=True, text=True)

    assert told.stdout == f"{SECRET}\n"
