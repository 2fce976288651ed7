"""Which door to Pulumi's engine the program's resources go through."""

from __future__ import annotations

from copy import copy
from typing import Any

import pulumi

from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.schema.resources import PACKAGE, PLUGIN
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
    types: tuple[str, str], opts: pulumi.ResourceOptions | None
) -> pulumi.ResourceOptions:
    """Add the type that the resource has at the other door: it is the same one.

    It may have changed its name, parent, project or stack together with the door: so
    each alias that the program gives holds with that type as well.

    Args:
        types: Its type token as a dynamic resource, and as the plugin's.
        opts: The resource's options, which stay as they are.

    Returns:
        Options with more aliases.
    """
    dynamic, plugin = types
    other = pulumi.Alias(type_=dynamic if is_plugin() else plugin)
    given = (opts.aliases if opts else None) or []
    more = [found for each in given if (found := _at_other_door(each, types))]
    return pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(aliases=[other, *more])
    )


def _at_other_door(alias: Any, types: tuple[str, str]) -> Any:
    """Return an alias with the type of the other door, None for one of another type.

    `alias` is an `Alias`, a URN, or an Output of either.
    """
    if isinstance(alias, pulumi.Output):
        return alias.apply(lambda known: _at_other_door(known, types) or known)
    dynamic, plugin = types
    others = {dynamic: plugin, plugin: dynamic}
    if isinstance(alias, pulumi.Alias):
        type_ = alias.type_
        if not isinstance(type_, str):  # as the resource has it now
            type_ = plugin if is_plugin() else dynamic
        if type_ not in others:
            return None
        found = copy(alias)
        found.type_ = others[type_]
        return found
    urn = Urn.of(str(alias))
    if urn is None or urn.type not in others:
        return None
    parents = urn.types.removesuffix(urn.type)
    return str(urn._replace(types=parents + others[urn.type]))
