"""What is said where a call to Stripe has failed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.stripe_api.answers import NotStripe
from pulumi_stripe_portal.stripe_api.error_hints import remedy
from pulumi_stripe_portal.stripe_api.keys import without_secrets
from pulumi_stripe_portal.stripe_api.settings import Settings

if TYPE_CHECKING:
    import stripe

__all__ = ["refusal"]

_WAY = "check the network, a proxy, or STRIPE_API_BASE, and run again"

# The network's own words, and ours for them.
_REASONS = {
    "ProxyError": "the proxy in HTTPS_PROXY can't be used",
    "Connection refused": "connection refused",
    "Name or service not known": "name or service not known",
    "certificate": "its certificate can't be verified",
    "timed out": "timed out",
    "does not end": "the answer does not end",
}


def refusal(
    error: stripe.StripeError | NotStripe, settings: Settings, tried: str
) -> RequestRefused:
    """Say what Stripe said, or what answered in its place, without anything secret.

    `tried` says how long it was tried. Only what Stripe says has a status and a code.
    """
    import stripe

    base = settings.api_base
    after = f", {tried}" if tried else ""
    if isinstance(error, NotStripe):
        return RequestRefused(
            f"what answered at {base} was not Stripe: {error}{after}; {_WAY}"
        )
    if isinstance(error, stripe.APIConnectionError):
        reason = _reason(str(error))
        return RequestRefused(
            f"Stripe could not be reached at {base} ({reason}){after}; {_WAY}"
        )
    key = settings.api_key
    words = without_secrets(str(error.user_message or error).strip(), key)
    details = [f"request {error.request_id}" if error.request_id else "", tried]
    param = getattr(error.error, "param", None)
    if param and param not in words:  # which field, where the words don't tell
        details.insert(0, f"param {without_secrets(param, key)}")
    told = ", ".join(filter(None, details))
    return RequestRefused(
        f"{remedy(error.http_status, words)}. Stripe: {words}"
        + (f" ({told})" if told else ""),
        status=error.http_status,
        code=error.code,
        type=getattr(error.error, "type", None),
        param=param,
    )


def _reason(text: str) -> str:
    """Return the network's own reason in a few words."""
    for words, meaning in _REASONS.items():
        if words.lower() in text.lower():
            return meaning
    return "the connection failed"
