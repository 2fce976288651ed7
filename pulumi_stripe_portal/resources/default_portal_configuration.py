"""The resource `DefaultPortalConfiguration`: the portal of sessions that name none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import pulumi

from pulumi_stripe_portal.inputs import (
    BusinessProfile,
    Features,
    LoginPage,
)
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.resources.arguments import checked_arguments
from pulumi_stripe_portal.resources.portal_configuration import (
    PortalOutputs,
)
from pulumi_stripe_portal.resources.registration import Declaration
from pulumi_stripe_portal.schema.resources import DEFAULT_PORTAL

__all__ = ["DefaultPortalConfiguration"]


class DefaultPortalConfiguration(
    PortalOutputs, module="stripe-portal", name="DefaultPortalConfiguration"
):
    """The account's default portal configuration, for sessions that name no other.

    Every account and mode has one, and always the same one: Stripe neither moves nor
    deactivates nor deletes it. This resource finds it and manages the declared fields;
    it creates it only in an account that has no configuration at all. Features that
    the code doesn't declare are left as they are, and named in a warning; with
    `undeclared_features="off"` they are switched off, and the code is the whole truth.

    PortalConfigurations declared after it in the program wait for it, so that in an
    empty account none of them becomes the default.

        DefaultPortalConfiguration(
            "default",
            features={"invoice_history": {"enabled": True}},
        )

    `destroy` leaves the configuration as it is, or, with `on_delete="restore"`, writes
    back the declared fields as they were before the first write:

        DefaultPortalConfiguration(
            "default",
            features={"invoice_history": {"enabled": True}},
            on_delete="restore",
        )

    With `import_`, its id has to be the default's; without, it is found by itself:

        DefaultPortalConfiguration(
            "default",
            features={"invoice_history": {"enabled": True}},
            opts=pulumi.ResourceOptions(import_="bpc_123"),
        )

    https://docs.stripe.com/api/customer_portal/configurations/object#portal_configuration_object-is_default
    """

    _managed_by = DefaultPortalConfigurationProvider

    if TYPE_CHECKING:  # Pulumi would convert outputs to these types, and can't
        on_delete: pulumi.Output[str]
        """What `destroy` does, as declared."""
        undeclared_features: pulumi.Output[str | None]
        """`off`, or None where features that the code doesn't declare are kept."""

    @checked_arguments
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
        on_delete: Literal["keep", "restore"] = "keep",
        undeclared_features: Literal["keep", "off"] = "keep",
        account: pulumi.Input[str] | None = None,
        extra_params: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare what of the default configuration is managed.

        The arguments are those of `PortalConfiguration` without `active`. A second
        one for the same account and mode is refused, with all other problems of the
        program, as one `pulumi.RunError` before anything is sent.
        """
        kept = isinstance(undeclared_features, str) and undeclared_features == "keep"
        inputs = {
            "features": features,
            "name": name,
            "business_profile": business_profile,
            "default_return_url": default_return_url,
            "login_page": login_page,
            "metadata": metadata,
            "on_delete": on_delete,
            # Only what differs from the default, so that states stay as they are.
            "undeclared_features": None if kept else undeclared_features,
            "account": account,
            "extra_params": extra_params,
        }
        declaration = Declaration(DEFAULT_PORTAL, resource_name, opts, account)
        declaration.is_default(self, resource_name)
        props = declaration.registered(inputs)
        super().__init__(resource_name, props, declaration.opts)
