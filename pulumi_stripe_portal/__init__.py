"""Stripe's customer portal as code: Pulumi resources for its configurations."""

from .default_portal_configuration import DefaultPortalConfiguration
from .errors import (
    InvalidInputs,
    OtherAccount,
    RequestRefused,
    SettingsError,
    StripePortalError,
)
from .events import PORTAL_EVENTS, SUBSCRIPTION_EVENTS, WebhookEvent
from .portal_configuration import PortalConfiguration
from .provider import Provider
from .webhook_endpoint import WebhookEndpoint

__all__ = [
    "PORTAL_EVENTS",
    "SUBSCRIPTION_EVENTS",
    "DefaultPortalConfiguration",
    "InvalidInputs",
    "OtherAccount",
    "PortalConfiguration",
    "Provider",
    "RequestRefused",
    "SettingsError",
    "StripePortalError",
    "WebhookEndpoint",
    "WebhookEvent",
]
