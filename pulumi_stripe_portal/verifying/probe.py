"""What a probe is: one request, the rule that it tries, and what is kept of its answer.

What the answer has to be is written nowhere: the sandbox is asked the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["Probe", "Rule"]


@dataclass(frozen=True)
class Rule:
    """A rule of the sandbox, by its words in docs/evidence.md."""

    words: str
    evidence: Evidence = Evidence.OURS


@dataclass(frozen=True)
class Probe:
    """One request that Stripe and the sandbox are both sent."""

    name: str
    """What is tried, as a title in the report."""
    method: str
    path: str
    """Such as `/v1/customers/{customer}`: braces stand for what was kept."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Nested as Stripe nests them, with braces in texts as in the path."""
    rule: Rule | None = None
    """What it tries; None where it makes what later probes need."""
    keep: Mapping[str, str] = field(default_factory=dict)
    """What later probes need of the answer: a name, and where it stands."""

    @property
    def makes(self) -> bool:
        """Whether something of its own comes of it, rather than a part or a change."""
        return self.method == "POST" and "{" not in self.path and bool(self.keep)
