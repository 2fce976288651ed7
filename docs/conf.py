"""How Sphinx makes the site of this folder: `make docs`."""

import re
from importlib import metadata
from typing import Any

from pygments.lexers.special import TextLexer  # type: ignore[import-untyped]

project = "pulumi-stripe-portal"
author = "The contributors to pulumi-stripe-portal"
release = version = metadata.version(project)
html_title = f"{project} {release}"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
smartquotes = False  # quotes are copied into programs

myst_heading_anchors = 3

linkcheck_anchors = False  # scripts make them on some sites

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say what each argument is
add_module_names = False
napoleon_numpy_docstring = False
napoleon_use_rtype = False

_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):$")
_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_OUTSIDE = re.compile(r"\]\((\.\./[^)#]+)\)")


def setup(app: Any) -> None:
    """Let docstrings and links be read as they are written for GitHub and editors."""
    app.connect("autodoc-process-docstring", _read_markdown, priority=400)
    app.connect("source-read", _link_files)
    app.add_lexer("csv", TextLexer)  # Pygments has none


def _read_markdown(_app: Any, _what: str, _name: str, *rest: Any) -> None:
    """Turn a docstring's `code` and indented examples into reStructuredText."""
    lines: list[str] = rest[-1]
    text = _CODE.sub(r"``\1``", "\n".join(lines))
    found: list[str] = []
    last = ""  # the last line that is not empty
    for line in text.split("\n"):
        is_first = line.startswith("    ") and found[-1:] == [""]
        if is_first and not last.startswith(" ") and not _SECTION.match(last):
            found += [".. code-block:: python", ""]
        found.append(line)
        last = line or last
    lines[:] = found


def _link_files(_app: Any, _name: str, source: list[str]) -> None:
    """Offer the repository's other files for download: they are no pages."""
    source[0] = _OUTSIDE.sub(r"](path:\1)", source[0])
