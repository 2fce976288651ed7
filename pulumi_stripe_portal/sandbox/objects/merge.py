"""Merging what a request names into what is stored: objects, and metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["merge_given", "merge_metadata", "merge_nested"]

_KEYS, _KEY_LENGTH, _VALUE_LENGTH = 50, 40, 500
_LIMITS = Evidence.DOCUMENTED("https://docs.stripe.com/api/metadata, but for the words")


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
            raise StripeError(
                f"Metadata keys can have up to {_KEY_LENGTH} characters, but you "
                f"passed in a key that is {len(key)} characters. Invalid key: {key}",
                _LIMITS,
                param=f"metadata[{key}]",
            )
        if value and len(value) > _VALUE_LENGTH:
            raise StripeError(
                f"Metadata values can have up to {_VALUE_LENGTH} characters, but you "
                f"passed in a value that is {len(value)} characters. "
                f"Invalid value: {value}",
                _LIMITS,
                param=f"metadata[{key}]",
            )
    merged = {key: value for key, value in {**stored, **given}.items() if value}
    if len(merged) > _KEYS:
        raise StripeError(
            f"You can only specify up to {_KEYS} metadata keys.",
            _LIMITS,
            param="metadata",
        )
    return merged


def merge_given(
    stored: Json, given: Mapping[str, Any], names: Iterable[str] = ()
) -> Json:
    """Return *stored* with what *given* has of *names*, and with its metadata merged.

    Raises:
        StripeError: As `merge_metadata`.
    """
    changed = {**stored, **{name: given[name] for name in names if name in given}}
    if "metadata" in given:
        changed["metadata"] = merge_metadata(stored["metadata"], given["metadata"])
    return changed


def merge_nested(stored: Mapping[str, Any], given: Mapping[str, Any]) -> Json:
    """Return *stored* with what *given* names: objects key by key, lists as a whole."""
    merged = dict(stored)
    for name, value in given.items():
        old = stored.get(name)
        both = isinstance(value, dict) and isinstance(old, dict)
        merged[name] = merge_nested(old or {}, value) if both else value
    return merged
