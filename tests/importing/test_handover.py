"""The commands for the other tool do what they say; the secret is never shown."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulumi_stripe_portal.importing import Handover, handover, read_state

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
