"""The resource `WebhookEndpoint`: where Stripe sends events, and their secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_stripe_portal.events import WebhookEvent
from pulumi_stripe_portal.providers.webhook_endpoint import (
    IDENTITY,
    WebhookEndpointProvider,
)
from pulumi_stripe_portal.resources.arguments import check_arguments
from pulumi_stripe_portal.resources.readable import Readable
from pulumi_stripe_portal.resources.registration import Declaration
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.plain import plain
from pulumi_stripe_portal.schema.resources import WEBHOOK_ENDPOINT
from pulumi_stripe_portal.stripe_api.markers import replaceable

__all__ = ["WebhookEndpoint"]


class WebhookEndpoint(Readable, module="stripe-portal", name="WebhookEndpoint"):
    """An address that Stripe sends events to, signed with a secret of its own.

    It is changed in place, so the secret survives. Changing `api_version`, `connect`,
    `account` or `secret_version` replaces it: the new one first, then the old one is
    deleted. `secret` is always a Pulumi secret.

        WebhookEndpoint(
            "events",
            url="https://example.com/webhooks/stripe",
            enabled_events=PORTAL_EVENTS,
        )

    Changing `secret_version`, to any other text, rotates the secret:

        WebhookEndpoint(
            "events",
            url="https://example.com/webhooks/stripe",
            enabled_events=PORTAL_EVENTS,
            secret_version="2026-11",
        )

    Stripe tells a secret only once, so for an existing endpoint you give the one that
    you have:

        WebhookEndpoint(
            "events",
            url="https://example.com/webhooks/stripe",
            enabled_events=PORTAL_EVENTS,
            secret=pulumi.Config().require_secret("webhookSecret"),
            opts=pulumi.ResourceOptions(import_="we_123"),
        )

    https://docs.stripe.com/api/webhook_endpoints
    """

    _managed_by = WebhookEndpointProvider
    if TYPE_CHECKING:  # Pulumi would convert outputs to these types, and can't
        url: pulumi.Output[str]
        """Where events are sent."""
        enabled_events: pulumi.Output[Sequence[WebhookEvent]]
        """The events that are sent."""
        description: pulumi.Output[str | None]
        """What the endpoint is for, as declared."""
        metadata: pulumi.Output[Mapping[str, str] | None]
        """The declared keys."""
        disabled: pulumi.Output[bool | None]
        """Whether Stripe is told to send nothing, as declared."""
        api_version: pulumi.Output[str | None]
        """The API version of the events, as declared."""
        connect: pulumi.Output[bool | None]
        """Whether the events are those of connected accounts, as declared."""
        secret_version: pulumi.Output[str | None]
        """The text whose change rotates the secret, as declared."""
        account: pulumi.Output[str | None]
        """The connected account, as declared."""
        extra_params: pulumi.Output[Mapping[str, Any] | None]
        """The parameters that this package doesn't know, as declared."""
        secret: pulumi.Output[str | None]
        """The signing secret (`whsec_…`), a Pulumi secret; None for an imported
        endpoint whose secret was not given."""
        status: pulumi.Output[str]
        """`enabled` or `disabled`."""
        livemode: pulumi.Output[bool]
        """Whether it is of live mode."""

    @check_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        url: pulumi.Input[str],
        enabled_events: pulumi.Input[Sequence[pulumi.Input[WebhookEvent]]],
        description: pulumi.Input[str] | None = None,
        metadata: Mapping[str, pulumi.Input[str]] | None = None,
        disabled: pulumi.Input[bool] | None = None,
        api_version: pulumi.Input[str] | None = None,
        connect: pulumi.Input[bool] | None = None,
        secret_version: pulumi.Input[str] | None = None,
        secret: pulumi.Input[str] | None = None,
        account: pulumi.Input[str] | None = None,
        extra_params: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the endpoint.

        The arguments are Stripe's own, and two about the secret; where a type says
        `Input`, an Output of another resource may stand.
        https://docs.stripe.com/api/webhook_endpoints/create

        Args:
            resource_name: The name in the program, unique there. With project and stack
                it is the marker by which the endpoint is found again at Stripe.
            url: Where Stripe sends the events, a whole URL; in live mode an https one.
            enabled_events: The types of events to send, such as `PORTAL_EVENTS`, or
                `["*"]` for nearly all. https://docs.stripe.com/api/events/types
            description: What the endpoint is for, at most 5000 characters.
            metadata: Keys and texts of your own, `{"team": "billing"}`: at most 49,
                of 40 and 500 characters. One that is not declared is left alone.
                https://docs.stripe.com/api/metadata
            disabled: Whether Stripe sends nothing; None is the same as False.
            api_version: The API version of the events, such as `2025-03-31.basil`; the
                account's own where there is none. A change replaces the endpoint.
            connect: Whether the events are those of connected accounts. A change
                replaces the endpoint. https://docs.stripe.com/connect/webhooks
            secret_version: Any text of yours, such as `2026-11`; a change replaces the
                endpoint and so gives it a new secret.
            secret: The signing secret (`whsec_…`) of an imported endpoint, which Stripe
                tells only once; it holds until the first replacement. Kept as a Pulumi
                secret, also where it is given as plain text.
            account: The connected account (`acct_…`) that it belongs to, instead of the
                settings' own. A change replaces.
                https://docs.stripe.com/connect/authentication
            extra_params: Parameters that Stripe has and this package doesn't know yet,
                nested as in Stripe's reference; sent as given, and compared where
                Stripe returns them.
            opts: Pulumi's options; `import_="we_…"` takes an existing endpoint under
                code. https://www.pulumi.com/docs/iac/concepts/resources/options/

        Raises:
            pulumi.RunError: An argument is unknown or missing, said at once; or a value
                breaks a rule, which is said when the program has been read to its end,
                with the problems of all resources and before anything is sent.
        """
        inputs = {
            "url": url,
            "enabled_events": enabled_events,
            "description": description,
            "metadata": metadata,
            "disabled": disabled,
            "api_version": api_version,
            "connect": connect,
            "secret_version": secret_version,
            "secret": _seal(secret),
            "account": account,
            "extra_params": extra_params,
        }
        declaration = Declaration(WEBHOOK_ENDPOINT, resource_name, opts, account)
        declaration.opts = pulumi.ResourceOptions.merge(
            declaration.opts,
            pulumi.ResourceOptions(additional_secret_outputs=["secret"]),
        )
        identity, _ = plain({name: inputs[name] for name in IDENTITY})
        # The provider adds the rest by itself: so no diff shows that it changes.
        whole = replaceable(declaration.marker, identity)
        props = declaration.prepare(inputs, whole)
        super().__init__(resource_name, props, declaration.opts)


def _seal(secret: Any) -> Any:
    """Return a secret as one for Pulumi too; what can't be one is told by its type."""
    text = isinstance(secret, str) or is_opaque(secret)
    return pulumi.Output.secret(secret) if text else secret
