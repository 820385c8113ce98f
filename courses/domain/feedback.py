"""What a person is told of a finished test, and from when on."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from courses.domain.blueprint import Frozen

What = Literal["none", "score", "topics", "full"]
ORDER: tuple[What, ...] = ("none", "score", "topics", "full")


class FeedbackPolicy(Frozen):
    """How much is told beside passed or not, each including what stands before it.

    ``score`` tells the points, ``topics`` the points by topic and lessons to return to, ``full``
    each question with its right answer and why. It is told at once, from ``day`` on, or never.
    """

    what: What = "topics"
    when: Literal["at_once", "after", "never"] = "at_once"
    day: date | None = Field(default=None)

    @model_validator(mode="after")
    def _has_its_day(self) -> "FeedbackPolicy":
        if self.when == "after" and self.day is None:
            raise ValueError("say from which day on it is told")
        return self

    def told_on(self, today: date) -> What:
        """Return how much may leave the server on a day."""
        if self.when == "at_once" or (self.when == "after" and self.day and today >= self.day):
            return self.what
        return "none"

    def later(self, today: date) -> date | None:
        """Return the day more is told from, if there is one to come."""
        waits = self.when == "after" and self.what != "none" and self.day and today < self.day
        return self.day if waits else None


def includes(told: What, wanted: What) -> bool:
    """Whether what is told includes something."""
    return ORDER.index(told) >= ORDER.index(wanted)
