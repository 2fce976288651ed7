"""What Stripe's types can't say: rules of webhook endpoints. Pure.

https://docs.stripe.com/api/webhook_endpoints
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_stripe_portal.inputs import WebhookEndpointInputs
from pulumi_stripe_portal.schema.metadata_rules import metadata_failures
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.validate import Failure, Secret, newer_choices
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.schema.visible import is_loopback, split_address

__all__ = ["ENDPOINT_LIMIT", "endpoint_failures", "endpoint_warnings"]

ENDPOINT_LIMIT = 16
"""How many webhook endpoints an account has in each mode, unless Stripe raised it:
«You have reached the maximum of 16 test webhook endpoints.»"""


def endpoint_failures(
    inputs: Mapping[str, Any], *, livemode: bool | None = None
) -> Iterator[Failure]:
    """Yield what breaks a rule of webhook endpoints; the mode may not be known yet."""
    events = value_at(inputs, ("enabled_events",))
    if events == []:
        yield Failure("enabled_events", "is empty", "list the events, or use ['*']")
    if isinstance(events, list) and "*" in events and len(events) > 1:
        yield Failure(
            "enabled_events",
            "names '*' beside other events",
            "use ['*'] alone, or name the events without it",
        )
    url = value_at(inputs, ("url",))
    if isinstance(url, str) and "://" in url:
        yield from _address_failures(url, livemode=livemode)
    version = value_at(inputs, ("api_version",))
    if isinstance(version, str) and version and not _is_version(version):
        yield Failure(
            "api_version",
            "{value} is no version of Stripe's API",
            "give one like '2026-10-28.endive'; the Dashboard lists them",
            version,
        )
    version = value_at(inputs, ("secret_version",))
    if isinstance(version, str) and not version:
        yield Failure("secret_version", "is empty", "give any text, or remove it")
    secret = value_at(inputs, ("secret",))
    if isinstance(secret, str) and not secret.startswith("whsec_"):
        yield Failure(
            "secret",
            "{value} is no signing secret",
            "give the endpoint's own, which begins with whsec_",
            Secret(),
        )
    yield from metadata_failures(value_at(inputs, ("metadata",)))


def _is_version(text: str) -> bool:
    day = text.partition(".")[0]
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        return False
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d(\.[a-z]+)?", text))


def _address_failures(url: str, *, livemode: bool | None) -> Iterator[Failure]:
    parts = split_address(url)
    if parts is None:
        return  # which is said of every web address
    host = (parts.hostname or "").lower()
    # «Invalid URL: URL must be publicly accessible.», in both modes
    if is_loopback(host) or host.endswith(".localhost"):
        yield Failure(
            "url",
            "{value} is on this machine, where Stripe can't reach it",
            "use a public address; `stripe listen --forward-to …` passes events on",
            url,
        )
    # «URLs in livemode must begin with "https://"»
    elif livemode and parts.scheme.lower() != "https":
        yield Failure("url", "{value} is not encrypted", "use https in live mode", url)


def endpoint_warnings(inputs: Mapping[str, Any]) -> Iterator[str]:
    """Yield what Stripe accepts but a team rarely means."""
    if value_at(inputs, ("enabled_events",)) == ["*"]:
        yield (
            "enabled_events is ['*']: nearly every event of the account is sent; "
            "PORTAL_EVENTS names what customers cause in the portal"
        )
    for event in newer_choices(_ENDPOINT, inputs):
        yield (
            f"enabled_events: {event!r} is no event that this release knows; it is "
            "sent as it is, and Stripe refuses it where it is none"
        )


_ENDPOINT = schema_of(WebhookEndpointInputs)
