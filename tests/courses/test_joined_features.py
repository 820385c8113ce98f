"""Where features meet: cases in sections and runs, pauses and plain forms, runs and figures."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from badges.actions.erasure import erase_recipient
from badges.actions.withdrawal import revoke
from badges.queries import get_recipient_of_user
from courses.actions.attempts import save_answer
from courses.actions.groups import GroupDraft, write_group
from courses.actions.panels import open_panel
from courses.actions.regrade import decide_credential, run_scoring
from courses.actions.running import enter_section, leave_section, pause_attempt
from courses.actions.saving import AttemptClosed
from courses.domain.cases import CaseBody
from courses.domain.regrade import CREDIT, DROP, Correction
from courses.models import (
    Assessment,
    Attempt,
    AttemptEvent,
    CredentialDecision,
    Item,
    ItemGroup,
    ItemVersion,
    StoredFigures,
    Topic,
)
from courses.queries.cases import find_judged_case, list_cases
from courses.queries.due import find_due
from courses.queries.integrity_inputs import load_inputs
from courses.queries.regrading import NOTHING, preview_run
from courses.queries.scoring import Scorer
from courses.queries.statistics import get_figures
from lms.accounts.models import User
from lms.events.publish import deliver_due
from lms.notifications.models import Mail
from tests.courses.regrading import correct_key, only_four, shown, sit_with
from tests.courses.test_breaks import give, pause
from tests.courses.test_views import post_place
from tests.factories.courses import SHARED, Training, answers, make_case, texts
from tests.factories.sections import PRACTICE, THEORY, begin, divide

pytestmark = pytest.mark.django_db
WHY = "The key of a question was wrong."
MISSED = {"restore-single": ["a"]}


@pytest.fixture
def case(training: Training) -> ItemGroup:
    """One case of three questions is drawn, and nothing else."""
    found = make_case(training.bank)
    Assessment.objects.update(
        blueprint={"cases": {"wal": {"count": 1, "questions": 3}}, "order": "fixed"},
        retakes={"wait_days": []},
    )
    return found


def test_a_question_of_a_case_keeps_the_topic_it_was_drawn_for(
    case: ItemGroup, ana: User, now: datetime
) -> None:
    attempt = begin(ana.pk, now)
    restore = Topic.objects.get(bank=case.bank, slug="restore")
    Item.objects.filter(group=case).update(topic=restore)
    outcome = Scorer([]).score([attempt])[attempt.pk]
    assert [one.topic for one in outcome.topics] == ["wal"]


def test_the_look_over_tells_only_what_its_section_shows(
    case: ItemGroup, training: Training, ana: User, as_ana: Client, now: datetime
) -> None:
    other = make_case(case.bank, "second", topic="restore")
    Assessment.objects.update(
        blueprint={
            "cases": {
                "wal": {"count": 1, "questions": 3},
                "restore": {"count": 1, "questions": 3},
            }
        }
    )
    draft = GroupDraft(
        code=other.code,
        topic="restore",
        body=CaseBody(stem=texts("Another story.")),
        members=("second-1", "second-2", "second-3"),
    )
    write_group(bank=case.bank, draft=draft, actor=None, now=now)
    last = {**PRACTICE, "minutes": None}
    divide(training, THEORY, last)
    attempt = begin(ana.pk, now)
    who: dict[str, Any] = {"code": attempt.code, "user_id": ana.pk, "now": now}
    enter_section(number=1, **who)
    first = as_ana.get(reverse("lms_section_review", args=[attempt.code, 1])).content.decode()
    assert SHARED in first
    assert "Another story." not in first
    assert [one.slots for one in list_cases(attempt.code, ana.pk, section=2)] == [(4, 5, 6)]
    leave_section(number=1, **who)
    Attempt.objects.update(deadline=now - timedelta(seconds=1), closes_at=now + timedelta(days=1))
    over = as_ana.get(reverse("lms_review", args=[attempt.code])).content.decode()
    assert SHARED not in over
    assert "Another story." not in over


def test_a_panel_judges_the_case_as_it_was(case: ItemGroup, now: datetime) -> None:
    assessment = Assessment.objects.get()
    panel = open_panel(assessment_id=assessment.pk, description="Just safe", actor=None, now=now)
    assert panel.counts == {"wal (cases)": 3}
    draft = GroupDraft(
        code=case.code,
        topic="wal",
        body=CaseBody(stem=texts("Rewritten.")),
        members=("case-1", "case-2", "case-3"),
    )
    write_group(bank=case.bank, draft=draft, actor=None, now=now)
    seen = [find_judged_case(one, "en") for one in panel.items.all()]
    assert [one and one.number for one in seen] == [1, 2, 3]
    assert all(one and SHARED in one.html for one in seen)


def test_a_pause_shows_no_question_whatever_is_posted(
    training: Training, ana: User, as_ana: Client, now: datetime
) -> None:
    give(ana, now, 10)
    attempt = begin(ana.pk, now)
    pause(attempt, now)
    for place in attempt.items.all():
        page = post_place(as_ana, attempt, place.slot, "zzz").content.decode()
        assert "data-lms-answer" not in page


def test_an_answer_after_a_pause_that_ended_with_the_test_is_kept_in_the_log(
    training: Training, ana: User, now: datetime
) -> None:
    give(ana, now, 10)
    attempt = begin(ana.pk, now)
    pause_attempt(code=attempt.code, user_id=ana.pk, now=now)
    long_ago = now - timedelta(days=1)
    Attempt.objects.update(paused_until=long_ago, deadline=long_ago, closes_at=long_ago)
    with pytest.raises(AttemptClosed):
        save_answer(
            code=attempt.code,
            user_id=ana.pk,
            slot=1,
            raw=answers(attempt.code)[1],
            base_revision=0,
            save_id="late",
        )
    assert attempt.events.filter(kind=AttemptEvent.Kind.LATE, once="late").exists()


def test_breaks_are_no_working_time(training: Training, ana: User, now: datetime) -> None:
    attempt = sit_with(ana, now, {})
    hour = timedelta(hours=1)
    Attempt.objects.filter(pk=attempt.pk).update(
        finished_at=attempt.started_at + 2 * hour, break_given=hour, break_left=timedelta()
    )
    AttemptEvent._base_manager.filter(kind="shown").delete()
    [sitting] = load_inputs(Assessment.objects.get()).sittings
    assert sitting.seconds == pytest.approx(hour.total_seconds(), abs=1)


@pytest.fixture
def four(training: Training) -> Training:
    only_four(training)
    return training


def score(*corrections: Correction, now: datetime) -> None:
    run_scoring(corrections=corrections, reason=WHY, actor=None, now=now)
    deliver_due()


def test_figures_of_a_test_follow_a_run_and_an_item_keeps_its_own_key(
    four: Training, ana: User, now: datetime
) -> None:
    for _ in range(30):
        sit_with(ana, now, MISSED)
    assert get_figures(Assessment.objects.get()).assessment.mean == pytest.approx(0.75)
    StoredFigures.objects.create(
        assessment=Assessment.objects.get(), computed_at=now, attempts=30, figures={}, looked={}
    )
    score(Correction(version=shown("restore-single"), kind=DROP), now=now + timedelta(seconds=1))
    dropped = get_figures(Assessment.objects.get())
    assert dropped.assessment.mean == pytest.approx(1)
    facility = {one.code: one.statistics.facility for one in dropped.items}
    assert facility["restore-single"] == 0
    assert find_due(now + timedelta(seconds=2)) == Assessment.objects.get().pk
    later = now + timedelta(seconds=3)
    score(Correction(version=shown("restore-single"), kind=CREDIT), now=later)
    assert get_figures(Assessment.objects.get()).assessment.mean == pytest.approx(1)


def test_a_certificate_that_rests_on_a_later_pass_is_not_in_question(
    four: Training, bo: User, now: datetime
) -> None:
    first = sit_with(bo, now, MISSED)
    sit_with(bo, now, {"wal-single": ["c"]})  # passes by either key
    [change] = [
        one
        for one in preview_run([correct_key(four)], on=now.date(), language="en").changes
        if one.attempt_id == first.pk
    ]
    assert (change.now_failed, change.effect) == (True, NOTHING)


def test_what_was_revoked_meanwhile_is_not_decided_on(
    four: Training, bo: User, eli: User, now: datetime
) -> None:
    sit_with(bo, now, MISSED)
    score(correct_key(four), now=now)
    due = CredentialDecision.objects.get()
    revoke(code=due.code, reason="Asked for by the holder.", actor=None, now=now)
    decide_credential(decision_id=due.pk, keep=True, reason=WHY, actor=eli.pk, now=now)
    due.refresh_from_db()
    assert (due.state, due.reason) == ("moot", "")
    deliver_due()
    assert not Mail.objects.filter(key__startswith="credential_kept").exists()


def test_why_a_certificate_was_kept_is_forgotten_with_its_holder(
    four: Training, bo: User, eli: User, now: datetime
) -> None:
    sit_with(bo, now, MISSED)
    score(correct_key(four), now=now)
    due = CredentialDecision.objects.get()
    decide_credential(decision_id=due.pk, keep=True, reason="Bo is honest", actor=eli.pk, now=now)
    card = get_recipient_of_user(bo.pk)
    assert card is not None
    erase_recipient(recipient_id=card.id, reason="Asked", actor=None, now=now)
    deliver_due()
    due.refresh_from_db()
    assert (due.state, due.reason) == ("kept", "")


def test_versions_of_a_case_are_written_again_with_their_questions(
    case: ItemGroup, now: datetime
) -> None:
    before = ItemVersion.objects.get(item__code="case-1")
    draft = GroupDraft(
        code=case.code,
        topic="wal",
        body=CaseBody(stem=texts(SHARED)),
        members=("case-2", "case-3"),
    )
    write_group(bank=case.bank, draft=draft, actor=None, now=now)
    assert Item.objects.get(code="case-1").group is None
    assert before.item.code == "case-1"
