"""The small language of Moodle's embedded answers: ``{1:MULTICHOICE:=right~wrong#feedback}``."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.escapes import Escapes
from courses.domain.formats.question import (
    FULL,
    NONE,
    Gap,
    Option,
    Text,
    clean,
    read_decimal,
    write_decimal,
)

_ESCAPES = Escapes("\\~=#}%/\"'")
_WRITTEN = re.compile(r"([\\~=#}%])")
_CHOICE = r"(?:MULTICHOICE|MC)_?(?:[HV]?S?)"
_OTHER = r"(?:MULTIRESPONSE|MR)_?(?:H?S?)|NUMERICAL|NM|(?:SHORTANSWER|SA|MW)(?:_?C)?"
_START = re.compile(rf"\{{([0-9]{{0,4}}):({_CHOICE}|{_OTHER}):")
_END = re.compile(r"(?:\\.|[^\\}])*+\}", re.DOTALL)
_WEIGHT = re.compile(r"%([^%]*)%")


@dataclass(frozen=True)
class Embedded:
    """A gap as it is written."""

    weight: str
    kind: str
    answers: str

    @property
    def is_choice(self) -> bool:
        """Whether one of several options is chosen."""
        return bool(re.fullmatch(_CHOICE, self.kind))

    @property
    def is_shuffled(self) -> bool:
        """Whether the options change places."""
        return self.kind.removeprefix("MULTICHOICE").removeprefix("MC").endswith("S")


def read_cloze(text: str) -> tuple[str, list[Embedded]]:
    """Return the text with a numbered mark for each gap, and the gaps."""
    pieces, gaps, place = [], [], 0
    for start, end, gap in _find(text):
        gaps.append(gap)
        pieces += [text[place:start], f"[[{len(gaps)}]]"]
        place = end
    return "".join([*pieces, text[place:]]), gaps


def _find(text: str) -> Iterator[tuple[int, int, Embedded]]:
    place = 0
    while start := _START.search(text, place):
        end = _END.match(text, start.end())
        if not end:
            return  # no later one is closed either
        place = end.end()
        yield start.start(), place, Embedded(start[1], start[2], text[start.end() : place - 1])


def read_gap(embedded: Embedded) -> Gap:
    """Return the options of a gap to choose for."""
    if not embedded.is_choice:
        raise NotAQuestion(
            "only gaps with options to choose from can be read; this question also has %(kind)s: "
            "ask that in a question of its own",
            kind=embedded.kind,
        )
    return Gap(tuple(map(_read_option, _ESCAPES.hide(embedded.answers).split("~"))))


def _read_option(raw: str) -> Option:
    raw, credit = raw.strip(), NONE
    if raw.startswith("="):
        raw, credit = raw[1:], FULL
    elif found := _WEIGHT.match(raw):
        number = read_decimal(found[1])
        if number is None:
            raise NotAQuestion(
                "“%(fraction)s” is not a percent: write a number such as 50 or 33.33333",
                fraction=found[1][:40],
            )
        raw, credit = raw[found.end() :], number
    text, _, feedback = raw.partition("#")
    told = clean(_ESCAPES.show(feedback))
    shown = Text(clean(_ESCAPES.show(text)), "html")
    return Option(shown, credit, Text(told, "html") if told else None)


def can_write(text: str) -> bool:
    """Whether nothing in the text would itself be taken for a gap."""
    return not _START.search(text)


def write_cloze(text: str, gaps: Sequence[Gap], *, shuffle: bool) -> str:
    """Return the text with its gaps written out."""
    kind = "MULTICHOICE_S" if shuffle else "MULTICHOICE"
    written = [f"{{1:{kind}:{'~'.join(_write_options(gap.options))}}}" for gap in gaps]
    return fill(text, lambda number: written[number - 1])


def fill(text: str, write: Callable[[int], str]) -> str:
    """Return the text with each numbered mark replaced."""
    return re.sub(r"\[\[(\d{1,4})\]\]", lambda found: write(int(found[1])), text)


def _write_options(options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        sign = "=" if option.credit == FULL else f"%{write_decimal(option.credit)}%"
        told = f"#{_escape(option.feedback.text)}" if option.feedback else ""
        yield f"{sign if option.credit else ''}{_escape(option.text.text)}{told}"


def _escape(text: str) -> str:
    return _WRITTEN.sub(r"\\\1", text)
