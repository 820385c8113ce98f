"""Issuing a list: exactly once, all or none, with the dates of certificates issued before."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from badges.actions import imports
from badges.actions.achievements import AchievementRules, define_achievement
from badges.actions.credentials import Dates, NotReady, SourceTaken, issue
from badges.actions.expiry import expire_due
from badges.actions.imports import ImportReport, TooManyAtOnce, import_credentials
from badges.actions.keys import rotate_keys
from badges.actions.withdrawal import revoke
from badges.domain.rosters import Roster
from badges.models import Achievement, Credential, Edition, Recipient, RecipientAddress, StatusList
from badges.queries import find_by_source, find_recipient, get_credential
from badges.queries.keys import get_signer
from badges.queries.rosters import admit_roster
from lms.accounts.models import User
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from lms.notifications.models import Mail
from tests.factories.badges import NOW, TEXTS, make_achievement, make_issuer, make_recipient
from tests.factories.rosters import ANA, BO, SLUG, TODAY, roster_of

pytestmark = pytest.mark.django_db
EVA = f"eva@odrana.example,Eva Marek,{SLUG},,,,"
TABLES = (Credential, Edition, Recipient, RecipientAddress, Delivery, StatusList, ModelLogEntry)


@pytest.fixture
def site(db: None) -> None:
    """An issuer and an achievement; nobody is known yet."""
    make_issuer()
    make_achievement()


def bring_in(
    *rows: str, undated: bool = False, now: datetime = NOW, **choices: Any
) -> ImportReport:
    roster = roster_of(*rows, undated=undated, today=timezone.localdate(now))
    return import_credentials(roster, **{"actor": None, "now": now, **choices})


def faults_of(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(each.row, each.field, str(each.error)) for each in report.admission.refusals]


def counted() -> list[int]:
    return [model._default_manager.count() for model in TABLES]


def test_a_certificate_issued_before_keeps_its_dates(site: None, client: Client) -> None:
    report = bring_in(ANA, BO)
    assert [row for row, _code in report.issued] == [2, 3]
    ana, bo = (get_credential(code) for _row, code in report.issued)
    assert ana
    assert bo
    assert (ana.valid_from, ana.valid_until) == (date(2024, 3, 5), date(2027, 3, 5))
    assert (bo.valid_from, bo.valid_until) == (date(2024, 3, 5), date(2026, 3, 5))  # 24 months
    assert (ana.state(TODAY), bo.state(TODAY)) == ("valid", "expired")
    assert timezone.localdate(ana.issued_at) == date(2024, 3, 5)
    assert find_by_source("import:A-1") == ana
    assert find_by_source(f"import:{SLUG}:bo@baltwerk.example:2024-03-05") == bo
    assert Edition.objects.get(credential__code=bo.code).data["achievement"]["language"] == "pl"
    page = client.get(f"/c/{ana.code}/").content.decode()
    assert TEXTS["en"].name in page
    assert "Ana Kowalska" not in page  # nobody has decided to show it
    assert "4 March 2027" in page
    assert client.get(f"/c/{bo.code}.json").status_code == 200


def test_it_holds_from_its_own_day_and_is_signed_today_by_todays_key(
    in_folder: Path, site: None
) -> None:
    bring_in(ANA, now=NOW - timedelta(days=300))
    rotate_keys(overlap=timedelta(0), now=NOW - timedelta(hours=1))
    (_, code), *_ = bring_in(BO).issued
    edition = Edition.objects.get(credential__code=code)
    document = json.loads(edition.ob3)
    assert (edition.kind, edition.number, edition.created_at) == ("first", 1, NOW)
    assert edition.key.kid == get_signer(NOW).proof_kid
    assert document["validFrom"] == document["awardedDate"] == "2024-03-05T11:00:00Z"
    assert document["validFrom"] < document["validUntil"] < document["proof"]["created"]


def test_a_second_run_issues_nothing_and_sends_nothing(site: None) -> None:
    first = bring_in(ANA, BO, EVA, undated=True)
    deliver_due(NOW)
    before, sent = counted(), Mail.objects.count()
    again = bring_in(ANA, BO, EVA, undated=True)
    deliver_due(NOW)
    assert again.issued == ()
    assert [each.code for each in again.admission.admitted] == [code for _, code in first.issued]
    assert (counted(), Mail.objects.count()) == (before, sent)


def test_a_number_added_later_is_the_same_certificate(site: None) -> None:
    bring_in(ANA.replace("A-1", ""))
    assert bring_in(ANA).issued == ()
    assert bring_in(ANA.replace("A-1", "A-2")).issued == ()
    assert Credential.objects.count() == 1


def test_a_withdrawn_certificate_is_not_brought_back(site: None) -> None:
    ((_, code),) = bring_in(ANA).issued
    revoke(code=code, reason="Shared answers", actor=None, now=NOW)
    for row in (ANA, ANA.replace("A-1", "A-2")):
        assert [each.code for each in bring_in(row).admission.admitted] == [code]


def test_two_runs_at_once_issue_once(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has judged its rows before the first has issued them."""
    roster = roster_of(ANA, BO)
    judged = admit_roster(roster, TODAY)
    bring_in(ANA, BO)
    before = counted()
    monkeypatch.setattr(imports, "admit_roster", lambda _roster, _today: judged)
    for keep_going in (False, True):
        late = bring_in(ANA, BO, keep_going=keep_going)
        assert (late.issued, faults_of(late)) == ((), [])
    assert counted() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keep_going", [False, True])
def test_parallel_runs_issue_once(keep_going: bool) -> None:
    make_issuer()
    make_achievement()
    rows = [ANA, BO, *(ANA.replace("ana@", f"p{n}@").replace("A-1", "") for n in range(6))]

    def run(_turn: int) -> int:
        try:
            return len(bring_in(*rows, keep_going=keep_going).issued)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        issued = list(pool.map(run, range(4)))
    assert sum(issued) == Credential.objects.count() == Edition.objects.count() == 8
    assert Recipient.objects.count() == RecipientAddress.objects.count() == 8


def test_a_dry_run_writes_nothing(site: None) -> None:
    before = counted()
    report = bring_in(ANA, BO, EVA, undated=True, dry_run=True)
    assert report.issued == ()
    assert [each.row.row for each in report.admission.fresh] == [2, 3, 4]
    assert counted() == before


def test_one_wrong_row_and_nothing_is_issued(site: None) -> None:
    wrong = BO.replace("bo@", "bo")
    before = counted()
    report = bring_in(ANA, wrong)
    assert report.issued == ()
    assert [fault[:2] for fault in faults_of(report)] == [(3, "email")]
    assert counted() == before
    going = bring_in(ANA, wrong, keep_going=True)
    assert [row for row, _code in going.issued] == [2]
    assert [fault[:2] for fault in faults_of(going)] == [(3, "email")]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (BO.replace(SLUG, "halden-recovery-enginer"), "achievement", f"did you mean {SLUG}?"),
        (BO.replace(SLUG, "東"), "achievement", "東 is not known; the admin lists the slugs"),
        (BO.replace("Bo Nowicki", ""), "name", "who is new here needs a name to print"),
        (BO.replace(",pl", ",de"), "language", "has no such text; it has: en, pl, ru"),
        (BO.replace(",pl", "A-1,pl").replace(",,,A", ",,A"), "number", "was used already"),
    ],
)
def test_what_the_site_does_not_know_is_refused(
    site: None, row: str, field: str, reason: str
) -> None:
    bring_in(ANA)
    (fault,) = faults_of(bring_in(row))
    assert fault[:2] == (2, field)
    assert reason in fault[2]


def test_a_number_of_another_achievement_is_refused(site: None) -> None:
    make_achievement("halden-sales")
    bring_in(ANA)
    (fault,) = faults_of(bring_in(ANA.replace(SLUG, "halden-sales")))
    assert fault[:2] == (2, "number")


def test_an_achievement_that_had_ended_needs_the_end_in_the_file(site: None) -> None:
    rules = AchievementRules(validity_basis="date", ends_on=date(2024, 1, 1))
    define_achievement(
        slug="halden-old",
        achievement_type="Certification",
        valid_months=None,
        rules=rules,
        texts=TEXTS,
        actor=None,
        now=NOW,
    )
    row = BO.replace(SLUG, "halden-old")
    (fault,) = faults_of(bring_in(row))
    assert fault[:2] == (2, "valid_until")
    assert "would end on 2024-01-01" in fault[2]
    assert bring_in(row.replace("05.03.2024,,", "05.03.2024,2025-03-05,")).issued
    (now,) = faults_of(bring_in(EVA.replace(SLUG, "halden-old"), undated=True))
    assert now[1] == "valid_until"


def test_what_was_issued_before_renews_nothing(site: None) -> None:
    make_achievement("halden-basics", valid_months=12)
    Achievement.objects.get(slug=SLUG).extends.add(Achievement.objects.get(slug="halden-basics"))
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    bring_in(BO, BO.replace(SLUG, "halden-basics").replace("2024", "2025"), now=now)
    held = [card.valid_until for card in Credential.objects.order_by("pk")]
    bring_in(BO.replace("05.03.2024", "20.02.2026"), now=now)
    assert [card.valid_until for card in Credential.objects.order_by("pk")][:2] == held
    assert set(Edition.objects.values_list("number", flat=True)) == {1}
    assert Credential.objects.count() == 3


def test_a_row_without_a_day_is_issued_now_as_by_hand(site: None) -> None:
    (_, code), *_ = bring_in(EVA, undated=True).issued
    card = get_credential(code)
    assert card
    assert (card.issued_at, card.valid_from) == (NOW, TODAY)
    assert card.valid_until == date(2028, 11, 12)
    # The next day it is held already; towards its end it is renewed.
    assert bring_in(EVA, undated=True, now=NOW + timedelta(days=1)).issued == ()
    later = NOW + timedelta(days=700)
    assert bring_in(EVA, undated=True, now=later).issued == ((2, code),)
    assert Edition.objects.filter(kind="renewal").count() == Credential.objects.count() == 1


def test_only_fresh_news_is_mailed(site: None) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    days = {"old": today - timedelta(days=9), "new": today - timedelta(days=2), "today": today}
    rows = [f"{name}@x.example,Person {name},{SLUG},{day},,," for name, day in days.items()]
    report = bring_in(*rows, f"now@x.example,Person now,{SLUG},,,,", undated=True, now=now)
    assert len(report.issued) == 4
    deliver_due(now)
    told = set(Mail.objects.values_list("to", flat=True))
    assert told == {"new@x.example", "today@x.example", "now@x.example"}


def test_an_end_that_lies_behind_is_not_announced(site: None) -> None:
    bring_in(ANA, BO)
    assert expire_due(NOW) == 0
    assert expire_due(datetime(2027, 3, 5, 12, tzinfo=UTC)) == 1  # Ana's, when it comes


def test_what_is_told_others_happens_now(site: None) -> None:
    """A company's status follows from today on, not in the past."""
    bring_in(ANA)
    delivery = Delivery.objects.filter(event_name="badges.credential.issued.v1")[0]
    assert datetime.fromisoformat(delivery.payload["occurred_at"]) == NOW


def test_a_known_person_keeps_the_name_on_record(site: None) -> None:
    recipient = make_recipient("ana@baltwerk.example", "Ana Nowak")
    make_recipient("bo@baltwerk.example", "NOWICKI Bo")
    report = bring_in(ANA, BO)
    assert [(each.row.row, each.printed) for each in report.admission.admitted] == [
        (2, "Ana Nowak"),
        (3, ""),
    ]
    assert Credential.objects.get(source="import:A-1").recipient_id == recipient
    assert Edition.objects.get(credential__source="import:A-1").data["name"] == "Ana Nowak"
    assert not report.lookalikes
    assert bring_in(ANA.replace("Ana Kowalska", "").replace("A-1", "A-9")).admission.admitted


def test_a_known_address_without_a_name_gets_it(site: None) -> None:
    make_recipient("ana@baltwerk.example", "")
    assert faults_of(bring_in(ANA.replace("Ana Kowalska", "")))[0][1] == "name"
    bring_in(ANA)
    found = find_recipient("ana@baltwerk.example")
    assert found
    assert found.name == "Ana Kowalska"


def test_a_similar_name_under_another_address_is_reported_and_never_merged(site: None) -> None:
    known = make_recipient("a.kowalska@gmail.example", "KOWALSKA Anna")
    make_recipient("other@x.example", "Ana Kowalik")
    twin = ANA.replace("ana@", "ana.k@").replace("A-1", "A-2").replace("2024-03", "2024-04")
    report = bring_in(ANA, BO, twin)
    looks = {
        look.row: [(o.recipient_id, o.row, o.emails) for o in look.others]
        for look in report.lookalikes
    }
    on_record = (known, None, ("a.kowalska@gmail.example",))
    assert looks == {
        2: [on_record, (None, 4, ("ana.k@baltwerk.example",))],
        4: [on_record, (None, 2, ("ana@baltwerk.example",))],
    }
    assert Recipient.objects.count() == 5
    assert bring_in(ANA, BO, twin).lookalikes == ()  # they are known by now


def test_a_crowd_of_one_name_is_named_in_part(site: None) -> None:
    for number in range(8):
        make_recipient(f"k{number}@x.example", "Ana Kowalska")
    (look,) = bring_in(ANA, dry_run=True).lookalikes
    assert len(look.others) == 5


def test_judging_takes_a_handful_of_statements(site: None) -> None:
    rows = [f"p{n}@x.example,Person {chr(97 + n)}x,{SLUG},2024-03-05,,," for n in range(20)]
    bring_in(*rows[:10])

    def count(*some: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            bring_in(*some, dry_run=True)
        return len(seen)

    assert count(rows[0], rows[10]) == count(*rows) == 8


def test_importing_needs_permission_and_is_audited(site: None, ana: User, eli: User) -> None:
    with pytest.raises(PermissionDenied):
        bring_in(ANA, actor=ana.pk, dry_run=True)
    bring_in(ANA, actor=eli.pk)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user_id) == ("lms_badges.credential.issued", eli.pk)
    assert "Kowalska" not in f"{entry.label}{entry.data}"


def test_nothing_is_imported_without_an_issuer() -> None:
    make_achievement()
    with pytest.raises(NotReady, match="No issuer"):
        bring_in(ANA)


def failing(at: str) -> Callable[..., Any]:
    def issue_but(**values: Any) -> Any:
        if values["source"] == at:
            raise SourceTaken("taken meanwhile")
        return issue(**values)

    return issue_but


def test_a_row_that_fails_on_the_way_takes_the_others_back(
    site: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counted()
    monkeypatch.setattr(imports, "issue", failing("import:A-1"))
    done: list[int] = []
    report = bring_in(BO, ANA, progress=lambda at, _total, _what: done.append(at))
    assert (report.issued, faults_of(report)) == ((), [(3, "", "taken meanwhile")])
    assert [each.row.row for each in report.admission.admitted] == [2]
    assert counted() == before
    assert done[-1] == 2
    going = bring_in(ANA, BO, keep_going=True)
    assert [row for row, _code in going.issued] == [3]
    assert find_recipient("ana@baltwerk.example") is None  # nobody is kept for nothing


def test_a_long_list_does_not_lock_sqlite(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    with pytest.raises(TooManyAtOnce, match="2 certificates in one transaction"):
        bring_in(ANA, BO)
    assert len(bring_in(ANA, BO, keep_going=True).issued) == 2
    assert bring_in(ANA, BO).is_clean


def test_a_list_of_nobody_is_no_news(site: None) -> None:
    report = import_credentials(Roster(rows=(), refusals=()), actor=None, now=NOW)
    assert (report.issued, report.is_clean) == ((), True)


def test_dates_that_make_no_sense_are_refused_by_the_action_itself(site: None) -> None:
    recipient = make_recipient()
    with pytest.raises(NotReady):
        issue(
            achievement=SLUG,
            recipient_id=recipient,
            source="s",
            language="en",
            actor=None,
            now=NOW,
            earlier=Dates(on=TODAY, until=TODAY),
        )
