"""How a resource's constructor is called: a mistake there is one line, no traceback."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec

import pulumi

from pulumi_stripe_portal.resources.invalid import InvalidProgram
from pulumi_stripe_portal.schema.failures import nearest

__all__ = ["check_arguments"]

P = ParamSpec("P")

_EXPLAINED = {
    ("PortalConfiguration", "is_default"): (
        "no API sets it; declare a DefaultPortalConfiguration to manage the account's "
        "default"
    ),
    ("DefaultPortalConfiguration", "is_default"): "remove it: it always is",
    ("DefaultPortalConfiguration", "active"): (
        "remove it; Stripe never deactivates the default"
    ),
}


def check_arguments(constructor: Callable[P, None]) -> Callable[P, None]:
    """Say which arguments a constructor doesn't know or lacks, as Pulumi shows errors.

    Python's own TypeError is a traceback; a type checker still sees the signature.
    """
    parameters = inspect.signature(constructor).parameters
    named = {
        name: each
        for name, each in parameters.items()
        if each.kind is each.KEYWORD_ONLY
    }

    @functools.wraps(constructor)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        kind = type(args[0]).__name__
        name = args[1] if len(args) > 1 else kwargs.get("resource_name")
        lines = list(_problems(kind, name, args[1:], kwargs, named))
        if lines:
            text = "".join(f"\n  - {line}" for line in lines)
            title = f"{kind} '{name}'" if isinstance(name, str) else kind
            raise InvalidProgram(f"{title}; nothing was sent to Stripe:{text}\n")
        constructor(*args, **kwargs)

    return wrapper


def _problems(
    kind: str,
    name: Any,
    args: tuple[Any, ...],
    given: dict[str, Any],
    named: dict[str, inspect.Parameter],
) -> Iterator[str]:
    if not isinstance(name, str) or not name:
        yield "the first argument is the resource's name; give a text"
    if len(args) > 1:
        yield "only the name stands without its keyword; write features=…, url=… etc."
    for key in given:
        if key not in named and key != "resource_name":
            remedy = _EXPLAINED.get((kind, key)) or _remedy(key, named)
            yield f"{key}: there is no such input; {remedy}"
    for key, parameter in named.items():
        if parameter.default is parameter.empty and key not in given:
            yield f"{key}: is missing; it is required here"
    opts = given.get("opts")
    if opts is not None and not isinstance(opts, pulumi.ResourceOptions):
        yield "opts: give a pulumi.ResourceOptions"


def _remedy(key: str, named: dict[str, inspect.Parameter]) -> str:
    near = nearest(key, named)
    meant = f"did you mean {near!r}? " if near else ""
    return f"{meant}What Stripe has and this package doesn't know goes to extra_params"
