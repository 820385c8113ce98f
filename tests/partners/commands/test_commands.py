"""The commands an operator uses: what they print, and how they fail."""

import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from partners.actions.partners import change_partner
from partners.domain.files import write_yaml
from partners.models import Decision, Partner
from tests.factories.partners import (
    NOW,
    RECOVERY,
    SALES,
    award,
    document,
    make_achievements,
    make_company,
    make_partner,
    make_rules,
)
from tests.partners.vendor import change, write_vendor

ROSTER = f"""partner,email,name,job,since,until,achievement,valid_from,valid_until
Baltwerk,bo@x.example,Bo,sales,2025-01-01,,{SALES},2026-01-01,2028-01-01
Baltwerk,ana@x.example,Ana,engineer,2025-01-01,,{RECOVERY},2026-01-01,2027-01-01
Baltwerk,ana@x.example,Ana,engineer,2025-01-01,,{SALES},2026-01-01,2028-01-01
Odrana,cy@x.example,Cy,other,,,,,
"""


def run(name: str, *args: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def plain(tmp_path: Path) -> tuple[Path, Path]:
    rules, people = tmp_path / "rules.yaml", tmp_path / "people.csv"
    rules.write_text(write_yaml(document()), encoding="utf-8")
    people.write_text(ROSTER, encoding="utf-8")
    return rules, people


def test_simulate_needs_no_database(plain: tuple[Path, Path]) -> None:
    rules, people = plain
    told = json.loads(run("simulate", rules, "--people", people, "--on", "2026-03-02", "--json"))
    assert told["rules_version"] == "2026.1"
    company = told["partners"]["Baltwerk"]
    assert (company["tier"], company["next_tier"]) == ("silver", "gold")
    assert (
        company["missing"] == {"engineers": 1, "sales": 0} or sum(company["missing"].values()) == 2
    )
    assert company["next_change_on"] == "2027-01-01"
    assert company["lines"][0] == {
        "tier": "silver",
        "id": "sales",
        "kind": "people",
        "state": "met",
        "part_of": None,
        "needed": 1,
        "counted": 1,
        "missing": 0,
        "people": ["bo@x.example"],
        "not_counted": [{"person": "ana@x.example", "reason": "other_line", "line": "engineers"}],
    }
    assert told["partners"]["Odrana"]["tier"] == "registered"


def test_simulate_tells_a_person_the_same(plain: tuple[Path, Path]) -> None:
    rules, people = plain
    told = run("simulate", rules, "--people", people, "--on", "2026-03-02")
    assert "Baltwerk: silver on 2026-03-02" in told
    assert "silver/engineers: 1 of 1 (ana@x.example)" in told
    assert "not counted: ana@x.example, fills engineers" in told
    assert "next change on 2027-01-01" in told


def test_simulate_reads_the_rules_out_of_a_programme_file(plain: tuple[Path, Path]) -> None:
    rules, people = plain
    whole = {"vendor": {}, "programme": document(sharing="allowed")}
    rules.write_text(write_yaml(whole), encoding="utf-8")
    people.write_text(ROSTER + f"Baltwerk,dee@x.example,,,,,{RECOVERY},,\n", encoding="utf-8")
    told = run("simulate", rules, "--people", people, "--on", "2026-03-02")
    assert "Baltwerk: gold on 2026-03-02" in told


def test_simulate_evaluates_today_unless_told(plain: tuple[Path, Path]) -> None:
    rules, people = plain
    assert "on" in json.loads(run("simulate", rules, "--people", people, "--json"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("bo@x.example", "bo", "people.csv, row 2, email"),
        ("2026-01-01,2027-01-01", "2026-01-01,2025-01-01", "row 3, valid_until: must lie after"),
        ("2026-01-01,2027-01-01", "soon,2027-01-01", "row 3, valid_from: must be a date"),
        ("Odrana,cy", "Odrana,ana", "row 5, partner: the person is linked to a company"),
        ("2025-01-01,,sales-specialist,2026-01-01,2028-01-01\nBaltwerk,ana",
         "2025-01-01,2024-01-01,sales-specialist,2026-01-01,2028-01-01\nBaltwerk,ana",
         "row 2, until: a link ends after"),
        ("partner,email", "company,email", "row 1, partner: this column is missing"),
    ],
)  # fmt: skip
def test_simulate_names_row_and_field(
    plain: tuple[Path, Path], old: str, new: str, expected: str
) -> None:
    rules, people = plain
    text = people.read_text(encoding="utf-8")
    assert old in text
    people.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CommandError, match=expected.replace("(", r"\(")):
        run("simulate", rules, "--people", people)


def test_simulate_names_what_is_wrong_with_the_rules(plain: tuple[Path, Path]) -> None:
    rules, people = plain
    rules.write_text(write_yaml(document(sharing="some")), encoding="utf-8")
    with pytest.raises(CommandError, match="sharing: must be"):
        run("simulate", rules, "--people", people)
    rules.write_text("just words", encoding="utf-8")
    with pytest.raises(CommandError, match="must be a rules document"):
        run("simulate", rules, "--people", people)
    rules.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 2, column 1: a stands twice"):
        run("simulate", rules, "--people", people)
    rules.write_bytes(b"\xff")
    with pytest.raises(CommandError, match="must be UTF-8"):
        run("simulate", rules, "--people", people)
    with pytest.raises(CommandError, match="No such file"):
        run("simulate", rules.with_name("none"), "--people", people)


@pytest.mark.django_db
def test_evaluate_says_why_and_changes_nothing() -> None:
    make_rules()
    make_achievements()
    company = make_company()
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    before = Decision.objects.count()
    told = json.loads(run("evaluate", "baltwerk", "--on", "2026-03-02", "--json"))
    assert (told["partner"], told["tier"], told["rules_version"]) == (
        "baltwerk",
        "silver",
        "2026.1",
    )
    assert told["lines"][0]["people"] == ["bo@baltwerk.example"]
    later = run("evaluate", "baltwerk", "--on", "2028-03-02")
    assert "registered on 2028-03-02" in later
    assert "missing for silver: 1 × sales, 1 × engineers" in later
    assert Decision.objects.count() == before


@pytest.mark.django_db
def test_evaluate_says_what_it_does_not_know() -> None:
    with pytest.raises(CommandError, match="no company is called nobody"):
        run("evaluate", "nobody")
    make_rules()
    make_partner(now=NOW)
    with pytest.raises(CommandError, match="no rules were in force on 2020-01-01"):
        run("evaluate", "baltwerk", "--on", "2020-01-01")


@pytest.mark.django_db
def test_load_programme_prints_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_vendor(tmp_path / "halden")
    planned = run("load_programme", folder, "--dry-run", "--without-history")
    assert planned.startswith("would be created ")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert "created 55 changed 0" in run("load_programme", folder, "--without-history")
    assert "[####" in capsys.readouterr().err
    assert run("load_programme", folder, "--without-history") == "created 0 changed 0\n"
    told = json.loads(run("load_programme", folder, "--without-history", "--json"))
    assert [told.pop(name) for name in ("conflicts", "rejected", "forgotten")] == [[], [], []]
    assert told == {"created": 0, "changed": 0, "dry_run": False}

    row = Partner.objects.get(slug="baltwerk")
    change_partner(
        partner_id=row.pk,
        name="Other",
        country=row.country,
        city=row.city,
        website=row.website,
        joined_on=row.joined_on,
        actor=None,
        now=NOW,
    )
    out = StringIO()
    with pytest.raises(CommandError, match="--keep-site or --take-files"):
        call_command("load_programme", str(folder), "--without-history", stdout=out)
    assert "site: Other\n  file: Baltwerk sp. z o.o." in out.getvalue()
    assert run("load_programme", folder, "--without-history", "--keep-site").endswith("changed 0\n")
    assert "changed 1" in run("load_programme", folder, "--without-history", "--take-files")
    change(folder, "people/partners.csv", "Odrana,pl", "Odrana,Poland")
    with pytest.raises(CommandError, match=r"partners\.csv, row 3, country"):
        run("load_programme", folder)
    going = run("load_programme", folder, "--without-history", "--keep-going")
    assert "left out: people/partners.csv, row 3, country" in going


def test_load_programme_wants_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such folder"):
        run("load_programme", tmp_path / "none")
