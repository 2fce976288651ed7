"""What all resources are to Pulumi: outputs, and `get`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource
from typing_extensions import Self

from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.resources.door import is_plugin, with_aliases
from pulumi_stripe_portal.resources.invalid import InvalidProgram

__all__ = ["Readable"]


class Readable(Resource):
    """A resource that can be read without being managed."""

    _managed_by: ClassVar[type[StripeProvider]]

    def __init__(
        self,
        resource_name: str,
        props: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Register the resource with `props`, and with outputs that are None so far."""
        # An output exists only where its name is registered, if only as None.
        type_ = self._managed_by.manages
        props = {**props, **dict.fromkeys(type_.outputs)}
        opts = with_aliases(type_.tokens, opts)
        if is_plugin():
            _, token = type_.tokens
            pulumi.CustomResource.__init__(self, token, resource_name, props, opts)
        else:
            super().__init__(self._managed_by(), resource_name, props, opts)

    def _get_providers(
        self, t: str, pkg: str | None, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.ProviderResource | None, Mapping[str, pulumi.ProviderResource]]:
        """Refuse an id to import that came after this resource read its options.

        The SDK asks here for the provider, with the options that transformations left.
        Fallback: the engine tries to import by itself, and shows a KeyError. Through
        the plugin, it can.
        """
        if opts.import_ and not is_plugin():
            kind = t.rpartition(":")[2]
            raise InvalidProgram(
                f"{kind} '{self._name}': import_ was set by a transformation, which "
                "has no effect on Python dynamic resources; set it in the resource's "
                "own `opts`"
            )
        return super()._get_providers(t, pkg, opts)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        *,
        account: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read an existing one without managing it.

        All outputs are as Stripe has them, but for an endpoint's `secret`, which Stripe
        doesn't tell: it is None. An id that doesn't exist fails the preview.
        https://www.pulumi.com/docs/iac/concepts/functions/get-functions/

        Args:
            resource_name: The name in the program, unique there.
            id: Stripe's id, `bpc_…` or `we_…`.
            account: The connected account (`acct_…`) that it belongs to, instead of the
                settings' own.
            opts: Pulumi's options, such as `provider`.

        Returns:
            The resource, whose outputs are known when the engine has read it.
        """
        reading = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        found = cls.__new__(cls)
        names = cls._managed_by.manages.root.children
        props = {**dict.fromkeys(names), "account": account}
        Readable.__init__(found, resource_name, props, reading)
        return found
