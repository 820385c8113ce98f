"""What stands in a cell: answers with percents, numbers with tolerances, pairs, gaps."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.question import (
    FULL,
    NONE,
    Format,
    Gap,
    Number,
    Option,
    Pair,
    Text,
    Unit,
    clean,
    one_line,
    read_decimal,
    write_decimal,
)
from courses.domain.formats.sheet.mapping import Mapping
from courses.domain.formats.sheet.words import plain
from courses.domain.items import read_number

_PERCENT = re.compile(r"([+-]?[0-9]{1,3}(?:[.,][0-9]{1,100})?)\s*%\)")
_RANGE = re.compile(r"(.+?)\s*(?:\.\.|…)\s*(.+)")
# A comma within a percent does not divide.
_DIVIDERS = re.compile(r"[,;\n](?![0-9]{0,100}\s?%\))")
_ARROW = re.compile(r"->|→|=>")
_FIVE_PLACES = Decimal("0.00001")


def share(count: int) -> Decimal:
    """Return the percent of each of several right options, rounded as Moodle rounds it."""
    return (FULL / count).quantize(_FIVE_PLACES, rounding=ROUND_DOWN)


def split_percent(cell: str) -> tuple[str, Decimal | None]:
    """Return an answer and the percent in brackets behind it."""
    text, bracket, percent = cell.strip().rpartition("(")
    found = _PERCENT.fullmatch(percent) if bracket else None
    if not found:
        return cell.strip(), None
    return text.strip(), read_decimal(found[1].replace(",", "."))


def join_percent(text: str, credit: Decimal, usual: Decimal) -> str:
    """Return an answer with its percent unless that goes without saying."""
    return text if credit == usual else f"{text} ({write_decimal(credit)}%)"


def find_right(
    cell: str, options: Sequence[tuple[int, str]], mapping: Mapping
) -> dict[int, Decimal | None]:
    """Return the places of the right options, by letter, number or text, with their percents."""
    if whole := _find_place(cell, options, mapping, is_whole=True):
        return {whole[0]: None}
    parts = [part for part in _DIVIDERS.split(cell) if part.strip()]
    if len(parts) == 1 and re.fullmatch(r"[^\W\d_]{2,}", cell.strip()) and cell.isupper():
        parts = list(cell.strip())  # AC
    if len(parts) > len(options):
        raise NotAQuestion("there are more right answers than options")
    found: dict[int, Decimal | None] = {}
    for part in parts:
        text, percent = split_percent(part)
        places = _find_place(text, options, mapping, is_whole=False)
        if not places:
            raise NotAQuestion(
                "“%(right)s” is none of the options: name the right ones by letter, such as A, C",
                right=text[:40],
            )
        found[places[0]] = percent
    return found


def _find_place(
    text: str, options: Sequence[tuple[int, str]], mapping: Mapping, *, is_whole: bool
) -> list[int]:
    """Return the places an answer names: by the text of the option, else by letter or number."""
    word = plain(text)
    by_text = [place for place, option in options if plain(option) == word]
    if is_whole:
        return by_text
    named = mapping.place_of(text.strip().rstrip(".)"))
    if named is None and re.fullmatch(r"[0-9]{1,2}", text.strip()):
        named = int(text) - 1
    by_sign = [place for place, _ in options if place == named]
    if by_text and by_sign and by_sign[0] not in by_text:
        raise NotAQuestion(
            "“%(right)s” may be the text of one option or the number of another: give its letter",
            right=text[:40],
        )
    return by_text or by_sign


def read_numbers(cell: str, tolerance: str) -> Iterator[Number]:
    """Yield the accepted numbers of a cell: 16; 15..17; 16 ± 0.5; 16 (50%); * for any other."""
    margin = _read(tolerance) if tolerance.strip() else NONE
    for part in filter(str.strip, re.split(r"[;\n]", cell)):
        text, percent = split_percent(part)
        value, tolerance_of_it = _read_value(text, margin)
        yield Number(value, tolerance_of_it, FULL if percent is None else percent)


def _read_value(text: str, margin: Decimal) -> tuple[Decimal | None, Decimal]:
    if text == "*":
        return None, NONE
    if found := _RANGE.fullmatch(text[:200]):
        low, high = _read(found[1]), _read(found[2])
        return (low + high) / 2, (high - low) / 2
    value, sign, own = text.replace("+-", "±").replace("+/-", "±").partition("±")
    return _read(value), _read(own) if sign else margin


def _read(text: str) -> Decimal:
    number = read_number(text.strip()) if len(text) < 100 else None
    exact = read_decimal(str(number)) if number is not None else None
    if exact is None:
        raise NotAQuestion(
            "“%(number)s” is not a number: write for example 16 or 0.5", number=text.strip()[:40]
        )
    return exact


def write_number(number: Number) -> str:
    """Return an accepted number as ``read_numbers`` reads it."""
    if number.value is None:
        return join_percent("*", number.credit, FULL)
    text = write_decimal(number.value)
    text += f" ± {write_decimal(number.tolerance)}" if number.tolerance else ""
    return join_percent(text, number.credit, FULL)


def read_wordings(cell: str) -> tuple[Option, ...]:
    """Return the accepted wordings of a cell, divided by semicolons or lines."""
    found = []
    for part in filter(str.strip, re.split(r"[;\n]", cell)):
        text, percent = split_percent(part)
        found.append(Option(Text(clean(text), "plain"), FULL if percent is None else percent))
    return tuple(found)


def read_units(cell: str) -> tuple[Unit, ...]:
    """Return units such as ``V; mV:0.001``."""
    found = []
    for part in filter(str.strip, cell.split(";")):
        name, sign, multiplier = part.partition(":")
        found.append(Unit(one_line(name), _read(multiplier) if sign else Decimal(1)))
    return tuple(found)


def write_unit(unit: Unit) -> str:
    """Return a unit as ``read_units`` reads it."""
    return f"{unit.name}:{write_decimal(unit.multiplier)}" if unit.multiplier != 1 else unit.name


def read_pair(cell: str, markup: Format) -> Pair:
    """Return a pair written with an arrow."""
    left, *right = _ARROW.split(cell, maxsplit=1)
    if not right:
        raise NotAQuestion("every pair is written in one cell: left -> right")
    return Pair(Text(clean(left), markup), one_line(right[0]))


def read_gap(cell: str, markup: Format) -> Gap:
    """Return the options of a gap, ``*right | wrong | wrong``."""
    options = []
    for part in cell.split("|"):
        text, percent = split_percent(part)
        is_right = text.startswith("*")
        credit = percent if percent is not None else FULL if is_right else NONE
        options.append(Option(Text(clean(text.removeprefix("*")), markup), credit))
    return Gap(tuple(options))


def write_gap(gap: Gap) -> str:
    """Return a gap as ``read_gap`` reads it."""
    parts = [
        f"*{option.text.text}"
        if option.credit == FULL
        else join_percent(option.text.text, option.credit, NONE)
        for option in gap.options
    ]
    return " | ".join(parts)
