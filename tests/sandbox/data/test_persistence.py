"""The data file."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import DataFileError, Sandbox
from tests.sandbox.conftest import Wire
from tests.sandbox.payloads import MINIMAL

PATH = "/v1/billing_portal/configurations"
FORM = "features[invoice_history][enabled]=true"
LOCK = "stripe.json.lock"


def test_kept_for_the_next_run(tmp_path: Path) -> None:
    """Objects, accounts, keys, clock and answers are there in the next run."""
    file = tmp_path / "new" / "stripe.json"
    with Sandbox(file) as sandbox:
        client = sandbox.client()
        created = client.v1.billing_portal.configurations.create(
            MINIMAL, {"idempotency_key": "once"}
        )
        client.v1.webhook_endpoints.create(
            {"url": "https://acme.example/hook", "enabled_events": ["*"]}
        )
        sandbox.connect("acct_shop")
        key = sandbox.restricted_key(permissions=["rak_product_read"])
        now = sandbox.advance(3600)

    with Sandbox(file) as again:
        client = again.client()
        replayed = client.v1.billing_portal.configurations.create(
            MINIMAL, {"idempotency_key": "once"}
        )
        wire = Wire(again)
        authorization = {"Authorization": f"Bearer {key}"}

        assert again.now >= now
        assert replayed.id == created.id
        assert len(client.v1.webhook_endpoints.list().data) == 1
        assert again.client(stripe_account="acct_shop").v1.products.list().data
        assert wire("GET", "/v1/products", headers=authorization).status == 200
        assert wire("GET", "/v1/prices", headers=authorization).status == 403
        wire.connection.close()


def test_ids_do_not_repeat(tmp_path: Path) -> None:
    """The next run makes other ids than the one before."""
    ids = []
    for _ in range(3):
        with Sandbox(tmp_path / "stripe.json") as sandbox:
            create = sandbox.client().v1.billing_portal.configurations.create
            ids += [create(MINIMAL).id, create(MINIMAL).id]

    assert len(set(ids)) == 6


def test_written_with_each_change(tmp_path: Path) -> None:
    """The file is whole and current after each answer, and for the user alone."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        id_ = sandbox.client().v1.billing_portal.configurations.create(MINIMAL).id
        text = file.read_text()
        mode = stat.S_IMODE(file.stat().st_mode)
        neighbours = sorted(path.name for path in tmp_path.iterdir())

    assert id_ in json.dumps(json.loads(text))
    assert mode == 0o600
    assert neighbours == [file.name, LOCK]


def test_refused_requests_write_nothing(tmp_path: Path) -> None:
    """A request that is refused leaves the file as it is."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        wire = Wire(sandbox)
        wire("POST", PATH, FORM)
        before = file.read_bytes()
        wire("POST", PATH, "features[x][enabled]=true")
        wire("GET", PATH)
        wire.connection.close()

        assert file.read_bytes() == before


def test_reset_empties_the_file(tmp_path: Path) -> None:
    """A reset holds for the next run as well."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        sandbox.client().v1.billing_portal.configurations.create(MINIMAL)
        sandbox.reset()

    with Sandbox(file) as again:
        assert again.client().v1.billing_portal.configurations.list().data == []


def test_one_sandbox_per_file(tmp_path: Path) -> None:
    """A file that is in use is refused by name; afterwards it is free."""
    file = tmp_path / "stripe.json"
    in_use = r"stripe\.json is in use by another"

    with Sandbox(file), pytest.raises(DataFileError, match=in_use):
        Sandbox(file).start()

    with Sandbox(file):
        pass


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99}'])
def test_other_files_are_left_alone(tmp_path: Path, text: str) -> None:
    """A file that the sandbox did not write is refused, and not overwritten."""
    file = tmp_path / "stripe.json"
    file.write_text(text)

    with pytest.raises(DataFileError, match="is not a data file"):
        Sandbox(file).start()

    assert file.read_text() == text
    assert {path.name for path in tmp_path.iterdir()} <= {file.name, LOCK}
