"""A report as Markdown for a pull request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .escaping import inline, prose
from .fields import Risk
from .fitting import Block, fitted
from .plan import Message
from .report import Report, Row, Section
from .text import SUBJECT, Quoted, Strong, Text, counted
from .turn import Effect

__all__ = ["LIMIT", "markdown"]

LIMIT = 65_536
"""The longest comment that GitHub takes."""

_MOST_MESSAGES = 20
_LONGEST = 1000
_UNNAMED = re.compile(r"`(?:price|prod|pmc|fbo)_\w+`")
_HEADINGS = {
    Risk.MONEY: "Money",
    Risk.SECRET: "A secret changes",
    Risk.ACCESS: "What customers can do",
    Risk.LEGAL: "Legal links",
    Risk.DEFAULT: "The account's default",
    Risk.EVENTS: "What the app is told",
    None: "Also",
}
_IN_SHORT = {
    Risk.MONEY: "money",
    Risk.SECRET: "a secret",
    Risk.ACCESS: "what customers can do",
    Risk.LEGAL: "legal links",
    Risk.DEFAULT: "the account's default",
    Risk.EVENTS: "what the app is told",
}


def markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the report, cut where it is too long so that its beginning stays."""
    head = [_marker(report), _summary(report), *_failures(report)]
    blocks = [
        *(_changed(section, report) for section in report.sections),
        *_drift(report),
    ]
    blocks = [block for block in blocks if block.heading]
    return fitted(head, blocks, _tail(report), limit)


def _marker(report: Report) -> str:
    """Return the hidden line by which a workflow finds the comment to update."""
    project = next((plan.project for plan in report.plans if plan.project), "")
    names = ", ".join(sorted(report.stacks))
    text = re.sub(r"[^\w./, ]+|-", "-", f"{project} {names}".strip())
    return f"<!-- stripe-portal-review {re.sub('-{2,}', '-', text)[:200]} -->"


def _summary(report: Report) -> str:
    stacks = "; ".join(
        f"{_stack(report, plan.stack)}: {_status(report, plan.stack)}"
        for plan in report.plans
    )
    found = {risk for stack in report.stacks for risk in report.risks(stack)}
    risks = ", ".join(_IN_SHORT[risk] for risk in Risk if risk in found)
    look = f". Look at: {risks}" if risks else ""
    return f"## Customer portal, {stacks}{look}"


def _stack(report: Report, name: str) -> str:
    """Return a stack's name, and its mode where the name does not say it."""
    mode = next(plan.mode for plan in report.plans if plan.stack == name)
    return prose(name or "stack") + ("" if name == mode else f" ({mode} mode)")


def _status(report: Report, stack: str) -> str:
    counts = [f"{count} {verb}" for verb, count in report.verbs(stack).items()]
    drifted = report.drifted(stack)
    if drifted:
        counts.append(f"{drifted} changed outside the code")
    failed = any(plan.errors for plan in report.plans if plan.stack == stack)
    if failed:
        counts = ["the preview failed", *(f"{count} so far" for count in counts)]
    return ", ".join(counts) or "no changes"


def _failures(report: Report) -> list[str]:
    blocks = []
    for plan in report.plans:
        if plan.errors:
            stack = _stack(report, plan.stack)
            head = f"**The preview of {stack} failed.** What follows may be incomplete."
            blocks.append("\n".join([f"{head}\n", *_messages(plan.errors)]))
    return blocks


def _messages(messages: Iterable[Message], suffix: str = "") -> list[str]:
    """Return a list of messages; what several resources say stands there once."""
    named: dict[str, list[str]] = {}
    for message in messages:
        about = named.setdefault(message.text, [])
        if message.resource and message.resource not in message.text:
            about.append(inline((Quoted(message.resource),)))
    lines = []
    for text, about in list(named.items())[:_MOST_MESSAGES]:
        whole = [line.strip() for line in text.splitlines() if line.strip()]
        first, *rest = [prose(line.removeprefix("- "), _LONGEST) for line in whole] or [""]
        lines.append(f"- {', '.join(about)}{': ' if about else ''}{first}{suffix}")
        lines += [f"  - {line}" for line in rest[:_MOST_MESSAGES]]
    more = len(named) - _MOST_MESSAGES
    return [*lines, f"- … and {more} more"] if more > 0 else lines


def _changed(section: Section, report: Report) -> Block:
    """Return what the code changes about one resource."""
    parts = {s: part for s, part in section.parts.items() if part.change.by_code}
    if not parts:
        return Block("")
    verbs: dict[str, list[str]] = {}
    for stack, part in parts.items():
        verbs.setdefault(part.verb, []).append(stack)
    kind = _KINDS[section.key.type]
    verb = "; ".join(
        f"{verb} in {_and(_stack(report, stack) for stack in stacks)}"
        for verb, stacks in verbs.items()
    )
    return Block(
        f"### {prose(section.title)}{kind}: {verb}",
        tuple(_effects(section, {s: part.effects for s, part in parts.items()})),
        _table({s: part.rows for s, part in parts.items()}, ("Before", "After")),
    )


_KINDS = {
    "PortalConfiguration": "",
    "DefaultPortalConfiguration": " (the account's default)",
    "WebhookEndpoint": " (webhook endpoint)",
}


def _and(words: Iterable[str]) -> str:
    return " and ".join(words)


def _effects(
    section: Section, by_stack: Mapping[str, Sequence[Effect]]
) -> Iterable[str]:
    """Yield the sentences under what they are about; the same one only once."""
    found: dict[tuple[Risk | None, str], list[str]] = {}
    for risk in [*Risk, None]:
        for stack, effects in by_stack.items():
            new = section.parts[stack].change.op == "create"
            for effect in effects:
                if effect.risk is risk:
                    line = _sentence(effect, section.title, new=new)
                    found.setdefault((risk, line), []).append(stack)
    heading: Risk | None | str = ""
    for (risk, line), stacks in found.items():
        if risk is not heading and (risk is not None or heading != ""):
            yield f"{'' if heading == '' else chr(10)}**{_HEADINGS[risk]}**\n"
        heading = risk
        only = _only(stacks) if len(stacks) < len(by_stack) else ""
        yield f"- {line}{only}"


def _sentence(effect: Effect, title: str, *, new: bool = False) -> str:
    if effect.kind == "fact":
        return inline(effect.text, title)
    can = "can no longer" if effect.kind == "loss" else "can" if new else "can now"
    text = ("Customers on ", SUBJECT, " ", Strong(can), " ", *effect.text, ".")
    return inline(text, title)


def _table(by_stack: Mapping[str, Sequence[Row]], columns: tuple[str, ...]) -> str:
    """Return the exact values, folded; the stacks side by side where they differ."""
    tables = list(by_stack.values())
    if not any(tables):
        return ""
    if all(table == tables[0] for table in tables):
        head, tables = list(columns), tables[:1]
    else:
        head = [f"{prose(s)}: {c[0].lower()}{c[1:]}" for s in by_stack for c in columns]
    settings: dict[str, Text] = {}
    for table in tables:
        settings.update({row.path: row.setting for row in table})
    lines = [f"| Setting | {' | '.join(head)} |", "| --- " * (len(head) + 1) + "|"]
    for path, setting in settings.items():
        cells = [f"{inline(setting, cell=True)}<br>{inline((Quoted(path),), cell=True)}"]
        for table in tables:
            row = next((row for row in table if row.path == path), None)
            values = row.values if row else ((("no change",),) * len(columns))
            cells += [inline(value, cell=True) for value in values]
        lines.append(f"| {' | '.join(cells)} |")
    count = counted(len(settings), "setting")
    body = "\n".join(lines)
    return f"<details><summary>Exact values: {count}</summary>\n\n{body}\n\n</details>"


def _drift(report: Report) -> list[Block]:
    """Return what was changed at Stripe, apart from what the code changes."""
    blocks = []
    for section in report.sections:
        parts = {s: part for s, part in section.parts.items() if part.drift}
        if not parts:
            continue
        stacks = _and(_stack(report, stack) for stack in parts)
        lines = _effects(section, {s: part.drift for s, part in parts.items()})
        blocks.append(
            Block(
                f"#### {prose(section.title)}{_KINDS[section.key.type]}: {stacks}",
                tuple(lines),
                _table(
                    {s: part.drift_rows for s, part in parts.items()},
                    ("After the last up", "At Stripe now", "After the next up"),
                ),
            )
        )
    if blocks:
        title = "### Changed at Stripe, outside the code"
        words = (
            "By hand in the Dashboard, or by another tool. `pulumi up` sets it to what "
            "the code says."
        )
        blocks[0] = replace(blocks[0], heading=f"{title}\n\n{words}\n\n{blocks[0].heading}")
    return blocks


def _tail(report: Report) -> list[str]:
    """Return the warnings, and what else is in the previews."""
    warned: dict[Message, list[str]] = {}
    for plan in report.plans:
        for warning in plan.warnings:
            warned.setdefault(warning, []).append(plan.stack)
    by_stacks: dict[tuple[str, ...], list[Message]] = {}
    for message, stacks in warned.items():
        by_stacks.setdefault(tuple(stacks), []).append(message)
    lines = []
    for stacks, messages in by_stacks.items():
        everywhere = len(stacks) == len(report.plans)
        lines += _messages(messages, "" if everywhere else _only(stacks))
    tail = ["\n".join(["### Warnings\n", *lines])] if lines else []
    for plan in report.plans:
        if plan.others:
            counts = ", ".join(f"{n} to {op}" for op, n in plan.others.items())
            stack = _stack(report, plan.stack)
            tail.append(f"Not part of the portal, in {stack}: {counts}.")
    return tail


def _only(stacks: Iterable[str]) -> str:
    return f" ({_and(map(prose, stacks))} only)"
