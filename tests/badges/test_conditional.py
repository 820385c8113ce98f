"""A page that a reader has already is not drawn again, and no other is taken for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from badges.actions.credentials import Issued, correct
from badges.actions.erasure import erase_recipient
from badges.actions.recipients import decide_visibility
from badges.actions.withdrawal import reinstate, revoke, suspend
from badges.events import CompanyOf, Effort, EffortFor, FrameFor
from badges.models import Recipient
from badges.views import conditional, pages
from lms.accounts.models import User
from lms.events import ask as registry
from lms.ui import build
from tests.factories.badges import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    conditional._read_around.cache_clear()
    cache.clear()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What higher apps answer; whoever changes it has waited as long as answers are kept."""
    answers: dict[str, Any] = {"company": "Baltwerk", "frame": "/trainings/", "effort": None}
    monkeypatch.setattr(registry, "_answerers", {})
    registry.answers(CompanyOf)(lambda question: answers["company"])
    registry.answers(FrameFor)(lambda question: answers["frame"])
    registry.answers(EffortFor)(lambda question: answers["effort"])
    return answers


class Reader:
    """A browser: it keeps its cookies, and the page with the page's name."""

    def __init__(self, code: str, user: User | None = None, language: str = "en") -> None:
        self.client, self.address = Client(), f"/c/{code}/"
        self.headers = {"Accept-Language": language}
        if user:
            self.client.force_login(user)
        self.kept = self.look()

    def look(self, **headers: str) -> Any:
        return self.client.get(self.address, headers={**self.headers, **headers})

    def again(self, etag: str = "") -> Any:
        conditional._read_around.cache_clear()
        return self.look(**{"If-None-Match": etag or self.kept["ETag"]})


@pytest.fixture
def reader(issued: Issued, told: dict[str, Any]) -> Reader:
    return Reader(issued.code)


def test_what_a_reader_has_is_not_drawn(
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader.again()
    monkeypatch.setattr(pages, "render", None)
    with django_assert_num_queries(2):  # the certificate, how many hold the like
        first = reader.again()
    with django_assert_num_queries(1):  # the certificate alone, for some seconds
        second = reader.look(**{"If-None-Match": reader.kept["ETag"]})
    for response in (first, second):
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == reader.kept["ETag"]


def test_it_is_kept_by_its_reader_alone_and_asked_about_each_time(reader: Reader) -> None:
    for response in (reader.kept, reader.again()):
        assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
        assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_every_change_of_state_is_another_page_at_once(reader: Reader, issued: Issued) -> None:
    seen = [reader.kept["ETag"]]
    steps = {"Suspended": suspend, "Valid": reinstate, "Withdrawn": revoke}
    for number, (word, action) in enumerate(steps.items(), 1):
        action(code=issued.code, reason="Review", actor=None, now=NOW + timedelta(days=number))
        page = reader.again(seen[-1])
        assert page.status_code == 200
        assert word in page.content.decode()
        assert page["ETag"] not in seen
        seen.append(page["ETag"])
        assert reader.again(page["ETag"]).status_code == 304


def test_a_new_edition_is_another_page_of_all_of_them(reader: Reader, issued: Issued) -> None:
    early = Reader(f"{issued.code}/1")
    assert early.again().status_code == 304
    assert early.again(reader.kept["ETag"]).status_code == 200
    correct(code=issued.code, note="The name.", actor=None, now=LATER)
    for one in (reader, early):
        page = one.again()
        assert page.status_code == 200
        assert "The name." in page.content.decode()


def test_what_the_holder_decides_is_another_page(reader: Reader, told: dict[str, Any]) -> None:
    recipient, seen = Recipient.objects.get(), {reader.kept["ETag"]}
    shown = dict.fromkeys(("show_name", "show_company", "show_date"), False)
    for what in shown:
        shown[what] = True
        decide_visibility(recipient_id=recipient.pk, actor=None, now=NOW, **shown)
        seen.add(reader.again()["ETag"])
    told["company"] = "Ostrand"
    page = reader.again()
    assert "Ostrand" in page.content.decode()
    assert len({*seen, page["ETag"]}) == 5


def test_an_erased_person_leaves_no_page_behind(reader: Reader) -> None:
    erase_recipient(recipient_id=Recipient.objects.get().pk, reason="Asked", actor=None, now=LATER)
    response = reader.again()
    assert response.status_code == 410
    assert "ETag" not in response
    assert reader.again("*").status_code == 410


def test_an_unknown_code_is_not_found_whatever_one_has(db: None) -> None:
    for address in (f"/c/{'0' * 17}/", f"/c/{'0' * 17}/2/"):
        response = Client().get(address, headers={"If-None-Match": "*"}, follow=True)
        assert response.status_code == 404


def test_what_stands_around_is_part_of_it(reader: Reader, told: dict[str, Any]) -> None:
    seen = [reader.kept["ETag"]]
    told["effort"] = Effort(topics=("Pipes",), items=20, minutes=30, pass_percent=70, exercises=0)
    seen.append(reader.again()["ETag"])
    told["frame"] = "/en/other/"
    seen.append(reader.again()["ETag"])
    assert len(set(seen)) == 3


def test_a_day_and_an_upgrade_make_another_page(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(conditional, "get_build", lambda: "another")
        assert reader.again().status_code == 200
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - any other day does
    with monkeypatch.context() as patch:
        patch.setattr("django.utils.timezone.localdate", lambda: tomorrow)
        assert reader.again().status_code == 200
    assert reader.again().status_code == 304


def test_another_language_is_another_page(reader: Reader, issued: Issued) -> None:
    polish = Reader(issued.code, language="pl")
    polish.client.cookies = reader.client.cookies
    mine = polish.look()
    assert mine["ETag"] != reader.kept["ETag"]
    assert polish.again(reader.kept["ETag"]).status_code == 200
    assert polish.again(mine["ETag"]).status_code == 304


# Whose page it is


def test_forms_of_a_kept_page_work(reader: Reader) -> None:
    """The menu of languages is a form: its page goes with the cookie it was drawn for."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = reader.client.cookies
    assert reader.again().status_code == 304
    token = str(reader.kept.context["csrf_token"])
    sent = {"language": "pl", "next": "/", "csrfmiddlewaretoken": token}
    assert strict.post(reverse("set_language"), sent).status_code == 302


def test_a_page_without_its_cookie_is_drawn_anew(reader: Reader) -> None:
    reader.client.cookies.clear()
    page = reader.again()
    assert page.status_code == 200
    assert "csrftoken" in page.cookies
    assert page["ETag"] != reader.kept["ETag"]


def test_nobody_signed_in_gets_the_copy_of_a_stranger(reader: Reader, ana: User, cy: User) -> None:
    for user in (ana, cy, get_user_model().objects.create_superuser(email="d@x.example")):
        reader.client.force_login(user)
        page = reader.again()
        assert page.status_code == 200
        assert page["ETag"] != reader.kept["ETag"]
        assert user.email in page.content.decode()
        assert reader.again(page["ETag"]).status_code == 304
        reader.client.logout()
        assert reader.again(page["ETag"]).status_code == 200


def test_the_holder_sees_a_decision_at_once(issued: Issued, ana: User, told: Any) -> None:
    holder = Reader(issued.code, ana)
    assert holder.again().status_code == 304
    assert holder.again().content == b""
    decide_visibility(
        recipient_id=Recipient.objects.get().pk,
        show_name=True,
        show_company=False,
        show_date=False,
        actor=ana.pk,
        now=NOW,
    )
    assert holder.again().status_code == 200


def test_what_is_told_once_is_told(reader: Reader, issued: Issued) -> None:
    """After a report the way leads back to a page that the browser has."""
    reader.client.post(f"/c/{issued.code}/report/", {"text": "Somebody else uses it."})
    page = reader.again()
    assert "Thank you" in page.content.decode()
    assert "ETag" not in page, "nor is it told twice"
    assert reader.again().status_code == 304


def test_templates_that_are_worked_on_are_drawn_each_time(reader: Reader, settings: Any) -> None:
    settings.DEBUG = True
    assert reader.again().status_code == 200


# What pages are made of


@pytest.fixture
def _built_anew() -> Iterator[None]:
    build.get_build.cache_clear()
    yield
    build.get_build.cache_clear()


@pytest.mark.usefixtures("_built_anew")
def test_an_upgrade_is_noticed(settings: Any, tmp_path: Any) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    (tmp_path / "texts.mo").write_bytes(b"one")
    first = build.get_build()
    assert build.get_build() == first
    (tmp_path / "texts.mo").write_bytes(b"other")
    assert build.get_build() == first, "asked once a process"
    build.get_build.cache_clear()
    assert build.get_build() != first


def test_the_answer_of_a_view_passes_where_nothing_is_to_spare() -> None:
    """A redirect of a code that was typed with its letters in capitals has no name."""
    response = Client().get("/c/HB97P2S6YSTTJ6R7H/")
    assert isinstance(response, HttpResponse)
    assert "ETag" not in response
