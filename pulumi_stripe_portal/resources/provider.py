"""The explicit provider: another key, mode or account in the same stack."""

from __future__ import annotations

import pulumi

from pulumi_stripe_portal.resources.door import is_plugin, package, with_aliases
from pulumi_stripe_portal.schema.resources import PROVIDER_TYPES
from pulumi_stripe_portal.stripe_api.settings import whole_names

__all__ = ["Provider"]


class Provider(pulumi.ProviderResource):
    """Stripe, as another account or mode than the stack's own.

    Pass it as `opts.provider`, as everywhere in Pulumi. The key is always encrypted in
    the state, also when it is given as plain text:

        live = Provider("live", api_key=config.require_secret("liveKey"), mode="live")
        PortalConfiguration(
            "plans",
            features={"invoice_history": {"enabled": True}},
            opts=pulumi.ResourceOptions(provider=live),
        )

    What is not given is not taken from the stack's settings, but for the environment:
    `STRIPE_API_KEY` where there is no key, `STRIPE_API_BASE` always.

    https://www.pulumi.com/docs/iac/concepts/resources/providers/#explicit-provider-configuration
    """

    def __init__(
        self,
        resource_name: str,
        *,
        api_key: pulumi.Input[str] | None = None,
        mode: pulumi.Input[str] | None = None,
        account: pulumi.Input[str] | None = None,
        api_base: pulumi.Input[str] | None = None,
        preflight: pulumi.Input[bool] | None = None,
        requests_per_second: pulumi.Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the provider; the arguments are those of the stack's settings.

        What is wrong with them is said by the first resource that uses the provider, as
        a `SettingsError` of the preview, before anything is sent.

        Args:
            resource_name: The name in the program, unique among providers.
            api_key: Stripe's secret or restricted key, `sk_test_…`, `rk_live_…` or an
                organisation's; the environment's `STRIPE_API_KEY` where there is none.
                https://docs.stripe.com/keys
            mode: `test` (where there is none) or `live`; a key of the other mode is
                refused.
            account: The connected account (`acct_…`) that all requests are made for.
                https://docs.stripe.com/connect/authentication
            api_base: Another address than Stripe's, on this machine only, such as the
                sandbox's `http://127.0.0.1:12111`; `STRIPE_API_BASE` wins over it.
            preflight: Whether previews look products and prices up, which is so where
                it is None; with False a preview needs no key.
            requests_per_second: How many requests with its key may begin within a
                second, 24 where it is None: for accounts of which Stripe takes more.
                https://docs.stripe.com/rate-limits
            opts: Pulumi's options.
                https://www.pulumi.com/docs/iac/concepts/resources/options/
        """
        secret = None if api_key is None else pulumi.Output.secret(api_key)
        props = {
            "apiKey": secret,
            "mode": mode,
            "account": account,
            "apiBase": api_base,
            "preflight": preflight,
            "requestsPerSecond": requests_per_second,
        }
        if not is_plugin():  # among those of all dynamic resources, by whole names
            props = whole_names(props)
        opts = with_aliases(PROVIDER_TYPES, opts)
        super().__init__(package(), resource_name, props, opts)
