"""Merging what a request names into what is stored: objects, and metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError

__all__ = ["merge_metadata", "merge_nested"]

_KEYS, _KEY_LENGTH, _VALUE_LENGTH = 50, 40, 500


def merge_metadata(
    stored: Mapping[str, str], given: Mapping[str, str | None] | None
) -> dict[str, str]:
    """Merge *given* into *stored*: None, sent as "", deletes its key, or all of them.

    See https://docs.stripe.com/api/metadata.

    Raises:
        StripeError: More than 50 keys, a key of more than 40 characters or a value of
            more than 500.
    """
    if given is None:
        return {}
    for key, value in given.items():
        if len(key) > _KEY_LENGTH:
            raise _refused(
                f"Metadata keys can have up to {_KEY_LENGTH} characters, but you "
                f"passed in a key that is {len(key)} characters. Invalid key: {key}",
                f"metadata[{key}]",
            )
        if value and len(value) > _VALUE_LENGTH:
            raise _refused(
                f"Metadata values can have up to {_VALUE_LENGTH} characters, but you "
                f"passed in a value that is {len(value)} characters. "
                f"Invalid value: {value}",
                f"metadata[{key}]",
            )
    merged = {key: value for key, value in {**stored, **given}.items() if value}
    if len(merged) > _KEYS:
        raise _refused(f"You can only specify up to {_KEYS} metadata keys.", "metadata")
    return merged


def merge_nested(stored: Mapping[str, Any], given: Mapping[str, Any]) -> Json:
    """Return *stored* with what *given* names: objects key by key, lists as a whole."""
    merged = dict(stored)
    for name, value in given.items():
        old = stored.get(name)
        both = isinstance(value, dict) and isinstance(old, dict)
        merged[name] = merge_nested(old or {}, value) if both else value
    return merged


def _refused(message: str, param: str) -> StripeError:
    return StripeError(
        400,
        message,
        param=param,
        evidence=Evidence.DOCUMENTED,
        source="https://docs.stripe.com/api/metadata; the wording may be ours",
    )
