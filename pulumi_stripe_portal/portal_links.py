"""Links into the customer portal: what can be asked for, and how Stripe is asked. Pure.

https://docs.stripe.com/api/customer_portal/sessions/create and
https://docs.stripe.com/customer-management/portal-deep-links
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.failures import nearest
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS, RESOURCE_TYPES, Kind
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks.recorded import Recorded

__all__ = [
    "AFTER",
    "FLOWS",
    "SESSIONS",
    "Link",
    "NoSuchConfiguration",
    "configuration_in",
    "problems",
    "session_params",
]

SESSIONS = Kind(
    "portal session", "bps_", "billing_portal.session", "billing_portal.sessions"
)

FLOWS: Mapping[str, Sequence[str]] = {
    "payment_method_update": (),
    "customer_update": (),
    "subscription_cancel": ("subscription", "retention_coupon"),
    "subscription_pause": ("subscription",),
    "subscription_update": ("subscription",),
    "subscription_update_confirm": (
        "subscription",
        "item",
        "price",
        "quantity",
        "coupon",
        "promotion_code",
    ),
}
"""What a link can lead straight to, and the options that it takes."""

AFTER: Mapping[str, str | None] = {
    "portal_homepage": None,
    "hosted_confirmation": "after_message",
    "redirect": "after_url",
}
"""What can follow on a flow, and the option that goes with it."""

_ONLY_IN_FLOWS = tuple(
    dict.fromkeys(name for takes in FLOWS.values() for name in takes)
)
_LONGEST_MESSAGE = 500
_TYPES = [each.name for each in RESOURCE_TYPES if each.kind is CONFIGURATIONS]


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link is to do; the names are those of the options."""

    customer: str | None = None
    customer_account: str | None = None
    configuration: str | None = None
    return_url: str | None = None
    locale: str | None = None
    on_behalf_of: str | None = None
    flow: str | None = None
    subscription: str | None = None
    item: str | None = None
    price: str | None = None
    quantity: int | None = None
    coupon: str | None = None
    promotion_code: str | None = None
    retention_coupon: str | None = None
    after: str | None = None
    after_url: str | None = None
    after_message: str | None = None
    recoverable: bool = False
    recoverable_until: int | None = None
    """Seconds since 1970."""


def problems(link: Link) -> Iterator[str]:
    """Yield what doesn't go together, as sentences."""
    if bool(link.customer) == bool(link.customer_account):
        yield "Give either --customer or --customer-account."
    takes = FLOWS.get(link.flow or "", ())
    for name in _ONLY_IN_FLOWS:
        if getattr(link, name) is not None and name not in takes:
            flows = [flow for flow, those in FLOWS.items() if name in those]
            yield f"{_option(name)} goes with --flow {' or '.join(flows)}."
    for name in ("subscription", "item"):
        if name in takes and getattr(link, name) is None:
            yield f"--flow {link.flow} needs {_option(name)}."
    if link.flow == "subscription_update_confirm":
        if link.price is None and link.quantity is None:
            yield f"--flow {link.flow} needs --price or --quantity."
        if link.coupon and link.promotion_code:
            yield "Give either --coupon or --promotion-code."
    yield from _after_problems(link)


def _after_problems(link: Link) -> Iterator[str]:
    for kind, option in AFTER.items():
        if option and getattr(link, option) is not None and _after(link) != kind:
            yield f"{_option(option)} goes with --after {kind}."
    if link.after == "redirect" and link.after_url is None:
        yield "--after redirect needs --after-url."
    if _after(link) and link.flow is None:
        yield "What comes --after needs a --flow."
    if len(link.after_message or "") > _LONGEST_MESSAGE:
        yield f"--after-message has more than {_LONGEST_MESSAGE} characters."


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _after(link: Link) -> str | None:
    """Return what follows the flow; a message or an address tells it alone."""
    given = (kind for kind, option in AFTER.items() if option and getattr(link, option))
    return link.after or next(given, None)


def session_params(link: Link) -> dict[str, Any]:
    """Return the parameters that make the link's session."""
    params = {
        "customer": link.customer,
        "customer_account": link.customer_account,
        "configuration": link.configuration,
        "return_url": link.return_url,
        "locale": link.locale,
        "on_behalf_of": link.on_behalf_of,
        "flow_data": _flow_data(link) if link.flow else None,
        "after_expiration": _after_expiration(link),
    }
    return _given(params)


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _flow_data(link: Link) -> dict[str, Any]:
    details = _details(link) if link.subscription else None
    flow = {
        "type": link.flow,
        str(link.flow): details,
        "after_completion": _completion(link),
    }
    return _given(flow)


def _details(link: Link) -> dict[str, Any]:
    """Return what a flow needs to know about the subscription."""
    details: dict[str, Any] = {"subscription": link.subscription}
    if link.retention_coupon:
        offer = {"coupon": link.retention_coupon}
        details["retention"] = {"type": "coupon_offer", "coupon_offer": offer}
    if link.item:
        item = {"id": link.item, "price": link.price, "quantity": link.quantity}
        details["items"] = [_given(item)]
    discount = {"coupon": link.coupon, "promotion_code": link.promotion_code}
    if _given(discount):
        details["discounts"] = [_given(discount)]
    return details


def _completion(link: Link) -> dict[str, Any] | None:
    kind = _after(link)
    if kind == "redirect":
        return {"type": kind, "redirect": {"return_url": link.after_url}}
    if kind == "hosted_confirmation" and link.after_message:
        message = {"custom_message": link.after_message}
        return {"type": kind, "hosted_confirmation": message}
    return {"type": kind} if kind else None


def _after_expiration(link: Link) -> dict[str, Any] | None:
    if link.recoverable_until is not None:
        login = {"expires_at": link.recoverable_until}
        return {"type": "customer_login", "customer_login": login}
    return {"type": "customer_login"} if link.recoverable else None


class NoSuchConfiguration(ValueError):
    """A stack has no configuration of that name; the message says which it has."""


def configuration_in(stack: Sequence[Recorded], name: str) -> Recorded:
    """Return the configuration that has this name in a stack.

    Raises:
        NoSuchConfiguration: If the stack has none of that name.
    """
    known = {each.name: each for each in stack if each.type in _TYPES}
    if name not in known:
        near = nearest(name, known)
        others = ", ".join(map(visible, sorted(known))) or "none"
        hint = f"did you mean {near!r}?" if near else f"it has {others}"
        raise NoSuchConfiguration(f"the stack has no configuration {name!r}; {hint}")
    return known[name]
