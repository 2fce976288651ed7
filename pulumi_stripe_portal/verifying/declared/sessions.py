"""Portal sessions: which flows are refused for whom."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.verifying.probe import Probe, Rule

from .configurations import CONFIGURATIONS, offer, plans

__all__ = ["PROBES"]

_SESSIONS = "/v1/billing_portal/sessions"
_RETURN = {"return_url": "https://example.com/account"}
_ADJUSTABLE = {"enabled": True, "minimum": 1, "maximum": 10}
_OPEN = {
    **plans(
        offer("monthly", "annual", quantity=_ADJUSTABLE),
        offer("fixed_monthly", product="fixed", quantity={"enabled": False}),
    ),
    "customer_update": {"enabled": True, "allowed_updates": ["email"]},
    "invoice_history": {"enabled": True},
    "subscription_cancel": {"enabled": True},
    "subscription_pause": {"enabled": True},
}
_DISABLED = (
    "«This {subject} cannot be {done} because the {words} feature in the portal "
    "configuration is disabled.»"
)


def _flow(
    name: str,
    words: str,
    type_: str,
    own: dict[str, Any] | None = None,
    *,
    configuration: str = "open",
    evidence: Evidence = Evidence.OURS,
    **flow: Any,
) -> Probe:
    """Return a session with a flow that the sandbox refuses."""
    data = {"type": type_, **({type_: own} if own else {}), **flow}
    return Probe(
        name,
        "POST",
        _SESSIONS,
        {
            "customer": "{customer}",
            "configuration": f"{{{configuration}}}",
            "flow_data": data,
            **_RETURN,
        },
        Rule(words, evidence),
    )


def _confirm(
    name: str, words: str, *, subscription: str = "subscription", **own: Any
) -> Probe:
    of = {"subscription": f"{{{subscription}}}"}
    return _flow(name, words, "subscription_update_confirm", {**of, **own})


_OF_MAIN = {"subscription": "{subscription}"}
_ANNUAL = [{"id": "{item}", "price": "{annual}"}]

PROBES = (
    Probe(
        "a configuration with all features",
        "POST",
        CONFIGURATIONS,
        {"features": _OPEN, "name": "Sandbox verify"},
        keep={"open": "id"},
    ),
    Probe(
        "a configuration without features",
        "POST",
        CONFIGURATIONS,
        {
            "features": {"invoice_history": {"enabled": False}},
            "name": "Sandbox verify",
        },
        Rule("A survey that is off lists no reasons."),
        keep={"shut": "id"},
    ),
    Probe(
        "a session on behalf of an account that there is not",
        "POST",
        _SESSIONS,
        {
            "customer": "{customer}",
            "configuration": "{open}",
            "on_behalf_of": "acct_1SandboxVerify00",
            **_RETURN,
        },
        Rule("«No such on_behalf_of account: '{id_}'»"),
    ),
    Probe(
        "a session without an address to return to",
        "POST",
        _SESSIONS,
        {"customer": "{customer}", "configuration": "{open}"},
        Rule(
            "«Your PortalConfiguration does not have a `default_return_url`, and you "
            "did not provide a `return_url`.»",
            Evidence.OBSERVED,
        ),
    ),
    _flow(
        "data of another flow",
        "«flow_data[{name}] can only be used with its own type.»",
        "payment_method_update",
        subscription_cancel=_OF_MAIN,
    ),
    _flow(
        "a cancellation that is disabled",
        _DISABLED,
        "subscription_cancel",
        _OF_MAIN,
        configuration="shut",
    ),
    _flow(
        "a pause that is disabled",
        _DISABLED,
        "subscription_pause",
        _OF_MAIN,
        configuration="shut",
    ),
    _flow(
        "a new payment method that is disabled",
        _DISABLED,
        "payment_method_update",
        configuration="shut",
    ),
    _flow(
        "an update that is disabled",
        "«This subscription cannot be updated because the {words} feature in the "
        "portal configuration is disabled.»",
        "subscription_update",
        _OF_MAIN,
        configuration="shut",
        evidence=Evidence.OBSERVED,
    ),
    Probe(
        "the subscription of somebody else",
        "POST",
        _SESSIONS,
        {
            "customer": "{guest}",
            "configuration": "{open}",
            "flow_data": {
                "type": "subscription_cancel",
                "subscription_cancel": _OF_MAIN,
            },
            **_RETURN,
        },
        Rule("«The subscription `{id_}` does not belong to the customer `{id}`.»"),
    ),
    _flow(
        "a cancellation of what has ended",
        "«The subscription `{id_}` has already been canceled.»",
        "subscription_cancel",
        {"subscription": "{ended}"},
    ),
    _flow(
        "an offer of a coupon that is used up",
        "«The coupon `{id_}` can no longer be redeemed.»",
        "subscription_cancel",
        {
            **_OF_MAIN,
            "retention": {
                "type": "coupon_offer",
                "coupon_offer": {"coupon": "{spent_coupon}"},
            },
        },
    ),
    _flow(
        "a pause of what is paused",
        "«The subscription `{id}` is already paused.»",
        "subscription_pause",
        {"subscription": "{paused}"},
    ),
    _flow(
        "an update of two items",
        "«The subscription `{id_}` has multiple items and cannot be updated.»",
        "subscription_update",
        {"subscription": "{double}"},
    ),
    _flow(
        "an update of a product that isn't listed",
        "«The subscription `{id_}` cannot be updated because the configuration `{id}` "
        "does not include its product in its "
        "`features[subscription_update][products]`.»",
        "subscription_update",
        {"subscription": "{of_unlisted}"},
    ),
    _confirm(
        "a confirmation of two items",
        "«Exactly one item must be specified.»",
        items=[*_ANNUAL, *_ANNUAL],
    ),
    _confirm(
        "a confirmation with two discounts",
        "«Only one discount may be specified.»",
        items=_ANNUAL,
        discounts=[{"coupon": "{coupon}"}, {"coupon": "{coupon}"}],
    ),
    _confirm(
        "a confirmation with a promotion code that is off",
        "«The promotion code `{code}` can no longer be redeemed.»",
        items=_ANNUAL,
        discounts=[{"promotion_code": "{code}"}],
    ),
    _confirm(
        "a confirmation of a quantity that is fixed",
        "«The quantity of the product {product} is not adjustable.»",
        subscription="of_fixed",
        items=[{"id": "{fixed_item}", "price": "{fixed_monthly}", "quantity": 2}],
    ),
    _confirm(
        "a confirmation of too large a quantity",
        "«The quantity must be {missed}.»",
        items=[{"id": "{item}", "price": "{monthly}", "quantity": 11}],
    ),
    _flow(
        "a confirmation of nothing new",
        "«Cannot update the subscription because there are no changes to confirm.»",
        "subscription_update_confirm",
        {**_OF_MAIN, "items": [{"id": "{item}", "price": "{monthly}", "quantity": 1}]},
        evidence=Evidence.OBSERVED,
    ),
    _flow(
        "a confirmation of a price that isn't listed",
        "«The item `{item}` cannot be updated to price `{price}` because the "
        "configuration `{id}` does not include the price in its "
        "`features[subscription_update][products]`.»",
        "subscription_update_confirm",
        {**_OF_MAIN, "items": [{"id": "{item}", "price": "{dearer}"}]},
        evidence=Evidence.OBSERVED,
    ),
)
