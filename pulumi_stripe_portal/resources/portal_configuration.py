"""The resource `PortalConfiguration`: what users write, and what they get back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_stripe_portal.inputs import (
    BusinessProfile,
    Features,
    LoginPage,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.resources.arguments import check_arguments
from pulumi_stripe_portal.resources.readable import Readable
from pulumi_stripe_portal.resources.registration import Declaration
from pulumi_stripe_portal.schema.resources import PORTAL

__all__ = ["PortalConfiguration"]


class PortalOutputs(Readable):
    """What both kinds of portal configuration give back."""

    if TYPE_CHECKING:  # Pulumi would convert outputs to these types, and can't
        features: pulumi.Output[Features]
        """What customers can do, as declared."""
        active: pulumi.Output[bool]
        """Whether sessions can be made with it."""
        business_profile: pulumi.Output[BusinessProfile | None]
        """The business information shown to customers, as declared."""
        default_return_url: pulumi.Output[str | None]
        """Where the portal's "return" link leads, as declared."""
        login_page: pulumi.Output[LoginPage | None]
        """Whether there is a shareable sign-in page, as declared."""
        metadata: pulumi.Output[Mapping[str, str] | None]
        """The declared keys."""
        name: pulumi.Output[str | None]
        """The name shown to the team, as declared."""
        account: pulumi.Output[str | None]
        """The connected account, as declared."""
        extra_params: pulumi.Output[Mapping[str, Any] | None]
        """The parameters that this package doesn't know, as declared."""
        is_default: pulumi.Output[bool]
        """Whether it is the account's default, for sessions that name none."""
        livemode: pulumi.Output[bool]
        """Whether it is of live mode."""
        created: pulumi.Output[int]
        """When it was created (seconds since 1970)."""
        updated: pulumi.Output[int]
        """When it was last changed that this resource knows of (seconds)."""
        login_page_url: pulumi.Output[str | None]
        """The shareable sign-in link, None while `login_page` is off."""


class PortalConfiguration(
    PortalOutputs, module="stripe-portal", name="PortalConfiguration"
):
    """A configuration of Stripe's customer portal: what a set of customers can do.

    The code is the whole truth about features: one that is not declared is off, and
    where it is found on, the next `up` switches it off. Other fields that are not
    declared are left alone; one that is removed from code is reset to Stripe's default.

    Stripe can't delete configurations: `destroy` deactivates, and creating a resource
    of the same name again takes the deactivated one back. The account's default can't
    even be deactivated; it is left as it is, with a warning.

    Customers may see invoices and change their email address:

        PortalConfiguration(
            "basic",
            features={
                "invoice_history": {"enabled": True},
                "customer_update": {"enabled": True, "allowed_updates": ["email"]},
            },
        )

    They may also switch between two plans, whose prices are named by lookup key so that
    the program serves test and live:

        PortalConfiguration(
            "plans",
            features={
                "payment_method_update": {"enabled": True},
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["price"],
                    "proration_behavior": "create_prorations",
                    "products": [
                        {"prices": [{"lookup_key": "basic_monthly"}]},
                        {"prices": [{"lookup_key": "pro_monthly"}]},
                    ],
                },
            },
        )

    An existing configuration comes under code without being touched:

        PortalConfiguration(
            "clicked",
            features={"invoice_history": {"enabled": True}},
            opts=pulumi.ResourceOptions(import_="bpc_123"),
        )

    `import_` is read from the resource's own `opts`: a transformation that sets it is
    refused, and a transform (which the engine runs) makes the engine fail with a
    KeyError before anything is sent. `replace_on_changes` and `version` have no effect.
    None of that holds with the setting `stripe-portal:engine` at `plugin`.

    https://docs.stripe.com/api/customer_portal/configurations
    """

    _managed_by = PortalConfigurationProvider

    @check_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        features: Features,
        name: pulumi.Input[str] | None = None,
        business_profile: BusinessProfile | None = None,
        default_return_url: pulumi.Input[str] | None = None,
        login_page: LoginPage | None = None,
        metadata: Mapping[str, pulumi.Input[str]] | None = None,
        active: pulumi.Input[bool] = True,
        account: pulumi.Input[str] | None = None,
        extra_params: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the configuration.

        The arguments are Stripe's own; where a type says `Input`, an Output of another
        resource may stand. One that is removed from code is reset to Stripe's default.
        https://docs.stripe.com/api/customer_portal/configurations/create

        Args:
            resource_name: The name in the program, unique there. With project and stack
                it is the marker by which the object is found again at Stripe.
            features: What customers can do, nested as in `inputs.Features`:
                `{"invoice_history": {"enabled": True}, …}`. A feature that is
                left out is off.
            name: The name shown to your team in the Dashboard, at most 256 characters.
            business_profile: What customers see of the business, as in
                `inputs.BusinessProfile`: `headline` (at most 60 characters),
                `privacy_policy_url`, `terms_of_service_url`.
            default_return_url: Where the portal's "return" link leads when the session
                names no other address; a whole URL.
            login_page: `{"enabled": True}` for a shareable sign-in page; the output of
                its link is `login_page_url`.
            metadata: Keys and texts of your own, `{"team": "billing"}`: at most 49,
                of 40 and 500 characters. One that is not declared is left alone.
                https://docs.stripe.com/api/metadata
            active: Whether sessions can be made with it.
            account: The connected account (`acct_…`) that it belongs to, instead of the
                settings' own. A change replaces.
                https://docs.stripe.com/connect/authentication
            extra_params: Parameters that Stripe has and this package doesn't know yet,
                nested as in Stripe's reference; sent as given, and compared where
                Stripe returns them.
            opts: Pulumi's options; `import_="bpc_…"` takes an existing configuration
                under code. https://www.pulumi.com/docs/iac/concepts/resources/options/

        Raises:
            pulumi.RunError: An argument is unknown or missing, said at once; or a value
                breaks a rule, which is said when the program has been read to its end,
                with the problems of all resources and before anything is sent.
        """
        inputs = {
            "features": features,
            "name": name,
            "business_profile": business_profile,
            "default_return_url": default_return_url,
            "login_page": login_page,
            "metadata": metadata,
            "active": active,
            "account": account,
            "extra_params": extra_params,
        }
        declaration = Declaration(PORTAL, resource_name, opts, account)
        declaration.wait_for_default()
        props = declaration.prepare(inputs)
        super().__init__(resource_name, props, declaration.opts)
