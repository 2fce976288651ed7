"""What Stripe's types can't say: rules of metadata, whosever it is. Pure.

https://docs.stripe.com/api/metadata
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_stripe_portal.schema.validate import Failure

__all__ = ["MARKER_KEY", "metadata_failures"]

MARKER_KEY = "pulumi"
"""The metadata key that says which resource owns an object at Stripe."""

# 50 keys of 40 characters, values of 500; one
# key is ours.
_METADATA_KEYS, _METADATA_KEY, _METADATA_VALUE = 50 - 1, 40, 500


def metadata_failures(metadata: Any) -> Iterator[Failure]:
    """Yield what breaks Stripe's limits of metadata, or takes our own key."""
    if not isinstance(metadata, Mapping):
        return
    if MARKER_KEY in metadata:
        yield Failure(
            f"metadata.{MARKER_KEY}",
            "is the key that this package marks its own objects with",
            "use another key",
        )
    if len(metadata) > _METADATA_KEYS:
        yield Failure(
            "metadata",
            f"has {len(metadata)} keys",
            f"keep at most {_METADATA_KEYS} (Stripe's 50 less the ownership marker)",
        )
    for key, value in metadata.items():
        if len(key) > _METADATA_KEY or not key or set(key) & set("[]"):
            yield Failure(
                f"metadata.{key}",
                "is no key that Stripe takes",
                f"use 1 to {_METADATA_KEY} characters without square brackets",
            )
        if isinstance(value, str) and len(value) > _METADATA_VALUE:
            yield Failure(
                f"metadata.{key}",
                f"has {len(value)} characters",
                f"shorten it to at most {_METADATA_VALUE}",
            )
