"""How far somebody is: counted from what was done, never from time spent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LessonState:
    """A lesson as one person left it."""

    lesson_id: int
    slug: str
    opened: bool
    read: bool
    exercises: int
    solved: int

    @property
    def complete(self) -> bool:
        return self.read and self.solved >= self.exercises


@dataclass(frozen=True, kw_only=True)
class CourseState:
    """A training as one person left it; ``resume`` is the first lesson not complete."""

    done: int
    total: int
    resume: str | None


def summarise(lessons: Sequence[LessonState]) -> CourseState:
    """Return how many lessons are complete and where to go on."""
    open_slugs = [lesson.slug for lesson in lessons if not lesson.complete]
    return CourseState(
        done=len(lessons) - len(open_slugs),
        total=len(lessons),
        resume=open_slugs[0] if open_slugs else None,
    )


def count_solved(exercises: Collection[str], solved: Collection[str]) -> int:
    """Count the lesson's present exercises among those solved; removed ones no longer count."""
    return len(set(exercises) & set(solved))
