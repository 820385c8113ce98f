"""A vendor's folder becomes a programme with its past; a fault leaves everything as it was."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from badges import queries as badges
from lms.events import sweep
from partners.actions.links import end_link
from partners.actions.load import Choices, load_programme
from partners.actions.merging import LoadReport
from partners.actions.partners import change_partner
from partners.actions.people import ensure_user
from partners.actions.rules import publish_rules
from partners.domain.files import FaultyFiles
from partners.models import Decision, LoadedRecord, Membership, Partner, Programme, RulesVersion
from tests.partners.vendor import HISTORY, PEOPLE, change, put, write_vendor

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 21, 15, tzinfo=UTC)
HISTORYLESS = Choices(history=False)


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    return write_vendor(tmp_path / "halden")


def load(folder: Path, choices: Choices = Choices(), now: datetime = TODAY) -> LoadReport:  # noqa: B008
    return load_programme(folder, choices, now=now)


def refused(folder: Path, **choices: Any) -> str:
    with pytest.raises(FaultyFiles) as caught:
        load(folder, Choices(**choices))
    return str(caught.value)


def moves(slug: str) -> list[tuple[str, str, str]]:
    rows = Decision.objects.filter(partner__slug=slug).order_by("sequence")
    return [
        (row.on.isoformat(), row.tier, row.cause.split(":")[0])
        for row in rows
        if row.tier != row.from_tier
    ]


def test_the_past_is_replayed_on_its_own_days(vendor: Path) -> None:
    steps: list[str] = []
    report = load_programme(
        vendor, Choices(), now=TODAY, progress=lambda done, total, what: steps.append(what)
    )
    assert report.conflicts == []
    assert moves("baltwerk") == [
        ("2025-10-01", "registered", "joined"),
        ("2026-01-12", "silver", "credential.issued"),
        ("2026-07-12", "registered", "credential.expired"),
    ]
    assert moves("odrana") == [
        ("2026-02-01", "registered", "joined"),
        ("2026-03-02", "silver", "credential.issued"),
        ("2026-06-01", "registered", "link.ended"),
    ]
    ana = badges.find_recipient("ana@baltwerk.example")
    dov = badges.find_recipient("dov@odrana.example")
    assert ana is not None
    assert dov is not None
    (held,) = badges.list_credentials(recipient_ids=[ana.id])
    assert (held.valid_from, held.valid_until) == (date(2025, 11, 14), date(2026, 11, 14))
    (withdrawn,) = badges.list_credentials(recipient_ids=[dov.id])
    assert withdrawn.reason == "Another person sat the test."
    assert Membership.objects.get(until=date(2026, 6, 1)).partner.slug == "odrana"
    assert "2026-06-10 revoke" in steps
    user = get_user_model().objects.get(email="bo@baltwerk.example")
    assert (user.language, user.has_usable_password()) == ("pl", False)

    again = load(vendor)
    assert (again.created, again.changed, again.conflicts) == ([], [], [])
    assert load(vendor, HISTORYLESS).changed == []

    put(
        vendor,
        "history.yaml",
        HISTORY + "- {on: 2026-11-20, pass: selling, person: bo@baltwerk.example}\n",
    )
    assert len(load(vendor).created) == 1
    assert moves("baltwerk")[-1] == ("2026-07-12", "registered", "credential.expired")
    assert len(badges.list_credentials(recipient_ids=[ana.id])) == 1


def test_without_history_everything_begins_now(vendor: Path) -> None:
    load(vendor, HISTORYLESS)
    assert moves("baltwerk") == [("2026-11-21", "registered", "joined")]
    left = Membership.objects.get(until__isnull=False)
    assert left.until == date(2026, 6, 1)
    (vendor / "history.yaml").unlink()
    assert load(vendor).created == []


def test_a_leaver_named_only_in_the_history_leaves_without_it_too(vendor: Path) -> None:
    change(vendor, "people/people.csv", "2026-02-10,2026-06-01", "2026-02-10,")
    load(vendor, HISTORYLESS)
    assert Membership.objects.filter(until=date(2026, 6, 1)).count() == 1
    assert load(vendor, HISTORYLESS).changed == []


def test_the_past_may_be_replayed_later(vendor: Path) -> None:
    load(vendor, HISTORYLESS)
    report = load(vendor)
    assert all(each.startswith("act ") for each in report.created)
    assert report.changed == []
    assert moves("baltwerk") == [("2026-11-21", "registered", "joined")]


def test_a_certificate_that_is_no_longer_valid_is_not_revoked(vendor: Path) -> None:
    again = "- {on: 2026-06-11, revoke: recovery-engineer, person: dov@odrana.example, reason: No}"
    put(vendor, "history.yaml", f"{HISTORY}{again}\n")
    wrong = "history.yaml, row 12, revoke: dov@odrana.example holds no valid recovery-engineer"
    assert wrong in refused(vendor)


def test_a_sweep_that_fails_is_told(vendor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(now: datetime) -> int:
        raise RuntimeError(now)

    monkeypatch.setitem(sweep._sweepers, "tests.fail", fail)
    assert "tests.fail failed on " in refused(vendor)
    assert not Programme.objects.exists()


def test_a_dry_run_counts_and_writes_nothing(vendor: Path) -> None:
    report = load(vendor, Choices(dry_run=True))
    assert "partner baltwerk" in report.created
    assert sum(each.startswith("act ") for each in report.created) == 7
    assert_empty()


def assert_empty() -> None:
    assert not Programme.objects.exists()
    assert not LoadedRecord.objects.exists()
    assert not get_user_model().objects.filter(email__endswith=".example").exists()
    assert badges.get_achievement("recovery-engineer", "en") is None


BAD_ROWS = [
    ("people/people.csv", "Ana Nowak,baltwerk", "Ana Nowak,baltwrek",
     "people/people.csv, row 2, partner: baltwrek is not known; did you mean baltwerk?"),
    ("people/people.csv", "baltwerk,sales,manager", "baltwerk,seller,manager",
     "people/people.csv, row 3, job: must be 'sales', 'engineer' or 'other'; it is 'seller'"),
    ("people/people.csv", "en,2024-04-01", "en,1 April",
     "people/people.csv, row 2, since: must be a date, YYYY-MM-DD; it is '1 April'"),
    ("people/people.csv", "2026-02-10,2026-06-01", "2026-02-10,2026-02-10",
     "people/people.csv, row 5, since: a link ends after the day it starts"),
    ("people/people.csv", "bo@baltwerk", "ana@baltwerk",
     "people/people.csv, row 3, since: the person is linked to a company from 2024-04-01 already"),
    ("people/people.csv", "ana@baltwerk.example,", "ana,", "people/people.csv, row 2, email: "),
    ("people/people.csv", ",role,", ",rank,",
     "people/people.csv, row 1, role: this column is missing; columns: email,name,partner,job"),
    ("people/partners.csv", "odrana,Odrana", "baltwerk,Odrana",
     "people/partners.csv, row 3, slug: stands in row 2 already"),
    ("people/partners.csv", "Odrana,pl", "Odrana,Poland",
     "people/partners.csv, row 3, country: "),
    ("people/partners.csv", "Opole,,", "Opole,,,", "people/partners.csv, row 3: has more than 6"),
    ("history.yaml", "pass: recovery, person: ana", "pass: recovry, person: ana",
     "history.yaml, row 2, pass: recovry is not known; did you mean recovery?"),
    ("history.yaml", "person: dov@odrana.example}", "person: cy@odrana.example}",
     "history.yaml, row 5, person: cy@odrana.example is not known"),
    ("history.yaml", "on: 2026-06-10", "on: 2026-05-10",
     "history.yaml, row 8, on: must be in date order: the act before is on 2026-06-01"),
    ("history.yaml", "on: 2026-06-10", "on: 2027-06-10",
     "history.yaml, row 8, on: has not happened yet; today is 2026-11-21"),
    ("history.yaml", "revoke: recovery-engineer", "revoke: sales-specialist",
     "history.yaml, row 8, revoke: dov@odrana.example has not earned sales-specialist before"),
    ("history.yaml", "2026-06-01, leave", "2026-05-31, leave",
     "history.yaml, row 7, leave: eva@odrana.example has no link that can end on 2026-05-31"),
    ("history.yaml", "{on: 2026-06-01, leave: eva@odrana.example}", "leave",
     "history.yaml, row 7: must be an act"),
    ("history.yaml", "fail: selling", "pass: selling, fail: selling",
     "history.yaml, row 3: must say exactly one of pass, fail, leave, revoke"),
    ("history.yaml", '{en: "Another person sat the test."}', '""',
     "history.yaml, row 8: a revocation says its reason"),
    ("history.yaml", "# a year of acts\n", "acts:\n", "history.yaml: must be a list of acts"),
    ("history.yaml", "- {on: 2025-11-14", "- {on: [2025-11-14", "history.yaml, line "),
    ("programme.yaml", "sharing: none", "sharing: some",
     "programme.yaml, programme.sharing: must be 'none' or 'allowed'"),
    ("programme.yaml", "vendor:", "seller:", "programme.yaml: must hold the parts vendor, tracks"),
    ("programme.yaml", "email: partners@halden.example", "email: nowhere",
     "programme.yaml, vendor.email: "),
    ("programme.yaml", "- platform-engineer", "- unknown-engineer",
     "programme.yaml, programme.tiers: no training awards unknown-engineer"),
    ("programme.yaml", "en: Certified in sales", "en: Sales education",
     "programme.yaml: tiers[silver].lines[sales].text: «education» is not used here"),
    ("trainings/selling/training.yaml", "track: sales", "track: sale",
     "trainings/selling/training.yaml, track: sale is not known; did you mean sales?"),
    ("trainings/selling/training.yaml", "Passed the certification test", "Proof of education",
     "trainings/selling: Criteria: «education» is not used here"),
    ("history.yaml", "2026-06-10", "2026-13-10", "history.yaml: is not YAML"),
    ("trainings/selling/training.yaml", "track: sales", "trakc: sales",
     "trainings/selling/training.yaml, "),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), BAD_ROWS)
def test_every_bad_row_is_told_and_nothing_is_written(
    vendor: Path, file: str, old: str, new: str, expected: str
) -> None:
    change(vendor, file, old, new)
    assert expected in refused(vendor)
    assert_empty()


def test_all_faults_are_told_at_once(vendor: Path) -> None:
    change(vendor, "people/people.csv", "engineer,member", "pilot,member")
    change(vendor, "history.yaml", "fail: selling", "fail: sailing")
    assert len(refused(vendor).splitlines()) >= 3


def test_a_missing_file_and_a_foreign_encoding_are_told(vendor: Path) -> None:
    (vendor / "people/partners.csv").write_bytes(PARTNERS_IN_LATIN)
    assert "people/partners.csv: must be UTF-8" in refused(vendor)
    (vendor / "people/partners.csv").unlink()
    assert "people/partners.csv: is missing from the folder" in refused(vendor)


PARTNERS_IN_LATIN = "slug,name\ngdansk,Gda\u00f3sk\n".encode("latin-1")


def test_what_an_act_refuses_is_told_with_its_row_and_takes_all_back(vendor: Path) -> None:
    change(vendor, "history.yaml", "2026-01-12, pass", "2026-01-08, pass")
    assert "history.yaml, row 4, pass: " in refused(vendor)
    assert not Programme.objects.exists()


def test_keep_going_leaves_out_bad_rows_and_what_rests_on_them(vendor: Path) -> None:
    change(vendor, "people/partners.csv", "Odrana,pl", "Odrana,Poland")
    put(vendor, "people/people.csv", PEOPLE + "\n,,,,,,,\n")
    report = load(vendor, Choices(keep_going=True))
    assert [text.split(":")[0] for text in report.rejected] == [
        "people/partners.csv, row 3, country",
        "people/people.csv, row 4, partner",
        "people/people.csv, row 5, partner",
        "history.yaml, row 5, person",
        "history.yaml, row 6, person",
        "history.yaml, row 7, person",
        "history.yaml, row 8, person",
    ]
    assert moves("baltwerk")[-1][1] == "registered"


class TestSecondLoad:
    """What was changed here or there since."""

    @pytest.fixture(autouse=True)
    def _loaded(self, vendor: Path) -> None:
        load(vendor, HISTORYLESS)

    def rename(self, name: str) -> None:
        row = Partner.objects.get(slug="baltwerk")
        change_partner(
            partner_id=row.pk,
            name=name,
            country=row.country,
            city=row.city,
            website=row.website,
            joined_on=row.joined_on,
            actor=None,
            now=TODAY,
        )

    def test_a_change_in_the_files_is_taken(self, vendor: Path) -> None:
        change(vendor, "people/partners.csv", "Opole", "Brzeg")
        change(
            vendor,
            "people/people.csv",
            "engineer,manager,en,2026-02-10,",
            "sales,manager,en,2026-02-10,2027-01-01",
        )
        change(vendor, "programme.yaml", "name: Halden Data", "name: Halden Data plc")
        report = load(vendor, HISTORYLESS)
        assert sorted(report.changed) == [
            "partner odrana.city",
            "person dov@odrana.example odrana 2026-02-10.job",
            "person dov@odrana.example odrana 2026-02-10.until",
            "vendor issuer",
        ]
        assert Partner.objects.get(slug="odrana").city == "Brzeg"
        link = Membership.objects.get(until=date(2027, 1, 1))
        assert link.job == "sales"
        change(vendor, "people/people.csv", "2027-01-01", "")
        assert load(vendor, HISTORYLESS).changed == [
            "person dov@odrana.example odrana 2026-02-10.until"
        ]
        link.refresh_from_db()
        assert link.until is None

    def test_a_change_in_the_admin_is_not_overwritten_unasked(self, vendor: Path) -> None:
        self.rename("Baltwerk SA")
        change(vendor, "people/partners.csv", "Opole", "Brzeg")
        report = load(vendor, HISTORYLESS)
        (conflict,) = report.conflicts
        assert (conflict.place, conflict.field) == ("partner baltwerk", "name")
        assert (conflict.site, conflict.file) == ("Baltwerk SA", "Baltwerk sp. z o.o.")
        assert Partner.objects.get(slug="odrana").city == "Opole"
        going = Choices(history=False, keep_going=True)
        assert len(load(vendor, going).conflicts) == 1
        assert Partner.objects.get(slug="odrana").city == "Brzeg"
        assert Partner.objects.get(slug="baltwerk").name == "Baltwerk SA"

    def test_keep_site_and_take_files_decide(self, vendor: Path) -> None:
        self.rename("Baltwerk SA")
        kept = load(vendor, Choices(history=False, keep="site"))
        assert (kept.changed, kept.conflicts) == ([], [])
        assert Partner.objects.get(slug="baltwerk").name == "Baltwerk SA"
        taken = load(vendor, Choices(history=False, keep="files"))
        assert taken.changed == ["partner baltwerk.name"]
        assert Partner.objects.get(slug="baltwerk").name == "Baltwerk sp. z o.o."

    def test_an_end_given_on_the_site_is_a_conflict_too(self, vendor: Path) -> None:
        link = Membership.objects.get(partner__slug="baltwerk", role="manager")
        end_link(membership_id=link.pk, until=date(2027, 1, 1), actor=None, now=TODAY)
        (conflict,) = load(vendor, HISTORYLESS).conflicts
        assert (conflict.field, conflict.site, conflict.file) == ("until", "2027-01-01", "None")

    def test_changed_rules_take_a_new_version(self, vendor: Path) -> None:
        change(vendor, "programme.yaml", "percent: 18", "percent: 20")
        assert "programme.yaml, programme.version: Decisions rest on" in refused(vendor)
        change(vendor, "programme.yaml", "version: '2026.1'", "version: '2026.2'")
        assert load(vendor, HISTORYLESS).created == ["rules halden-partner-programme 2026.2"]
        assert RulesVersion.objects.count() == 2

    def test_rules_edited_on_the_site_are_a_conflict(self, vendor: Path) -> None:
        change(vendor, "programme.yaml", "version: '2026.1'", "version: '2027.1'")
        change(vendor, "programme.yaml", "valid_from: '2025-10-01'", "valid_from: '2027-01-01'")
        load(vendor, HISTORYLESS)
        row = RulesVersion.objects.get(version="2027.1")
        publish_rules(
            programme=row.programme.slug,
            version=row.version,
            document={**row.document, "sharing": "allowed"},
            announced_on=row.announced_on,
            valid_from=row.valid_from,
            actor=None,
            now=TODAY,
        )
        (conflict,) = load(vendor, HISTORYLESS).conflicts
        assert conflict.field == "document"
        assert load(vendor, Choices(history=False, keep="files")).changed != []
        row.refresh_from_db()
        assert row.document["sharing"] == "none"

    def test_a_link_that_meets_another_is_told_with_its_row(self, vendor: Path) -> None:
        change(vendor, "people/people.csv", "en,2024-04-01,", "en,2024-05-01,")
        assert "people/people.csv, row 2" in refused(vendor, history=False)


def test_an_account_that_is_there_is_kept() -> None:
    first = ensure_user(email="cy@x.example", name="Cy Ork", language="en")
    assert ensure_user(email="CY@x.example", name="Other", language="pl") == first
