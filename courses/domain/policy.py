"""The rules of a test as data: what an attempt lives under, frozen on it when it starts."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from courses.domain.blueprint import Blueprint, Frozen
from courses.domain.feedback import FeedbackPolicy
from courses.domain.retakes import RetakePolicy
from courses.domain.sections import Section

Percent = Annotated[int, Field(ge=1, le=100)]


class AssessmentPolicy(Frozen):
    """What an attempt lives under. ``minimums`` are percentages to reach in single topics."""

    minutes: int = Field(ge=1, le=600)
    cut_percent: Percent
    minimums: dict[str, Percent] = Field(default_factory=dict)
    blueprint: Blueprint
    retakes: RetakePolicy = RetakePolicy()
    feedback: FeedbackPolicy = FeedbackPolicy()
    calculator: bool = False
    sections: tuple[Section, ...] = ()

    @property
    def length(self) -> int:
        """How many items a candidate sees."""
        return self.blueprint.length

    @property
    def time(self) -> timedelta:
        return timedelta(minutes=self.minutes)
