"""Settings: all from the environment, most of them from the stack's outputs."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Settings", "SettingsError", "database", "setting", "stripe_key"]

# https://docs.stripe.com/keys; an organisation's key would need an account besides.
_KEY = re.compile(r"[sr]k_(test|live)_[A-Za-z0-9_]+")
_SEE = "see examples/webapp/settings.py"
_OUTPUTS = "`pulumi stack output --json --show-secrets`"


class SettingsError(Exception):
    """A setting is missing or unusable; the message says which, and what gives it."""


@dataclass(frozen=True)
class Settings:
    """What the app is told from outside."""

    database: str
    """Path of the SQLite file."""
    origin: str
    """The app's own address as browsers know it, as `https://app.example.com`."""
    stripe_key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    """Several while one is being rotated: a delivery may be signed with any."""
    portal_default: str
    portal_standard: str
    portal_all_plans: str
    stripe_base: str | None = None
    secret_key: str = field(default_factory=secrets.token_hex, repr=False)
    """Signs the session cookie; a new one signs everybody out."""
    outbox: bool = False
    """Shows mail on a page instead of sending it. For development only."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], port: int) -> Settings:
        """Read them.

        `STACK_OUTPUTS` is what `pulumi stack output --json --show-secrets` prints.

        Raises:
            SettingsError: One is missing, or the outputs are no JSON.
        """
        outputs = _outputs(setting(environ, "STACK_OUTPUTS"))
        signing = environ.get("STRIPE_WEBHOOK_SECRET") or _output(
            outputs, "webhookSecret"
        )
        return cls(
            database=database(environ),
            origin=environ.get("APP_ORIGIN", f"http://127.0.0.1:{port}").rstrip("/"),
            stripe_key=stripe_key(environ),
            stripe_base=environ.get("STRIPE_API_BASE"),
            webhook_secrets=tuple(signing.split()),
            portal_default=_output(outputs, "default"),
            portal_standard=_output(outputs, "standard"),
            portal_all_plans=_output(outputs, "allPlans"),
            secret_key=environ.get("APP_SECRET_KEY") or secrets.token_hex(),
            outbox=environ.get("APP_OUTBOX") == "1",
        )


def database(environ: Mapping[str, str]) -> str:
    """Return the path of the SQLite file."""
    return environ.get("APP_DATABASE", "tidemark.sqlite3")


def setting(environ: Mapping[str, str], name: str) -> str:
    """Return a setting that must be there.

    Raises:
        SettingsError: It isn't.
    """
    value = environ.get(name)
    if not value:
        told = f"set it to what {_OUTPUTS} prints" if name == "STACK_OUTPUTS" else _SEE
        raise SettingsError(f"The environment lacks {name}: {told}.")
    return value


def stripe_key(environ: Mapping[str, str]) -> str:
    """Return the key to Stripe.

    Raises:
        SettingsError: There is none, or it is none that Stripe issues.
    """
    key = setting(environ, "STRIPE_API_KEY")
    if not _KEY.fullmatch(key):
        raise SettingsError(
            "STRIPE_API_KEY is no secret key of Stripe's: those begin with sk_test_, "
            "sk_live_, rk_test_ or rk_live_, and have no blank or line end in them."
        )
    return key


def _outputs(text: str) -> dict[str, str]:
    try:
        outputs = json.loads(text)
    except ValueError:
        outputs = None
    if not isinstance(outputs, dict):
        raise SettingsError(f"STACK_OUTPUTS is not what {_OUTPUTS} prints.")
    return outputs


def _output(outputs: Mapping[str, str], name: str) -> str:
    value = outputs.get(name)
    if value in (None, "[secret]"):
        raise SettingsError(
            f"STACK_OUTPUTS lacks {name}, an output of the stack of examples/portal: "
            f"set it to what {_OUTPUTS} prints."
        )
    return str(value)
