"""The kinds of objects that are asked for, and in which version of the API."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["API_VERSION", "CONFIGURATIONS", "WEBHOOK_ENDPOINTS", "Kind"]

API_VERSION = "2026-10-28.endive"
"""The API version that every request carries; that of stripe 16.1."""


@dataclass(frozen=True)
class Kind:
    """A kind of object at Stripe, and how it is asked for."""

    noun: str
    """What Stripe calls one, e.g. `portal configuration`."""
    prefix: str
    """What its ids begin with."""
    object: str
    """Its `object` field, by which an answer is told to be one."""
    service: str
    """The attribute path of its service in `StripeClient.v1`."""
    expand: tuple[str, ...] = ()
    """What Stripe returns only when it is asked to."""
    can_be_inactive: bool = False
    """Whether objects are deactivated rather than deleted, and lists filter by it."""


# Products are write-only unless expanded, on every verb:
# https://github.com/stripe/terraform-provider-stripe/issues/53
CONFIGURATIONS = Kind(
    "portal configuration",
    "bpc_",
    "billing_portal.configuration",
    "billing_portal.configurations",
    ("features.subscription_update.products",),
    can_be_inactive=True,
)
WEBHOOK_ENDPOINTS = Kind(
    "webhook endpoint", "we_", "webhook_endpoint", "webhook_endpoints"
)
