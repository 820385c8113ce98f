"""Tables in files: CSV and XLSX in, rows of text out, within limits; and the same the other way."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 64
CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
MEDIA = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

# What a workbook may unpack to: rows need much, fonts and colours next to nothing.
_UNPACKED = 60 * 1024 * 1024
_OTHER_PART = 2 * 1024 * 1024
_OTHER_PARTS = re.compile(r"(?i)(?!xl/(worksheets/[^/]+|sharedStrings)\.xml$).*\.(xml|rels)")
_PARTS = 1000
_LAST_ROW = 1_048_576  # of a sheet, as Excel counts
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r"sep=([,;|\t])\r?\n", re.IGNORECASE)
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What spreadsheet programs take for a formula where a cell begins with it.
_FORMULA = (*"=+-@＝＋－＠", "\t", "\r", "\n")


class TableUnreadable(Exception):
    """A file cannot be read as a table; the message says what would be right."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


@dataclass(frozen=True)
class Table:
    """A header and rows of text, each with the number a spreadsheet program shows beside it."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(body: bytes) -> Table:
    """Return a file's table, whatever its name says; ``TableUnreadable`` says what is wrong."""
    if len(body) > MAX_BYTES:
        raise TableUnreadable("the file is larger than 10 MB: split it")
    if body.startswith(_OLD_EXCEL):
        raise TableUnreadable("it is an old or a locked workbook: save it as XLSX, no password")
    lines = _read_workbook(body) if body.startswith(_ZIP) else _read_csv(body)
    filled = ((number, _trim(cells)) for number, cells in lines if any(cells))
    header = next(filled, None)
    if header is None:
        raise TableUnreadable("the file is empty: the first row names the columns")
    rows = tuple(islice(filled, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise TableUnreadable("it has more than 20,000 rows: split it")
    return Table(header[1], rows)


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV file line by line; no cell of it is a formula to a spreadsheet program."""
    yield "\ufeff".encode()  # without it Excel reads UTF-8 as its own code page
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([_defuse(_to_text(value)) for value in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def write_xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet: dates as dates, every text as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_to_cell(sheet, value) for value in row])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _read_csv(body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableUnreadable("it is neither XLSX nor UTF-8: save it as “CSV UTF-8”") from None
    separator = _SEPARATOR_LINE.match(text)
    text = text[separator.end() :] if separator else text
    first = 2 if separator else 1
    mark = separator[1] if separator else _find_delimiter(text)
    # A quotation mark that is never closed would swallow the rows below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    number = first - 1
    try:
        for number, cells in enumerate(reader, start=first):
            yield number, tuple(_restore(cell.strip()) for cell in cells)
    except csv.Error as error:
        raise TableUnreadable(
            "row %(row)s: the quotation marks are not in pairs (%(error)s)",
            row=number + 1,
            error=str(error),
        ) from None


def _find_delimiter(text: str) -> str:
    """Return what stands between the column names, which hold none of the three."""
    head = text.lstrip().partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def _read_workbook(body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        _check_size(body)
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        found = sheet.iter_rows(max_row=_LAST_ROW, max_col=MAX_COLUMNS, values_only=True)
        for number, cells in enumerate(found, start=1):
            if cells.count(None) < len(cells):  # quick: an empty sheet may have a million rows
                yield number, tuple(_to_text(cell).strip() for cell in cells)
    except TableUnreadable:
        raise
    except Exception as error:  # a broken workbook fails in any way there is
        raise TableUnreadable("it cannot be read as a workbook: save it as XLSX again") from error


def _check_size(body: bytes) -> None:
    """Refuse what would unpack to more than an honest list; no part unpacks to more than it says"""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
    others = (part.file_size for part in parts if _OTHER_PARTS.fullmatch(part.filename))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _UNPACKED or max(others, default=0) > _OTHER_PART or len(parts) > _PARTS:
        raise TableUnreadable("the workbook unpacks to too much: keep the list alone in it")


def _trim(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the empty cells at the end: a workbook has as many as one asks for."""
    last = max(place for place, cell in enumerate(cells) if cell)
    return cells[: last + 1]


def _to_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _defuse(text: str) -> str:
    return f"'{text}" if text.lstrip(" '").startswith(_FORMULA) else text


def _restore(text: str) -> str:
    """Take off what ``_defuse`` put before a cell, so that what was written reads as it was."""
    return text[1:] if text.startswith("'") and _defuse(text[1:]) == text else text


def _to_cell(sheet: Any, value: object) -> Any:
    if isinstance(value, date):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", _to_text(value)))
    cell.data_type = "s"  # a text that begins with = stays a text
    return cell
