"""How well a rule of the sandbox is known to be one of Stripe's.

A refusal says what it is based on where it is raised, as `Evidence.OURS("…")`. Other
behaviour says it at the end of a sentence, in a docstring or a comment, as the member
and the source in brackets. `python -m tools.evidence` lists both in docs/evidence.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["Basis", "Evidence"]


class Evidence(str, Enum):
    """Where a rule is known from; each member is called with its source."""

    OBSERVED = "observed"
    """It was met at the real Stripe; the source says by whom."""
    SPECIFIED = "specified"
    """It is in Stripe's OpenAPI document or in the types of its `stripe` package."""
    DOCUMENTED = "documented"
    """It is in Stripe's documentation; the source is the page."""
    REPORTED = "reported"
    """Users or maintainers quote it; the source is where."""
    OURS = "ours"
    """The sandbox had to choose: the behaviour or its wording; the source says why."""

    def __call__(self, source: str) -> Basis:
        """Return what a rule is based on."""
        return Basis(self, source)


@dataclass(frozen=True)
class Basis:
    """What a rule is based on: the header `Sandbox-Evidence` of a refusal."""

    evidence: Evidence
    source: str

    def __str__(self) -> str:
        return f"{self.evidence.value}; {self.source}"
