"""What a field is called in a sentence and in a table: by words, else by its own name.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_stripe_portal.schema.tree import Node

from .fields import ENDPOINT_FIELDS, EXTRA, PORTAL_FIELDS, Risk, Words
from .text import Quoted, Text

__all__ = ["has_words", "label_at", "lead_at", "own_name", "words_at"]

_BY_KEY = ("mapping", "open")


def words_at(root: Node, path: Sequence[str]) -> Words:
    """Return the words for a field of a resource; a mapping's key has the mapping's.

    A field that has none is a risk until somebody looks: a portal's is about what
    customers can do, an endpoint's about what the app is told.
    """
    is_endpoint = "enabled_events" in root.children
    fields = ENDPOINT_FIELDS if is_endpoint else PORTAL_FIELDS
    found = fields.get(".".join(path))
    top = root.children.get(path[0])
    if found is None and top is not None and top.kind in _BY_KEY:
        found = fields.get(path[0])
    risk = Risk.EVENTS if is_endpoint else Risk.ACCESS
    return found or Words("Parameter newer than this review", risk=risk)


def has_words(root: Node, path: Sequence[str]) -> bool:
    """Tell whether a field is spoken of by a label, rather than by its own name."""
    return words_at(root, path).topic not in ("", EXTRA)


def own_name(path: Sequence[str]) -> str:
    """Return what Stripe calls a field: its path there."""
    extra = path[0] == "extra_params" and len(path) > 1
    return ".".join(path[1:] if extra else path)


def label_at(root: Node, path: Sequence[str]) -> Text:
    """Return what a field is called inside a sentence."""
    if not has_words(root, path):
        return (Quoted(own_name(path)),)
    label = words_at(root, path).label
    return (label[:1].lower() + label[1:],)


def lead_at(root: Node, path: Sequence[str]) -> Text:
    """Return what a field is called at the beginning of a sentence."""
    label = words_at(root, path).label
    return (label,) if has_words(root, path) else label_at(root, path)
