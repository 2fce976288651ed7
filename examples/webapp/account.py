"""The pages for who is signed in: the account, the portal's doors, a paid feature."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeAlias

import stripe
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)

from . import entitlements
from .checkout import OFFERED, NotOfferedError, open_checkout
from .portal import FLOWS, UPGRADES, NoSubscriptionError, open_portal
from .sessions import check_form, signed_in
from .webhooks import EVENTS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from .billing import Billing, State
    from .inbox import Inbox
    from .settings import Settings
    from .users import User, Users

__all__ = ["routes"]

_Page: TypeAlias = "Callable[[User], ResponseReturnValue]"
_Door: TypeAlias = "tuple[str, str]"
"""The name of a deep link, and what its button says."""


def routes(
    settings: Settings,
    users: Users,
    billing: Billing,
    inbox: Inbox,
    client: stripe.StripeClient,
) -> Blueprint:
    """Return the pages."""
    pages = Blueprint("account", __name__)

    @pages.get("/account")
    @_signed_in(users)
    def show(user: User) -> ResponseReturnValue:
        state = billing.known(user.customer)
        features = billing.offers(entitlements.configuration(state, settings))
        return render_template(
            "account.html",
            user=user,
            billing=state,
            plan=entitlements.plan(state),
            subscribed=_subscribed(state),
            doors=_doors(state, features),
            offered=_offered(state),
            events=[(EVENTS[each.type], each) for each in inbox.of(user.customer)],
        )

    @pages.get("/dashboard/settings/billing")
    @_signed_in(users)
    def billing_settings(user: User) -> ResponseReturnValue:
        """Show the settings page that the interface's documentation leads back to."""
        state = billing.known(user.customer)
        return render_template(
            "billing_settings.html",
            user=user,
            subscription=state["subscription"] if state else None,
            plan=_subscribed(state) or entitlements.FREE,
            offered=_offered(state),
        )

    @pages.post("/upgrade")
    @_signed_in(users)
    def upgrade(user: User) -> ResponseReturnValue:
        check_form()
        if not _offered(billing.known(user.customer)):
            flash("You have a plan: change it under “Manage billing”.", "error")
            return redirect(url_for("account.show"), 303)
        return _lead(
            lambda: open_checkout(
                client,
                users,
                user,
                lookup_key=request.form.get("plan", ""),
                success_url=f"{settings.origin}/account/back",
                cancel_url=f"{settings.origin}/dashboard/settings/billing",
            ),
            "checkout",
            back="account.billing_settings",
        )

    @pages.get("/account/back")
    def back() -> ResponseReturnValue:
        """Return from the portal: the customer may be faster than the webhook."""
        user = signed_in(users)
        if user is not None and user.customer is not None:
            try:
                billing.sync(user.customer)
            except stripe.StripeError as error:
                current_app.logger.warning("not asked on return: %s", error)
        return redirect(url_for("account.show"), 303)

    @pages.post("/create-customer-portal-session")
    @_signed_in(users)
    def manage_billing(user: User) -> ResponseReturnValue:
        check_form()
        flow = request.form.get("flow") or None
        if user.customer is None or (flow is not None and flow not in FLOWS):
            abort(404)
        state = billing.known(user.customer)
        customer = user.customer
        return _lead(
            lambda: open_portal(
                client,
                customer,
                configuration=entitlements.configuration(state, settings),
                return_url=f"{settings.origin}/account/back",
                flow=flow,
                state=state,
            ),
            "billing portal",
            back="account.show",
        )

    @pages.get("/reports")
    @_signed_in(users)
    def reports(user: User) -> ResponseReturnValue:
        allowed = "reports" in entitlements.plan(billing.known(user.customer)).features
        page = render_template("reports.html", user=user, allowed=allowed)
        return page, 200 if allowed else 403

    return pages


def _signed_in(users: Users) -> Callable[[_Page], Callable[[], ResponseReturnValue]]:
    """Have who isn't signed in do so first; a page takes who is."""

    def protect(page: _Page) -> Callable[[], ResponseReturnValue]:
        @wraps(page)
        def answer() -> ResponseReturnValue:
            user = signed_in(users)
            return page(user) if user else redirect(url_for("signin.form"), 303)

        return answer

    return protect


def _lead(to: Callable[[], str], name: str, *, back: str) -> ResponseReturnValue:
    """Redirect to a page of Stripe's; where there is none now, say why on one's own."""
    try:
        return redirect(to(), 303)
    except NotOfferedError:
        flash("This plan isn't sold here.", "error")
    except NoSubscriptionError:
        flash("There is no subscription to change.", "error")
    except stripe.StripeError as error:
        current_app.logger.warning("no %s: %s", name, error)
        flash(f"The {name} can't be opened now. Please try again.", "error")
    return redirect(url_for(back), 303)


def _subscribed(state: State | None) -> entitlements.Plan | None:
    """Return the plan that is subscribed to, also where it rests now."""
    if state is None or state["subscription"] is None:
        return None
    return entitlements.PLANS.get(state["subscription"]["tier"] or "")


def _offered(state: State | None) -> dict[str, str]:
    """Return the plans that somebody can begin with; who has one changes it instead."""
    return {} if state and state["subscription"] else OFFERED


def _doors(state: State | None, features: set[str] | None) -> dict[str, list[_Door]]:
    """List the deep links that lead somewhere: by what the portal offers, and by plan.

    Where it isn't known what the portal offers, Stripe has the last word anyway.
    """
    subscription = state["subscription"] if state else None
    plan: list[_Door] = []
    if subscription and not subscription["ends_at"] and not subscription["paused"]:
        upgrade = UPGRADES.get(subscription["tier"] or "")
        if upgrade:
            plan.append(("upgrade", f"Upgrade to {entitlements.PLANS[upgrade].name}"))
        plan += [
            ("change-plan", "Change plan"),
            ("pause", "Pause plan"),
            ("cancel", "Cancel plan"),
        ]
    doors = {
        "plan": plan,
        "payment": [("payment-method", "Update payment method")],
        "details": [("details", "Edit billing details")],
    }
    return {
        place: [
            door for door in found if features is None or FLOWS[door[0]][1] in features
        ]
        for place, found in doors.items()
    }
