"""Which key, mode, address and account a stack or an explicit provider uses."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.resources import PLUGIN
from pulumi_stripe_portal.schema.visible import HIDDEN, is_loopback, split_address
from pulumi_stripe_portal.stripe_api.keys import Mode, key_mode, key_trouble

__all__ = [
    "FASTEST_RATE",
    "NAMESPACE",
    "SETTINGS",
    "STRIPE",
    "USUAL_RATE",
    "Mode",
    "Setting",
    "Settings",
    "engine_setting",
    "rate_setting",
    "whole_names",
]

NAMESPACE = PLUGIN
"""The namespace of the stack settings, as in `stripe-portal:apiKey`."""

USUAL_RATE = 24
"""Requests that begin within a second, one less than Stripe takes: «Individual API
endpoints: 25 requests per second» in test mode, where that is the whole account's limit
as well, and in live mode (https://docs.stripe.com/rate-limits)."""
FASTEST_RATE = 10_000
"""More of them than a machine makes."""


@dataclass(frozen=True)
class Setting:
    """What a stack, or an explicit provider, can set."""

    text: str
    """What it means."""
    type: type[str] | type[int] | type[bool] = str
    is_secret: bool = False
    """Whether it is a secret also where it is given in clear."""
    is_programs: bool = False
    """Whether only a program in Python reads it, and no provider."""


SETTINGS: Mapping[str, Setting] = {
    "account": Setting("The connected account (`acct_…`) that requests are made for."),
    "apiBase": Setting(
        "Another address than Stripe's, on this machine only, such as the sandbox's; "
        "the environment's `STRIPE_API_BASE` wins over it."
    ),
    "apiKey": Setting(
        "Stripe's secret or restricted key; the environment's `STRIPE_API_KEY` where "
        "there is none.",
        is_secret=True,
    ),
    "engine": Setting(
        "How a program in Python is served: `dynamic`, where it is not set, or "
        "`plugin`.",
        is_programs=True,
    ),
    "mode": Setting(
        "`test`, where it is not set, or `live`; a key of the other mode is refused."
    ),
    "preflight": Setting(
        "Whether previews look products and prices up; true where it is not set.", bool
    ),
    "requestsPerSecond": Setting(
        f"How many requests may begin within a second; {USUAL_RATE}, one less than "
        "Stripe takes, where it is not set. For accounts of which Stripe takes more.",
        int,
    ),
}
"""All that can be set, by name."""

STRIPE = "https://api.stripe.com"
"""Where Stripe answers."""


def whole_names(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their whole names, such as `stripe-portal:apiKey`.

    Args:
        given: The settings. An explicit provider of the plugin's has short names, as
            its package says already whose they are.
    """
    return {
        name if ":" in name else f"{NAMESPACE}:{name}": value
        for name, value in given.items()
    }


def engine_setting(value: Any) -> Literal["dynamic", "plugin"]:
    """Return how a program's resources are served.

    Args:
        value: What the stack sets; `dynamic` where that is nothing.

    Raises:
        SettingsError: If it is neither.
    """
    if not value or value == "dynamic":
        return "dynamic"
    if value == "plugin":
        return "plugin"
    raise SettingsError(
        f"{NAMESPACE}:engine: {str(value)[:20]!r} is not allowed; use 'dynamic' or "
        "'plugin'"
    )


def rate_setting(value: Any) -> int:
    """Return how many requests may begin within a second.

    Args:
        value: What the stack sets, a number or its digits.

    Raises:
        SettingsError: If it is none, or none that can be kept to.
    """
    if value is None or value == "" or is_opaque(value):
        return USUAL_RATE
    whole = isinstance(value, float) and value.is_integer()
    digits = str(int(value) if whole else value)
    if not re.fullmatch("[0-9]{1,5}", digits) or not 1 <= int(digits) <= FASTEST_RATE:
        raise SettingsError(
            f"{NAMESPACE}:requestsPerSecond: {str(value)[:20]!r} is not allowed; use a "
            f"whole number from 1 to {FASTEST_RATE}"
        )
    return int(digits)


@dataclass(frozen=True)
class Settings:
    """The settings of one stack, or of one explicit provider.

    The key is asked for with `require_key` when a request is to be made, so that a
    preview that sends nothing needs none.
    """

    api_key: str | None
    mode: Mode
    api_base: str
    account: str | None
    """The connected account (`acct_…`) that requests are made for."""
    preflight: bool
    requests_per_second: int = USUAL_RATE
    from_environment: bool = False
    """Whether the key is `STRIPE_API_KEY` rather than the stack's setting."""
    replaced_key: str | None = None
    """The key of the stack or the Provider, where the sandbox's is in its place."""

    def __repr__(self) -> str:
        """Leave the key out."""
        return f"Settings(mode={self.mode!r}, api_base={self.api_base!r})"

    @classmethod
    def of_config(cls, get: Callable[[str], Any]) -> Settings:
        """Read the settings; `get` takes a full key such as `stripe-portal:mode`.

        Raises:
            SettingsError: If one of them has a value that it can't have.
        """
        environ = os.environ
        stack_key = get(f"{NAMESPACE}:apiKey")
        if is_opaque(stack_key):
            stack_key = None  # an explicit provider's, in a preview
        if stack_key is not None and not isinstance(stack_key, str):
            raise SettingsError(f"{NAMESPACE}:apiKey is no text; give the key itself")
        # `stripe-portal sandbox run` picks the key: nothing else is known there. What
        # is given in its place is looked at as outside, to rehearse mistakes.
        in_sandbox = bool(environ.get("STRIPE_PORTAL_SANDBOX"))
        own_key = environ.get("STRIPE_API_KEY")
        from_environment = bool(own_key) and (in_sandbox or not stack_key)
        engine_setting(get(f"{NAMESPACE}:engine"))
        mode = get(f"{NAMESPACE}:mode") or "test"
        if mode != "test" and mode != "live":
            raise SettingsError(
                f"{NAMESPACE}:mode: {str(mode)[:20]!r} is not allowed; "
                "use 'test' or 'live'"
            )
        account = get(f"{NAMESPACE}:account") or None
        if account is not None and not str(account).startswith("acct_"):
            raise SettingsError(
                f"{NAMESPACE}:account: {str(account)[:40]!r} is no account id; give "
                "the connected account's id (acct_…)"
            )
        return cls(
            api_key=(own_key if from_environment else stack_key) or None,
            mode="live" if mode == "live" else "test",
            api_base=_address(
                environ.get("STRIPE_API_BASE") or get(f"{NAMESPACE}:apiBase")
            ),
            account=account,
            preflight=_switch(get(f"{NAMESPACE}:preflight"), f"{NAMESPACE}:preflight"),
            requests_per_second=rate_setting(get(f"{NAMESPACE}:requestsPerSecond")),
            from_environment=from_environment,
            replaced_key=(stack_key or None) if from_environment else None,
        )

    @property
    def livemode(self) -> bool:
        """Whether the stack is for live mode, as Stripe spells it."""
        return self.mode == "live"

    def require_key(self) -> str:
        """Return the key.

        Raises:
            SettingsError: If there is none, Stripe issues none of this form, or it is
                of the other mode.
        """
        if self.replaced_key:
            self._check(self.replaced_key, "the stack's key")
        if not self.api_key:
            raise SettingsError(
                "no Stripe API key. Set it for this stack with "
                f"`pulumi config set --secret {NAMESPACE}:apiKey`, or in the "
                "environment as STRIPE_API_KEY"
            )
        source = "STRIPE_API_KEY" if self.from_environment else "the stack's key"
        self._check(self.api_key, source)
        return self.api_key

    def _check(self, key: str, source: str) -> None:
        trouble = key_trouble(key)
        if trouble:
            raise SettingsError(
                f"{source} {trouble}; copy the whole secret or restricted key from "
                "https://dashboard.stripe.com/apikeys, and set it again. Nothing was "
                "sent"
            )
        found = key_mode(key)
        if found != self.mode:
            remedy = (
                f"a live key is only used where that is said: `pulumi config set "
                f'{NAMESPACE}:mode live`, or mode="live" for an explicit Provider. '
                "Else give a test key"
                if found == "live"
                else f"give a live key, or `pulumi config rm {NAMESPACE}:mode`"
            )
            raise SettingsError(
                f"{source} is a {found} key, but the stack's mode is {self.mode}; "
                f"{remedy}. Nothing was sent"
            )


def _address(value: Any) -> str:
    """Return the API's base address; a key goes to Stripe or to this machine only."""
    if not value:
        return STRIPE
    address = str(value).rstrip("/")
    parts = split_address(address)
    host = parts.hostname if parts else None
    local = is_loopback(host) and parts and parts.scheme in ("http", "https")
    if parts and "@" in parts.netloc:
        raise SettingsError(
            "the API address names a user or password; remove that from "
            f"STRIPE_API_BASE or {NAMESPACE}:apiBase"
        )
    if address != STRIPE and not local:
        raise SettingsError(
            f"the API address {host or HIDDEN!r} is neither "
            "api.stripe.com nor on this machine, and keys are sent nowhere else; "
            f"correct STRIPE_API_BASE or {NAMESPACE}:apiBase"
        )
    return address


def _switch(value: Any, name: str) -> bool:
    if value is None or value == "":
        return True
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise SettingsError(f"{name}: use true or false")
