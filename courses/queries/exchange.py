"""Reading files of questions, and writing banks as such files."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from courses.domain.exchange.intake import ALWAYS, UNEVEN
from courses.domain.exchange.outlet import give, share
from courses.domain.formats.aiken import read_aiken
from courses.domain.formats.decode import decode
from courses.domain.formats.gift.reader import read_gift
from courses.domain.formats.gift.writer import write_gift
from courses.domain.formats.moodle.reader import read_moodle
from courses.domain.formats.moodle.writer import write_moodle
from courses.domain.formats.normalise import fingerprint
from courses.domain.formats.question import Question
from courses.domain.formats.reading import Note, Reading, Unreadable
from courses.domain.formats.sheet.mapping import Mapping, guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.writer import write_rows
from courses.domain.items import ItemBody
from courses.models import Item, ItemBank, ItemGroupMember
from lms import tables

GIFT, MOODLE, AIKEN, CSV, XLSX = "gift", "moodle", "aiken", tables.CSV, tables.XLSX
READ = (CSV, XLSX, GIFT, MOODLE, AIKEN)
WRITTEN = (CSV, XLSX, GIFT, MOODLE)
MEDIA = {
    **tables.MEDIA,
    GIFT: "text/plain; charset=utf-8",
    MOODLE: "application/xml; charset=utf-8",
}
SUFFIX = {CSV: "csv", XLSX: "xlsx", GIFT: "gift", MOODLE: "xml"}
# Formats in which an author says what each answer earns; the others name the right ones alone.
WEIGHING = frozenset({GIFT, MOODLE})

_AIKEN = re.compile(r"^ANSWER:\s*[A-Z]\s*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file somebody brings: its name tells the format, unless its content does."""

    name: str
    body: bytes

    @property
    def format(self) -> str:
        """The format: a workbook, XML and Aiken by what is in them, the others by the name."""
        if self.body.startswith(b"PK\x03\x04"):
            return XLSX
        head = self.body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith((b"<?xml", b"<quiz")):
            return MOODLE
        if self.name.lower().endswith((".csv", ".tsv")):
            return CSV
        if self.name.lower().endswith(".xml"):
            return MOODLE
        return AIKEN if _is_aiken(self.body) else GIFT

    @cached_property
    def table(self) -> tables.Table:
        """The table with its header, read once; ``Unreadable`` says what is wrong with it."""
        try:
            return tables.read_table(self.body)
        except tables.TableUnreadable as error:
            values = {name: str(value) for name, value in error.values.items()}
            raise Unreadable(error.text, **values) from error


def read_questions(
    source: SourceFile, *, form: str = "", columns: Sequence[str] | None = None
) -> Reading:
    """Return what a file says; ``Unreadable`` if it says nothing that can be read.

    ``columns`` say what each column of a table is, where its header does not.
    """
    form = form or source.format
    if form in (CSV, XLSX):
        table = source.table
        mapping = guess(table.header)
        if columns is not None:
            mapping = Mapping(tuple(columns), mapping.letters)
        return read_rows(table.rows, mapping)
    return _READERS[form](source.body)


def how_to_weigh(form: str) -> str:
    """Return when parts of points are meant: tables and Aiken merely name what is right."""
    return ALWAYS if form in WEIGHING else UNEVEN


def list_questions(
    bank: ItemBank, language: str, *, form: str = CSV, retired: bool = False
) -> list[Question]:
    """Return the items of a bank as files of a format say questions, by code.

    Those of a case stand together in their order, where the case's code would stand; the first
    of them says what they share.
    """
    items = Item.objects.filter(bank=bank, current__isnull=False).select_related("current", "topic")
    if not retired:
        items = items.exclude(state=Item.State.RETIRED)
    members = _list_members(bank)
    rows = sorted(items.order_by("code"), key=lambda item: _order(item, members.get(item.pk)))
    told: set[str] = set()
    return [_give(item, members.get(item.pk), language, form, told) for item in rows]


def _list_members(bank: ItemBank) -> dict[int, ItemGroupMember]:
    rows = ItemGroupMember.objects.filter(
        version__group__bank=bank, version=F("version__group__current")
    ).select_related("version__group", "item_version")
    return {row.item_version.item_id: row for row in rows}


def _order(item: Item, member: ItemGroupMember | None) -> tuple[str, int]:
    return (member.version.group.code, member.position) if member else (item.code, -1)


def _give(
    item: Item, member: ItemGroupMember | None, language: str, form: str, told: set[str]
) -> Question:
    """Return an item as a question; ``told`` are cases whose text was given before."""
    question = give(
        ItemBody.model_validate(item.current.body if item.current else None),
        language,
        code=item.code,
        topic=str(item.topic),
        tagged=form in WEIGHING,
    )
    if member is None:
        return question
    case = member.version.group.code
    body = None if case in told else member.version.parsed
    told.add(case)
    return share(question, case, body, language)


def find_fingerprints(bank: ItemBank, language: str) -> dict[str, list[str]]:
    """Return what the bank's questions are known by, with the codes of those that ask it."""
    found: dict[str, list[str]] = {}
    for question in list_questions(bank, language, retired=True):
        found.setdefault(fingerprint(question), []).append(question.code)
    return found


def write_questions(questions: Sequence[Question], form: str) -> tuple[bytes, tuple[Note, ...]]:
    """Return a file of questions, and what of them it cannot hold."""
    if form in (CSV, XLSX):
        written = write_rows(questions)
        rows: Iterable[Sequence[object]] = written.rows
        body = b"".join(tables.write_csv(rows)) if form == CSV else tables.write_xlsx(rows)
        return body, written.lost
    said = write_gift(questions) if form == GIFT else write_moodle(questions)
    return said.text.encode(), said.lost


def _is_aiken(body: bytes) -> bool:
    try:
        return bool(_AIKEN.search(decode(body)[0])) and b"{" not in body
    except Unreadable:
        return False


_READERS: dict[str, Callable[[bytes], Reading]] = {
    GIFT: read_gift,
    MOODLE: read_moodle,
    AIKEN: read_aiken,
}
