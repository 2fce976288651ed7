"""The pages of `docs/` that are made from the code: `python -m tools.reference`.

One module a page, each with a function `page` that returns it in Markdown. A test
compares them with what lies in `docs/`: a fact is declared in the code, and nowhere
else.
"""

from __future__ import annotations

from pathlib import Path

from tools.reference import commands, errors, inputs, settings

__all__ = ["DOCS", "PAGES"]

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = {
    "commands.md": commands.page,
    "errors.md": errors.page,
    "inputs.md": inputs.page,
    "settings.md": settings.page,
}
"""The pages, each with what makes it."""
