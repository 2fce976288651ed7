"""The sandbox's clock: real time, moved forward on demand."""

import time

__all__ = ["Clock", "Moment"]


class Clock:
    """Unix time in whole seconds, which every `created`, `updated` and expiry reads.

    Like a Stripe test clock it only moves forward.
    """

    def __init__(self) -> None:
        """Begin at the machine's own time."""
        self.offset = 0

    def now(self) -> int:
        """Return the sandbox's present, in seconds since the Unix epoch."""
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> int:
        """Move the present *seconds* ahead and return it.

        Raises:
            ValueError: *seconds* is negative.
        """
        if seconds < 0:
            raise ValueError("The sandbox's clock only moves forward.")
        self.offset += seconds
        return self.now()


class Moment(Clock):
    """A clock that stands still: for what falls due between two requests."""

    def __init__(self, moment: int) -> None:
        """Stand at a moment, in seconds since the Unix epoch."""
        super().__init__()
        self._moment = moment

    def now(self) -> int:
        """Return the moment."""
        return self._moment
