"""A test in sections over HTTP, by plain forms and by script; no page tells what is closed."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Assessment, Attempt, AttemptSection, ItemVersion, Response
from lms.accounts.models import User
from tests.courses.test_views import place_url, post_place, send, start
from tests.factories.courses import Training, answers, texts
from tests.factories.sections import PRACTICE, THEORY, divide

pytestmark = pytest.mark.django_db
MARK = "zz-stem-of"


@pytest.fixture
def attempt(training: Training, as_ana: Client) -> Attempt:
    """A one-way section, then one with ten minutes; each stem and option tells its item."""
    divide(training, {**THEORY, "one_way": True}, {**PRACTICE, "one_way": False})
    for version in ItemVersion.objects.select_related("item"):
        mark = f"{MARK}-{version.item.code}"
        body = {**version.body, "stem": texts(mark)}
        body["options"] = [
            {**one, "text": texts(f"{mark}-{one['id']}")} for one in body.get("options", [])
        ]
        ItemVersion.objects.filter(pk=version.pk).update(body=body)
    return start(as_ana)


def url(attempt: Attempt, name: str, *arguments: Any) -> str:
    return reverse(f"lms_{name}", args=[attempt.code, *arguments])


def stem(attempt: Attempt, slot: int) -> str:
    return f"{MARK}-{attempt.items.get(slot=slot).version.item.code}"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_page_before_the_test_tells_its_sections(attempt: Attempt, as_bo: Client) -> None:
    page = text(as_bo.get(reverse("lms_test", args=["recovery"])))
    assert "The test has sections, taken in this order:" in page
    assert page.index("Theory, 2 questions") < page.index("Practice, 2 questions, 10 minutes")
    assert page.count("You cannot come back to it once you have finished it.") == 1
    assert "Within a section you can go back" in page
    Assessment.objects.update(sections=[THEORY, {**PRACTICE, "one_way": False}])
    assert "You can go back, change" in text(as_bo.get(reverse("lms_test", args=["recovery"])))


def test_the_whole_test_without_javascript(attempt: Attempt, as_ana: Client) -> None:
    given = answers(attempt.code)
    first = url(attempt, "section", 1)
    assert as_ana.get(url(attempt, "attempt"))["Location"] == first
    page = text(as_ana.get(first))
    for words in (
        "Theory",
        "Section 1 of 2",
        "2 questions",
        "You cannot come back to this section",
    ):
        assert words in page
    assert as_ana.get(url(attempt, "section", 2))["Location"] == first
    assert as_ana.post(first)["Location"] == place_url(attempt, 1)
    page = text(as_ana.get(place_url(attempt, 1)))
    assert "Question 1 of 4" in page
    assert place_url(attempt, 3) not in page
    assert post_place(as_ana, attempt, 1, given[1])["Location"] == place_url(attempt, 2)
    back = post_place(as_ana, attempt, 2, given[2], go="previous")
    assert back["Location"] == place_url(attempt, 1)
    look = url(attempt, "section_review", 1)
    last = post_place(as_ana, attempt, 2, given[2], base_revision="1", save_id="s2", go="next")
    assert last["Location"] == look
    page = text(as_ana.get(look))
    assert "2 of 2 questions answered" in page
    assert "Finish it with" not in page
    assert as_ana.get(url(attempt, "review"))["Location"] == look
    assert as_ana.post(look)["Location"] == url(attempt, "section", 2)
    page = text(as_ana.get(url(attempt, "section", 2)))
    assert "10 minutes" in page
    as_ana.post(url(attempt, "section", 2))
    page = text(as_ana.get(place_url(attempt, 3)))
    assert "Time left in this section" in page
    assert "data-lms-clock-all" in page
    for slot in (3, 4):
        post_place(as_ana, attempt, slot, given[slot])
    page = text(as_ana.get(url(attempt, "section_review", 2)))
    assert "Submit the test" in page
    done = as_ana.post(url(attempt, "section_review", 2), follow=True)
    assert "4 of 4 points" in text(done)


def test_unanswered_questions_are_confirmed(attempt: Attempt, as_ana: Client) -> None:
    as_ana.post(url(attempt, "section", 1))
    look = url(attempt, "section_review", 1)
    assert "Finish it with 2 questions unanswered" in text(as_ana.get(look))
    assert "The section is not finished yet" in text(as_ana.post(look))
    assert attempt.sections.get(number=1).left_at is None
    assert as_ana.post(look, {"sure": "1"})["Location"] == url(attempt, "section", 2)
    assert attempt.sections.get(number=1).left_at is not None


def test_no_body_tells_what_is_closed(attempt: Attempt, as_ana: Client) -> None:
    """Neither before a section begins nor after a one-way section was left."""

    def bodies(slots: tuple[int, ...]) -> str:
        seen: list[Any] = []
        for slot in slots:
            seen += [as_ana.get(place_url(attempt, slot), follow=True)]
            for raw in ("about ten", ["a"], "", {"a": "b"}):
                name = f"{slot}{raw}"
                seen.append(send(as_ana, attempt, slot, value=raw, save_id=name[:40]))
            for letter in "ab":
                form = {"save_id": f"f{slot}{letter}", "follow": True}
                seen.append(post_place(as_ana, attempt, slot, letter, **form))
                keep = {"keep": "1", "go": "flag", "answer": letter}
                seen.append(as_ana.post(place_url(attempt, slot), keep, follow=True))
        for name in ("attempt", "review", "pause", "result"):
            seen.append(as_ana.get(url(attempt, name), follow=True))
        for number in (1, 2):
            for name in ("section", "section_review"):
                seen.append(as_ana.get(url(attempt, name, number), follow=True))
        return "".join(text(response) for response in seen)

    assert MARK not in bodies((1, 2, 3, 4))
    as_ana.post(url(attempt, "section", 1))
    told = bodies((3, 4))
    assert stem(attempt, 1) in told
    assert not any(stem(attempt, slot) in told for slot in (3, 4))
    as_ana.post(url(attempt, "section_review", 1), {"sure": "1"})
    assert MARK not in bodies((1, 2, 3, 4))
    as_ana.post(url(attempt, "section", 2))
    told = bodies((1, 2))
    assert stem(attempt, 3) in told
    assert not any(stem(attempt, slot) in told for slot in (1, 2))
    assert not Response.objects.exists()


def test_a_closed_section_says_so(attempt: Attempt, as_ana: Client) -> None:
    ahead = text(as_ana.get(place_url(attempt, 3), follow=True))
    assert "This question belongs to a section that comes later." in ahead
    early = send(as_ana, attempt, 3)
    assert (early.status_code, json.loads(early.content)["section"]) == (410, 2)
    as_ana.post(url(attempt, "section", 1))
    as_ana.post(url(attempt, "section_review", 1), {"sure": "1"})
    page = text(as_ana.get(place_url(attempt, 1), follow=True))
    assert "The section “Theory” is closed." in page
    late = send(as_ana, attempt, 1)
    assert "is kept in the log" in json.loads(late.content)["error"]
    form = post_place(as_ana, attempt, 1, answers(attempt.code)[1], save_id="late")
    page = text(as_ana.get(form["Location"], follow=True))
    assert "Your answer to question 1 was not saved" in page
    assert attempt.events.filter(kind="too_late", slot=1).count() == 2


def test_a_section_whose_minutes_are_over_is_left(attempt: Attempt, as_ana: Client) -> None:
    for number in (1, 2):
        as_ana.post(url(attempt, "section", number))
        as_ana.post(url(attempt, "section_review", number), {"sure": "1"}) if number == 1 else None
    send(as_ana, attempt, 3)
    AttemptSection.objects.filter(number=2).update(deadline=timezone.now())
    page = text(as_ana.get(place_url(attempt, 3)))
    assert 'data-lms-clock="0"' in page
    assert f'data-lms-over="{url(attempt, "attempt")}"' in page
    done = as_ana.get(url(attempt, "section_review", 2), follow=True)
    assert "The time of the section “Practice” is over." in text(done)
    attempt.refresh_from_db()
    assert attempt.state == "scored"
    assert attempt.points == 1


def test_one_goes_back_to_a_section_that_is_open(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    divide(training)
    attempt = start(as_ana)
    as_ana.post(url(attempt, "section", 1))
    look = url(attempt, "section_review", 1)
    assert "On to the next section" in text(as_ana.get(look))
    assert as_ana.post(look)["Location"] == url(attempt, "section", 2)
    assert look in text(as_ana.get(url(attempt, "section", 2)))
    as_ana.post(url(attempt, "section", 2))
    assert look in text(as_ana.get(url(attempt, "section_review", 2)))
    assert as_ana.get(url(attempt, "section", 1))["Location"] == place_url(attempt, 1)
    assert post_place(as_ana, attempt, 1, answers(attempt.code)[1]).status_code == 302
    AttemptSection.objects.filter(number=2).update(
        deadline=now - timedelta(minutes=2), closes_at=now - timedelta(minutes=1)
    )
    assert as_ana.get(url(attempt, "attempt"))["Location"] == place_url(attempt, 2)
    post_place(as_ana, attempt, 2, answers(attempt.code)[2])
    assert as_ana.get(url(attempt, "attempt"))["Location"] == look


def test_at_the_end_of_the_test_nothing_is_told(attempt: Attempt, as_ana: Client) -> None:
    as_ana.post(url(attempt, "section", 1))
    Attempt.objects.update(deadline=timezone.now())  # the grace runs
    page = text(as_ana.get(url(attempt, "review")))
    assert "data-lms-finish" in page
    assert MARK not in page
    assert place_url(attempt, 3) not in page
    Attempt.objects.update(closes_at=timezone.now())
    assert as_ana.get(url(attempt, "section", 1))["Location"] == url(attempt, "result")


def test_only_the_person_gets_to_the_sections(attempt: Attempt, as_cy: Client) -> None:
    for name in ("section", "section_review"):
        for method in (as_cy.get, as_cy.post):
            assert method(url(attempt, name, 1)).status_code == 404


def test_sections_that_are_not_there(attempt: Attempt, as_ana: Client) -> None:
    for name in ("section", "section_review"):
        assert as_ana.get(url(attempt, name, 9)).status_code == 404
