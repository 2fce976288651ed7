"""The report: where Stripe differs, in Markdown, to be attached to an issue. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.schema.resources import DISTRIBUTION
from pulumi_stripe_portal.stripe_api.connection import API_VERSION

from .probe import Probe
from .verify import Outcome, Verification

__all__ = ["report"]

_MOST = 40
"""Fields of one answer that are shown."""
_LONG = re.compile(r"(\w\w)\w{40,}")
_ORDER = (
    Evidence.OURS,
    Evidence.REPORTED,
    Evidence.DOCUMENTED,
    Evidence.SPECIFIED,
    Evidence.OBSERVED,
)


def report(found: Verification, total: int) -> str:
    """Return the report.

    Args:
        found: What came of the probes.
        total: How many there are.
    """
    tried = [each for each in found.outcomes if not each.lacking]
    parts = ["# Where Stripe differs from the sandbox\n\n", _summary(tried, total)]
    for evidence in (*_ORDER, None):
        those = [each for each in tried if _evidence(each.probe) is evidence]
        parts += _section(evidence, those)
    untried = [each for each in found.outcomes if each.lacking]
    if untried:
        parts.append("\n## Not tried\n\n")
        parts += [
            f"- {each.probe.name}: needs {_list_lacking(each)}\n" for each in untried
        ]
    return "".join(parts)


def _summary(tried: Sequence[Outcome], total: int) -> str:
    odd = sum(bool(each.differences) for each in tried)
    untried = total - len(tried)
    more = f", {untried} not tried" if untried else ""
    return (
        f"{DISTRIBUTION} {version(DISTRIBUTION)}, Stripe's API "
        f"{API_VERSION}, a test key: {len(tried)} requests of {total}, {odd} answered "
        f"otherwise{more}.\n\n"
        "Ids, times, addresses and texts are shown as what they are, not as which.\n"
    )


def _section(evidence: Evidence | None, outcomes: Sequence[Outcome]) -> Iterator[str]:
    odd = [each for each in outcomes if each.differences]
    if not outcomes:
        return
    title = "Objects that the rules need" if evidence is None else evidence.name
    yield f"\n## {title}: {len(odd)} of {len(outcomes)} differ\n"
    for each in odd:
        yield from _outcome(each)


def _outcome(outcome: Outcome) -> Iterator[str]:
    probe = outcome.probe
    yield f"\n### {probe.name.capitalize()}\n\n"
    if probe.rule is not None:
        yield f"Rule: {probe.rule.words}\n\n"
    params = _LONG.sub(_shorten, json.dumps(probe.params, ensure_ascii=False))
    yield f"`{probe.method} {probe.path}` with `{params}`\n\n"
    yield "| | Stripe | the sandbox |\n|---|---|---|\n"
    for each in outcome.differences[:_MOST]:
        yield f"| {_cell(each.path)} | {_cell(each.stripe)} | {_cell(each.sandbox)} |\n"
    rest = len(outcome.differences) - _MOST
    if rest > 0:
        yield f"\n… and {rest} more fields.\n"


def _evidence(probe: Probe) -> Evidence | None:
    return probe.rule.evidence if probe.rule else None


def _list_lacking(outcome: Outcome) -> str:
    return ", ".join(f"`{{{name}}}`" for name in outcome.lacking)


def _shorten(found: re.Match[str]) -> str:
    return f"{found[1]}… ({len(found[0])} characters)"


def _cell(text: str) -> str:
    """Return a text as it is, for a cell that nothing in it can leave."""
    text = text.replace("`", "'").replace("|", "¦")
    return f"`{text}`" if text else "(empty)"
