"""For how long a customer can pause."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing.periods import after

from .open_session import OpenSession

__all__ = ["PauseOption", "pause_options"]


@dataclass(frozen=True)
class PauseOption:
    """A length of time, and when the subscription would resume after it."""

    interval: str
    interval_count: int
    resumes_at: int


def pause_options(session: OpenSession) -> list[PauseOption]:
    """Return the durations to choose from; none where it is until further notice."""
    duration = session.configuration["features"]["subscription_pause"]["duration"]
    if duration["type"] == "indefinite":
        return []
    now = session.now
    return [
        PauseOption(name, count, after(now, name, count))
        for each in duration["interval_options"]
        for name, count in [(each["interval"], each["interval_count"])]
    ]
