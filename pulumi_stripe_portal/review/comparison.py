"""A comparison of two stacks as Markdown for people, and as JSON for programs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .compare import Comparison, Difference, Resource
from .endpoints import visible_address
from .markdown import inline, prose, table
from .text import BREAK, Name, Quoted, Text, count_of, join, plain
from .values import SECRET, Opaque

__all__ = ["as_json", "as_markdown"]


def as_markdown(comparison: Comparison) -> str:
    """Return the comparison for people."""
    one, other = map(prose, comparison.stacks)
    if comparison.same:
        return f"## {other} has all that {one} has, and nothing differs\n"
    blocks = [f"## {other} compared with {one}: {_summary(comparison, other)}"]
    for title, resources in (
        (f"### Only in {one}", comparison.missing),
        (f"### Only in {other}", comparison.extra),
    ):
        if resources:
            blocks.append("\n".join([f"{title}\n", *map(_line, resources)]))
    if comparison.prices:
        blocks.append("\n".join(_price_lines(comparison)))
    if comparison.different:
        blocks.append("### Different")
    for difference in comparison.different:
        blocks += _difference_blocks(difference, comparison.stacks)
    return "\n\n".join(blocks) + "\n"


def _summary(comparison: Comparison, other: str) -> str:
    prices = count_of(len(comparison.prices), "price")
    counts = (
        (len(comparison.missing), "missing"),
        (len(comparison.extra), f"only in {other}"),
        (len(comparison.different), "different"),
    )
    words = [f"{count} {word}" for count, word in counts if count]
    return ", ".join([*words, *[f"{prices} not known there"] * bool(comparison.prices)])


def _line(resource: Resource) -> str:
    return (
        f"- {inline((Name(resource.title), f', {resource.key.resource_type.label}'))}"
    )


def _price_lines(comparison: Comparison) -> Iterator[str]:
    one, other = map(prose, comparison.stacks)
    yield f"### Prices of {one} that {other} doesn't know yet\n"
    for price, titles in comparison.prices.values():
        users = join([(Name(title),) for title in titles])
        advice = "" if price.lookup_key else "; it has no lookup key to be found by"
        yield f"- {inline((*price.title, ', on offer in ', *users, advice))}"


def _difference_blocks(
    difference: Difference, stacks: tuple[str, str]
) -> Iterator[str]:
    title = difference.resource.title
    yield f"#### {prose(title)} ({difference.resource.key.resource_type.label})"
    lines = [_contrast(each, title, stacks) for each in difference.contrasts]
    if lines:
        yield "\n".join(lines)
    rows = [
        ((each.label, BREAK, Quoted(each.path)), *each.texts)
        for each in difference.settings
    ]
    yield table(("Setting", *stacks), rows)


def _contrast(holds: tuple[Text, Text], title: str, names: tuple[str, str]) -> str:
    stacks = prose(names[0]), prose(names[1])
    one, other = (inline(text, title) for text in holds)
    if one and other:
        return f"- In {stacks[0]}: {one}. In {stacks[1]}: {other}."
    here, there = stacks if one else stacks[::-1]
    return f"- {one or other} in {here}, not in {there}."


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison for programs."""
    one, other = comparison.stacks
    return {
        "stacks": [one, other],
        "same": comparison.same,
        "missing": [_names(resource) for resource in comparison.missing],
        "extra": [_names(resource) for resource in comparison.extra],
        "different": [
            {
                **_names(difference.resource),
                "settings": [
                    {
                        "path": setting.path,
                        "label": setting.label,
                        "values": [_data(v, setting.path) for v in setting.values],
                    }
                    for setting in difference.settings
                ],
            }
            for difference in comparison.different
        ],
        "prices": [
            {"id": price.id, "lookup_key": price.lookup_key, "used_by": list(titles)}
            for price, titles in comparison.prices.values()
        ],
    }


def _names(resource: Resource) -> dict[str, str]:
    return {
        "type": resource.key.type,
        "name": resource.key.name,
        "title": resource.title,
    }


def _data(value: Any, path: str = "") -> Any:
    """Return a value as JSON has it; what is not told says why."""
    if isinstance(value, Opaque):
        return "[secret]" if value is SECRET else f"[{value.words}]"
    if path == "url":
        return plain(visible_address(value))
    if isinstance(value, Mapping):
        return {key: _data(item) for key, item in value.items()}
    return [_data(item) for item in value] if isinstance(value, list) else value
