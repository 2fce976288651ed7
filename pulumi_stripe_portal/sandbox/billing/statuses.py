"""What the statuses of subscriptions have in common."""

from __future__ import annotations

__all__ = ["RUNNING"]

RUNNING = ("active", "past_due", "trialing")
"""The statuses in which one period follows another."""
