"""What one look found."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.schema.visible import visible

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    text: str
    """What was found."""
    todo: str = ""
    """What to do about it; nothing where it is as it should be."""

    @property
    def ok(self) -> bool:
        """Whether nothing is to be done."""
        return not self.todo

    def line(self) -> str:
        """Return the finding as one line."""
        if self.ok:
            return visible(f"ok     {self.topic}: {self.text}")
        return visible(f"to do  {self.topic}: {self.text}; {self.todo}")
