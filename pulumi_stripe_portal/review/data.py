"""A report as JSON, for a program that decides or draws by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulumi_stripe_portal.stacks.preview import Message

from . import outline
from .before_after import Effect
from .plan import Plan
from .report import InStack, Report, Row, Section
from .text import clean, plain

__all__ = ["data", "sentences"]

_CODE = ("before", "after")
_DRIFT = ("after_last_update", "at_stripe", "after_next_update")
_LONGEST = 1000
"""How much of a message's line is told."""


def data(report: Report) -> dict[str, Any]:
    """Return the report in words that `json.dumps` takes.

        {
          "summary": "Customer portal, test: 1 changed. Look at: money",
          "stacks": [{"stack": "test", "mode": "test", "risks": ["money"], …}],
          "resources": [{"name": "plans", "type": "PortalConfiguration",
            "stacks": {"test": {"mode": "test", "change": "changed", "effects":
              [{"risk": "money", "text": "Customers who get …"}], "settings":
              [{"path": "name", "before": "…", "after": "…"}], "drift": …}}}]
        }

    Nothing is cut to fit a comment. A setting of what is new has no `before`.
    """
    modes = {plan.stack: plan.mode for plan in report.plans}
    return {
        "summary": outline.summary(report),
        "stacks": [_stack(report, plan) for plan in report.plans],
        "resources": [_resource(section, modes) for section in report.sections],
    }


def sentences(part: InStack) -> list[tuple[str, str]]:
    """Return what the code changes in one resource: risk and sentence.

    The sentence names no resource, so that it is the same for all that change alike.
    """
    if not part.change.by_code:
        return []
    return [
        (
            effect.risk.value if effect.risk else "",
            plain(outline.sentence(effect, new=part.new), _NOBODY)
            .replace(f"the portal {_NOBODY}", "the portal")
            .replace(_NOBODY, "the portal"),
        )
        for effect in part.effects
    ]


_NOBODY = "{resource}"


def _stack(report: Report, plan: Plan) -> dict[str, Any]:
    return {
        "stack": plan.stack,
        "project": plan.project,
        "mode": plan.mode,
        "failed": bool(plan.errors),
        "risks": [risk.value for risk in report.risks(plan.stack)],
        "changes": report.verbs(plan.stack),
        "drifted": report.drifted(plan.stack),
        "others": dict(plan.others),
        "errors": _messages(plan.errors),
        "warnings": _messages(plan.warnings),
    }


def _resource(section: Section, modes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": section.key.name,
        "type": section.key.type,
        "title": plain((section.title,)),
        "stacks": {
            stack: _part(part, section.title, part.change.mode or modes[stack])
            for stack, part in section.parts.items()
        },
    }


def _part(part: InStack, title: str, mode: str) -> dict[str, Any]:
    told = part.change.by_code
    return {
        "mode": mode,
        "change": part.verb if told else None,
        "effects": _effects(part.effects, part, title),
        "settings": _settings(part.rows, _CODE) if told else [],
        "drift": {
            "effects": _effects(part.drift, part, title),
            "settings": _settings(part.drift_rows, _DRIFT),
        },
    }


def _effects(
    effects: Iterable[Effect], part: InStack, title: str
) -> list[dict[str, Any]]:
    return [
        {
            "risk": effect.risk and effect.risk.value,
            "text": plain(outline.sentence(effect, new=part.new), title),
        }
        for effect in effects
    ]


def _settings(rows: Iterable[Row], columns: Sequence[str]) -> list[dict[str, str]]:
    return [
        {
            "path": row.path,
            "setting": plain(row.setting),
            **dict(
                zip(columns[-len(row.values) :], map(plain, row.values), strict=True)
            ),
        }
        for row in rows
    ]


def _messages(messages: Iterable[Message]) -> list[dict[str, str]]:
    return [
        {
            "resource": message.resource,
            "text": "\n".join(
                clean(line, _LONGEST) for line in message.text.splitlines()
            ),
        }
        for message in messages
    ]
