"""Stripe's customer portal as code: Pulumi resources for its configurations.

Names are imported when they are first used: the command line and the sandbox need no
Pulumi, and the provider process no more than its own provider.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_stripe_portal.resources.default_portal_configuration import (
        DefaultPortalConfiguration,
    )
    from pulumi_stripe_portal.resources.portal_configuration import PortalConfiguration
    from pulumi_stripe_portal.resources.provider import Provider
    from pulumi_stripe_portal.resources.webhook_endpoint import WebhookEndpoint

    from .errors import (
        InvalidInputs,
        OtherAccount,
        RequestRefused,
        SettingsError,
        StripePortalError,
    )
    from .events import PORTAL_EVENTS, SUBSCRIPTION_EVENTS, WebhookEvent
    from .sandbox import Sandbox

__all__ = [
    "PORTAL_EVENTS",
    "SUBSCRIPTION_EVENTS",
    "DefaultPortalConfiguration",
    "InvalidInputs",
    "OtherAccount",
    "PortalConfiguration",
    "Provider",
    "RequestRefused",
    "Sandbox",
    "SettingsError",
    "StripePortalError",
    "WebhookEndpoint",
    "WebhookEvent",
]

_HOMES = {
    "DefaultPortalConfiguration": "resources.default_portal_configuration",
    "PortalConfiguration": "resources.portal_configuration",
    "Provider": "resources.provider",
    "Sandbox": "sandbox",
    "WebhookEndpoint": "resources.webhook_endpoint",
    "PORTAL_EVENTS": "events",
    "SUBSCRIPTION_EVENTS": "events",
    "WebhookEvent": "events",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES.get(name, 'errors')}")
    found = globals()[name] = getattr(home, name)
    return found


def __dir__() -> list[str]:
    """List what can be imported."""
    return sorted({*globals(), *__all__})
