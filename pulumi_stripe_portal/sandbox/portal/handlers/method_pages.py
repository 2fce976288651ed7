"""Pages about payment methods."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session

from .deep_links import completed
from .portal_request import Visiting
from .routing import Page, number, require

__all__ = ["PAGES"]


def _card(
    visiting: Visiting, problem: portal_session.PortalError | None = None
) -> Response:
    """Ask for a card."""
    require(possible=visiting.visit.allowed.payment_method_update)
    entered = {name: visiting.entered(name) for name in ("number", "expiry", "name")}
    wants = problem is None or visiting.entered("make_default") == "1"
    return visiting.show(
        "card",
        visiting.text("card.title"),
        problem=problem,
        card={**entered, "make_default": wants},
    )


def _add_card(visiting: Visiting) -> Response:
    """Add a card."""
    month, _, year = visiting.entered("expiry").partition("/")
    try:
        portal_session.add_payment_method(
            visiting.visit,
            number=visiting.entered("number"),
            exp_month=number(month.strip(), -1),
            exp_year=_full_year(number(year.strip(), -1)),
            cvc=visiting.entered("cvc"),
            name=visiting.entered("name") or None,
            make_default=visiting.entered("make_default") == "1",
        )
    except (portal_session.Invalid, portal_session.CardDeclined) as problem:
        if problem.field in ("exp_month", "exp_year"):
            problem.field = "expiry"
        return _card(visiting, problem)
    return completed(visiting, "method_added")


def _full_year(year: int) -> int:
    return year + 2000 if 0 < year < 100 else year


def _make_default(visiting: Visiting, id: str) -> Response:
    """Make a payment method the customer's default."""
    portal_session.set_default_payment_method(visiting.visit, id)
    return visiting.go(notice="method_default")


def _removing(visiting: Visiting, id: str) -> Response:
    """Ask whether a payment method shall really be removed."""
    visit, words = visiting.visit, visiting.words
    require(possible=visit.allowed.payment_method_update)
    found = [each for each in portal_session.payment_methods(visit) if each["id"] == id]
    if not found:
        raise portal_session.NotFound("No such payment method.")
    require(possible=portal_session.removable(visit, id))
    return visiting.show(
        "confirm",
        visiting.text("method.remove.title"),
        about=f"{words.card(found[0])} {words.expiry(found[0])}",
        action=f"payment-methods/{id}/remove",
        confirm=visiting.text("method.remove"),
    )


def _remove(visiting: Visiting, id: str) -> Response:
    """Remove a payment method."""
    portal_session.remove_payment_method(visiting.visit, id)
    return visiting.go(notice="method_removed")


def _clear_own(visiting: Visiting, id: str) -> Response:
    """Let a subscription be paid with the customer's default again."""
    portal_session.clear_subscription_payment_method(visiting.visit, id)
    return visiting.go(notice="own_method_removed")


PAGES = (
    Page("GET", "/payment-methods/new", _card),
    Page("POST", "/payment-methods/new", _add_card),
    Page("POST", "/payment-methods/<id>/default", _make_default),
    Page("GET", "/payment-methods/<id>/remove", _removing),
    Page("POST", "/payment-methods/<id>/remove", _remove),
    Page("POST", "/subscriptions/<id>/payment-method/remove", _clear_own),
)
