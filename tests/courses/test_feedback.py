"""What people are told of a finished test: no key leaves the server before its policy says so."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from courses.actions.attempts import save_answer, start_attempt, submit_attempt
from courses.actions.history import sit
from courses.domain.feedback import FeedbackPolicy, includes
from courses.domain.scoring import Cut, Sat, score
from courses.models import Assessment, Attempt, Item, Response
from courses.queries.attempts import get_questions, get_result
from lms.accounts.models import User
from tests.factories.courses import SECRET, Training, answers, body, make_item

TODAY = date(2026, 11, 22)
KINDS = ("series", "matching", "ordering", "dropdown")


def tell(**policy: Any) -> None:
    data = FeedbackPolicy(**policy).model_dump(mode="json")
    Assessment.objects.update(feedback=data)


def finished(user: User, now: datetime) -> Attempt:
    sit(course="recovery", user_id=user.pk, passing=False, at=now - timedelta(hours=2))
    return Attempt.objects.get(user=user)


def page_of(client: Client, attempt: Attempt) -> str:
    return client.get(reverse("lms_result", args=[attempt.code])).content.decode()


@pytest.mark.parametrize(
    ("policy", "told", "later"),
    [
        (FeedbackPolicy(), "topics", None),
        (FeedbackPolicy(what="full"), "full", None),
        (FeedbackPolicy(what="full", when="never"), "none", None),
        (FeedbackPolicy(what="full", when="after", day=TODAY), "full", None),
        (FeedbackPolicy(when="after", day=date(2026, 11, 23)), "none", date(2026, 11, 23)),
        (FeedbackPolicy(what="none", when="after", day=date(2026, 11, 23)), "none", None),
    ],
)
def test_a_policy_tells_so_much_on_a_day(
    policy: FeedbackPolicy, told: str, later: date | None
) -> None:
    assert (policy.told_on(TODAY), policy.later(TODAY)) == (told, later)


def test_a_later_day_has_to_be_named() -> None:
    with pytest.raises(ValidationError, match="from which day"):
        FeedbackPolicy(when="after")
    assert includes("full", "topics")
    assert not includes("score", "topics")


def test_a_topic_below_its_minimum_fails_the_test() -> None:
    def sat(topic: str, *, right: bool, pilot: bool = False) -> Sat:
        value = ["b"] if right else ["a"]
        return Sat(body=body(), topic=topic, lesson_slug="", value=value, pilot=pilot)

    places = [sat("wal", right=True)] * 3 + [sat("pitr", right=False), sat("pitr", right=True)]
    cut = Cut(percent=60, minimums={"pitr": 51, "wal": 100, "gone": 50})
    outcome = score(places, cut=cut, language="en")
    assert (outcome.passed, outcome.missed, outcome.missed_cut) == (False, ("pitr",), False)
    assert score(places, cut=Cut(percent=60, minimums={"pitr": 50}), language="en").passed
    outcome = score(places, cut=Cut(percent=81), language="en")
    assert (outcome.passed, outcome.missed, outcome.missed_cut) == (False, (), True)
    trial = [*places, *[sat("pitr", right=False, pilot=True)] * 5]
    assert score(trial, cut=cut, language="en") == score(places, cut=cut, language="en")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("policy", "shown", "hidden"),
    [
        ({"what": "none"}, [], ["of 4 points", "Score by topic", "Lessons to return", SECRET]),
        ({"what": "score"}, ["2 of 4 points"], ["Score by topic", "Lessons to return", SECRET]),
        ({"what": "topics"}, ["of 4 points", "Score by topic", "Lessons to return"], [SECRET]),
        ({"what": "full"}, ["Score by topic", "Your answers", SECRET], []),
        ({"what": "full", "when": "never"}, [], ["of 4 points", "Score by topic", SECRET]),
        (
            {"what": "full", "when": "after", "day": timezone.localdate() + timedelta(days=3)},
            ["More about your result is shown from"],
            ["of 4 points", "Score by topic", SECRET],
        ),
    ],
)
def test_the_result_tells_what_its_policy_says(
    training: Training,
    as_ana: Client,
    ana: User,
    now: datetime,
    policy: dict[str, Any],
    shown: list[str],
    hidden: list[str],
) -> None:
    tell(**policy)
    page = page_of(as_ana, finished(ana, now))
    assert "Not yet passed" in page
    assert all(words in page for words in shown)
    assert not any(words in page for words in hidden)


@pytest.mark.django_db
def test_a_policy_is_that_of_the_attempt_and_its_day_comes(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    day = timezone.localdate() + timedelta(days=3)
    tell(what="full", when="after", day=day)
    attempt = finished(ana, now)
    tell(what="full")
    assert get_questions(attempt.code, ana.pk) == ()
    assert len(get_questions(attempt.code, ana.pk, today=day)) == 4
    result = get_result(attempt.code, ana.pk, "en", today=day)
    assert result is not None
    assert (result.points, result.tells_all, result.later) == (2, True, None)


@pytest.mark.django_db
def test_no_question_is_told_of_a_test_that_runs(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    tell(what="full")
    code = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now).code
    assert get_questions(code, ana.pk) == ()
    for slot in range(1, 5):
        page = as_ana.get(reverse("lms_place", args=[code, slot])).content.decode()
        assert SECRET not in page
    assert SECRET not in as_ana.get(reverse("lms_review", args=[code])).content.decode()
    submit_attempt(code=code, user_id=ana.pk, now=now)
    page = as_ana.get(reverse("lms_result", args=[code])).content.decode()
    assert page.count("Not answered") == 4


@pytest.mark.django_db
def test_every_kind_is_shown_with_its_right_answer(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    for kind in KINDS:
        make_item(training.bank, f"wal-{kind}", kind=kind)
    new = make_item(training.bank, "new")
    Item.objects.filter(pk=new.pk).update(state="pilot")
    Assessment.objects.update(blueprint={"draw": {"wal": 8}, "pilots": 1})
    tell(what="full")
    attempt = finished(ana, now)
    questions = get_questions(attempt.code, ana.pk)
    assert len(questions) == 8
    assert {question.kind for question in questions} >= set(KINDS)
    assert {question.state for question in questions} == {"right", "wrong"}
    assert all(question.said and question.right for question in questions)
    page = page_of(as_ana, attempt)
    assert "Questions on trial do not count and are not shown" in page
    Assessment.objects.update(retakes={"wait_days": []})
    code = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now).code
    submit_attempt(code=code, user_id=ana.pk, now=now)
    page = as_ana.get(reverse("lms_result", args=[code])).content.decode()
    for words in ("The right answer", "Your answer", "Not answered", "16 ± 0.5 MB", "pg_rewind"):
        assert words in page


@pytest.mark.django_db
def test_what_somebody_typed_is_shown_letter_by_letter(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    Item.objects.exclude(code="wal-text").update(state="retired")
    Assessment.objects.update(blueprint={"draw": {"wal": 1}})
    tell(what="full")
    code = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now).code
    save_answer(
        code=code,
        user_id=ana.pk,
        slot=1,
        raw="<script>alert(1)</script> *no*",
        base_revision=0,
        save_id="s",
    )
    assert Response.objects.exists()
    submit_attempt(code=code, user_id=ana.pk, now=now)
    page = as_ana.get(reverse("lms_result", args=[code])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *no*" in page


@pytest.mark.django_db
def test_the_result_names_the_topic_below_its_minimum(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    Assessment.objects.update(minimums={"wal": 100}, cut_percent=50)
    code = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now).code
    attempt = Attempt.objects.get(code=code)
    given = answers(code)
    for place in attempt.items.all():
        if place.version.item.topic.slug == "restore":
            save_answer(
                code=code,
                user_id=ana.pk,
                slot=place.slot,
                raw=given[place.slot],
                base_revision=0,
                save_id="s",
            )
    intro = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "Go on with the test" in intro
    assert not submit_attempt(code=code, user_id=ana.pk, now=now)
    page = page_of(as_ana, attempt)
    assert "2 of 4 points, 50 %" in page
    assert "A topic is below its minimum" in page
    assert page.count("At least 100 % of this topic are needed") == 1
    rules = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "In the topic “Write-ahead log” at least 100 % of the points are needed." in rules
