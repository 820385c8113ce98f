"""Lists of certificates to issue: a file's rows read and checked, each fault with row and field."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from badges.domain.fonts import clean_printed
from badges.domain.identity import NotPrintable, clean_line, normalize_email
from lms.tables import MAX_COLUMNS, Table

COLUMNS = ("email", "name", "achievement", "issued_on", "valid_until", "number", "language")
EXAMPLE = (
    "ana@baltwerk.example",
    "Ana Kowalska",
    "halden-recovery-engineer",
    "2024-03-05",
    "2026-03-05",
    "A-1024",
    "en",
)
LONGEST = {"email": 254, "name": 150, "number": 100}
SOURCE_LENGTH = 200
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)

_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"\\]+@[^@\s,;<>()\[\]\"\\.]+(\.[^@\s,;<>()\[\]\"\\.]+)+")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
_FORMULA_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")


class RowRefused(Exception):
    """A value of a row cannot be taken; the message says what would be right."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


@dataclass(frozen=True)
class Refusal:
    """Why a row is left out: its number in the file, the column, and what would be right."""

    row: int
    field: str
    error: RowRefused | NotPrintable


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One certificate to issue. Without ``issued_on`` it is issued now, as by hand."""

    row: int
    email: str
    name: str = ""
    achievement: str
    issued_on: date | None = None
    valid_until: date | None = None  # exclusive; without it as the achievement says
    number: str = ""
    language: str = ""

    def source(self, today: date) -> str:
        """Return what it is issued for: the same row of a second run comes to the same."""
        day = self.issued_on or today
        return f"import:{self.number or f'{self.achievement}:{self.email}:{day}'}"


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What a file says: the rows that are right in themselves, and why the others are not."""

    rows: tuple[RosterRow, ...]
    refusals: tuple[Refusal, ...]


def read_roster(
    table: Table, *, achievement: str = "", undated: bool = False, today: date
) -> Roster:
    """Return the rows of a table and every fault of the others.

    ``achievement`` stands for rows that name none. Rows without a date are refused, unless
    ``undated`` says that they are to be issued now.
    """
    header, refusals = _read_header(table.header, achievement, undated=undated)
    if refusals:
        return Roster(rows=(), refusals=tuple(refusals))
    rows = []
    for number, cells in table.rows:
        values = dict(zip(header, cells, strict=False)) | {"": "".join(cells[len(header) :])}
        reader = _RowReader(number, values)
        row = reader.read(achievement, undated=undated, today=today)
        refusals += reader.refusals
        rows += [row] if row else []
    twins = _find_twins(rows, today)
    kept = tuple(row for row in rows if row.row not in twins)
    refusals += twins.values()
    return Roster(rows=kept, refusals=tuple(sorted(refusals, key=lambda each: each.row)))


def suggest(word: str, known: Sequence[str]) -> str:
    """Return the known word that was probably meant, or an empty text."""
    return next(iter(get_close_matches(word, known, n=1)), "")


def _read_header(
    cells: Sequence[str], achievement: str, *, undated: bool
) -> tuple[list[str], list[Refusal]]:
    names = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
    required = {"email": True, "achievement": not achievement, "issued_on": not undated}
    columns = ", ".join(COLUMNS)
    missing = RowRefused("this column is missing; columns: %(columns)s", columns=columns)
    refusals = [
        Refusal(1, name, missing)
        for name, needed in required.items()
        if needed and name not in names
    ]
    for place, name in enumerate(names[:MAX_COLUMNS]):
        if name in names[:place]:
            refusals.append(Refusal(1, name, RowRefused("this column stands there twice")))
        elif name not in COLUMNS:
            unknown = RowRefused("there is no such column; columns: %(columns)s", columns=columns)
            refusals.append(Refusal(1, name or f"#{place + 1}", unknown))
    return names, refusals


class _RowReader:
    """Reads one row field by field and keeps every fault, so that all are told at once."""

    def __init__(self, number: int, values: dict[str, str]) -> None:
        self._number, self._values = number, values
        self.refusals: list[Refusal] = []

    def read(self, achievement: str, *, undated: bool, today: date) -> RosterRow | None:
        """Return the row if it is right in itself."""
        if self._values[""]:
            self._refuse("", RowRefused("it has more values than the first row has columns"))
        issued_on = self._take("issued_on", lambda text: _read_past(text, today, undated))
        row = RosterRow(
            row=self._number,
            email=self._take("email", _read_email) or "",
            name=self._take("name", clean_printed) or "",
            achievement=self._take("achievement", lambda text: _named(text or achievement)) or "",
            issued_on=issued_on,
            valid_until=self._take("valid_until", self._read_end_after(issued_on)),
            number=self._take("number", clean_line) or "",
            language=self._take("language", str.lower) or "",
        )
        if not row.number and len(row.source(today)) > SOURCE_LENGTH:
            self._refuse("number", RowRefused("the address is long: the row needs a number"))
        return None if self.refusals else row

    def _read_end_after(self, issued_on: date | None) -> Callable[[str], date | None]:
        misread = any(each.field == "issued_on" for each in self.refusals)
        return lambda text: _read_end(text, EARLIEST if misread else issued_on)

    def _take(self, field: str, read: Callable[[str], Any]) -> Any:
        text = self._values.get(field, "")
        try:
            if error := _FORMULA_ERROR.fullmatch(text):
                raise RowRefused("the sheet's formula failed: %(error)s", error=error[0])
            value = read(text)
            if field in LONGEST and len(value) > LONGEST[field]:
                raise RowRefused("at most %(most)s characters", most=LONGEST[field])
        except (RowRefused, NotPrintable) as error:
            self._refuse(field, error)
            return None
        return value

    def _refuse(self, field: str, error: RowRefused | NotPrintable) -> None:
        self.refusals.append(Refusal(self._number, field, error))


def _named(slug: str) -> str:
    if not slug:
        raise RowRefused("is missing: name it in the row, or once for the whole file")
    return slug


def _read_email(text: str) -> str:
    email = normalize_email(text)
    if not _EMAIL.fullmatch(email):
        raise RowRefused("must be an e-mail address, such as %(example)s", example=EXAMPLE[0])
    return email


def _read_past(text: str, today: date, undated: bool) -> date | None:
    if not text and undated:
        return None
    if not text:
        raise RowRefused("is missing: the day it was issued, YYYY-MM-DD")
    day = _read_day(text)
    if day > today:
        raise RowRefused("lies in the future; a certificate was issued today at the latest")
    return day


def _read_end(text: str, issued_on: date | None) -> date | None:
    if not text:
        return None
    day = _read_day(text)
    if issued_on is None:
        raise RowRefused("an own end needs issued_on in the row as well")
    if day <= issued_on:
        raise RowRefused("must lie after issued_on: it is the first day it no longer holds")
    return day


def _read_day(text: str) -> date:
    day = _parse_day(text)
    if day is None:
        raise RowRefused(
            "must be a date, YYYY-MM-DD or DD.MM.YYYY; it is “%(given)s”", given=text[:40]
        )
    if not EARLIEST <= day <= LATEST:
        raise RowRefused("must lie between %(first)s and %(last)s", first=EARLIEST, last=LATEST)
    return day


def _parse_day(text: str) -> date | None:
    found = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if found is None:
        return None
    try:
        return date(**{part: int(digits) for part, digits in found.groupdict().items()})
    except ValueError:  # the 30th of February
        return None


def _find_twins(rows: Sequence[RosterRow], today: date) -> dict[int, Refusal]:
    """Refuse rows that say again what an earlier one says: one certificate each."""
    seen: dict[str, int] = {}
    twins: dict[int, Refusal] = {}
    for row in rows:
        for field, key in _keys(row, today):
            first = seen.setdefault(key, row.row)
            if first != row.row and row.row not in twins:
                again = RowRefused("stands in row %(row)s already", row=first)
                twins[row.row] = Refusal(row.row, field, again)
    return twins


def _keys(row: RosterRow, today: date) -> Iterator[tuple[str, str]]:
    """Yield what no two rows share: the number, and an achievement of a person of a day."""
    yield "number" if row.number else "email", row.source(today)
    yield "email", replace(row, number="").source(today)
