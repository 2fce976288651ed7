"""The way to Stripe's portal: a session for a customer, with a deep link if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import stripe
    from stripe.params.billing_portal import (
        SessionCreateParams,
        SessionCreateParamsFlowData,
    )

    from .billing import State, Subscription

__all__ = ["FLOWS", "UPGRADES", "NoSubscriptionError", "open_portal"]

FLOWS = {
    "payment-method": ("payment_method_update", "payment_method_update"),
    "details": ("customer_update", "customer_update"),
    "change-plan": ("subscription_update", "subscription_update"),
    "upgrade": ("subscription_update_confirm", "subscription_update"),
    "pause": ("subscription_pause", "subscription_pause"),
    "cancel": ("subscription_cancel", "subscription_cancel"),
}
"""Our name of a deep link: Stripe's type of the flow, the feature that it needs."""

UPGRADES = {"basic": "pro"}
"""The plan that is offered with one click to who has another."""


class NoSubscriptionError(Exception):
    """The deep link is about a subscription, and there is none that it fits."""


def open_portal(
    client: stripe.StripeClient,
    customer: str,
    *,
    configuration: str,
    return_url: str,
    flow: str | None = None,
    state: State | None = None,
) -> str:
    """Make a session and return its address, which is good for one visit, soon.

    Whoever has that address is in the customer's portal: it is neither kept nor logged.

    Raises:
        NoSubscriptionError: The flow needs one.
        stripe.StripeError: Stripe refuses, or can't be reached.
    """
    params: SessionCreateParams = {
        "customer": customer,
        "configuration": configuration,
        "return_url": return_url,
    }
    if flow is not None:
        subscription = state["subscription"] if state else None
        params["flow_data"] = _flow(client, flow, return_url, subscription)
    return client.v1.billing_portal.sessions.create(params).url


def _flow(
    client: stripe.StripeClient,
    flow: str,
    return_url: str,
    subscription: Subscription | None,
) -> SessionCreateParamsFlowData:
    """Lead to one task, and back here once it is done."""
    kind, _ = FLOWS[flow]
    done = {"type": "redirect", "redirect": {"return_url": return_url}}
    data: dict[str, Any] = {"type": kind, "after_completion": done}
    if kind.startswith("subscription_"):
        if subscription is None:
            raise NoSubscriptionError
        data[kind] = {"subscription": subscription["id"]}
    if flow == "upgrade" and subscription is not None:
        price = _upgrade(client, subscription)
        data[kind]["items"] = [{"id": subscription["item"], "price": price}]
    return cast("SessionCreateParamsFlowData", data)


def _upgrade(client: stripe.StripeClient, subscription: Subscription) -> str:
    """Find the next plan's price for the same time."""
    tier = UPGRADES.get(subscription["tier"] or "")
    time = "annual" if subscription["interval"] == "year" else "monthly"
    if tier is None:
        raise NoSubscriptionError
    prices = client.v1.prices.list({"lookup_keys": [f"{tier}_{time}"]}).data
    if not prices:
        raise NoSubscriptionError
    return prices[0].id
