"""Portal configurations: what customers may do in the portal.

See https://docs.stripe.com/api/customer_portal/configurations. There is no delete.
"""

from copy import deepcopy

from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.limits import at_most, elements, url
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata, merge_nested
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.portal_session.configuration_rules import check

__all__ = ["RESOURCE"]

# In a configuration made by the API every feature is off that is not named
# [DOCUMENTED: docs.stripe.com/api/customer_portal/configurations/create].
_FEATURES: Json = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {
            "enabled": False,
            "feedback_options": None,
            # A survey that is off lists no reasons
            # [OURS: Stripe's example lists five, but a cleared list is empty].
            "options": [],
        },
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {
        "duration": {
            "interval_options": [{"interval": "month", "interval_count": 1}],
            "type": "interval_options",
        },
        "enabled": False,
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "products": [],
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}


_HOST = "https://billing.stripe.com"
"""Where Stripe has login pages, in what is stored; see `_view`."""


def _create(call: Call, params: Json) -> Json:
    first = not any(call.partition.newest_first(RESOURCE.object))
    configuration = call.new(RESOURCE) | {
        "active": True,
        "application": call.application,
        "business_profile": {
            "headline": None,
            "privacy_policy_url": None,
            "terms_of_service_url": None,
        },
        "default_return_url": None,
        "features": deepcopy(_FEATURES),
        # The first configuration is the default for ever
        # [OBSERVED: plantonhq/planton, 2026-10-01].
        "is_default": first,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "updated": call.clock.now(),
    }
    return _change(call, configuration, params)


def _update(call: Call, stored: Json, params: Json) -> Json:
    changed = _change(call, stored, params)
    return changed | {"updated": call.clock.now()} if changed != stored else stored


def _change(call: Call, stored: Json, params: Json) -> Json:
    """Apply *params* to *stored*.

    What an update doesn't name stays as it is [OBSERVED: plantonhq/planton].
    """
    given = {name: value for name, value in params.items() if name != "expand"}
    metadata = given.pop("metadata", {})
    _complete(given.get("features", {}))
    changed = merge_nested(stored, given)
    changed["metadata"] = merge_metadata(stored["metadata"], metadata)
    check(call, changed, given)
    changed["login_page"] = _login_page(call, stored, changed)
    return changed


def _complete(features: Json) -> None:
    """Fill what Stripe fills inside the elements of the lists that were sent."""
    for product in features.get("subscription_update", {}).get("products", []):
        # A product without `adjustable_quantity` has it enabled
        # [OURS: reports differ, and more are for enabled].
        quantity = product.get("adjustable_quantity", {"enabled": True})
        product["adjustable_quantity"] = {"maximum": None, "minimum": 1, **quantity}
    duration = features.get("subscription_pause", {}).get("duration", {})
    if duration.get("type") == "indefinite":
        # An indefinite pause has no options to choose from [OURS: not known].
        duration.setdefault("interval_options", [])
    for option in duration.get("interval_options") or []:
        option.setdefault("interval_count", 1)


def _login_page(call: Call, stored: Json, changed: Json) -> Json:
    """Make a link while it is enabled.

    Disabling a login page deactivates its link
    [SPECIFIED: stripe 16.1.0, ConfigurationModifyParamsLoginPage]. Enabling it again
    makes another one [OURS: not known].
    """
    if not changed["login_page"]["enabled"]:
        return {"enabled": False, "url": None}
    if stored["login_page"]["enabled"]:
        return dict(stored["login_page"])
    mode = "" if call.partition.livemode else "test_"
    seed = call.store.new_id("login/", changed["id"])
    link = f"{_HOST}/p/login/{mode}{alphanumeric(seed, 18)}"
    return {"enabled": True, "url": link}


def _view(context: Context, configuration: Json) -> Json:
    """Show the login page where the sandbox has it."""
    page = configuration["login_page"]
    path = (page["url"] or "").removeprefix(_HOST)
    link = f"{context.origin}{path}" if page["enabled"] else None
    return {**configuration, "login_page": {**page, "url": link}}


RESOURCE = Resource(
    object="billing_portal.configuration",
    path="/v1/billing_portal/configurations",
    noun="configuration",
    prefix="bpc_1",
    id_length=23,
    scope="customer_portal",
    params="billing_portal.Configuration",
    missing_param="configuration",
    create=_create,
    update=_update,
    filters={"active": equals("active"), "is_default": equals("is_default")},
    expands={
        "features.subscription_cancel.cancellation_reason.feedback_options": (
            "billing.feedback_option"
        ),
        "features.subscription_update.products": INCLUDED,
    },
    limits={
        "name": at_most(256),
        "business_profile[headline]": at_most(60),
        "business_profile[privacy_policy_url]": url,
        "business_profile[terms_of_service_url]": url,
        "default_return_url": url,
        "features[subscription_update][products]": elements(10),
    },
    announces=True,
    view=_view,
)
