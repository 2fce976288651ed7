"""Pages and pieces of pages, from views and the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pulumi_stripe_portal.sandbox.data.store import Branding

from .colours import accent_of, palette
from .texts.texts import Texts
from .views.view import Brand

__all__ = ["Frame", "page", "piece", "stylesheet", "stylesheet_url"]

_HERE = Path(__file__).parent

_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What all of a page shares.

    A picture of a page is static: nothing in it can be used. Its *prefix* keeps ids
    apart where two are on one page; *marks* tell what a review found changed.
    """

    text: Texts
    brand: Brand | None = None
    base: str = ""
    """The URL of the session's first page."""
    stylesheet: str = ""
    csrf: str = ""
    home: bool = False
    """Whether there is a way to the first page; a flow has none."""
    back: str | None = None
    """Where the step before is, below `base`."""
    notice: str | None = None
    problem: str | None = None
    wrong: str | None = None
    """The name of the field that the problem is with."""
    is_static: bool = False
    prefix: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)

    def of_brand(self, brand: Brand) -> Frame:
        """Return the same with a company's part of the page."""
        return replace(self, brand=brand)

    def href(self, path: str) -> str:
        """Return the URL of a page or an action of the session."""
        place, _, query = path.partition("?")
        url = f"{self.base}/{quote(place)}" if place else self.base
        return f"{url}?{query}" if query else url

    def id(self, name: str) -> str:
        """Return the id of an element."""
        return self.prefix + name

    def mark(self, path: str) -> str | None:
        """Return how the configuration changed at *path*: `changed` if only below."""
        switched = self.marks.get(path) or self.marks.get(f"{path}.enabled")
        below = any(each.startswith(f"{path}.") for each in self.marks)
        return switched or ("changed" if below else None)


def page(part: str, frame: Frame, title: str, **views: object) -> str:
    """Return a page: the template *part* in its frame."""
    return _render("page.html", part=part, frame=frame, title=title, **views)


def piece(part: str, frame: Frame, title: str, **views: object) -> str:
    """Return the same as a piece of HTML, to be put into another page."""
    return _render("frame.html", part=part, frame=frame, title=title, **views)


def _render(template: str, **context: object) -> str:
    return _TEMPLATES.get_template(template).render(context)


def stylesheet_url(branding: Branding | None) -> str:
    """Return the address of the CSS in a company's accent colour."""
    accent = accent_of(branding.primary_color if branding else None)
    second = accent_of(branding.secondary_color if branding else None, accent)
    colours = [each.removeprefix("#") for each in (accent, second)]
    return "/p/portal.css?accent={}&second={}".format(*colours)


def stylesheet(accent: str, second: str | None = None) -> str:
    """Return the CSS of a portal with the accent colour *accent*.

    A *second* one colours what is no button: the mark, and the edge of the page.
    """
    rules = (_HERE / "portal.css").read_text(encoding="utf-8")
    colours = palette(accent, second or accent)
    variables = "".join(f"{name}:{value};" for name, value in colours.items())
    return f"{rules}.portal{{{variables}}}\n"
