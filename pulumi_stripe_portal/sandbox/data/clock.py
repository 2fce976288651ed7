"""The sandbox's clock: real time, moved forward on demand."""

import time

__all__ = ["LATEST", "Clock", "Moment"]

LATEST = 4_102_444_800
"""The last moment that the clock reaches: the beginning of the year 2100."""
_STEP = 10 * 366 * 24 * 60 * 60
"""Ten years: all that falls due on the way is done while requests wait."""


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
            TypeError: *seconds* is no whole number.
            ValueError: *seconds* is negative, more than ten years, or leads beyond
                `LATEST`.
        """
        if type(seconds) is not int:
            raise TypeError(f"The clock moves by whole seconds, not {seconds!r}.")
        if seconds < 0:
            raise ValueError("The sandbox's clock only moves forward.")
        if seconds > _STEP:
            raise ValueError("The sandbox's clock moves by ten years at most, at once.")
        if self.now() + seconds > LATEST:
            raise ValueError("The sandbox's clock goes no further than the year 2099.")
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
