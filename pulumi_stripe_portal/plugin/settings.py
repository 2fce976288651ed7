"""The settings of a stack, or of an explicit provider, as the plugin is given them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import Config, ConfigureRequest

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.stripe_api.settings import NAMESPACE, Settings, whole_names

__all__ = ["configure_request", "settings_problem", "short_names"]


def short_names(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their short names, such as `apiKey`.

    Args:
        given: The settings; a state that was a dynamic provider's has whole names.
    """
    return {name.removeprefix(f"{NAMESPACE}:"): each for name, each in given.items()}


def configure_request(given: Mapping[str, Any]) -> ConfigureRequest:
    """Return settings as providers take them.

    Args:
        given: The settings by their short or whole names.
    """
    return ConfigureRequest(Config(whole_names(given), NAMESPACE))


def settings_problem(given: Mapping[str, Any]) -> str | None:
    """Return why settings can't be right, None where they can.

    What another resource is still to tell is judged when it has.

    Args:
        given: The settings; some may not be known yet.
    """
    if any(is_opaque(value) for value in given.values()):
        return None
    try:
        settings = Settings.of_config(configure_request(given).config.get)
        if settings.api_key:
            settings.require_key()
    except SettingsError as error:
        return str(error)
    return None
