"""The rules of a test as data, and when the next try opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class AssessmentPolicy:
    """What an attempt lives under; frozen on it when it starts. ``draw`` maps topic to count."""

    minutes: int
    cut_percent: int
    draw: Mapping[str, int]
    retake_wait_days: tuple[int, ...]

    @property
    def length(self) -> int:
        """How many items one attempt has."""
        return sum(self.draw.values())


def find_shortages(draw: Mapping[str, int], available: Mapping[str, int]) -> dict[str, int]:
    """Return, for each topic the bank cannot fill, how many live items are missing."""
    gaps = {topic: count - available.get(topic, 0) for topic, count in draw.items()}
    return {topic: gap for topic, gap in gaps.items() if gap > 0}


def next_try_at(failed_at: Sequence[datetime], waits: Sequence[int]) -> datetime | None:
    """Return when a person who failed at these moments may try again; ``None`` means now.

    The wait after the n-th failure is the n-th number of days; the last number repeats.
    """
    if not failed_at or not waits:
        return None
    wait = waits[min(len(failed_at), len(waits)) - 1]
    return max(failed_at) + timedelta(days=wait)
