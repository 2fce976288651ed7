"""Which door to Pulumi's engine the program's resources go through."""

from __future__ import annotations

import pulumi

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.schema.resources import PACKAGE, PLUGIN, ResourceType
from pulumi_stripe_portal.stripe_api.settings import NAMESPACE, engine_setting

__all__ = ["is_plugin", "package", "with_aliases"]


def is_plugin() -> bool:
    """Tell whether the stack has chosen the plugin, `stripe-portal:engine: plugin`.

    Raises:
        pulumi.RunError: The setting has a value that it can't have.
    """
    try:
        return engine_setting(pulumi.Config(NAMESPACE).get("engine")) == "plugin"
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None


def package() -> str:
    """Return the package that the engine takes the resources for."""
    return PLUGIN if is_plugin() else PACKAGE


def with_aliases(
    type_: ResourceType, opts: pulumi.ResourceOptions | None
) -> pulumi.ResourceOptions:
    """Add the type that the resource has at the other door: it is the same one.

    Args:
        type_: What it is.
        opts: The resource's options, which stay as they are.

    Returns:
        Options with one more alias.
    """
    dynamic, plugin = type_.tokens
    other = pulumi.Alias(type_=dynamic if is_plugin() else plugin)
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[other]))
