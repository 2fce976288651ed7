"""The pages for who is signed in: the account, the portal's doors, a paid feature."""

from __future__ import annotations

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
    from .users import Users

__all__ = ["routes"]

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
    def show() -> ResponseReturnValue:
        user = signed_in(users)
        if user is None:
            return redirect(url_for("signin.form"), 303)
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
    def billing_settings() -> ResponseReturnValue:
        """Show the settings page that the interface's documentation leads back to."""
        user = signed_in(users)
        if user is None:
            return redirect(url_for("signin.form"), 303)
        state = billing.known(user.customer)
        return render_template(
            "billing_settings.html",
            user=user,
            subscription=state["subscription"] if state else None,
            plan=_subscribed(state) or entitlements.FREE,
            offered=_offered(state),
        )

    @pages.post("/upgrade")
    def upgrade() -> ResponseReturnValue:
        user = signed_in(users)
        if user is None:
            return redirect(url_for("signin.form"), 303)
        check_form()
        if not _offered(billing.known(user.customer)):
            flash("You have a plan: change it under “Manage billing”.", "error")
            return redirect(url_for("account.show"), 303)
        try:
            url = open_checkout(
                client,
                users,
                user,
                lookup_key=request.form.get("plan", ""),
                success_url=f"{settings.origin}/account/back",
                cancel_url=f"{settings.origin}/dashboard/settings/billing",
            )
        except NotOfferedError:
            flash("This plan isn't sold here.", "error")
        except stripe.StripeError as error:
            current_app.logger.warning("no checkout: %s", error)
            flash("The checkout can't be opened now. Please try again.", "error")
        else:
            return redirect(url, 303)
        return redirect(url_for("account.billing_settings"), 303)

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
    def manage_billing() -> ResponseReturnValue:
        user = signed_in(users)
        if user is None:
            return redirect(url_for("signin.form"), 303)
        check_form()
        flow = request.form.get("flow") or None
        if user.customer is None or (flow is not None and flow not in FLOWS):
            abort(404)
        state = billing.known(user.customer)
        try:
            url = open_portal(
                client,
                user.customer,
                configuration=entitlements.configuration(state, settings),
                return_url=f"{settings.origin}/account/back",
                flow=flow,
                state=state,
            )
        except NoSubscriptionError:
            flash("There is no subscription to change.", "error")
        except stripe.StripeError as error:
            current_app.logger.warning("no portal session: %s", error)
            flash("The billing portal can't be opened now. Please try again.", "error")
        else:
            return redirect(url, 303)
        return redirect(url_for("account.show"), 303)

    @pages.get("/reports")
    def reports() -> ResponseReturnValue:
        user = signed_in(users)
        if user is None:
            return redirect(url_for("signin.form"), 303)
        allowed = "reports" in entitlements.plan(billing.known(user.customer)).features
        page = render_template("reports.html", user=user, allowed=allowed)
        return page, 200 if allowed else 403

    return pages


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
