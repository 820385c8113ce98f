"""Reads Aiken: a question, options by letters, and a line that names the right one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.decode import decode
from courses.domain.formats.question import FULL, NONE, Option, Question, Text, clean
from courses.domain.formats.reading import Collector, Reading

_OPTION = re.compile(r"\s*([A-Za-z])[.)]\s+(\S.*)")
_ANSWER = re.compile(r"\s*ANSWER\s*:\s*(.*)", re.IGNORECASE)


@dataclass
class _Block:
    """The lines of one question as they come."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, list[str]]] = field(default_factory=list)
    answer: str | None = None

    def add(self, line: str) -> None:
        """Take one more line: what goes on after an option belongs to it."""
        answer, option = _ANSWER.match(line), _OPTION.match(line)
        expected = chr(ord("A") + len(self.options))
        if answer:
            self.answer = answer[1].strip().rstrip(".)").upper()
        elif option and option[1].upper() == expected and self.stem:
            self.options.append((expected, [option[2]]))
        elif self.options:
            self.options[-1][1].append(line)
        elif line.strip() or self.stem:
            self.stem.append(line)


def read_aiken(body: bytes) -> Reading:
    """Return the questions of an Aiken file; ``Unreadable`` where it is no text at all."""
    text, remarks = decode(body)
    collector = Collector()
    collector.note(0, *remarks)
    for block in _split(text):
        try:
            collector.take(_to_question(block))
        except NotAQuestion as reason:
            collector.reject(block.line, "\n".join(block.stem), reason)
    return collector.finish()


def _split(text: str) -> Iterator[_Block]:
    """Yield a block up to each answer, and what is left at the end."""
    block = _Block(1)
    for number, line in enumerate(text.split("\n"), start=1):
        if not block.stem:
            block.line = number
        block.add(line)
        if block.answer is not None:
            yield block
            block = _Block(number + 1)
    if block.stem:
        yield block


def _to_question(block: _Block) -> Question:
    letters = [letter for letter, _ in block.options]
    if not block.stem:
        raise NotAQuestion("this ANSWER belongs to no question: the question comes first")
    if not letters:
        raise NotAQuestion("the question has no options: write each in a line, as “A. text”")
    if block.answer is None:
        raise NotAQuestion("the right answer is missing: end with a line such as “ANSWER: B”")
    if block.answer not in letters:
        raise NotAQuestion(
            "“%(answer)s” is none of the options: the last line names one of %(letters)s",
            answer=block.answer[:40],
            letters=", ".join(letters),
        )
    return Question(
        kind="single",
        stem=Text(clean("\n".join(block.stem)), "plain"),
        options=tuple(
            Option(Text(clean("\n".join(lines)), "plain"), FULL if letter == block.answer else NONE)
            for letter, lines in block.options
        ),
        where=block.line,
    )
