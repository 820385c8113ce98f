"""The parts a test is taken in, one after the other: rules as data, and which may be entered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from courses.domain.blueprint import Blueprint, Frozen
from courses.domain.drawing import Drawn
from courses.domain.editing import TypedWrongly

# What an editor's line can hold: it is one line, and marks divide it.
Name = Annotated[str, Field(max_length=50, pattern=r"^[^:;\n]+$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Title = Annotated[str, Field(pattern=r"^[^;\n]+$")]


class Section(Frozen):
    """A part of a test by its topics. One that is ``one_way`` is never seen again once left.

    Its own ``minutes`` run from the moment it is entered; without them only the test's clock does.
    """

    id: Name
    title: dict[Language, Title] = Field(min_length=1)
    topics: tuple[str, ...] = Field(min_length=1)
    minutes: int | None = Field(default=None, ge=1, le=600)
    one_way: bool = False

    def count(self, blueprint: Blueprint) -> int:
        """How many counted items it holds."""
        return sum(cell.count * cell.size for cell in blueprint.cells if cell.topic in self.topics)


def check_sections(sections: Sequence[Section], blueprint: Blueprint, minutes: int) -> None:
    """Raise ``TypedWrongly`` unless each topic drawn stands in exactly one section."""
    if not sections:
        return
    _refuse_twice(one.id for one in sections)
    _refuse_topics(sections, blueprint)
    for section in sections:
        if not section.count(blueprint):
            raise TypedWrongly("nothing is drawn in the section “%(id)s”", id=section.id)
    needed = sum(section.minutes or 0 for section in sections)
    if needed > minutes:
        raise TypedWrongly(
            "the sections take %(needed)s minutes together, the test has %(minutes)s",
            needed=str(needed),
            minutes=str(minutes),
        )


def _refuse_twice(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise TypedWrongly("the section “%(id)s” stands twice", id=name)
        seen.add(name)


def _refuse_topics(sections: Sequence[Section], blueprint: Blueprint) -> None:
    home: dict[str, str] = {}
    for section in sections:
        for topic in section.topics:
            if topic in home:
                raise TypedWrongly("the topic “%(topic)s” stands in two sections", topic=topic)
            if topic not in blueprint.topics:
                raise TypedWrongly(
                    "section “%(id)s”: nothing is drawn from the topic “%(topic)s”",
                    id=section.id,
                    topic=topic,
                )
            home[topic] = section.id
    for topic in sorted(blueprint.topics):
        if topic not in home:
            raise TypedWrongly("the topic “%(topic)s” stands in no section", topic=topic)


def number_of(topic: str, sections: Sequence[Section]) -> int:
    """Return the place of a topic's section, from 1; 0 where a test has no sections.

    A topic that came into the test behind the sections' back is asked in the last one.
    """
    for number, section in enumerate(sections, start=1):
        if topic in section.topics:
            return number
    return len(sections)


def put_in_sections(
    places: Iterable[Drawn], topics: Mapping[int, str], sections: Sequence[Section]
) -> list[tuple[int, Drawn]]:
    """Return places with the numbers of their sections: by section, and in each as drawn.

    ``topics`` are those of the versions.
    """
    numbered = [(number_of(topics[one.version_id], sections), one) for one in places]
    return sorted(numbered, key=lambda pair: pair[0])


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a section of a running test has come."""

    number: int
    one_way: bool
    opened: bool
    closed: bool


def next_due(sections: Sequence[Progress]) -> int | None:
    """Return the section that may be entered now: the first not begun, if nothing holds it up.

    A one-way section before it has to be left first.
    """
    for section in sections:
        if not section.opened:
            return section.number
        if section.one_way and not section.closed:
            return None
    return None


def stretch(minutes: int, *, test: int, lasts: timedelta) -> timedelta:
    """Return how long minutes of a section last where a test's minutes last longer."""
    return timedelta(minutes=minutes) * (lasts / timedelta(minutes=test))
