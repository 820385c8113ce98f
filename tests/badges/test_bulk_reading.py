"""Reading lists: both formats, what is refused and why, and files that mean harm."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from badges.domain.rosters import COLUMNS, EXAMPLE, Roster, RosterRow, read_roster
from badges.domain.similar import NameIndex, fold_name
from lms.tables import (
    MAX_BYTES,
    Table,
    TableUnreadable,
    read_table,
    write_csv,
    write_xlsx,
)
from tests.factories.rosters import (
    ANA,
    BO,
    HEADER,
    SLUG,
    TODAY,
    csv_of,
    roster_of,
    with_part,
    xlsx_of,
)

READ = (
    RosterRow(
        row=2,
        email="ana@baltwerk.example",
        name="Ana Kowalska",
        achievement=SLUG,
        issued_on=date(2024, 3, 5),
        valid_until=date(2027, 3, 5),
        number="A-1",
        language="en",
    ),
    RosterRow(
        row=3,
        email="bo@baltwerk.example",
        name="Bo Nowicki",
        achievement=SLUG,
        issued_on=date(2024, 3, 5),
        language="pl",
    ),
)
MARCH = datetime.fromisoformat("2024-03-05")  # as a workbook holds a date
PLAIN = csv_of(ANA, BO).decode()
CELLS: list[list[Any]] = [
    ["Email", "NAME", " Achievement ", "Issued on", "valid-until", "Number", "language"],
    ["Ana@Baltwerk.example ", "Ana  Kowalska", SLUG, MARCH, date(2027, 3, 5), "A-1", "EN"],
    ["bo@baltwerk.example", "Bo Nowicki", SLUG, "5.3.2024", None, None, "pl"],
]


def read(body: bytes, **choices: Any) -> Roster:
    return read_roster(read_table(body), **{"today": TODAY, **choices})


def faults_of(roster: Roster) -> list[tuple[int, str, str]]:
    return [(each.row, each.field, str(each.error)) for each in roster.refusals]


@pytest.mark.parametrize(
    "body",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("Ana Kowalska", '"Ana Kowalska"').encode(),
        xlsx_of(CELLS),
    ],
    ids=["comma", "bom", "semicolon", "tab", "crlf", "quoted", "xlsx"],
)
def test_every_form_of_a_list_says_the_same(body: bytes) -> None:
    roster = read(body)
    assert faults_of(roster) == []
    assert roster.rows == READ


def test_a_separator_line_and_empty_rows_are_passed_over_and_counted() -> None:
    body = f"sep=;\n{PLAIN.replace(',', ';')}".replace("\nbo", "\n;;;\n\nbo").encode()
    assert [row.row for row in read(body).rows] == [3, 6]
    cells = [[], CELLS[0], [], CELLS[1]]
    assert [row.row for row in read(xlsx_of(cells)).rows] == [4]


def test_formulas_count_by_their_values_and_numbers_as_text() -> None:
    book = xlsx_of([COLUMNS, ["a@x.example", "Ana", SLUG, "2024-03-05", None, 1024.0, None]])
    assert read(book).rows[0].number == "1024"
    formula = xlsx_of([COLUMNS, ["a@x.example", "=1+1", SLUG, "2024-03-05", None, True, None]])
    row = read(formula).rows[0]
    assert (row.name, row.number) == ("", "True")  # no program has computed it yet


def test_a_whole_number_is_one_however_the_sheet_writes_it() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1024.0</v></c><c r="B1"><v>0.5</v></c></row>'
        b"</sheetData></worksheet>"
    )
    assert read_table(with_part(BOOK, SHEET, sheet)).header == ("1024", "0.5")


def test_the_template_is_a_list_that_can_be_read() -> None:
    for body in (b"".join(write_csv([COLUMNS, EXAMPLE])), write_xlsx([COLUMNS, EXAMPLE])):
        roster = read(body)
        assert not roster.refusals
        assert roster.rows[0].email == "ana@baltwerk.example"


def test_what_stands_once_for_the_file() -> None:
    roster = read(b"email;name\nana@x.example;Ana", achievement=SLUG, undated=True)
    assert roster.rows == (RosterRow(row=2, email="ana@x.example", name="Ana", achievement=SLUG),)
    own = roster_of(BO.replace(SLUG, "halden-other"), achievement=SLUG)
    assert own.rows[0].achievement == "halden-other"


LONG = "x" * 151
WRONG = [
    ("ana@baltwerk.example", "ana", "email", "must be an e-mail address"),
    ("ana@baltwerk.example", "", "email", "must be an e-mail address"),
    ("ana@baltwerk.example", "a b@x.example", "email", "must be an e-mail address"),
    ("ana@baltwerk.example", "a@x..example", "email", "must be an e-mail address"),
    ("ana@baltwerk.example", "a" * 250 + "@x.example", "email", "at most 254 characters"),
    ("Ana Kowalska", "Ана 東", "name", "the font has no “東” (U+6771"),
    ("Ana Kowalska", "Ana\x07", "name", "the text holds the control character U+0007"),
    ("Ana Kowalska", LONG, "name", "at most 150 characters"),
    ("Ana Kowalska", "#N/A", "name", "the sheet's formula failed: #N/A"),
    (SLUG, "", "achievement", "is missing: name it in the row"),
    ("2024-03-05", "", "issued_on", "is missing: the day it was issued"),
    ("2024-03-05", "2026-11-13", "issued_on", "lies in the future"),
    ("2024-03-05", "05/03/2024", "issued_on", "must be a date, YYYY-MM-DD or DD.MM.YYYY"),
    ("2024-03-05", "2024-02-30", "issued_on", "must be a date"),
    ("2024-03-05", "45356", "issued_on", "must be a date"),
    ("2024-03-05", "0024-03-05", "issued_on", "must lie between 1970-01-01 and 2199-12-31"),
    ("2027-03-05", "2024-03-05", "valid_until", "must lie after issued_on"),
    ("2027-03-05", "9999-12-31", "valid_until", "must lie between"),
    ("2027-03-05", "never", "valid_until", "must be a date"),
    ("A-1", "1" * 101, "number", "at most 100 characters"),
    (",en", ",en,more", "", "more values than the first row has columns"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "field", "reason"), WRONG)
def test_a_wrong_value_is_refused_by_row_and_field(
    right: str, wrong: str, field: str, reason: str
) -> None:
    roster = roster_of(BO, ANA.replace(right, wrong))
    assert [row.row for row in roster.rows] == [2]
    ((row, named, said),) = faults_of(roster)
    assert (row, named) == (3, field)
    assert reason in said


def test_every_fault_of_a_row_is_told_at_once() -> None:
    roster = roster_of("ana,東,,soon,2027-03-05,,")
    assert [field for _row, field, _said in faults_of(roster)] == [
        "issued_on",
        "email",
        "name",
        "achievement",
    ]


def test_an_end_of_its_own_needs_a_beginning() -> None:
    (fault,) = faults_of(roster_of(ANA.replace("2024-03-05", ""), undated=True))
    assert fault == (2, "valid_until", "an own end needs issued_on in the row as well")


def test_a_long_address_needs_a_number() -> None:
    row = ANA.replace("ana@baltwerk.example", f"{'a' * 180}@x.example")
    assert roster_of(row).rows
    (fault,) = faults_of(roster_of(row.replace("A-1", "")))
    assert fault[1:] == ("number", "the address is long: the row needs a number")


@pytest.mark.parametrize(
    ("again", "field"),
    [
        (ANA, "number"),
        (ANA.replace("ana@", "eva@").replace("Ana", "Eva"), "number"),
        (ANA.replace("A-1", "A-2"), "email"),
        (ANA.replace("A-1", "").replace("ana@", "ANA@"), "email"),
    ],
)
def test_two_rows_of_one_certificate_are_one_too_many(again: str, field: str) -> None:
    roster = roster_of(ANA, BO, again)
    assert faults_of(roster) == [(4, field, "stands in row 2 already")]
    assert len(roster.rows) == 2


@pytest.mark.parametrize(
    ("header", "field", "reason"),
    [
        ("email,name", "achievement", "this column is missing; columns: email, name,"),
        ("email,name", "issued_on", "this column is missing"),
        (HEADER.replace("email", "mail"), "email", "this column is missing"),
        (HEADER.replace("valid_until", "until"), "until", "there is no such column; columns:"),
        (HEADER.replace("number", "name"), "name", "this column stands there twice"),
        (HEADER.replace("number", ""), "#6", "there is no such column"),
    ],
)
def test_a_wrong_header_refuses_the_file(header: str, field: str, reason: str) -> None:
    roster = read(csv_of(ANA, header=header))
    assert roster.rows == ()
    told = [(row, said) for row, named, said in faults_of(roster) if named == field]
    assert told
    assert told[0][0] == 1
    assert reason in told[0][1]


LATIN = "email;name\nana@x.example;Józef".encode("cp1250")
BROKEN = b'email,name\nana@x.example,"Ana\nbo@x.example,Bo\n'
BOOK = xlsx_of(CELLS)
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"<x>" + b" " * (61 * 1024 * 1024) + b"</x>"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (LATIN, "neither XLSX nor UTF-8"),
        (BROKEN, "row 2: the quotation marks are not in pairs"),
        (b"x" * (MAX_BYTES + 1), "larger than 10 MB"),
        (b"email\n" + b"x\n" * 20_001, "more than 20,000 rows"),
        (b"\xd0\xcf\x11\xe0 old", "an old or a locked workbook"),
        (BOOK[:-200], "cannot be read as a workbook"),
        (b"PK\x03\x04 nothing", "cannot be read as a workbook"),
        (with_part(BOOK, SHEET, b"<worksheet"), "cannot be read as a workbook"),
        (with_part(BOOK, SHEET, ENTITIES), "cannot be read as a workbook"),
        (with_part(BOOK, SHEET, BOMB), "unpacks to too much"),
        (with_part(BOOK, "xl/media/picture.png", BOMB), "unpacks to too much"),
        (with_part(BOOK, "xl/styles.xml", BOMB[: 3 * 1024 * 1024]), "unpacks to too much"),
    ],
    ids=["nothing", "blank", "latin", "quotes", "large", "long", "old", "cut", "no-zip", "no-xml",
         "entities", "bomb", "picture", "styles"],
)  # fmt: skip
def test_what_cannot_be_read_says_what_would_be_right(body: bytes, reason: str) -> None:
    with pytest.raises(TableUnreadable, match=reason):
        read_table(body)


def test_a_sheet_that_claims_to_be_endless_is_read_to_its_end() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="A1" t="str"><v>email</v></c><c r="XFD1" t="str"><v>far</v></c></row>'
        b'<row r="3"><c r="A3" t="str"><v>a@x.example</v></c></row>'
        b'<row r="2000000000"><c r="A2000000000" t="str"><v>b@x.example</v></c></row>'
        b"</sheetData></worksheet>"
    )
    table = read_table(with_part(BOOK, SHEET, sheet))
    assert table.header[0] == "email"
    assert [(number, cells[0]) for number, cells in table.rows] == [(3, "a@x.example")]


def test_the_most_rows_are_read() -> None:
    body = csv_of(*(f"p{n}@x.example,P,{SLUG},2024-03-05,,," for n in range(20_000)))
    assert len(read(body).rows) == 20_000


HOSTILE = ["=1+1", " =1+1", "+1", "-1", "@SUM(A1)", "＝1", "\tx", "\rx", "\nx"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_written_is_a_formula(cell: str) -> None:
    told = b"".join(write_csv([["name"], [cell]])).decode("utf-8-sig")
    assert told.partition("\r\n")[2].lstrip('"').startswith("'")
    book = load_workbook(io.BytesIO(write_xlsx([["name"], [cell]])))
    (_header, (written,)) = book.worksheets[0].iter_rows()
    assert written.data_type == "s"
    assert str(written.value).strip() == cell.strip()


def test_a_workbook_keeps_dates_and_drops_what_xml_cannot_hold() -> None:
    book = load_workbook(io.BytesIO(write_xlsx([[date(2024, 3, 5), "a\x0bb", 7]])))
    (row,) = book.worksheets[0].iter_rows(values_only=True)
    assert row == (MARCH, "ab", "7")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ana Kowalska", "ana KOWALSKA", True),
        ("Ana Kowalska", "Kowalska, Ana", True),
        ("Ana Kowalska", "Anna Kowalska", True),
        ("Łukasz Żak", "Lukasz Zak", True),
        ("Пётр Ковалёв", "Ковалев Петр", True),
        ("Ana Kowalska", "Ana Kowalik", False),
        ("Ana Kowalska", "Bo Kowalska", False),
        ("Ana", "Anna", False),
        ("", "", False),
    ],
)
def test_names_are_alike_or_not(one: str, other: str, alike: bool) -> None:
    found = NameIndex([one]).find(other)
    assert found == ({fold_name(one)} if alike else set())


def test_a_table_is_a_value() -> None:
    assert Table(("email",), ()) == read_table(b"email\n")
