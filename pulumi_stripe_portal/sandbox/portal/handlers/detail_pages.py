"""Pages about billing details and tax ids."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.views import customer_view

from .deep_links import complete
from .portal_request import PortalRequest
from .routing import Page, require

__all__ = ["PAGES"]


def _details(
    request: PortalRequest, problem: portal_session.PortalError | None = None
) -> Response:
    """Show the billing details in a form."""
    session = request.session
    allowed = session.allowed.customer_update
    require(possible=bool(allowed))
    in_flow = session.flow is not None
    return request.show(
        "edit",
        request.text("details.title"),
        problem=problem,
        edit=_editable(request, entered=problem is not None),
        tax_ids=(
            customer_view.tax_ids(request.words, portal_session.tax_ids(session))
            if in_flow and "tax_id" in allowed
            else None
        ),
    )


def _editable(request: PortalRequest, *, entered: bool) -> dict[str, Any]:
    """Return what the form begins with: what was entered, or what is stored."""
    customer = request.session.customer
    shipping = customer.get("shipping") or {}

    def value(name: str, stored: object) -> str:
        return request.field(name) if entered else str(stored or "")

    def address(prefix: str, stored: Json | None) -> dict[str, str]:
        return {
            name: value(prefix + name, (stored or {}).get(name))
            for name in customer_view.ADDRESS
        }

    values: dict[str, Any] = {
        name: value(name, customer.get(name)) for name in ("name", "email", "phone")
    }
    values["address"] = address("address.", customer.get("address"))
    values["shipping"] = {
        "name": value("shipping.name", shipping.get("name")),
        "phone": value("shipping.phone", shipping.get("phone")),
        **address("shipping.", shipping.get("address")),
    }
    allowed = request.session.allowed.customer_update
    return {name: each if name in allowed else None for name, each in values.items()}


def _save(request: PortalRequest) -> Response:
    """Save the billing details."""
    require(possible=bool(request.session.allowed.customer_update))
    try:
        portal_session.update_details(request.session, _changes(request))
    except portal_session.Invalid as problem:
        return _details(request, problem)
    return complete(request, "details")


def _changes(request: PortalRequest) -> Json:
    """Return what the form holds; an empty field clears what is stored."""
    form = request.http.form

    def value(name: str) -> str | None:
        return request.field(name) or None

    def address(prefix: str) -> Json | None:
        found = {name: value(prefix + name) for name in customer_view.ADDRESS}
        found["country"] = (found["country"] or "").upper() or None
        return found if any(found.values()) else None

    changed: Json = {
        name: value(name) for name in ("name", "email", "phone") if name in form
    }
    if "address.line1" in form:
        changed["address"] = address("address.")
    if "shipping.line1" in form:
        shipping = {
            "name": value("shipping.name"),
            "phone": value("shipping.phone"),
            "address": address("shipping."),
        }
        changed["shipping"] = shipping if any(shipping.values()) else None
    return changed


def _tax_id(
    request: PortalRequest, problem: portal_session.PortalError | None = None
) -> Response:
    """Ask for a tax id."""
    require(possible="tax_id" in request.session.allowed.customer_update)
    return request.show(
        "tax_id",
        request.text("tax_id.title"),
        back="details" if request.session.flow else None,
        problem=problem,
        types=[
            (each, customer_view.tax_id_type(each))
            for each in portal_session.tax_id_types()
        ],
        type=request.field("type") or "eu_vat",
        value=request.field("value"),
    )


def _add_tax_id(request: PortalRequest) -> Response:
    """Add a tax id."""
    type_, value = request.field("type"), request.field("value")
    try:
        portal_session.add_tax_id(request.session, type_, value)
    except portal_session.Invalid as problem:
        return _tax_id(request, problem)
    return request.go(_after_tax_id(request), "tax_id_added")


def _remove_tax_id(request: PortalRequest, id: str) -> Response:
    """Remove a tax id."""
    portal_session.remove_tax_id(request.session, id)
    return request.go(_after_tax_id(request), "tax_id_removed")


def _after_tax_id(request: PortalRequest) -> str:
    """In a flow the details page is the only one that leads on."""
    return "details" if request.session.flow else ""


PAGES = (
    Page("GET", "/details", _details),
    Page("POST", "/details", _save),
    Page("GET", "/tax-ids/new", _tax_id),
    Page("POST", "/tax-ids/new", _add_tax_id),
    Page("POST", "/tax-ids/<id>/remove", _remove_tax_id),
)
