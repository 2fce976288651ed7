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
from pulumi_stripe_portal.resources.arguments import check_arguments
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
        on_delete: Literal["keep", "restore"] = "keep",
        undeclared_features: Literal["keep", "off"] = "keep",
        account: pulumi.Input[str] | None = None,
        extra_params: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare what of the default configuration is managed.

        The arguments are those of `PortalConfiguration` without `active`, and two that
        say what becomes of what isn't declared.
        https://docs.stripe.com/api/customer_portal/configurations/create

        Args:
            resource_name: The name in the program, unique there. With project and stack
                it is the marker by which the object is found again at Stripe.
            features: What customers can do, nested as in `inputs.Features`:
                `{"invoice_history": {"enabled": True}, …}`. What
                becomes of a feature that is left out is `undeclared_features`' to say.
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
            on_delete: What `destroy` does: `keep` leaves the default as it is, and
                `restore` writes the declared fields back as they were before the first
                write.
            undeclared_features: `keep` leaves features that the code doesn't declare as
                they are, and names them in a warning; `off` switches them off.
            account: The connected account (`acct_…`) that it belongs to, instead of the
                settings' own. A change replaces.
                https://docs.stripe.com/connect/authentication
            extra_params: Parameters that Stripe has and this package doesn't know yet,
                nested as in Stripe's reference; sent as given, and compared where
                Stripe returns them.
            opts: Pulumi's options; `import_="bpc_…"` has to be the default's own id.
                https://www.pulumi.com/docs/iac/concepts/resources/options/

        Raises:
            pulumi.RunError: An argument is unknown or missing, said at once; or a value
                breaks a rule, which is said when the program has been read to its end,
                with the problems of all resources and before anything is sent;
                so is a second default of the same account and mode.
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
        props = declaration.prepare(inputs)
        super().__init__(resource_name, props, declaration.opts)
