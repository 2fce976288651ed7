"""Stripe's keys and secrets: told from each other, and kept out of what is shown. Pure.

https://docs.stripe.com/keys and https://docs.stripe.com/keys/organization-api-keys
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from typing import Literal

from pulumi_stripe_portal.schema.visible import HIDDEN

__all__ = [
    "Mode",
    "account_option",
    "is_organization_key",
    "key_mode",
    "key_trouble",
    "without_secrets",
]

Mode = Literal["test", "live"]

_KEY = re.compile(r"(sk|rk|sk_org)_(test|live)_[A-Za-z0-9_]+")
_PREFIXES = "sk_test_, sk_live_, rk_test_, rk_live_, sk_org_test_ or sk_org_live_"

# What begins like one is hidden wherever it stands, its end as far as can be told.
_SECRET = re.compile(r"(whsec|[sr]k(_org)?_(test|live))_[\w+/=-]+", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def key_mode(key: str) -> Mode | None:
    """Return the mode of a key that Stripe can have issued, None for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    return "live" if found[2] == "live" else "test"


def is_organization_key(key: str) -> bool:
    """Tell whether a key is an organisation's: it works with an account named only."""
    return key.startswith("sk_org_")


def account_option(key: str, account: str) -> dict[str, str]:
    """Return the option of a request by which a key is used for another account.

    https://docs.stripe.com/context
    """
    name = "stripe_context" if is_organization_key(key) else "stripe_account"
    return {name: account}


def key_trouble(key: str) -> str | None:
    """Say why a text can be no key of Stripe's, without showing it; None if it can."""
    if _KEY.fullmatch(key):
        return None
    bare = key.strip()
    if not bare:
        return "is blank"
    if "…" in bare or bare.endswith("..."):
        return "is shortened, not the whole key"
    if "*" in bare:
        return "has its middle hidden (*), as lists of keys show it"
    if bare.isascii() and bare != key:
        return "has a blank or a line end around it"
    strange = next((each for each in bare if not " " < each < "\x7f"), None)
    if bare.lower().startswith(("bearer ", "authorization:")):
        return "is a whole header; only what follows on `Bearer` is the key"
    if strange is not None:
        name = unicodedata.name(strange, "a control character")
        return f"has a character in it that no key has: U+{ord(strange):04X}, {name}"
    if bare[0] in "\"'`":
        return "is in quotes"
    return _kind_trouble(bare)


def _kind_trouble(key: str) -> str:
    if key.startswith("pk_"):
        return "is a publishable key, which may change nothing"
    if key.startswith("whsec_"):
        return "is the signing secret of a webhook endpoint"
    if _KEY.fullmatch(key.lower()):
        return "begins in upper case; keys are case-sensitive"
    if _KEY.match(key):
        return "has a character in it that no key has"
    return f"begins with none of {_PREFIXES}"


def without_secrets(words: str, key: str | None = None) -> str:
    """Blank out keys and signing secrets, as HTTP's Basic authentication has them too.

    `key` is one that is to be hidden whatever it looks like.
    """
    if key and key.strip():
        words = words.replace(key, HIDDEN)
    words = _SECRET.sub(HIDDEN, words)
    return _BASE64.sub(_hide_if_secret, words)


def _hide_if_secret(found: re.Match[str]) -> str:
    text = found[0].rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):  # it may follow on other letters
        body = text[start:]
        try:
            decoded = base64.b64decode(body[: len(body) // 4 * 4])
        except (binascii.Error, ValueError):
            continue
        if _SECRET.search(decoded.decode("latin-1")):
            return HIDDEN
    return found[0]
