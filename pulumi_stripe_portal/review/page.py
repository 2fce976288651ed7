"""A report as a page of its own, with pictures of the portal before and after."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pulumi_stripe_portal.sandbox.portal.preview import PREVIEW_CSS, render_preview
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import canonical, value_at

from . import outline
from .plan import Change
from .prices import Price, PriceBook
from .report import Report, Section
from .text import Name, Part, Quoted, Strong, clean, render
from .undeclared import fill
from .values import Opaque, Values, differences

__all__ = ["page"]

_UNTOLD = "Not in the preview; a review with --online asks Stripe for it."
_Pair: TypeAlias = "tuple[Markup | None, Markup | None]"


def page(report: Report) -> str:
    """Return the report as HTML, with pictures of the portals that it changes."""
    template = _environment().get_template("page.html")
    return template.render(
        outline=outline,
        report=report,
        stories=[
            (story, list(_draw(story.section, number)))
            for number, story in enumerate(outline.stories(report))
        ],
        drifted=list(outline.stories(report, drift=True)),
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
    return Markup("").join(render(text, subject, _STYLES, Markup("<br>")))


def _in_tag(tag: str) -> Callable[[str], Markup]:
    html = Markup(f"<{tag}>{{}}</{tag}>")  # noqa: S704 - our own tags
    return lambda text: html.format(clean(text))


_STYLES: dict[type, Callable[[str], Markup]] = {
    str: lambda text: escape(clean(text)),
    Quoted: _in_tag("code"),
    Strong: _in_tag("strong"),
    Name: _in_tag("em"),
}


def _draw(section: Section, number: int) -> Iterator[dict[str, Any]]:
    """Draw a resource's pictures, once for the stacks where they are the same."""
    found = {stack: _picture_of(part.change) for stack, part in section.parts.items()}
    pictures = {stack: picture for stack, picture in found.items() if picture}
    alike: dict[_Pair, list[str]] = {}
    for stack, picture in pictures.items():
        alike.setdefault(picture.draw(""), []).append(stack)
    for index, stacks in enumerate(alike.values()):
        # Elements have ids, and those of each picture on the page are its own.
        before, after = pictures[stacks[0]].draw(f"p{number}-{index}-")
        first = section.parts[stacks[0]]
        untold = first.new and first.change.key.is_default
        yield {
            "stacks": stacks,
            "before": before,
            "after": after,
            "nothing_before": _UNTOLD if untold else "There was no such portal.",
            "is_off": any(pictures[stack].is_off for stack in stacks),
        }


@dataclass(frozen=True)
class _Picture:
    """What customers see today and after the change, and what differs.

    In Stripe's own shape. None where there is no portal.
    """

    before: Values | None
    after: Values | None
    marks: Mapping[str, str]
    """What is `added`, `changed` or `removed`, by dotted path; an element of a list by
    its value, and a price by its id or lookup key."""
    names: Mapping[str, Values]
    """What is known of prices and other objects, by id and lookup key."""

    @property
    def is_off(self) -> bool:
        """Whether the portal is there after the change, and nobody can open it."""
        return self.after is not None and self.after.get("active") is False

    def draw(self, prefix: str) -> _Pair:
        """Return both as HTML; the ids of the elements in it begin with the prefix."""
        return self._html("before", prefix), self._html("after", prefix)

    def _html(self, side: Literal["before", "after"], prefix: str) -> Markup | None:
        configuration = self.before if side == "before" else self.after
        if configuration is None:
            return None
        marks = self.marks if self.before and self.after else {}
        at = f"{prefix}{side}-"
        html = render_preview(configuration, self.names, marks=marks, prefix=at)
        return Markup(html)  # noqa: S704 - escaped by the portal's templates


def _picture_of(change: Change) -> _Picture | None:
    """Return the picture of a change, None where there is nothing to see."""
    if change.key.is_endpoint or change.op in ("adopt", "release"):
        return None
    if change.op == "delete" and change.is_default:
        return None
    before = change.found if change.found is not None else change.default or None
    after = change.after
    undeclared = change.outputs.get("before") or change.default
    if change.key.is_default and undeclared:
        before, after = (
            None if each is None else fill(change.root, each, undeclared)
            for each in (before, after)
        )
    marks = dict(_marks(change.root, before or {}, after or {}))
    names = _catalogue_of(change.book)
    return _Picture(_drawable(before), _drawable(after), marks, names)


def _drawable(value: Any) -> Any:
    """Copy a configuration for a page: no secrets, and texts that stay in place."""
    if isinstance(value, Mapping):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value if not isinstance(item, Opaque)]
    if isinstance(value, Opaque):
        return f"({value.words})"
    return clean(value) if isinstance(value, str) else value


def _marks(root: Node, before: Values, after: Values) -> Iterator[tuple[str, str]]:
    for path, leaf in differences(root, before, after):
        dotted = ".".join(path)
        was, will = value_at(before, path), value_at(after, path)
        if leaf.kind == "list" and isinstance(was or [], list):
            names, still = _names(was), _names(will)
            yield from ((f"{dotted}.{name}", "removed") for name in names - still)
            yield from ((f"{dotted}.{name}", "added") for name in still - names)
        if leaf.kind != "mapping":  # metadata is not on the picture
            yield dotted, _mark(canonical(leaf, was), canonical(leaf, will))


def _mark(was: Any, will: Any) -> str:
    """Say what became of a setting, whose default counts as a value."""
    nothing: tuple[Any, ...] = (None, False, [])
    if was in nothing:
        return "added"
    return "removed" if will in nothing else "changed"


def _names(value: Any) -> set[str]:
    """Return what the elements of a list are called in marks."""
    found = set()
    for item in value if isinstance(value, list) else ():
        prices = item.get("prices") if isinstance(item, Mapping) else [item]
        for price in prices if isinstance(prices, list) else ():
            name = price.get("lookup_key") if isinstance(price, Mapping) else price
            if isinstance(name, str):
                found.add(name)
    return found


def _catalogue_of(book: PriceBook) -> dict[str, Values]:
    """Return what is known of prices and other objects as Stripe shows them, by id."""
    known: dict[str, Values] = {
        id_: {"id": id_, "name": clean(name), "description": clean(name)}
        for id_, name in book.names.items()
    }
    for price in book.prices:
        shown = _as_stripe(price)
        known.update({key: shown for key in (price.id, price.lookup_key) if key})
    return known


def _as_stripe(price: Price) -> Values:
    recurring = {"interval": price.interval, "interval_count": price.interval_count}
    return {
        "id": price.id,
        "nickname": clean(price.nickname),
        "unit_amount": price.amount,
        "currency": price.currency,
        "recurring": recurring if price.interval else None,
        "product": {"id": price.product, "name": clean(price.product_name)},
    }
