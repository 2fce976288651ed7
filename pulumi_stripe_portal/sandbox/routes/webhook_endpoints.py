"""Webhook endpoints.

See https://docs.stripe.com/api/webhook_endpoints.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.addresses import LOOPBACK, host_of
from pulumi_stripe_portal.sandbox.data.accounts import application_of
from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.limits import at_most, url
from pulumi_stripe_portal.sandbox.objects.merge import merge_given, merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource

__all__ = ["RESOURCE"]

_LIMIT = 16


def _create(call: Call, params: Json) -> Json:
    _check_url(call, params["url"])
    _check_count(call)
    endpoint = call.new(RESOURCE)
    own = application_of(call.partition.account)
    return endpoint | {
        "api_version": params.get("api_version"),
        # An endpoint's `connect` is not returned; it shows in `application` alone
        # [SPECIFIED: stripe 16.1.0, WebhookEndpoint].
        "application": own if params.get("connect") else call.application,
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "secret": "whsec_" + alphanumeric(f"secret/{endpoint['id']}", 32),
        "status": "enabled",
        "url": params["url"],
    }


def _update(call: Call, stored: Json, params: Json) -> Json:
    if "url" in params:
        _check_url(call, params["url"])
    changed = merge_given(stored, params, ("url", "enabled_events", "description"))
    if "disabled" in params:
        changed["status"] = "disabled" if params["disabled"] else "enabled"
    return changed


def _delete(call: Call, endpoint: Json) -> None:
    """Let every endpoint be deleted."""


def _check_url(call: Call, value: Any) -> None:
    if host_of(value) in LOOPBACK:
        raise StripeError(
            "Invalid URL: URL must be publicly accessible. Consider using a tool like "
            "the Stripe CLI to test webhooks locally.",
            Evidence.OBSERVED("dj-stripe/dj-stripe #1891"),
            param="url",
        )
    if call.partition.livemode and not value.startswith("https://"):
        raise StripeError(
            f'Invalid URL: {value}. URLs in livemode must begin with "https://"',
            Evidence.OBSERVED("stripe/stripe-connect-custom-rocketdeliveries #10"),
            param="url",
        )


def _check_count(call: Call) -> None:
    if len(call.partition.all(RESOURCE.object)) < _LIMIT:
        return
    if call.partition.livemode:
        raise StripeError(
            f"You have reached the maximum of {_LIMIT} webhook endpoints.",
            Evidence.REPORTED("lago, Autumn, LearnDash, PrestaShop"),
        )
    raise StripeError(
        f"You have reached the maximum of {_LIMIT} test webhook endpoints.",
        Evidence.OBSERVED("lago, Autumn, LearnDash, PrestaShop"),
    )


RESOURCE = Resource(
    object="webhook_endpoint",
    path="/v1/webhook_endpoints",
    noun="webhook endpoint",
    prefix="we_1",
    id_length=23,
    scope="webhook",
    params="WebhookEndpoint",
    missing_param="webhook_endpoint",
    create=_create,
    update=_update,
    delete=_delete,
    private=("secret",),
    limits={"url": url, "description": at_most(5000)},
)
