"""The data file."""

from __future__ import annotations

import json
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(
    "change",
    [
        {"counters": None},
        {"offset": 10**12},
        {"keys": [{}]},
        {"partitions": [{"account": "x", "livemode": True, "objects": {"price": 1}}]},
    ],
    ids=str,
)
def test_damaged_files_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    """A file that someone has changed is refused in one sentence."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        sandbox.connect("acct_shop")
    text = json.dumps({**json.loads(file.read_text()), **change})
    file.write_text(text)

    with pytest.raises(DataFileError, match="is not a data file"):
        Sandbox(file).start()
    assert file.read_text() == text


def test_one_sandbox_per_file_by_any_name(tmp_path: Path) -> None:
    """A link to the file is the same file, and stays a link."""
    file, link = tmp_path / "stripe.json", tmp_path / "link.json"
    link.symlink_to(file)

    with Sandbox(link) as sandbox:
        sandbox.connect("acct_shop")
        with pytest.raises(DataFileError, match="is in use"):
            Sandbox(file).start()

    assert link.is_symlink()
    assert "acct_shop" in file.read_text()


def test_the_draft_follows_no_link(tmp_path: Path) -> None:
    """What lies where the draft is written, a link above all, is not written to."""
    file, other = tmp_path / "stripe.json", tmp_path / "other"
    other.write_text("precious")
    (tmp_path / "stripe.json.tmp").symlink_to(other)

    with Sandbox(file) as sandbox:
        sandbox.connect("acct_shop")

    assert other.read_text() == "precious"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not file.is_symlink()


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Let no file grow beyond a number of bytes; -1 lifts that again."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        size = soft if size < 0 else size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    yield limit
    limit(-1)


def test_full_disk(tmp_path: Path, full_disk: Callable[[int], None]) -> None:
    """What can't be kept isn't done; the file is unharmed, and later all goes on."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        wire = Wire(sandbox)
        made = wire("POST", PATH, FORM).body["id"]
        before = file.read_bytes()
        once = {"Idempotency-Key": "once"}
        full_disk(len(before) // 2)
        refused = wire("POST", PATH, FORM, headers=once)
        admin = wire("POST", "/_sandbox/accounts", '{"id": "acct_shop"}')
        read = wire("GET", PATH)
        with pytest.raises(DataFileError, match="cannot be written"):
            sandbox.advance(3600)
        neighbours = sorted(path.name for path in tmp_path.iterdir())
        full_disk(-1)
        unharmed = file.read_bytes()
        again = wire("POST", PATH, FORM, headers=once)
        wire.connection.close()

    assert (refused.status, admin.status, read.status) == (500, 500, 200)
    assert refused.body["error"]["code"] == "sandbox_data_file"
    assert f"{file} cannot be written: " in refused.body["error"]["message"]
    assert [each["id"] for each in read.body["data"]] == [made]
    assert unharmed == before
    assert neighbours == [file.name, LOCK]
    assert again.status == 200
    assert "Idempotent-Replayed" not in again.headers
    with Sandbox(file) as last:
        assert len(last.client().v1.billing_portal.configurations.list().data) == 2


def test_nothing_is_written_before_the_start(tmp_path: Path) -> None:
    """What is set up without the file's data would be lost, so it is refused."""
    file = tmp_path / "stripe.json"
    with Sandbox(file) as sandbox:
        sandbox.connect("acct_shop")

    for make in (Sandbox(file).connect, Sandbox(file).add_account):
        with pytest.raises(RuntimeError, match="Start the sandbox first"):
            make("acct_other")
    assert "acct_shop" in file.read_text()


def test_its_addresses_last(tmp_path: Path) -> None:
    """The same port again, unless another has it: a login page's link is in states."""
    path = tmp_path / "stripe.json"
    features: Any = {"invoice_history": {"enabled": True}}
    with Sandbox(path) as first:
        page: Any = {"features": features, "login_page": {"enabled": True}}
        first.client().v1.billing_portal.configurations.create(page)
        was = first.url
    with Sandbox(path) as again:
        (found,) = again.client().v1.billing_portal.configurations.list().data
        assert again.url == was
        assert found.login_page.url
        assert found.login_page.url.startswith(was)
    taken = ("127.0.0.1", int(was.rpartition(":")[2]))
    with socket.create_server(taken), Sandbox(path) as elsewhere:
        assert elsewhere.url != was
