"""The package's modules, read once however many tests look at them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

__all__ = ["tree_of"]


@cache
def tree_of(path: Path) -> ast.Module:
    """Return what is in a module, which no test changes."""
    return ast.parse(path.read_text(encoding="utf-8"))
