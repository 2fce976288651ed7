"""`expand[]`: ids replaced by their objects, and parts that are otherwise left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

from .resource import INCLUDED, Call, Context, Resource

__all__ = ["expand_paths", "render"]

_DEPTH = 4


def expand_paths(call: Call, resource: Resource, *, in_list: bool = False) -> list[str]:
    """Return a request's paths as seen from one object: without `data.` in a list.

    Raises:
        StripeError: A path that is too deep, or outside a list's `data`.
    """
    seen = []
    for path in call.params.get("expand", []):
        if path.count(".") - in_list >= _DEPTH:
            raise StripeError(
                f"You cannot expand more than {_DEPTH} levels of a property. "
                f"Property: {path}",
                Evidence.DOCUMENTED("https://docs.stripe.com/expand"),
                param="expand",
            )
        if in_list and not path.startswith("data."):
            raise StripeError(
                f"This property cannot be expanded ({path}). You may want to try "
                f"expanding 'data.{path}' instead.",
                Evidence.REPORTED("stripe/stripe-dotnet #1351"),
                param="expand",
            )
        inner = path.removeprefix("data.") if in_list else path
        _check(call, resource, inner, path)
        seen.append(inner)
    return seen


def render(
    context: Context, resource: Resource, item: Json, paths: Iterable[str]
) -> Json:
    """*item* as Stripe answers it, with *paths* expanded.

    Private and hidden fields are left out; so are parts declared INCLUDED, unless they
    are asked for. See https://docs.stripe.com/api/expanding_objects.
    """
    wanted: dict[str, list[str]] = {}
    for path in paths:
        head, rest = _split(resource, path)
        wanted.setdefault(head, []).extend([rest] if rest else [])
    if resource.view and not item.get("deleted"):
        item = resource.view(context, item)
    shown = deepcopy(item)
    for name in (*resource.private, *resource.hidden):
        shown.pop(name, None)
    for path, kind in resource.expands.items():
        if kind == INCLUDED:
            if not any(each == path or each.startswith(f"{path}.") for each in wanted):
                _change(shown, path.split("."), None)
        elif path in wanted:
            _change(shown, path.split("."), _fetch(context, kind, wanted[path]))
    return shown


def _check(call: Call, resource: Resource, inner: str, path: str) -> None:
    known, rest = _split(resource, inner)
    kind = resource.expands.get(known)
    if not known or (rest and kind == INCLUDED):
        raise StripeError(
            f"This property cannot be expanded ({path}).",
            Evidence.OBSERVED("gitpod-io/gitpod #13035"),
            param="expand",
        )
    if rest and kind:
        _check(call, call.resources[kind], rest, path)


def _split(resource: Resource, path: str) -> tuple[str, str]:
    """Split off the longest part of *path* that *resource* can expand."""
    for known in sorted(resource.expands, key=len, reverse=True):
        if path == known or path.startswith(known + "."):
            return known, path[len(known) + 1 :]
    return "", path


def _fetch(context: Context, kind: str, paths: list[str]) -> Callable[[Any], Any]:
    target = context.resources[kind]

    def fetch(value: Any) -> Any:
        if isinstance(value, list):
            return [fetch(each) for each in value]
        found = value and context.partition.get(kind, value)
        return render(context, target, found, paths) if found else value

    return fetch


def _change(node: Any, path: list[str], change: Callable[[Any], Any] | None) -> None:
    """Apply *change* to what is at *path*, in every element of the lists on the way."""
    if isinstance(node, list):
        for each in node:
            _change(each, path, change)
        return
    head, *rest = path
    if not isinstance(node, dict) or head not in node:
        return
    if rest:
        _change(node[head], rest, change)
    elif change is None:
        del node[head]
    else:
        node[head] = change(node[head])
