"""A report as Markdown for a pull request, which no text in it breaks. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from pulumi_stripe_portal.stacks.preview import Message

from . import outline
from .labels import Table
from .report import Report
from .text import LONGEST, Name, Part, Quoted, Strong, clean, count_of, render
from .truncate import Block, truncate

__all__ = ["LIMIT", "inline", "markdown", "prose", "table"]

LIMIT = 65_536
"""The longest comment that GitHub takes."""

_MOST_MESSAGES = 20
_LONGEST = 1000
_ID = re.compile(r"`(?:price|prod|pmc|fbo)_\w+`")
_NAMELESS = """\
*No name is known for some ids: `--catalogue` gives them, `--online` asks Stripe.*
"""

# `$` begins mathematics on GitHub, `:` between letters an emoji
_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
_APART = "&#8203;"  # a space of no width: what it stands in is no longer a link
_LINKS = (
    ("@", re.compile(r"@"), f"@{_APART}"),  # mentions, e-mail addresses
    ("#", re.compile(r"\\#(?=\w)"), f"\\#{_APART}"),  # issues
    ("-", re.compile(r"\bGH-(?=\d)", re.IGNORECASE), f"GH-{_APART}"),
    ("://", re.compile(r"://"), f":{_APART}//"),
    (".", re.compile(r"\bwww\.", re.IGNORECASE), f"www{_APART}."),
)
"""What becomes a link, with what is in each such text."""


def markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the report, cut where it is too long so that its beginning stays."""
    head = [_marker(report), f"## {prose(outline.summary(report), _LONGEST)}"]
    for stack, errors in outline.failures(report):
        title = (
            f"**The preview of {prose(stack)} failed.** What follows may be incomplete."
        )
        head.append("\n".join([f"{title}\n", *_messages(errors)]))
    announced = outline.announcements(report)
    blocks = [_block(story, "###", announced) for story in outline.stories(report)]
    blocks += _drift(report, announced)
    room = limit - len(_NAMELESS) - 1
    review = truncate(head, blocks, partial(_tail, report, announced), room)
    return f"{review}\n{_NAMELESS}" if _ID.search(review) else review


def _marker(report: Report) -> str:
    """Return the hidden line by which a workflow finds the comment to update."""
    project = next((plan.project for plan in report.plans if plan.project), "")
    names = ", ".join(sorted(report.stacks))
    text = re.sub(r"[^\w./, ]+|-", "-", f"{project} {names}".strip())
    return f"<!-- stripe-portal-review {re.sub('-{2,}', '-', text)[:200]} -->"


def _block(story: outline.Story, level: str, announced: outline.Announced) -> Block:
    said = announced.get(story.section.key)
    return Block(
        lambda: f"{level} {prose(story.title)}: {prose(story.event)}",
        lambda: "\n".join(_lines(story)),
        lambda: _values(story.table),
        (lambda: "\n".join(_announcements(said))) if said else None,
    )


def _announcements(of_one: Mapping[str, str]) -> Iterator[str]:
    for text, where in of_one.items():
        yield from _messages([Message("", text)], prose(where))


def _lines(story: outline.Story) -> Iterator[str]:
    for number, group in enumerate(story.groups):
        if group.heading:
            yield f"{chr(10) if number else ''}**{group.heading}**\n"
        for sentence in group.sentences:
            yield f"- {inline(sentence, story.section.title)}"


def _values(values: Table | None) -> str:
    """Return the exact values, folded."""
    if values is None:
        return ""
    count = count_of(len(values.rows), "setting")
    body = table(values.columns, values.rows)
    return f"<details><summary>Exact values: {count}</summary>\n\n{body}\n\n</details>"


def _drift(report: Report, announced: outline.Announced) -> Iterator[Block]:
    lead = f"### {outline.DRIFT_TITLE}\n\n{outline.DRIFT_LEAD}\n\n"
    for story in outline.stories(report, drift=True):
        told = any(part.change.by_code for part in story.section.parts.values())
        yield _block(story, f"{lead}####", {} if told else announced)
        lead = ""


def _tail(report: Report, announced: outline.Announced, *, cut: bool) -> list[str]:
    """Return the warnings, and what else is in the previews."""
    said = {text for of_one in announced.values() for text in of_one}
    lines = []
    for where, messages in outline.warnings(report):
        told = [m for m in messages if not cut or m.text not in said]
        lines += _messages(told, prose(where), said)
    tail = ["\n".join(["### Warnings\n", *lines])] if lines else []
    return [*tail, *map(prose, outline.others(report))]


def _messages(
    messages: Iterable[Message], suffix: str = "", always: Collection[str] = ()
) -> list[str]:
    """Return a list of messages; what several resources say stands there once.

    Those whose text is among `always` are left out of no list.
    """
    named: dict[str, list[Message]] = {}
    for message in messages:
        named.setdefault(message.text, []).append(message)
    shown = {
        text: found
        for number, (text, found) in enumerate(named.items())
        if number < _MOST_MESSAGES or text in always
    }
    lines = []
    for text, found in shown.items():
        names = [m.resource for m in found if m.resource and not m.names_it]
        about = [inline((Quoted(name),)) for name in dict.fromkeys(names)]
        first, *rest = [line.strip() for line in text.splitlines() if line.strip()]
        whom = f"{', '.join(about)}: " if about else ""
        lines.append(f"- {whom}{_line(first)}{suffix}")
        deep = any(line.endswith(":") for line in rest)  # a resource, then its problems
        for line in rest[:_MOST_MESSAGES]:
            indent = "    " if deep and line.startswith("- ") else "  "
            lines.append(f"{indent}- {_line(line)}")
    more = len(named) - len(shown)
    return [*lines, f"- … and {more} more"] if more > 0 else lines


def _line(text: str) -> str:
    return prose(text.removeprefix("- "), _LONGEST)


def prose(text: str, longest: int = LONGEST) -> str:
    """Return a text that reads as it is written: no markup, links or mentions."""
    text = clean(text, longest)
    if text.isalnum():
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\1", text)
    for sign, pattern, replacement in _LINKS:
        if sign in text:
            text = pattern.sub(replacement, text)
    return text


def code(text: str, *, cell: bool = False) -> str:
    """Return a text as it is written, in the typewriter's letters."""
    text = clean(text)
    if not text.strip():
        return "(empty)"
    if cell:  # a bar ends the cell, even here, unless an odd backslash is before it
        text = re.sub(r"(\\*)\|", _escape_bar, text)
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"


def _escape_bar(found: re.Match[str]) -> str:
    backslashes = found[1]
    return f"{backslashes}{' ' if len(backslashes) % 2 else ''}\\|"


def inline(text: Iterable[Part], subject: str = "", *, cell: bool = False) -> str:
    """Return a text in one line, for a paragraph or for a table's cell."""
    return "".join(render(text, subject, _IN_CELL if cell else _INLINE, "<br>"))


def table(columns: Iterable[str], rows: Iterable[Iterable[Iterable[Part]]]) -> str:
    """Return a table; a column's name is plain text."""
    head = list(map(prose, columns))
    lines = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    for row in rows:
        lines.append(f"| {' | '.join(inline(text, cell=True) for text in row)} |")
    return "\n".join(lines)


_INLINE: dict[type, Callable[[str], str]] = {
    str: prose,
    Quoted: code,
    Strong: lambda text: f"**{prose(text)}**",
    Name: lambda text: f"*{prose(text.strip())}*",
}
_IN_CELL: dict[type, Callable[[str], str]] = {
    **_INLINE,
    Quoted: partial(code, cell=True),
}
