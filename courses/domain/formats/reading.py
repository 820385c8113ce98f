"""What becomes of a file: questions, what was refused and why, what will not be kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.domain.formats.checks import NotAQuestion, check
from courses.domain.formats.question import Question
from courses.domain.items import Refused

MAX_EXCERPT = 80


class Unreadable(Refused):
    """A file as a whole cannot be read; the message says what would be right."""


class Remark:
    """A sentence about a file; ``values`` are what ``text`` names."""

    def __init__(self, text: str, **values: str) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


@dataclass(frozen=True)
class Rejection:
    """A piece of a file that is no question, where it begins, and what would be right."""

    where: int
    excerpt: str
    reason: NotAQuestion


@dataclass(frozen=True)
class Note:
    """Something that was understood and will not be kept; 0 is the file as a whole."""

    where: int
    what: Remark


@dataclass(frozen=True)
class Reading:
    """A file as it was read: every piece of it is in one of the three."""

    questions: tuple[Question, ...]
    rejected: tuple[Rejection, ...]
    lost: tuple[Note, ...]


@dataclass(frozen=True)
class Written:
    """A file as it was written, and what of the questions it cannot hold."""

    text: str
    lost: tuple[Note, ...]


@dataclass
class Collector:
    """A reading in the making."""

    questions: list[Question] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    lost: list[Note] = field(default_factory=list)

    def take(self, question: Question) -> bool:
        """Keep a question if it is one, and say whether it is."""
        try:
            check(question)
        except NotAQuestion as reason:
            self.reject(question.where, question.title or question.stem.text, reason)
            return False
        self.questions.append(question)
        return True

    def reject(self, where: int, text: str, reason: NotAQuestion) -> None:
        """Say why a piece of the file is left out."""
        self.rejected.append(Rejection(where, excerpt(text), reason))

    def note(self, where: int, *remarks: Remark | None) -> None:
        """Say what will not be kept; None is nothing."""
        self.lost += [Note(where, remark) for remark in remarks if remark]

    def finish(self) -> Reading:
        """Return what was read, in the order of the file."""
        return Reading(tuple(self.questions), tuple(self.rejected), _sorted(self.lost))


def excerpt(text: str) -> str:
    """Return the beginning of a text in one line, by which a person finds it."""
    line = " ".join(text[: 4 * MAX_EXCERPT].split())
    return line if len(line) <= MAX_EXCERPT else f"{line[: MAX_EXCERPT - 1]}…"


def _sorted(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: note.where))
