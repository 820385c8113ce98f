"""More time for a person who needs it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Accommodation:
    """What a person is given in every test: a factor on its time, minutes on top, breaks.

    A break stops the clock, so its minutes are no part of the time.
    """

    time_factor: Decimal = Decimal(1)
    extra_minutes: int = 0
    break_minutes: int = 0

    def extend(self, minutes: int) -> timedelta:
        """Return how long a test of so many minutes takes this person, breaks apart."""
        seconds = int(self.time_factor * minutes * 60)
        return timedelta(seconds=seconds, minutes=self.extra_minutes)

    @property
    def breaks(self) -> timedelta:
        return timedelta(minutes=self.break_minutes)
