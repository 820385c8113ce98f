"""The chair's pages: open, seat, close, read, decide; ratings from a file and back."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.panels import decide_cut
from courses.models import Assessment, Item, Panel, Rating
from courses.templatetags.courses_panels import signed, strip, tenth
from lms.accounts.models import User
from lms.tables import read_table, write_csv, write_xlsx
from tests.courses.test_admin import admin
from tests.factories.courses import Training
from tests.factories.panels import WHO, close, make_judges, make_panel, rate_all, reopen

pytestmark = pytest.mark.django_db
__all__ = ["admin"]
HEADER = ("judge", "item", "round", "percent")


@pytest.fixture
def judges(db: None) -> list[User]:
    return make_judges(2)


@pytest.fixture
def panel(training: Training, judges: list[User], now: datetime) -> Panel:
    return make_panel(training.assessment.pk, judges, now)


@pytest.fixture
def rated(panel: Panel, judges: list[User], now: datetime) -> Panel:
    rate_all(panel, judges[0], {"wal": 50, "restore": 70}, now)
    rate_all(panel, judges[1], {"wal": 80, "restore": 60}, now)
    return close(panel, now)


def address(panel: Panel, name: str = "panel") -> str:
    return reverse(f"lms_judging:{name}", args=[panel.pk])


def look(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def act(client: Client, panel: Panel, name: str, **values: Any) -> str:
    response = client.post(address(panel), {"act": name, **values}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def bring(client: Client, panel: Panel, body: bytes, name: str = "ratings.csv") -> str:
    file = SimpleUploadedFile(name, body)
    response = client.post(address(panel, "import"), {"file": file})
    assert response.status_code == 200
    return response.content.decode()


def table(*rows: tuple[object, ...]) -> bytes:
    return b"".join(write_csv([HEADER, *rows]))


def row(**changes: object) -> tuple[object, ...]:
    values = {"judge": "judge1@halden.example", "item": "wal-single", "round": 1, "percent": 60}
    return tuple({**values, **changes}.values())


class TestLeading:
    def test_from_nothing_to_a_decision(
        self, training: Training, judges: list[User], admin: Client, now: datetime
    ) -> None:
        assert "There are no panels to display" in look(admin, reverse("lms_judging:index"))
        form = {"assessment": training.assessment.pk, "description": WHO}
        response = admin.post(reverse("lms_judging:add"), form)
        panel = Panel.objects.get()
        assert response["Location"] == address(panel)
        assert "Nobody sits on this panel yet." in look(admin, address(panel))
        for judge in judges:
            assert judge.name in act(admin, panel, "seat", email=judge.email.upper())
        rate_all(panel, judges[0], {"wal": 50, "restore": 70}, now)
        told = look(admin, address(panel))
        assert "8 of 8" in told
        assert "0 of 8" in told
        assert "What the panel says" not in told, "not before the round is closed"
        rate_all(panel, judges[1], {"wal": 80, "restore": 60}, now)
        told = act(admin, panel, "close")
        assert "67" not in re.sub(r"<[^>]+>", "", told)
        assert "65.0 %" in told
        assert told.count('class="courses-strip"') == 8
        assert "Disputed" in told
        act(admin, panel, "decide", percent=65)
        assert Assessment.objects.get().cut_percent == 65
        told = look(admin, address(panel))
        assert "65 % pass." in told
        assert not re.search(r'name="act" value="(open|seat|decide)"', told)
        edit = look(admin, reverse("lms_tests:edit", args=[training.assessment.pk]))
        assert "(2 judges, 1 round): 65 % ± 5." in edit

    def test_a_bank_without_items_is_said_in_the_form(
        self, training: Training, admin: Client
    ) -> None:
        Item.objects.update(state="draft")
        form = {"assessment": training.assessment.pk, "description": WHO}
        told = admin.post(reverse("lms_judging:add"), form).content.decode()
        assert "no live items of: restore, wal" in told
        assert not Panel.objects.exists()

    def test_what_is_refused_is_said(self, panel: Panel, ana: User, admin: Client) -> None:
        assert "Nobody signs in with this address." in act(
            admin, panel, "seat", email="x@y.example"
        )
        assert "neither staff nor" in act(admin, panel, "seat", email=ana.email)
        assert "Enter a valid email" in act(admin, panel, "seat", email="x")
        assert "Nobody has rated an item" in act(admin, panel, "close")
        act(admin, panel, "nothing")
        assert admin.post(address(panel), {"act": "unseat", "judge": "0"}).status_code == 404

    def test_a_judge_who_said_nothing_is_unseated(self, panel: Panel, admin: Client) -> None:
        judge = panel.judges.all()[0]
        assert "Judge 1" not in act(admin, panel, "unseat", judge=judge.pk)

    def test_another_number_needs_a_reason(self, rated: Panel, admin: Client) -> None:
        told = act(admin, rated, "decide", percent=70)
        assert "Say why the cut is not the recommended one." in told
        told = act(admin, rated, "decide", percent=70, reason="Errors are costly.")
        assert "Errors are costly." in told
        assert Assessment.objects.get().cut_percent == 70

    def test_rounds_are_compared(
        self, rated: Panel, judges: list[User], admin: Client, now: datetime
    ) -> None:
        assert "Round 2" in act(admin, rated, "open")
        rate_all(rated, judges[0], {"wal": 60, "restore": 66}, now)
        told = act(admin, rated, "close")
        assert "8 ratings are missing" in told
        report = admin.get(address(rated)).context["report"]
        assert [one.cut for one in report.rounds.values()] == [65, 63]

    def test_without_a_rating_in_a_cell_there_is_nothing_to_decide(
        self, panel: Panel, judges: list[User], admin: Client, now: datetime
    ) -> None:
        first = panel.items.filter(cell="restore").first()
        assert first
        panel.judges.all()[0].ratings.create(item=first, round=1, percent=50, saved_at=now)
        told = act(admin, panel, "close")
        assert "no recommendation yet" in told
        assert "Decide the cut" not in told


def test_only_who_changes_tests_comes_in(
    rated: Panel, judges: list[User], as_bo: Client, dee: User
) -> None:
    editor = Client()
    editor.force_login(dee)
    judge = Client()
    judge.force_login(judges[0])
    for client in (as_bo, editor, judge):
        for url in (
            reverse("lms_judging:index"),
            reverse("lms_judging:add"),
            address(rated),
            address(rated, "csv"),
            address(rated, "import"),
        ):
            assert client.get(url).status_code in (302, 403)
            assert client.post(url, {"act": "open"}).status_code in (302, 403)
    rated.refresh_from_db()
    assert rated.state == "closed"


def test_the_list_asks_as_often_for_three_as_for_one(
    training: Training, judges: list[User], admin: Client, now: datetime
) -> None:
    counts = []
    for number in range(3):
        make_panel(training.assessment.pk, judges[:number], now)
        with CaptureQueriesContext(connection) as found:
            look(admin, reverse("lms_judging:index"))
        counts.append(len(found))
    assert counts[0] == counts[2] == 10
    url = reverse("lms_judging:index")
    assert "There are no panels" not in look(admin, f"{url}?assessment={training.assessment.pk}")
    assert "No panels match" in look(admin, f"{url}?state=decided")


def test_a_panel_s_page_asks_as_often_whatever_was_rated(
    panel: Panel, judges: list[User], admin: Client, now: datetime
) -> None:
    counts = []
    for count in (1, 2):
        for judge in judges[:count]:
            rate_all(panel, judge, {"wal": 50, "restore": 70}, now)
        close(panel, now)
        with CaptureQueriesContext(connection) as found:
            look(admin, address(panel))
        counts.append(len(found))
        reopen(panel, now)
    assert counts[0] == counts[1] == 18


class TestFiles:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_looked_at_then_taken(self, panel: Panel, admin: Client, kind: str) -> None:
        rows = [row(), row(judge="judge2@halden.example", percent="70 %")]
        body = table(*rows) if kind == "csv" else write_xlsx([HEADER, *rows])
        told = bring(admin, panel, body, f"ratings.{kind}")
        assert f"ratings.{kind} is in order. Ratings: 2; rounds: 1." in told
        assert not Rating.objects.exists()
        signed_rows = re.search(r'name="rows" value="([^"]+)"', told)
        assert signed_rows
        response = admin.post(address(panel, "import"), {"rows": signed_rows[1]}, follow=True)
        assert "Ratings taken: 2." in response.content.decode()
        assert sorted(Rating.objects.values_list("percent", flat=True)) == [60, 70]
        close(panel, panel.created_at)
        again = admin.post(address(panel, "import"), {"rows": signed_rows[1]})
        assert "No round is open" in again.content.decode()

    def test_a_fault_names_file_row_and_column(self, panel: Panel, admin: Client) -> None:
        told = bring(admin, panel, table(row(percent=101), row(judge="cy@ostrand.example")))
        assert "2 faults in ratings.csv; nothing was taken." in told
        assert "<td>2</td><td>percent</td><td>a rating is a whole number" in told
        assert "<td>3</td><td>judge</td><td>nobody with this address" in told
        assert 'name="rows"' not in told

    def test_what_is_no_table_is_said_at_the_field(self, panel: Panel, admin: Client) -> None:
        assert "ratings.csv: it is neither XLSX nor UTF-8" in bring(admin, panel, b"\xff\xfe\x00")
        assert "This field is required" in admin.post(address(panel, "import")).content.decode()

    def test_rows_of_another_panel_or_made_up_are_not_taken(
        self, panel: Panel, admin: Client, judges: list[User], now: datetime
    ) -> None:
        other = make_panel(panel.assessment_id, judges, now)
        found = re.search(r'name="rows" value="([^"]+)"', bring(admin, other, table(row())))
        assert found
        for rows in (found[1], "made:up"):
            told = admin.post(address(panel, "import"), {"rows": rows}).content.decode()
            assert "bring the file again" in told
        assert not Rating.objects.exists()

    def test_who_was_unseated_meanwhile_is_not_rated_for(self, panel: Panel, admin: Client) -> None:
        found = re.search(r'name="rows" value="([^"]+)"', bring(admin, panel, table(row())))
        assert found
        panel.judges.all()[0].delete()
        told = admin.post(address(panel, "import"), {"rows": found[1]}).content.decode()
        assert "The panel has changed meanwhile" in told

    def test_closed_rounds_are_taken_along_and_read_back(
        self, rated: Panel, admin: Client, judges: list[User], now: datetime
    ) -> None:
        reopen(rated, now)
        rate_all(rated, judges[0], {"wal": 1, "restore": 1}, now)
        body = b"".join(admin.get(address(rated, "csv")))
        read = read_table(body)
        assert read.header == HEADER
        assert len(read.rows) == 16, "the open round stays with its judges"
        other = make_panel(rated.assessment_id, judges, now)
        assert "Ratings: 16; rounds: 1." in bring(admin, other, body)


def test_a_decision_by_hand_later_is_told(
    rated: Panel, training: Training, admin: Client, now: datetime
) -> None:
    decide_cut(panel_id=rated.pk, percent=65, reason="", actor=None, now=now)
    Assessment.objects.update(cut_percent=80)
    edit = look(admin, reverse("lms_tests:edit", args=[training.assessment.pk]))
    assert "changed by hand since" in edit


def test_figures_read_as_figures() -> None:
    assert (tenth(None), tenth(65), tenth(2.26)) == ("–", "65.0", "2.3")
    assert [signed(one) for one in (None, 4.2, -4.2, 0.0)] == ["–", "+4.2", "−4.2", "±0.0"]
    drawn = strip((0, 100), 50)
    assert drawn.count("<circle") == 2
    assert 'cx="6"' in drawn
    assert 'cx="214"' in drawn
    assert 'x1="110.0"' in drawn
    assert "<circle" not in strip((), None)
    assert "courses-strip__mean" not in strip((), None)
