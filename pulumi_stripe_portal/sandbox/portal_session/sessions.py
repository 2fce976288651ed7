"""Portal sessions: made for a customer, with a configuration and perhaps a flow."""

from __future__ import annotations

import secrets

from pulumi_stripe_portal.sandbox.billing.params import connected_account, refuse
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import Evidence, missing_param, unsupported
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import record

from .flow_data import flow

__all__ = ["create"]

_DASHBOARD = "https://dashboard.stripe.com"


def create(context: Context, params: Json) -> Json:
    """Make a session.

    Raises:
        StripeError: No customer or configuration, or the flow is not possible.
    """
    if params.get("customer_account"):
        raise unsupported("the parameter customer_account of portal sessions")
    if not params.get("customer"):
        raise missing_param("customer")
    customer = reference(context, "customer", params["customer"], "customer")
    configuration = _configuration(context, params.get("configuration"))
    return_url = params.get("return_url") or configuration["default_return_url"]
    if return_url is None:
        raise refuse(
            "Your PortalConfiguration does not have a `default_return_url`, and you "
            "did not provide a `return_url`.",
            evidence=Evidence.OBSERVED,
            source="fjordllc/bootcamp #4623, 2022",
        )
    on_behalf_of = connected_account(context, params.get("on_behalf_of"))
    wanted = params.get("flow_data")
    made = flow(context, customer, configuration, wanted) if wanted else None
    mode = "live" if context.partition.livemode else "test"
    secret = f"{mode}_{secrets.token_urlsafe(32)}"
    session = context.new(context.resources["billing_portal.session"]) | {
        "after_expiration": _after_expiration(params.get("after_expiration")),
        "configuration": configuration["id"],
        "customer": customer["id"],
        "customer_account": None,
        "flow": made,
        "locale": params.get("locale"),
        "on_behalf_of": on_behalf_of,
        "return_url": return_url,
        "url": _url(context, secret),
        "browser": None,
        "done": False,
        "opened": None,
        "secret": secret,
        "seen": None,
    }
    context.partition.put(session)
    record(context, session)
    return session


def _url(context: Context, secret: str) -> str:
    """Return the link, in one of the two shapes that are seen at Stripe [V]."""
    if context.store.older_links:
        return f"{context.origin}/p/session/{secret}"
    return f"{context.origin}/p/session?secret={secret}"


def _configuration(context: Context, id_: str | None) -> Json:
    if id_:
        kind = "billing_portal.configuration"
        found = reference(context, kind, id_, "configuration")
        if not found["active"]:
            # That it is refused was observed at Stripe, not in which words [U].
            message = f"The configuration `{id_}` is inactive and cannot be used."
            raise refuse(message, "configuration")
        return found
    for each in context.partition.all("billing_portal.configuration"):
        if each["is_default"]:
            return each
    live = context.partition.livemode
    mode = "live" if live else "test"
    account = context.partition.account
    is_connected = context.store.accounts.get(account) is not None
    path = f"{account}/" if is_connected else ""
    url = f"{_DASHBOARD}/{path}{'' if live else 'test/'}settings/billing/portal"
    raise refuse(
        f"No configuration provided and your {mode} mode default configuration has not "
        "been created. Provide a configuration or create your default by saving your "
        f"customer portal settings in {mode} mode at {url}.",
        evidence=Evidence.OBSERVED,
        source="more than 10 public projects",
    )


def _after_expiration(given: Json | None) -> Json | None:
    if given is None:
        return None
    login = given.get("customer_login") or {}
    return {
        "customer_login": {"expires_at": login.get("expires_at")},
        "type": given["type"],
    }
