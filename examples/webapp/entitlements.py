"""Plans: what each allows, to whom it applies, and which portal goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .billing import State
    from .settings import Settings

__all__ = ["FREE", "PLANS", "Plan", "allowed_configurations", "configuration", "plan"]


@dataclass(frozen=True)
class Plan:
    """One tier of the price list."""

    tier: str
    """The first word of its prices' lookup keys, as `pro` in `pro_monthly`."""
    name: str
    projects: int | None
    """How many projects there may be; None for any number."""
    features: frozenset[str] = frozenset()


FREE = Plan("free", "Free", projects=1)

PLANS = {
    plan.tier: plan
    for plan in (
        Plan("basic", "Basic", 5),
        Plan("pro", "Pro", 50, frozenset({"reports", "api"})),
        Plan("enterprise", "Enterprise", None, frozenset({"reports", "api", "sso"})),
    )
}

_GRANTING = {"active", "trialing", "past_due"}
"""Past due still grants: Stripe is retrying the card, and ends it if that fails."""


def plan(state: State | None) -> Plan:
    """Tell what somebody may use now.

    While collection is paused nobody pays, so the plan rests until it resumes.
    """
    subscription = state["subscription"] if state else None
    if (
        subscription is None
        or subscription["status"] not in _GRANTING
        or subscription["paused"]
    ):
        return FREE
    return PLANS.get(subscription["tier"] or "", FREE)


def allowed_configurations(state: State | None, settings: Settings) -> tuple[str, ...]:
    """List the portals that somebody may use, the one meant for them first.

    It goes by the plan they are subscribed to, also where that rests: who paused
    Pro resumes it in Pro's portal. Enterprise is sold by people, so nobody gets its
    portal who isn't on it.
    """
    subscription = state["subscription"] if state else None
    default, standard = settings.portal_default, settings.portal_standard
    if subscription is None or subscription["tier"] is None:
        return (default,)
    if subscription["tier"] == "enterprise":
        return (settings.portal_all_plans, standard, default)
    return (standard, default)


def configuration(state: State | None, settings: Settings) -> str:
    """Name the portal that is meant for somebody."""
    return allowed_configurations(state, settings)[0]
