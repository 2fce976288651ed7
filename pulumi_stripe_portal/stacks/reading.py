"""Reads what other programs answer, whatever that is. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["json_object", "mapping", "mappings"]


def json_object(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that a text is, None where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, {} where it is something else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list, [] where it is something else."""
    found = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, Mapping)]
