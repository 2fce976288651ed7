"""A report as Markdown for a pull request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import outline
from .escaping import inline, prose
from .fitting import Block, fitted
from .messages import Message
from .report import Report
from .text import Quoted, counted

__all__ = ["LIMIT", "markdown"]

LIMIT = 65_536
"""The longest comment that GitHub takes."""

_MOST_MESSAGES = 20
_LONGEST = 1000
_ID = re.compile(r"`(?:price|prod|pmc|fbo)_\w+`")
_NAMELESS = """\
*No name is known for some ids: `--catalogue` gives them, `--online` asks Stripe.*
"""


def markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the report, cut where it is too long so that its beginning stays."""
    head = [_marker(report), f"## {prose(outline.summary(report), _LONGEST)}"]
    for stack, errors in outline.failures(report):
        title = (
            f"**The preview of {prose(stack)} failed.** What follows may be incomplete."
        )
        head.append("\n".join([f"{title}\n", *_messages(errors)]))
    blocks = [_block(story, "###") for story in outline.changes(report)]
    blocks += _drift(report)
    review = fitted(head, blocks, _tail(report), limit - len(_NAMELESS) - 1)
    return f"{review}\n{_NAMELESS}" if _ID.search(review) else review


def _marker(report: Report) -> str:
    """Return the hidden line by which a workflow finds the comment to update."""
    project = next((plan.project for plan in report.plans if plan.project), "")
    names = ", ".join(sorted(report.stacks))
    text = re.sub(r"[^\w./, ]+|-", "-", f"{project} {names}".strip())
    return f"<!-- stripe-portal-review {re.sub('-{2,}', '-', text)[:200]} -->"


def _block(story: outline.Story, level: str) -> Block:
    heading = f"{level} {prose(story.title)}: {prose(story.event)}"
    return Block(heading, tuple(_lines(story)), _table(story.table))


def _lines(story: outline.Story) -> Iterator[str]:
    for number, group in enumerate(story.groups):
        if group.heading:
            yield f"{chr(10) if number else ''}**{group.heading}**\n"
        for sentence in group.sentences:
            yield f"- {inline(sentence, story.section.title)}"


def _table(table: outline.Table | None) -> str:
    """Return the exact values, folded."""
    if table is None:
        return ""
    lines = [
        f"| {' | '.join(map(prose, table.columns))} |",
        "| --- " * len(table.columns) + "|",
    ]
    for row in table.rows:
        lines.append(f"| {' | '.join(inline(text, cell=True) for text in row)} |")
    count = counted(len(table.rows), "setting")
    body = "\n".join(lines)
    return f"<details><summary>Exact values: {count}</summary>\n\n{body}\n\n</details>"


def _drift(report: Report) -> Iterator[Block]:
    lead = f"### {outline.DRIFT_TITLE}\n\n{outline.DRIFT_LEAD}\n\n"
    for story in outline.drift(report):
        block = _block(story, "####")
        yield Block(f"{lead}{block.heading}", block.lines, block.details)
        lead = ""


def _tail(report: Report) -> list[str]:
    """Return the warnings, and what else is in the previews."""
    lines = [
        line
        for where, messages in outline.warnings(report)
        for line in _messages(messages, prose(where))
    ]
    tail = ["\n".join(["### Warnings\n", *lines])] if lines else []
    return [*tail, *map(prose, outline.others(report))]


def _messages(messages: Iterable[Message], suffix: str = "") -> list[str]:
    """Return a list of messages; what several resources say stands there once."""
    named: dict[str, list[str]] = {}
    for message in messages:
        about = named.setdefault(message.text, [])
        if message.resource and not message.names_it:
            about.append(inline((Quoted(message.resource),)))
    lines = []
    for text, about in list(named.items())[:_MOST_MESSAGES]:
        first, *rest = [line.strip() for line in text.splitlines() if line.strip()]
        whom = f"{', '.join(about)}: " if about else ""
        lines.append(f"- {whom}{_line(first)}{suffix}")
        deep = any(line.endswith(":") for line in rest)  # a resource, then its problems
        for line in rest[:_MOST_MESSAGES]:
            indent = "    " if deep and line.startswith("- ") else "  "
            lines.append(f"{indent}- {_line(line)}")
    more = len(named) - _MOST_MESSAGES
    return [*lines, f"- … and {more} more"] if more > 0 else lines


def _line(text: str) -> str:
    return prose(text.removeprefix("- "), _LONGEST)
