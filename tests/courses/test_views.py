"""Taking a test over HTTP: forms without JavaScript, saves by script, no key in any body."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from badges.queries import get_recipient_of_user
from courses.models import (
    Assessment,
    Attempt,
    AttemptEvent,
    Response,
)
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.factories.courses import SECRET, Training, answers

pytestmark = pytest.mark.django_db


def start(client: Client, name: str = "Ana Kowalska") -> Attempt:
    response = client.post(reverse("lms_test", args=["recovery"]), {"name": name})
    assert response.status_code == 302, response.content.decode()
    return Attempt.objects.latest("pk")


def place_url(attempt: Attempt, slot: int = 1) -> str:
    return reverse("lms_place", args=[attempt.code, slot])


def post_place(client: Client, attempt: Attempt, slot: int, raw: Any, **more: Any) -> Any:
    kind = attempt.items.get(slot=slot).version.parsed.kind
    data = {"kind": kind, "answer": raw, "base_revision": "0", "save_id": f"s{slot}", **more}
    return client.post(place_url(attempt, slot), data)


def send(client: Client, attempt: Attempt, slot: int = 1, **job: Any) -> HttpResponse:
    data = {"value": answers(attempt.code)[slot], "base_revision": 0, "save_id": "a", **job}
    return client.post(  # type: ignore[return-value]
        reverse("lms_save", args=[attempt.code, slot]),
        json.dumps(data),
        content_type="application/json",
    )


def end(attempt: Attempt) -> None:
    moment = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=moment, deadline=moment)


def test_the_page_before_the_test_says_the_rules(training: Training, as_ana: Client) -> None:
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "4 questions in 30 minutes" in page
    assert 'value="Ana Kowalska"' in page


def test_no_test_no_page(training: Training, as_ana: Client) -> None:
    assert as_ana.get(reverse("lms_test", args=["unknown"])).status_code == 404
    Assessment.objects.all().delete()
    assert as_ana.get(reverse("lms_test", args=["recovery"])).status_code == 404


def test_starting_confirms_the_name(training: Training, as_ana: Client, ana: User) -> None:
    start(as_ana, "Ana  Maria Kowalska")
    card = get_recipient_of_user(ana.pk)
    assert card is not None
    assert (card.name, card.name_confirmed) == ("Ana Maria Kowalska", True)


def test_without_a_name_nothing_starts(training: Training, as_ana: Client) -> None:
    response = as_ana.post(reverse("lms_test", args=["recovery"]), {"name": ""})
    assert response.status_code == 200
    assert not Attempt.objects.exists()


def test_a_second_start_goes_on_with_the_first(training: Training, as_ana: Client) -> None:
    first = start(as_ana)
    response = as_ana.post(
        reverse("lms_test", args=["recovery"]), {"name": "Ana Kowalska"}, follow=True
    )
    assert "already running" in response.content.decode()
    assert Attempt.objects.get() == first
    assert (
        "Go on with the test" in as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"accepting": False}, "takes no new tries"),
        ({"blueprint": {"draw": {"wal": 9}}}, "cannot start now"),
    ],
)
def test_a_refused_start_says_why(
    training: Training, as_ana: Client, changes: dict[str, Any], said: str
) -> None:
    Assessment.objects.update(**changes)
    response = as_ana.post(
        reverse("lms_test", args=["recovery"]), {"name": "Ana Kowalska"}, follow=True
    )
    assert said in response.content.decode()
    assert not Attempt.objects.exists()


def test_the_whole_test_without_javascript(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    bodies = []
    for slot, raw in answers(attempt.code).items():
        bodies.append(as_ana.get(place_url(attempt, slot)).content.decode())
        response = post_place(as_ana, attempt, slot, raw, go="next")
        expected = (
            place_url(attempt, slot + 1) if slot < 4 else reverse("lms_review", args=[attempt.code])
        )
        assert response["Location"] == expected
    bodies.append(as_ana.get(reverse("lms_review", args=[attempt.code])).content.decode())
    assert post_place(as_ana, attempt, 2, "x", go="next").status_code in (200, 302)
    response = as_ana.post(reverse("lms_review", args=[attempt.code]), follow=True)
    page = response.content.decode()
    assert "Passed" in page
    assert "4 of 4 points" in page
    assert response["Refresh"] == "1"
    deliver_due()
    response = as_ana.get(reverse("lms_result", args=[attempt.code]))
    assert "Open your certificate" in response.content.decode()
    assert "Refresh" not in response
    for text in bodies:
        assert SECRET not in text
        assert "pg_rewind" not in text.replace('value="pg_rewind"', "")


def test_one_goes_back_and_to_where_one_stopped(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    given = answers(attempt.code)
    assert as_ana.get(reverse("lms_attempt", args=[attempt.code]))["Location"] == place_url(attempt)
    post_place(as_ana, attempt, 1, given[1])
    response = as_ana.get(reverse("lms_attempt", args=[attempt.code]))
    assert response["Location"] == place_url(attempt, 2)
    back = post_place(as_ana, attempt, 2, given[2], go="previous")
    assert back["Location"] == place_url(attempt, 1)
    for slot in (3, 4):
        post_place(as_ana, attempt, slot, given[slot])
    response = as_ana.get(reverse("lms_attempt", args=[attempt.code]))
    assert response["Location"] == reverse("lms_review", args=[attempt.code])


def test_a_question_is_marked_to_look_at_again_and_its_answer_saved(
    training: Training, as_ana: Client, as_cy: Client
) -> None:
    attempt = start(as_ana)
    given = answers(attempt.code)
    back = post_place(as_ana, attempt, 2, given[2], go="flag")
    assert back["Location"] == place_url(attempt, 2)
    assert Response.objects.get().slot == 2
    assert "Take the mark away" in as_ana.get(place_url(attempt, 2)).content.decode()
    review = as_ana.get(reverse("lms_review", args=[attempt.code])).content.decode()
    assert "1 question is marked to look at again" in review
    assert review.count("is-flagged") == 1
    assert post_place(as_cy, attempt, 1, "x", go="flag").status_code == 404
    post_place(as_ana, attempt, 2, given[2], go="unflag")
    assert (
        "is-flagged" not in as_ana.get(reverse("lms_review", args=[attempt.code])).content.decode()
    )
    end(attempt)
    post_place(as_ana, attempt, 2, given[2], go="flag")
    assert not attempt.items.filter(flagged=True).exists()


def test_no_body_of_a_running_attempt_holds_a_key(training: Training, as_ana: Client) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": 4, "restore": 4}})
    attempt = start(as_ana)
    seen: list[Any] = [
        as_ana.get(reverse("lms_attempt", args=[attempt.code]), follow=True),
        as_ana.get(reverse("lms_review", args=[attempt.code])),
        as_ana.get(reverse("lms_result", args=[attempt.code]), follow=True),
        as_ana.get(reverse("lms_test", args=["recovery"])),
    ]
    for slot in range(1, 9):
        seen.append(as_ana.get(place_url(attempt, slot)))
        seen.append(send(as_ana, attempt, slot, value="", save_id=str(slot)))
        seen.append(send(as_ana, attempt, slot, value={"a": 1}, save_id=f"bad{slot}"))
    for response in seen:
        text = response.content.decode()
        assert SECRET not in text
        assert "pg_rewind" not in text
        assert "tolerance" not in text
        assert "data-key" not in text
        assert "is-right" not in text


def test_a_save_by_script_says_revision_and_time(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    response = send(as_ana, attempt)
    assert response.status_code == 200
    told = json.loads(response.content)
    assert told["revision"] == 1
    assert 1790 < told["seconds_left"] <= 1800
    assert Response.objects.count() == 1


def test_a_stale_save_shows_what_stands(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    send(as_ana, attempt)
    response = send(as_ana, attempt, save_id="b", value="")
    assert response.status_code == 409
    assert json.loads(response.content)["stored"]["revision"] == 1
    told = json.loads(response.content)
    assert told["unsent"]["said"] == ["No answer"]
    assert told["stored"]["value"] in ("16", "pg_rewind", ["b"], ["a", "c"])
    assert told["stored"]["said"] != told["unsent"]["said"]
    assert 1790 < told["seconds_left"] <= 1800


def test_the_plain_form_asks_which_answer_counts(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    send(as_ana, attempt)
    wrong = answers(attempt.code, right=False)[1]
    asked = post_place(as_ana, attempt, 1, wrong, save_id="b", go="next")
    assert asked.status_code == 409
    page = asked.content.decode()
    assert "Two answers to this question" in page
    assert page.index("What is saved") < page.index("What you answered here")
    assert 'name="base_revision" value="1"' in page
    kept = as_ana.post(place_url(attempt), {"keep": "1", "go": "next"})
    assert kept["Location"] == place_url(attempt, 2)
    assert Response.objects.get().revision == 1
    fields = {"use": "1", "base_revision": "1", "save_id": "c", "go": "next"}
    used = post_place(as_ana, attempt, 1, wrong, **fields)
    assert used["Location"] == place_url(attempt, 2)
    assert (Response.objects.get().revision, Response.objects.get().save_id) == (2, "c")
    kinds = list(AttemptEvent.objects.values_list("kind", flat=True))
    assert kinds == ["started", "answered", "refused", "answered"]


def test_the_same_answer_twice_is_no_conflict(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    send(as_ana, attempt)
    assert json.loads(send(as_ana, attempt, save_id="b").content)["revision"] == 1
    page = post_place(as_ana, attempt, 1, answers(attempt.code)[1], save_id="c", go="next")
    assert page["Location"] == place_url(attempt, 2)
    assert AttemptEvent.objects.filter(kind="answered").count() == 1


def test_what_followed_a_lost_acknowledgement_is_no_conflict(
    training: Training, as_ana: Client
) -> None:
    attempt = start(as_ana)
    send(as_ana, attempt, save_id="lost")
    wrong = answers(attempt.code, right=False)[1]
    told = send(as_ana, attempt, save_id="next", value=wrong, follows=["never", "lost"])
    assert json.loads(told.content)["revision"] == 2
    many = [f"no-{n}" for n in range(30)]
    right = answers(attempt.code)[1]
    assert (
        send(as_ana, attempt, save_id="z", value=right, follows=["next", *many]).status_code == 409
    )
    assert (
        send(as_ana, attempt, save_id="z", value=right, follows=[*many, "next"]).status_code == 200
    )


def test_a_form_of_the_same_save_is_no_conflict(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    send(as_ana, attempt, save_id="same")
    page = post_place(as_ana, attempt, 1, answers(attempt.code)[1], save_id="same", go="next")
    assert page["Location"] == place_url(attempt, 2)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"value": "x"}', b"null", b'"x"', b"\xff"])
def test_a_broken_save_is_told_so(training: Training, as_ana: Client, raw: bytes) -> None:
    attempt = start(as_ana)
    url = reverse("lms_save", args=[attempt.code, 1])
    response = as_ana.post(url, raw, content_type="application/json")
    assert response.status_code == 422
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "job",
    [
        {"base_revision": None},
        {"base_revision": "x"},
        {"base_revision": 10**30},
        {"base_revision": -1},
        {"value": [["a"]]},
        {"save_id": ""},
        {"save_id": "x" * 500},
        {"value": "\x00"},
        {"save_id": "\x00"},
        {"follows": "x"},
        {"follows": 1},
        {"follows": None},
        {"follows": ["\x00"]},
        {"follows": ["\ud800"]},
        {"follows": [{}] * 100},
        {"value": "\ud800"},
    ],
)
def test_no_save_breaks_the_server(training: Training, as_ana: Client, job: dict[str, Any]) -> None:
    attempt = start(as_ana)
    assert send(as_ana, attempt, **job).status_code in (200, 409, 422)


def test_places_that_are_not_there(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    assert as_ana.get(place_url(attempt, 99)).status_code == 404
    assert send(as_ana, attempt, slot=1).status_code == 200
    url = reverse("lms_save", args=[attempt.code, 99])
    job = {"value": "x", "base_revision": 0, "save_id": "a"}
    assert as_ana.post(url, job, content_type="application/json").status_code == 404
    response = as_ana.post(place_url(attempt, 99), {"answer": "x"})
    assert response.status_code == 404


def test_an_unreadable_number_is_said_at_the_question(training: Training, as_ana: Client) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": 4}})
    attempt = start(as_ana)
    slot = next(p.slot for p in attempt.items.all() if p.version.parsed.kind == "numeric")
    page = post_place(as_ana, attempt, slot, "about ten").content.decode()
    assert "This answer was not saved" in page
    assert "“about ten” is not a number" in page


def test_when_time_is_over_what_was_saved_counts(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    given = answers(attempt.code)
    for slot in (1, 2, 3):
        post_place(as_ana, attempt, slot, given[slot])
    end(attempt)
    assert send(as_ana, attempt, 4).status_code == 410
    response = as_ana.get(place_url(attempt, 4), follow=True)
    page = response.content.decode()
    assert "The test is over. Every answer saved in time was counted." in page
    assert "3 of 4 points" in page
    assert send(as_ana, attempt, 4).status_code == 410
    assert as_ana.get(reverse("lms_attempt", args=[attempt.code]), follow=True).redirect_chain == [
        (reverse("lms_result", args=[attempt.code]), 302)
    ]


def test_a_late_form_and_a_late_review_end_the_test(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    end(attempt)
    response = as_ana.get(reverse("lms_review", args=[attempt.code]))
    assert response["Location"] == reverse("lms_result", args=[attempt.code])
    assert post_place(as_ana, attempt, 1, "x")["Location"] == response["Location"]
    assert (
        as_ana.get(reverse("lms_review", args=[attempt.code]))["Location"] == response["Location"]
    )


def test_a_failed_test_tells_lessons_and_when(training: Training, as_ana: Client) -> None:
    attempt = start(as_ana)
    for slot, raw in answers(attempt.code, right=False).items():
        post_place(as_ana, attempt, slot, raw)
    page = as_ana.post(reverse("lms_review", args=[attempt.code]), follow=True).content.decode()
    assert "Not yet passed" in page
    assert "Lessons to return to" in page
    assert "Testing restores" in page
    assert "The next try opens:" in page
    assert SECRET not in page
    intro = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "The next try is not open yet" in intro
    refused = as_ana.post(
        reverse("lms_test", args=["recovery"]), {"name": "Ana Kowalska"}, follow=True
    )
    assert "The next try opens on" in refused.content.decode()
