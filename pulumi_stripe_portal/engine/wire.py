"""How Pulumi's JSON marks what is no plain value. Pure.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["SIGNATURE", "UNKNOWN", "is_secret", "secret"]

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that an object has which stands for something else, e.g. a secret."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The text that stands for what is known only after the update."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a type's name


def secret(value: Any) -> dict[str, Any]:
    """Return a value marked as a secret."""
    return {SIGNATURE: _SECRET, "value": value}


def is_secret(value: Any) -> bool:
    """Tell whether a value, of Python's or of a message, is marked as a secret."""
    if not isinstance(value, Mapping) or SIGNATURE not in value:
        return False
    signature = value[SIGNATURE]
    return getattr(signature, "string_value", signature) == _SECRET
