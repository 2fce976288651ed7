"""The accounts of a fleet: from a file, or all that are connected at Stripe."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks.files import decode_text
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = [
    "Accounts",
    "FleetError",
    "connected_accounts",
    "ids_in",
    "read_accounts",
]

Accounts: TypeAlias = "Mapping[str, Mapping[str, str]]"
"""What the program is told of each account, by its id: texts by name."""

_ID = "account"
"""The column that has the accounts' ids."""
_ACCOUNT = re.compile(r"acct_\w+", re.ASCII)


class FleetError(Exception):
    """A fleet can't begin; the message says where, what is wrong and what to do."""


def read_accounts(path: Path) -> Accounts:
    """Return the accounts of a CSV file, in its order.

    Its first line has the columns' names, of which one is `account`; each cell is a
    text for the program.

    Raises:
        FleetError: It can't be read, or a line of it is none of an account.
    """
    try:
        text = decode_text(path.read_bytes())
        # Rows are counted as lines: a cell that spans several shifts those after it.
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except OSError as error:
        raise FleetError(f"{path}: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise FleetError(f"{path}: it is no CSV file ({error})") from None
    columns = [name.strip() for name in rows[0]] if rows else []
    if _ID not in columns or len(set(columns)) < len(columns) or "" in columns:
        raise FleetError(
            f"{path}: its first line does not name each column once, one of them "
            f"'{_ID}'; write one such as `{_ID},name`"
        )
    found: dict[str, dict[str, str]] = {}
    for number, cells in enumerate(rows[1:], 2):
        if cells:
            row = _row(columns, cells, f"{path}, line {number}")
            if row[_ID] in found:
                raise FleetError(
                    f"{path}, line {number}: {row[_ID]} is there twice; leave one out"
                )
            found[row[_ID]] = row
    if not found:
        raise FleetError(f"{path}: it has no account; give each a line")
    return found


def _row(columns: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) != len(columns):
        raise FleetError(
            f"{where}: it has {len(cells)} cells where the first line has "
            f"{len(columns)}; put a cell with a comma into quotes"
        )
    row = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
    if not _ACCOUNT.fullmatch(row[_ID]):
        told = visible(row[_ID])[:40]
        raise FleetError(f"{where}: '{told}' is no account id; give acct_…")
    return row


def connected_accounts(settings: Settings) -> Accounts:
    """Return all accounts that are connected to the key's, the oldest first.

    Raises:
        FleetError: There is none.
        StripePortalError: Stripe can't be asked.
    """
    connection = Connection.to(settings, None)
    method = connection.client.v1.accounts.list
    found = {row[_ID]: row for row in map(_columns, connection.pages(method))}
    if not found:
        raise FleetError(
            "no account is connected to the key's; give the platform's key, or a list"
        )
    return dict(reversed(found.items()))


def _columns(account: Mapping[str, object]) -> dict[str, str]:
    """Return what a program may want to know of an account."""
    profile = account.get("business_profile")
    name = profile.get("name") if isinstance(profile, Mapping) else None
    id_ = str(account["id"])
    told = {"name": name or id_, "country": account.get("country") or ""}
    return {_ID: id_, **{key: str(value) for key, value in told.items()}}


def ids_in(text: str) -> Iterator[str]:
    """Yield the ids of accounts that a text names."""
    yield from _ACCOUNT.findall(text)
