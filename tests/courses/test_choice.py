"""Two answers to one question: both in words, for every kind, and the person chooses."""

import html
import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.items import KINDS
from courses.models import Attempt, Response
from courses.queries.said import say
from lms.accounts.models import User
from tests.courses.test_kinds_on_page import posted, sit
from tests.factories.courses import SECRET, Training, body

pytestmark = pytest.mark.django_db

SAID: dict[str, tuple[list[str], list[str]]] = {
    "single": (["Option b"], ["Option a"]),
    "multiple": (["Option a", "Option c"], ["Option b"]),
    "numeric": (["16 MB"], ["132.0 MB"]),
    "text": (["pg_rewind"], ["not known"]),
    "series": (
        ["Option a: True", "Option b: False", "Option c: True"],
        ["Option a: False"],
    ),
    "matching": (["Option a: Match B", "Option b: Match A"], ["Option a: Match A"]),
    "ordering": (
        ["1. Option b", "2. Option a", "3. Option c", "4. Option d"],
        ["1. Option d", "2. Option c", "3. Option a", "4. Option b"],
    ),
    "dropdown": (["Gap 1: 16"], ["Gap 1: 32"]),
    "hotspot": (["Option a"], ["Option b"]),
}


def send(client: Client, attempt: Attempt, value: Any, **job: Any) -> Any:
    sent = {"value": value, "base_revision": 0, "save_id": "tab one", **job}
    url = reverse("lms_save", args=[attempt.code, 1])
    return client.post(url, json.dumps(sent), content_type="application/json")


def answer(kind: str, *, right: bool) -> Any:
    return KINDS[kind].answer(body(kind), right=right)


@pytest.mark.parametrize("kind", sorted(KINDS))
class TestEveryKind:
    def test_both_are_said(
        self, kind: str, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        attempt = sit(kind, ana, training, now)
        send(as_ana, attempt, answer(kind, right=True))
        told = send(as_ana, attempt, answer(kind, right=False), save_id="tab two")
        assert told.status_code == 409
        stored, unsent = told.json()["stored"]["said"], told.json()["unsent"]["said"]
        in_any_order = (sorted(stored), sorted(unsent)) if kind == "multiple" else (stored, unsent)
        assert in_any_order == SAID[kind]

    def test_mine_is_saved_by_the_plain_form(
        self, kind: str, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        attempt = sit(kind, ana, training, now)
        url = reverse("lms_place", args=[attempt.code, 1])
        send(as_ana, attempt, answer(kind, right=True))
        sent = {**posted(kind, right=False), "base_revision": "0", "save_id": "tab two"}
        asked = as_ana.post(url, sent)
        assert asked.status_code == 409
        page = html.unescape(asked.content.decode())
        stored, unsent = SAID[kind]
        assert all(f"<li>{line}</li>" in page for line in stored + unsent)
        fields = dict(asked.context["fields"])
        assert all(f'name="{name}" value="{value}"' in page for name, value in fields.items())
        used = as_ana.post(url, {**sent, "base_revision": "1", "save_id": "mine"})
        assert used.status_code == 302
        row = Response.objects.get()
        assert (row.revision, row.value) == (2, answer(kind, right=False))

    def test_no_body_holds_a_key(
        self, kind: str, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        attempt = sit(kind, ana, training, now)
        wrong = answer(kind, right=False)
        url = reverse("lms_place", args=[attempt.code, 1])
        seen = [
            as_ana.get(url),
            send(as_ana, attempt, wrong),
            send(as_ana, attempt, "", save_id="b"),
            send(as_ana, attempt, {"a": {}}, save_id="c"),
            as_ana.post(url, {"base_revision": "0", "save_id": "d"}),
            as_ana.get(url),
            as_ana.get(reverse("lms_review", args=[attempt.code])),
            as_ana.get(reverse("lms_attempt", args=[attempt.code]), follow=True),
            as_ana.get(reverse("lms_result", args=[attempt.code]), follow=True),
            as_ana.post(
                reverse("lms_events", args=[attempt.code]),
                json.dumps({"kind": "focus_lost", "slot": 1}),
                content_type="application/json",
            ),
        ]
        assert [response.status_code for response in seen[1:5]] == [200, 409, 422, 409]
        for response in seen:
            text = response.content.decode()
            for never in (SECRET, "rationale", "tolerance", "pg_rewind", '"key"', '"pairs"'):
                assert never not in text


def test_nothing_is_said_as_no_answer() -> None:
    for kind in KINDS:
        empty: tuple[Any, ...] = (None, "", [], {})
        for nothing in empty:
            assert say(body(kind), nothing, "en") == ("No answer",)


def test_it_is_said_in_the_language_of_the_test_and_without_marks() -> None:
    assert say(body("single"), ["b"], "ru") == ("Option b (RU)",)
    marked = body("single", options=[
        {"id": letter, "text": {"en": f"**Option** `{letter}`"}} for letter in "ab"
    ])  # fmt: skip
    assert say(marked, ["b"], "en") == ("Option b",)


def test_options_are_said_in_the_order_they_were_shown_in() -> None:
    assert say(body("multiple"), ["a", "c"], "en", order=["c", "b", "a"]) == (
        "Option c",
        "Option a",
    )


def test_gaps_are_numbered_as_they_stand() -> None:
    two = body(
        "dropdown",
        stem={"en": "First [[one]], then [[two]]."},
        options=[{"id": gap, "text": {"en": gap}} for gap in ("two", "one")],
        choices=[
            {"id": f"{gap}-{n}", "text": {"en": f"{gap} {n}"}, "gap": gap}
            for gap in ("one", "two")
            for n in (1, 2)
        ],
        pairs={"one": "one-1", "two": "two-1"},
    )
    assert say(two, {"two": "two-1", "one": "one-2"}, "en") == ("Gap 1: one 2", "Gap 2: two 1")
