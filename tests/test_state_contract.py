"""What is stored in every user's state: it never changes, whatever else does."""

from __future__ import annotations

import base64
import pickle

import pytest
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_stripe_portal import (
    DefaultPortalConfiguration,
    PortalConfiguration,
    WebhookEndpoint,
)
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider

# As the first release wrote them. A change here breaks every stack in the field.
SERIALIZED = {
    PortalConfigurationProvider: (
        "gASVWgAAAAAAAACMM3B1bHVtaV9zdHJpcGVfcG9ydGFsLnByb3ZpZGVycy5wb3J0YWxfY29uZmln"
        "dXJhdGlvbpSMG1BvcnRhbENvbmZpZ3VyYXRpb25Qcm92aWRlcpSTlCmBlC4="
    ),
    DefaultPortalConfigurationProvider: (
        "gASVaQAAAAAAAACMO3B1bHVtaV9zdHJpcGVfcG9ydGFsLnByb3ZpZGVycy5kZWZhdWx0X3BvcnRh"
        "bF9jb25maWd1cmF0aW9ulIwiRGVmYXVsdFBvcnRhbENvbmZpZ3VyYXRpb25Qcm92aWRlcpSTlCmB"
        "lC4="
    ),
    WebhookEndpointProvider: (
        "gASVUgAAAAAAAACML3B1bHVtaV9zdHJpcGVfcG9ydGFsLnByb3ZpZGVycy53ZWJob29rX2VuZHBv"
        "aW50lIwXV2ViaG9va0VuZHBvaW50UHJvdmlkZXKUk5QpgZQu"
    ),
}
TOKENS = {
    PortalConfiguration: "dynamic/stripe-portal:PortalConfiguration",
    DefaultPortalConfiguration: "dynamic/stripe-portal:DefaultPortalConfiguration",
    WebhookEndpoint: "dynamic/stripe-portal:WebhookEndpoint",
}


@pytest.mark.parametrize(("provider", "text"), SERIALIZED.items())
def test_providers_are_stored_by_name(
    provider: type[ResourceProvider], text: str
) -> None:
    """A provider is its module and class, and nothing else: no setting, no key."""
    assert serialize_provider(provider()) == text
    assert type(pickle.loads(base64.b64decode(text))) is provider


@pytest.mark.parametrize(("resource", "token"), TOKENS.items())
def test_type_tokens(resource: type, token: str) -> None:
    """The type is part of every URN."""
    assert resource._resource_type_name == token  # type: ignore[attr-defined]
