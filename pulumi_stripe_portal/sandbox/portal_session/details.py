"""Billing details and tax ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.sandbox.billing import customers
from pulumi_stripe_portal.sandbox.billing import tax_ids as ids
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.contract import shape_of
from pulumi_stripe_portal.sandbox.objects.expand import render

from .open_session import OpenSession, allow, transaction
from .portal_errors import Invalid, NotAllowed, NotFound

__all__ = [
    "add_tax_id",
    "check",
    "remove_tax_id",
    "tax_id_types",
    "tax_ids",
    "update_details",
]

_FIELDS = ("address", "email", "name", "phone", "shipping")
_LENGTHS = {"email": 512, "name": 256, "phone": 20}
_PART = 256


def update_details(session: OpenSession, changes: Mapping[str, Any]) -> Json:
    """Change the customer's details; *changes* has those that change, None to clear.

    Raises:
        NotAllowed: The configuration does not allow one of them to be changed.
        Invalid: A value will not do; `field` says which, as `address.country`.
    """
    allowed = session.allowed.customer_update
    for name, value in changes.items():
        if name not in _FIELDS or name not in allowed:
            raise NotAllowed(f"{name} cannot be changed here.", field=name)
        check(name, value)
    if "email" in changes and not changes["email"]:
        raise Invalid("An email address is needed.", "email_invalid", "email")
    with transaction(session) as context:
        after = customers.update(context, session.customer, dict(changes))
        return render(context, context.resources["customer"], after, [])


def tax_ids(session: OpenSession) -> list[Json]:
    """Return the customer's tax ids, newest first."""
    context = session.context
    with context.store.lock:
        found = ids.of(context, session.customer["id"])
        resource = context.resources["tax_id"]
        return [render(context, resource, each, []) for each in found]


def tax_id_types() -> tuple[str, ...]:
    """Return the types of tax ids, as `eu_vat`."""
    fields = shape_of("CustomerTaxIdCreateParams").fields or {}
    return fields["type"].choices


def add_tax_id(session: OpenSession, type: str, value: str) -> Json:
    """Add a tax id.

    Raises:
        NotAllowed: The configuration does not allow it.
        Invalid: There is no such type, or the value does not fit it.
    """
    with transaction(session) as context:
        allow(possible="tax_id" in session.allowed.customer_update)
        if type not in tax_id_types():
            raise Invalid("There is no such type.", "tax_id_type", "type")
        made = ids.create(context, session.customer["id"], type, value[:_PART])
        return render(context, context.resources["tax_id"], made, [])


def remove_tax_id(session: OpenSession, id: str) -> None:
    """Remove a tax id.

    Raises:
        NotAllowed: The configuration does not allow it.
        NotFound: There is no such tax id.
    """
    with transaction(session) as context:
        allow(possible="tax_id" in session.allowed.customer_update)
        found = context.partition.get("tax_id", id)
        if found is None or found["customer"] != session.customer["id"]:
            raise NotFound("There is no such tax id.")
        ids.delete(context, found)


def check(name: str, value: Any, path: str = "") -> None:
    """Let pass a *value* that a detail may have.

    Raises:
        Invalid: It won't do; `field` is *path*, or below it.
    """
    path = path or name
    if isinstance(value, Mapping):
        for key, each in value.items():
            check(key, each, f"{path}.{key}")
        return
    if value is None:
        return
    if not isinstance(value, str) or len(value) > _LENGTHS.get(name, _PART):
        raise Invalid("This is too long.", "too_long", path)
    if name == "country" and value and not (len(value) == 2 and value.isalpha()):
        raise Invalid("This is not a country's code.", "country_invalid", path)
