"""Whether an object of Stripe's has the shape that the declarations give it. Pure.

Looked at once, where an object comes in: what works on it afterwards may rely on it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ._catalogue import listed
from ._marks import Field
from ._schema import Node, schema_of
from .inputs import PortalConfigurationInputs, WebhookEndpointInputs

__all__ = ["ID", "odd_field", "odd_offer"]

ID = re.compile(r"(?:bpc|we)_\w{1,250}", re.ASCII)
"""What an id of a configuration or an endpoint looks like."""

_TEXT = Node("", "scalar", Field())
_TOLD: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "billing_portal.configuration": {"is_default": bool, "active": bool},
    "webhook_endpoint": {"status": str, "url": str},
}
"""What else is read of an object, and has to be there."""
_DECLARED: Mapping[str, type] = {
    "billing_portal.configuration": PortalConfigurationInputs,
    "webhook_endpoint": WebhookEndpointInputs,
}


def odd_field(found: Mapping[str, Any]) -> str | None:
    """Return the path of the first field that is not as it should be, None if none."""
    kind = found.get("object")
    if not isinstance(kind, str) or kind not in _DECLARED:
        return "object"
    if not isinstance(found.get("id"), str) or not ID.fullmatch(found["id"]):
        return "id"
    if not isinstance(found.get("created", 0), int):
        return "created"
    for name, type_ in _TOLD[kind].items():
        if not isinstance(found.get(name), type_):
            return name
    return _odd(schema_of(_DECLARED[kind]), found, "")


def odd_offer(inputs: Mapping[str, Any]) -> str | None:
    """Return the first of recorded inputs' products that is no plain value, or None.

    A secret is none, for example: an export doesn't tell it.
    """
    for index, entry in enumerate(listed(inputs)):
        at = f"features.subscription_update.products[{index}]"
        if not isinstance(entry, Mapping):
            return at
        if not isinstance(entry.get("product", ""), str):
            return f"{at}.product"
        prices = entry.get("prices")
        if not isinstance(prices, list) or not all(map(_is_price, prices)):
            return f"{at}.prices"
    return None


def _is_price(value: Any) -> bool:
    named = value.get("lookup_key") if isinstance(value, Mapping) else value
    return isinstance(named, str)


def _odd(node: Node, value: Any, at: str) -> str | None:
    """Return where a value differs from its declaration; null is as good as absent."""
    if value is None:
        return None
    if node.kind == "scalar":
        return None if _is_scalar(node, value) else at
    if node.kind == "list":
        if not isinstance(value, list):
            return at
        element = node.element or _TEXT
        return _first(
            f"{at}[{index}]"
            if not _is_whole(element, item)
            else _odd(element, item, f"{at}[{index}]")
            for index, item in enumerate(value)
        )
    if not isinstance(value, Mapping):
        return at
    if node.kind == "mapping":
        return None if all(isinstance(each, str) for each in value.values()) else at
    return _first(
        _odd(child, value.get(name), f"{at}.{name}".lstrip("."))
        for name, child in node.children.items()
    )


def _is_scalar(node: Node, value: Any) -> bool:
    if node.children or node.choices:  # a price is an id in an answer
        return isinstance(value, str)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, (str, int))


def _is_whole(element: Node, item: Any) -> bool:
    """Tell whether an element can be told from others."""
    if element.kind != "object" or not isinstance(item, Mapping):
        return item is not None
    # Stripe always tells an entry's product, which inputs may leave out.
    needed = {name for name, each in element.children.items() if each.required}
    needed |= {"product"} & element.children.keys()
    return all(item.get(name) for name in needed)


def _first(paths: Iterable[str | None]) -> str | None:
    return next((path for path in paths if path is not None), None)
