"""Which routes Stripe has, read from the installed `stripe` package's sources."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["stripe_has"]

_REQUEST = re.compile(
    r'_request(?:_stream)?\(\s*"(get|post|delete)",\s*"(/v[12]/[^"]+)"'
)
_PARAMETER = re.compile(r"\\{\w+\\}")


def stripe_has(method: str, path: str) -> bool:
    """Tell whether the SDK can make this request; the first call reads its services."""
    return any(route.fullmatch(path) for route in _routes().get(method.lower(), ()))


@cache
def _routes() -> dict[str, list[re.Pattern[str]]]:
    spec = find_spec("stripe")
    routes: dict[str, set[str]] = {}
    for folder in (spec and spec.submodule_search_locations) or ():
        for source in Path(folder).rglob("_*_service.py"):
            for method, path in _REQUEST.findall(source.read_text(encoding="utf-8")):
                pattern = _PARAMETER.sub("[^/]+", re.escape(path))
                routes.setdefault(method, set()).add(pattern)
    return {
        name: [re.compile(p) for p in sorted(all_)] for name, all_ in routes.items()
    }
