"""Counts, percentages and sections as an editor types them, one topic or section on a line.

wal: 5                      so many items of the topic
wal: 2 easy, 3 hard         so many of each level
wal: 1 of 3                 so many cases of the topic, each of so many questions
wal: 50                     where percentages are asked for

labs: pitr, archiving; 20 minutes; one-way; en = Practice; ru = Практика      a section
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from courses.domain.blueprint import LEVELS, MOST_CASES, MOST_IN_CASE, Blueprint
from courses.domain.editing import TypedWrongly, read_lines
from courses.domain.sections import Section

_CASES = re.compile(r"(\d{1,3})\s+(?:of|×|x)\s+(\d{1,3})")
_MINUTES = re.compile(r"(\d{1,3})\s*min(?:utes?)?\.?")
_TITLE = re.compile(r"([a-z]{2,3})\s*=\s*(.+)")
ONE_WAY = "one-way"
_PART = re.compile(r"(\d{1,3})\s+(\w+)")


def read_draw(text: str) -> dict[str, int | dict[str, int]]:
    """Return how many items of each topic are drawn; ``TypedWrongly`` names the line."""
    draw: dict[str, int | dict[str, int]] = {}
    for line in read_lines(text):
        topic, said = _split(line, draw)
        draw[topic] = int(said) if said.isdecimal() else _read_levels(line, said)
    return draw


def write_draw(blueprint: Blueprint) -> str:
    """Return a blueprint's counts as ``read_draw`` reads them."""
    lines = []
    for topic, wanted in blueprint.draw.items():
        if isinstance(wanted, dict):
            said = ", ".join(f"{count} {level}" for level, count in wanted.items())
        else:
            said = str(wanted)
        lines.append(f"{topic}: {said}")
    return "\n".join(lines)


def read_cases(text: str) -> dict[str, dict[str, int]]:
    """Return how many cases of each topic are drawn, and of how many questions each."""
    cases: dict[str, dict[str, int]] = {}
    for line in read_lines(text):
        topic, said = _split(line, cases, like="wal: 1 of 3")
        found = _CASES.fullmatch(said)
        numbers = {"count": int(found[1]), "questions": int(found[2])} if found else {}
        if (
            not numbers
            or not 1 <= numbers["count"] <= MOST_CASES
            or not (1 <= numbers["questions"] <= MOST_IN_CASE)
        ):
            raise TypedWrongly(
                "“%(line)s” should read like “wal: 1 of 3”: at most %(cases)s cases of at most"
                " %(questions)s questions",
                line=line,
                cases=str(MOST_CASES),
                questions=str(MOST_IN_CASE),
            )
        cases[topic] = numbers
    return cases


def write_cases(blueprint: Blueprint) -> str:
    """Return a blueprint's cases as ``read_cases`` reads them."""
    return "\n".join(
        f"{topic}: {case.count} of {case.questions}" for topic, case in blueprint.cases.items()
    )


def read_percents(text: str) -> dict[str, int]:
    """Return a percentage for each topic that has one."""
    percents: dict[str, int] = {}
    for line in read_lines(text):
        topic, said = _split(line, percents)
        number = said.removesuffix("%").strip()
        if not number.isdecimal() or not 1 <= int(number) <= 100:
            raise TypedWrongly("“%(line)s” should read like “wal: 50”, from 1 to 100", line=line)
        percents[topic] = int(number)
    return percents


def write_percents(percents: Mapping[str, int]) -> str:
    """Return percentages as ``read_percents`` reads them."""
    return "\n".join(f"{topic}: {percent}" for topic, percent in percents.items())


def read_sections(text: str) -> tuple[Section, ...]:
    """Return the sections of a test; ``TypedWrongly`` names the line."""
    return tuple(_read_section(line) for line in read_lines(text))


def write_sections(sections: Iterable[Section]) -> str:
    """Return sections as ``read_sections`` reads them."""
    return "\n".join("; ".join(_section_parts(section)) for section in sections)


def _section_parts(section: Section) -> Iterator[str]:
    yield f"{section.id}: {', '.join(section.topics)}"
    if section.minutes:
        yield f"{section.minutes} minutes"
    if section.one_way:
        yield ONE_WAY
    yield from (f"{language} = {text}" for language, text in section.title.items())


def _read_section(line: str) -> Section:
    name, said = _split(line, {})
    first, *parts = (part.strip() for part in said.split(";"))
    topics = tuple(topic.strip() for topic in first.split(",") if topic.strip())
    minutes, one_way, title = None, False, {}
    for part in parts:
        if part == ONE_WAY:
            one_way = True
        elif (found := _MINUTES.fullmatch(part)) and 1 <= int(found[1]) <= 600:
            minutes = int(found[1])
        elif named := _TITLE.fullmatch(part):
            title[named[1]] = named[2]
        else:
            raise TypedWrongly(
                "“%(line)s”: “%(part)s” should read like “20 minutes”, “one-way” or “en = Theory”",
                line=line,
                part=part,
            )
    if not title or not topics or len(name) > 50 or ";" in name:
        raise TypedWrongly(
            "“%(line)s” should read like “theory: wal, pitr; 20 minutes; one-way; en = Theory”",
            line=line,
        )
    return Section(id=name, title=title, topics=topics, minutes=minutes, one_way=one_way)


def _split(line: str, known: Mapping[str, object], *, like: str = "wal: 5") -> tuple[str, str]:
    topic, colon, said = (part.strip() for part in line.partition(":"))
    if not topic or not colon or not said:
        raise TypedWrongly("“%(line)s” should read like “%(like)s”", line=line, like=like)
    if topic in known:
        raise TypedWrongly("the topic “%(topic)s” stands twice", topic=topic)
    return topic, said


def _read_levels(line: str, said: str) -> dict[str, int]:
    levels: dict[str, int] = {}
    for part in said.split(","):
        found = _PART.fullmatch(part.strip())
        if not found or found[2] not in LEVELS or found[2] in levels:
            raise TypedWrongly(
                "“%(line)s” should read like “wal: 5” or “wal: 2 easy, 2 normal, 1 hard”",
                line=line,
            )
        levels[found[2]] = int(found[1])
    return levels
