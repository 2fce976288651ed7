"""The explicit provider: another key, mode or account in the same stack."""

from __future__ import annotations

import pulumi

from pulumi_stripe_portal.stripe_api.settings import NAMESPACE

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
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the provider; the arguments are those of the stack's settings."""
        secret = None if api_key is None else pulumi.Output.secret(api_key)
        props = {
            "apiKey": secret,
            "mode": mode,
            "account": account,
            "apiBase": api_base,
            "preflight": preflight,
        }
        named = {f"{NAMESPACE}:{name}": value for name, value in props.items()}
        super().__init__("pulumi-python", resource_name, named, opts)
