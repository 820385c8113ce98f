"""Lists by command: importing, exporting, and what they say."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from badges.actions import imports
from badges.actions.imports import import_credentials
from badges.actions.withdrawal import revoke, suspend
from badges.domain.rosters import COLUMNS
from badges.models import Credential
from badges.queries.register import REGISTER
from lms.tables import read_table
from tests.factories.badges import NOW, TEXTS, make_achievement, make_issuer, make_recipient
from tests.factories.rosters import ANA, BO, SLUG, csv_of, roster_of, xlsx_of

pytestmark = pytest.mark.django_db
EVA = f"eva@odrana.example,Eva Marek,{SLUG},,,,"


@pytest.fixture
def site(db: None) -> None:
    make_issuer()
    make_achievement()


def run(*arguments: Any) -> str:
    output = io.StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def keep(folder: Path, body: bytes, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_bytes(body)
    return file


def test_a_list_is_imported_once(site: None, tmp_path: Path) -> None:
    make_recipient("kowalska@gmail.example", "Anna Kowalska")
    make_recipient("bo@baltwerk.example", "Bogdan Nowicki")
    file = keep(tmp_path, csv_of(ANA, BO))
    dry = json.loads(run("import_credentials", file, "--dry-run", "--json"))
    assert not Credential.objects.exists()
    told = json.loads(run("import_credentials", file, "--json"))
    codes = list(Credential.objects.order_by("source").values_list("code", flat=True))
    assert told | {"issued": [], "dry_run": True} == dry
    assert told == {
        "accepted": 2,
        "rejected": [],
        "duplicates": [
            {
                "ref": "row 2",
                "email": "ana@baltwerk.example",
                "name": "Ana Kowalska",
                "others": [
                    {
                        "recipient": told["duplicates"][0]["others"][0]["recipient"],
                        "ref": "",
                        "name": "Anna Kowalska",
                        "emails": ["kowalska@gmail.example"],
                    }
                ],
            }
        ],
        "renamed": [{"ref": "row 3", "name": "Bo Nowicki", "printed": "Bogdan Nowicki"}],
        "known": [],
        "issued": [{"ref": "row 2", "code": codes[0]}, {"ref": "row 3", "code": codes[1]}],
        "dry_run": False,
    }
    again = json.loads(run("import_credentials", file, "--json"))
    assert (again["accepted"], again["issued"], again["known"]) == (2, [], told["issued"])


def test_it_is_told_in_words_too(site: None, tmp_path: Path) -> None:
    make_recipient("kowalska@gmail.example", "Anna Kowalska")
    make_recipient("bo@baltwerk.example", "Bogdan Nowicki")
    twin = ANA.replace("ana@", "a@").replace("A-1", "A-2")
    said = run("import_credentials", keep(tmp_path, csv_of(ANA, BO, twin)))
    assert "perhaps one person: row 2, Ana Kowalska (ana@baltwerk.example) and Anna" in said
    assert "(row 4, a@baltwerk.example)" in said
    assert "row 3, Bo Nowicki: is printed as Bogdan Nowicki" in said
    assert "accepted 3, there already 0, issued 3" in said


def test_a_wrong_row_stops_everything_and_is_named(site: None, tmp_path: Path) -> None:
    file = keep(tmp_path, csv_of(ANA, BO.replace("bo@", "bo")))
    with pytest.raises(CommandError, match=r"refused rows: 1; .*list\.csv, row 3, email: must"):
        run("import_credentials", file)
    with pytest.raises(CommandError):
        run("import_credentials", file, "--dry-run")
    assert not Credential.objects.exists()
    told = json.loads(run("import_credentials", file, "--keep-going", "--json"))
    assert (told["accepted"], len(told["issued"])) == (1, 1)
    (refused,) = told["rejected"]
    assert (refused["ref"], refused["field"]) == ("row 3", "email")
    assert "such as ana@baltwerk.example" in refused["reason"]


def test_a_list_without_days_is_issued_when_asked(site: None, tmp_path: Path) -> None:
    file = keep(tmp_path, b"email,name\neva@odrana.example,Eva Marek\n")
    with pytest.raises(CommandError, match="row 1, achievement: this column is missing"):
        run("import_credentials", file)
    with pytest.raises(CommandError, match="row 1, issued_on: this column is missing"):
        run("import_credentials", file, "--achievement", SLUG, "--keep-going")
    run("import_credentials", file, "--achievement", SLUG, "--undated")
    assert Credential.objects.get().valid_from == timezone.localdate()


def test_a_workbook_is_imported(site: None, tmp_path: Path) -> None:
    file = keep(tmp_path, xlsx_of([COLUMNS, ANA.split(",")]), "list.xlsx")
    assert "issued 1" in run("import_credentials", file)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "No such file"),
        (b"", "the file is empty"),
        ("email\nJózef".encode("cp1250"), "neither XLSX nor UTF-8"),
    ],
)
def test_an_unreadable_file_is_a_sentence(
    site: None, tmp_path: Path, body: bytes | None, reason: str
) -> None:
    file = tmp_path / "list.csv"
    if body is not None:
        keep(tmp_path, body)
    with pytest.raises(CommandError, match=reason):
        run("import_credentials", file)


def test_what_stands_in_the_way_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keep(tmp_path, csv_of(ANA, BO))
    make_achievement()
    with pytest.raises(CommandError, match="No issuer is defined yet"):
        run("import_credentials", file)
    make_issuer()
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError, match="--keep-going"):
            run("import_credentials", file)


def test_whoever_waits_at_a_terminal_sees_how_far_it_is(
    site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", shown)
    file = keep(tmp_path, csv_of(ANA, BO))
    call_command("import_credentials", file, stdout=io.StringIO(), stderr=shown)
    assert "1/2" in shown.getvalue()
    assert shown.getvalue().rstrip(" \n").endswith("2/2")
    call_command("export_credentials", "-o", tmp_path / "out.csv", stderr=shown)
    assert shown.getvalue().count("2/2") == 2


def exported(folder: Path, *choices: str) -> list[dict[str, str]]:
    run("export_credentials", "-o", folder / "out.csv", *choices)
    text = (folder / "out.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_everything_issued_is_exported(site: None, tmp_path: Path) -> None:
    report = import_credentials(roster_of(ANA, BO), actor=None, now=NOW)
    (_, ana), (_, _bo) = report.issued
    rows = exported(tmp_path)
    assert tuple(rows[0]) == REGISTER
    assert rows[0] == {
        "code": ana,
        "title": TEXTS["en"].name,
        "achievement": SLUG,
        "name": "Ana Kowalska",
        "email": "ana@baltwerk.example",
        "issued_on": "2024-03-05",
        "valid_until": "2027-03-05",
        "state": "valid",
        "edition": "1",
    }
    assert [row["state"] for row in rows] == ["valid", "expired"]
    assert rows[1]["title"] == TEXTS["pl"].name


def test_an_export_is_chosen_by_achievement_and_state(site: None, tmp_path: Path) -> None:
    make_achievement("halden-endless", valid_months=None)
    rows = [ANA, BO, ANA.replace(SLUG, "halden-endless").replace("2027-03-05,A-1", ",A-2")]
    rows += [ANA.replace("ana@", "eva@").replace("A-1", "A-3")]
    report = import_credentials(roster_of(*rows), actor=None, now=NOW)
    codes = dict(report.issued)
    suspend(code=codes[4], reason="x", actor=None, now=NOW)
    revoke(code=codes[5], reason="x", actor=None, now=NOW)
    found = {
        state: [row["code"] for row in exported(tmp_path, "--state", state)]
        for state in ("valid", "expired", "suspended", "revoked")
    }
    assert found == {
        "valid": [codes[2]],
        "expired": [codes[3]],
        "suspended": [codes[4]],
        "revoked": [codes[5]],
    }
    (endless,) = exported(tmp_path, "--achievement", "halden-endless")
    assert (endless["code"], endless["valid_until"]) == (codes[4], "")
    assert exported(tmp_path, "--achievement", "halden-endless", "--state", "valid") == []
    with pytest.raises(CommandError, match="halden-nothing: no achievement"):
        exported(tmp_path, "--achievement", "halden-nothing")
    with pytest.raises(CommandError, match="missing"):
        run("export_credentials", "-o", tmp_path / "missing" / "out.csv")


def test_an_exported_name_is_no_formula(site: None, tmp_path: Path) -> None:
    evil = '=HYPERLINK("https://evil.example")'
    import_credentials(
        roster_of(ANA.replace("Ana Kowalska", '"' + evil.replace('"', '""') + '"')),
        actor=None,
        now=NOW,
    )
    assert exported(tmp_path)[0]["name"] == f"'{evil}"
    run("export_credentials", "-o", tmp_path / "out.xlsx", "--format", "xlsx")
    sheet = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert (sheet["D2"].value, sheet["D2"].data_type) == (evil, "s")
    assert sheet["F2"].is_date
    table = read_table((tmp_path / "out.xlsx").read_bytes())
    assert table.rows[0][1][5:7] == ("2024-03-05", "2027-03-05")


def test_an_export_takes_the_same_statements_however_long(site: None, tmp_path: Path) -> None:
    rows = [f"p{n}@x.example,Person,{SLUG},2024-03-05,,," for n in range(6)]

    def count(number: int) -> int:
        import_credentials(roster_of(*rows[:number]), actor=None, now=NOW)
        with CaptureQueriesContext(connection) as seen:
            assert len(exported(tmp_path)) == number
        return len(seen)

    assert (count(1), count(6)) == (2, 2)
