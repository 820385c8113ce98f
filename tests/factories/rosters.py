"""Lists of certificates as people send them: CSV text, workbooks, and workbooks gone wrong."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from badges.domain.rosters import Roster, read_roster
from lms.tables import read_table
from tests.factories.badges import NOW

SLUG = "halden-recovery-engineer"
TODAY = NOW.date()
HEADER = "email,name,achievement,issued_on,valid_until,number,language"
ANA = f"ana@baltwerk.example,Ana Kowalska,{SLUG},2024-03-05,2027-03-05,A-1,en"
BO = f"bo@baltwerk.example,Bo Nowicki,{SLUG},05.03.2024,,,pl"


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def xlsx_of(rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part replaced or added."""
    body = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return body.getvalue()


def roster_of(
    *rows: str, achievement: str = "", undated: bool = False, today: date = TODAY
) -> Roster:
    return read_roster(
        read_table(csv_of(*rows)), achievement=achievement, undated=undated, today=today
    )
