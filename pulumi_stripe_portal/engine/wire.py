"""How Pulumi's JSON marks what is no plain value. Pure.

https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

from typing import Any

__all__ = ["SIGNATURE", "UNKNOWN", "secret"]

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that an object has which stands for something else, e.g. a secret."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The text that stands for what is known only after the update."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a type's name


def secret(value: Any) -> dict[str, Any]:
    """Return a value marked as a secret."""
    return {SIGNATURE: _SECRET, "value": value}
