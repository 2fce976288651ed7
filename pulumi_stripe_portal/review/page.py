"""A report as one self-contained page, with the portal before and after."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pulumi_stripe_portal.sandbox.portal.preview import PREVIEW_CSS, render_preview

from . import outline
from .pictures import Picture, catalogue_of, picture_of
from .report import Report, Section
from .text import BREAK, SUBJECT, Name, Part, Quoted, Strong, clean
from .values import Values

__all__ = ["page"]

_UNTOLD = "Not in the preview; a review with --online asks Stripe for it."
_Pair: TypeAlias = "tuple[Markup | None, Markup | None]"


@dataclass(frozen=True)
class _Drawn:
    """The pictures of one resource, of the stacks where they are alike."""

    stacks: tuple[str, ...]
    before: Markup | None
    after: Markup | None
    nothing_before: str
    """Why there is no picture from before."""
    is_off: bool
    """Whether the portal exists and no customer can open it."""


def page(report: Report) -> str:
    """Return the report as HTML, with pictures of the portals that it changes."""
    stories = list(outline.changes(report))
    drifted = list(outline.drift(report))
    template = _environment().get_template("page.html")
    return template.render(
        outline=outline,
        report=report,
        stories=[
            (story, list(_drawn(story.section, n))) for n, story in enumerate(stories)
        ],
        drifted=drifted,
        css=Markup(PREVIEW_CSS),  # noqa: S704 - our own file
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pulumi_stripe_portal.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"inline": _inline, "clean": clean}
    return environment


def _inline(text: Iterable[Part], subject: str = "") -> Markup:
    """Return a text as HTML; every part is escaped."""
    return Markup("").join(_part(part, subject) for part in text)


def _part(part: Part, subject: str) -> Markup:
    if part is SUBJECT:
        part = Name(subject)
    if part is BREAK:
        return Markup("<br>")
    if isinstance(part, str):
        return escape(clean(part))
    for kind, tag in ((Quoted, "code"), (Strong, "strong"), (Name, "em")):
        if isinstance(part, kind):
            return Markup("<{0}>{1}</{0}>").format(tag, clean(part.text))
    raise TypeError(part)


def _drawn(section: Section, number: int) -> Iterator[_Drawn]:
    """Draw a resource's pictures, once for the stacks where they are the same."""
    drawings: dict[str, Callable[[str], _Pair]] = {}
    off: set[str] = set()
    for stack, part in section.parts.items():
        picture = picture_of(part.change, part.known.default)
        if picture is not None:
            names = catalogue_of(part.known.book)
            drawings[stack] = functools.partial(_pair, picture, names)
            if picture.after is not None and picture.after.get("active") is False:
                off.add(stack)
    alike: dict[_Pair, list[str]] = {}
    for stack, draw in drawings.items():
        alike.setdefault(draw(""), []).append(stack)
    for index, stacks in enumerate(alike.values()):
        # Elements have ids, and those of each picture on the page are its own.
        before, after = drawings[stacks[0]](f"p{number}-{index}-")
        untold = section.parts[stacks[0]].takes_over_unseen
        yield _Drawn(
            tuple(stacks),
            before,
            after,
            _UNTOLD if untold else "There was no such portal.",
            not off.isdisjoint(stacks),
        )


def _pair(picture: Picture, known: Mapping[str, Values], prefix: str) -> _Pair:
    def draw(configuration: Values | None, side: str) -> Markup | None:
        if configuration is None:
            return None
        marks = picture.marks if picture.before and picture.after else {}
        html = render_preview(
            configuration, known, marks=marks, prefix=f"{prefix}{side}-"
        )
        return Markup(html)  # noqa: S704 - escaped by the portal's templates

    return draw(picture.before, "before"), draw(picture.after, "after")
