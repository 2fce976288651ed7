"""Who is in a fleet, and which stack each account is in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.fleet.accounts import (
    FleetError,
    connected_accounts,
    read_accounts,
)
from pulumi_stripe_portal.fleet.places import (
    NotPlaces,
    add_places,
    places_in,
    places_text,
)
from pulumi_stripe_portal.fleet.project import read_project
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.settings import USUAL_RATE, Settings

LISTS = st.lists(
    st.lists(st.integers(1, 60).map("acct_{}".format), unique=True, max_size=30),
    max_size=5,
)


@given(LISTS, st.integers(1, 7))
def test_a_place_is_for_ever(lists: list[list[str]], size: int) -> None:
    """Whatever the list becomes, nobody moves, and no stack is larger than its size."""
    places = add_places({}, [], size)
    for accounts in lists:
        before = places
        places = add_places(places, accounts, size)
        for number, stack in before.items():
            assert places[number][: len(stack)] == stack
        everyone = [account for stack in places.values() for account in stack]
        assert len(set(everyone)) == len(everyone)
        assert set(accounts) <= set(everyone)
        assert all(len(stack) <= size for stack in places.values())
        assert places_in(places_text(places)) == places


@pytest.mark.parametrize(
    "output", ["x", {"a": "acct_1"}, {"1": 3}, {"1": "acct_1", "2": "acct_1"}]
)
def test_places_are_nothing_else(output: object) -> None:
    """What somebody else wrote there is not taken for places."""
    with pytest.raises(NotPlaces):
        places_in(output)


def test_a_list_is_a_csv_file(tmp_path: Path) -> None:
    """Cells are texts for the program; blanks around them and empty lines are none."""
    file = tmp_path / "accounts.csv"
    file.write_bytes(
        b'\xef\xbb\xbfaccount, name\r\nacct_1,"Bread, fresh"\r\n\r\nacct_2 ,\r\n'
    )

    assert read_accounts(file) == {
        "acct_1": {"account": "acct_1", "name": "Bread, fresh"},
        "acct_2": {"account": "acct_2", "name": ""},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "first line does not name each column once"),
        ("id,name\nacct_1,x\n", "one of them 'account'"),
        ("account,account\n", "each column once"),
        ("account,name\n", "it has no account"),
        ("account,name\nacct_1\n", "line 2: it has 1 cells"),
        ("account\ncus_1\n", "line 2: 'cus_1' is no account id"),
        ("account\nacct_1\nacct_1\n", "line 3: acct_1 is there twice"),
        ('account\n"acct_1\n', "is no CSV file"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(
    tmp_path: Path, text: str, words: str
) -> None:
    """Where, what and what to do, before anything is run."""
    file = tmp_path / "accounts.csv"
    file.write_text(text)

    with pytest.raises(FleetError, match=words):
        read_accounts(file)
    with pytest.raises(FleetError, match="No such file"):
        read_accounts(tmp_path / "none.csv")


def test_all_connected_accounts(stripe_sandbox: Sandbox) -> None:
    """They come page by page, the oldest first, so that the newest get new places."""
    config = {
        "stripe-portal:apiKey": stripe_sandbox.api_key,
        "stripe-portal:apiBase": stripe_sandbox.url,
    }
    settings = Settings.of_config(config.get)
    with pytest.raises(FleetError, match="no account is connected"):
        connected_accounts(settings)
    for number in range(120):
        stripe_sandbox.connect(f"acct_{number}")

    found = connected_accounts(settings)

    assert list(found) == [f"acct_{number}" for number in range(120)]
    assert found["acct_7"].keys() == {"account", "name", "country"}
    assert stripe_sandbox.count("GET") == 3


def test_a_stack_has_the_project_s_program_and_settings(tmp_path: Path) -> None:
    """Paths lead back; what is encrypted for one stack alone is refused."""
    (tmp_path / "Pulumi.yaml").write_text(
        "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n"
    )
    settings = tmp_path / "Pulumi.live.yaml"
    secret = "config:\n  stripe-portal:apiKey:\n    secure: v1:abc\n"
    settings.write_text(f"encryptionsalt: v1:salt\n{secret}")
    (tmp_path / "inside").mkdir()

    project = read_project("live", tmp_path / "inside")
    shard = project.shard(
        3, ("acct_1", "acct_2"), {"acct_2": {"name": "B"}}, "accounts"
    )

    copy = yaml.safe_load(shard.project_file)
    assert copy["main"] == str(tmp_path)
    assert copy["runtime"]["options"]["virtualenv"] == f"{tmp_path}/venv"
    assert shard.stack == "live-0003"
    assert shard.accounts == ("acct_2",)
    for words in ("v1:salt", "v1:abc", "shop:shard: 3", "acct_2"):
        assert words in shard.settings_file
    assert "abc" not in repr(shard)
    assert "abc" not in repr(project)
    settings.write_text(secret)
    with pytest.raises(FleetError, match="encrypted for this stack alone"):
        read_project("live", tmp_path)
    with pytest.raises(FleetError, match="there is no such file"):
        read_project("test", tmp_path)


def test_how_fast_a_fleet_is(tmp_path: Path) -> None:
    """The stack says it, or the project for all of its stacks."""
    file, stack = tmp_path / "Pulumi.yaml", tmp_path / "Pulumi.live.yaml"
    file.write_text("name: shop\nruntime: python\n")
    stack.write_text("")
    assert read_project("live", tmp_path).requests_per_second == USUAL_RATE

    setting = "config:\n  stripe-portal:requestsPerSecond: "
    file.write_text(f"name: shop\nruntime: python\n{setting}{{value: 60}}\n")
    assert read_project("org/live", tmp_path).requests_per_second == 60
    stack.write_text(f"{setting}'90'\n")
    assert read_project("live", tmp_path).requests_per_second == 90
    stack.write_text(f"{setting}fast\n")
    with pytest.raises(SettingsError, match="'fast' is not allowed"):
        _ = read_project("live", tmp_path).requests_per_second


def test_without_the_extra_the_command_says_what_to_install() -> None:
    """In one line, and the other commands know nothing of it."""
    hidden = "import sys; sys.modules['distributed'] = None\n"
    code = f"{hidden}from pulumi_stripe_portal.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, "fleet", "refresh", "--stack", "test"],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert done.stderr == (
        "Error: `stripe-portal fleet` runs on Dask; "
        "pip install 'pulumi-stripe-portal[fleet]'\n"
    )
