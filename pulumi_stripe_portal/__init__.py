"""Stripe's customer portal as code: Pulumi resources for its configurations."""

from .errors import StripePortalError
from .events import PORTAL_EVENTS, SUBSCRIPTION_EVENTS
from .portal_configuration import PortalConfiguration

__all__ = [
    "PORTAL_EVENTS",
    "SUBSCRIPTION_EVENTS",
    "PortalConfiguration",
    "StripePortalError",
]
