"""Scoring again: what a preview says, what a run does, and what it never does by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import ModelLogEntry

from badges.actions.erasure import erase_recipient
from badges.actions.withdrawal import ReasonMissing
from badges.models import Credential
from badges.queries import get_recipient_of_user
from courses.actions.attempts import submit_attempt
from courses.actions.regrade import decide_credential, run_scoring
from courses.domain.regrade import CREDIT, DROP, KEY, Correction, KeyUnfit, NothingLeft
from courses.models import Attempt, CredentialDecision, DrawRecord, Item, Rescore, ScoringRun, Topic
from courses.queries.attempts import get_questions, get_result
from courses.queries.regrading import (
    GONE,
    HELD,
    ISSUE,
    QUESTION,
    NothingToCorrect,
    Preview,
    VersionUnknown,
    preview_run,
)
from courses.queries.retakes import describe_tries
from lms.accounts.models import User
from lms.events.publish import deliver_due
from lms.notifications.models import Mail
from tests.courses.regrading import CODE, correct_key, only_four, shown, sit_with
from tests.factories.courses import Training, make_item

pytestmark = pytest.mark.django_db
WHY = "The key of a question was wrong."
MISSED = {"restore-single": ["a"]}


@pytest.fixture
def four(training: Training) -> Training:
    only_four(training)
    return training


@pytest.fixture
def failed(four: Training, ana: User, now: datetime) -> Attempt:
    """Ana knew better than the key and missed another one: two points of four."""
    return sit_with(ana, now, {CODE: ["c"], **MISSED})


@pytest.fixture
def passed(four: Training, bo: User, now: datetime) -> Attempt:
    """Bo answered as the wrong key says: three points of four, just enough."""
    return sit_with(bo, now, MISSED)


def run(
    *corrections: Correction, now: datetime, actor: int | None = None, key: str = ""
) -> ScoringRun:
    made = run_scoring(corrections=corrections, reason=WHY, actor=actor, now=now, key=key)
    deliver_due()
    return made


def preview(*corrections: Correction) -> Preview:
    return preview_run(corrections, on=timezone.localdate(), language="en")


def result(attempt: Attempt) -> Any:
    """Points, maximum and whether it is passed, as they stand."""
    return Attempt.objects.values_list("points", "maximum", "passed").get(pk=attempt.pk)


def state() -> list[Any]:
    models = (Attempt, Rescore, ScoringRun, CredentialDecision, Credential, Mail)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_a_preview_says_what_a_run_then_does(
    four: Training, failed: Attempt, passed: Attempt, now: datetime
) -> None:
    correction, before = correct_key(four), state()
    seen = preview(correction)
    assert state() == before
    assert (seen.looked_at, seen.now_passed, seen.now_failed) == (2, 1, 1)
    assert [one.effect for one in seen.changes] == [QUESTION, ISSUE]
    assert seen.changes[0].code == Credential.objects.get().code
    made = run(correction, now=now)
    assert (made.looked_at, made.changed, made.now_passed, made.now_failed) == (2, 2, 1, 1)
    failed.refresh_from_db()
    passed.refresh_from_db()
    assert (result(failed), result(passed)) == ((3, 4, True), (2, 4, False))
    kept = Rescore.objects.get(attempt=passed)
    assert (kept.before["points"], kept.after["points"]) == (3, 2)
    assert [one.passed for one in describe_tries([failed, passed])] == [True, False]


def test_who_passes_by_it_gets_one_certificate_valid_from_that_day(
    four: Training, failed: Attempt, ana: User, now: datetime
) -> None:
    later = now + timedelta(days=3)
    run(correct_key(four), now=later)
    deliver_due(later)
    credential = Credential.objects.get(recipient__user=ana)
    assert credential.source == f"courses.attempt:{failed.pk}"
    assert credential.valid_from == timezone.localdate(later)
    run(Correction(version=shown(), kind=CREDIT), now=later)
    assert Credential.objects.count() == 1


def test_the_same_run_again_changes_nothing(
    four: Training, failed: Attempt, passed: Attempt, now: datetime
) -> None:
    correction = correct_key(four)
    first = run(correction, now=now, key="click")
    before = state()
    assert run(correction, now=now + timedelta(hours=1), key="click") == first
    with pytest.raises(NothingToCorrect):
        run(correction, now=now)
    assert state() == before


def test_a_certificate_stays_until_somebody_decides(
    four: Training, passed: Attempt, bo: User, eli: User, now: datetime
) -> None:
    run(correct_key(four), now=now)
    credential = Credential.objects.get(recipient__user=bo)
    assert credential.revoked_at is None
    due = CredentialDecision.objects.get()
    assert (due.state, due.code) == ("due", credential.code)
    with pytest.raises(ReasonMissing):
        decide_credential(decision_id=due.pk, keep=False, reason=" ", actor=eli.pk, now=now)
    with pytest.raises(PermissionDenied):
        decide_credential(decision_id=due.pk, keep=True, reason=WHY, actor=bo.pk, now=now)
    decide_credential(decision_id=due.pk, keep=True, reason="In good faith.", actor=eli.pk, now=now)
    decide_credential(decision_id=due.pk, keep=False, reason=WHY, actor=eli.pk, now=now)
    due.refresh_from_db()
    credential.refresh_from_db()
    assert (due.state, due.decided_by, credential.revoked_at) == ("kept", eli, None)
    deliver_due()
    assert "In good faith." in Mail.objects.get(key=f"credential_kept:{due.pk}").text
    entry = ModelLogEntry.objects.get(action="lms_courses.credential_kept")
    assert entry.data["credential"] == credential.code


def test_revoking_is_a_click_too(
    four: Training, passed: Attempt, bo: User, eli: User, now: datetime
) -> None:
    run(correct_key(four), now=now)
    due = CredentialDecision.objects.get()
    decide_credential(decision_id=due.pk, keep=False, reason=WHY, actor=eli.pk, now=now)
    credential = Credential.objects.get(recipient__user=bo)
    assert (credential.revoke_reason, credential.revoked_at) == (WHY, now)
    seen = preview(Correction(version=shown(), kind=CREDIT))
    assert [(one.effect, one.code) for one in seen.changes] == [(GONE, credential.code)]
    run(Correction(version=shown(), kind=CREDIT), now=now)
    assert Credential.objects.count() == 1


def test_a_later_correction_replaces_the_earlier_and_can_take_it_back(
    four: Training, failed: Attempt, passed: Attempt, now: datetime
) -> None:
    run(correct_key(four), now=now)
    run(Correction(version=shown("restore-single"), kind=DROP), now=now)
    assert (result(failed), result(passed)) == ((3, 3, True), (2, 3, False))
    run(Correction(version=shown(), kind=KEY, by=shown()), now=now)
    assert (result(failed), result(passed)) == ((2, 3, False), (3, 3, True))
    assert CredentialDecision.objects.get(rescore__attempt=passed).state == "moot"
    assert CredentialDecision.objects.get(state="due").rescore.attempt == failed
    assert Rescore.objects.filter(attempt=passed).count() == 3


def test_a_running_attempt_is_scored_so_when_it_ends(
    four: Training, ana: User, now: datetime
) -> None:
    attempt = sit_with(ana, now, {CODE: ["c"], **MISSED}, end=False)
    correction = correct_key(four)
    seen = preview(correction)
    assert (seen.looked_at, seen.running, seen.changes) == (0, 1, ())
    run(correction, now=now)
    assert submit_attempt(code=attempt.code, user_id=ana.pk, now=now + timedelta(minutes=5))
    assert not Rescore.objects.exists()


def test_one_of_which_nothing_is_left_is_scored_as_shown_when_it_ends(
    four: Training, ana: User, now: datetime
) -> None:
    attempt = sit_with(ana, now, {}, end=False)
    versions = attempt.items.values_list("version_id", flat=True)
    run(*[Correction(version=one, kind=DROP) for one in versions], now=now)
    assert submit_attempt(code=attempt.code, user_id=ana.pk, now=now + timedelta(minutes=5))


def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    four: Training, failed: Attempt, ana: User, now: datetime
) -> None:
    before = state()
    drops = [
        Correction(version=one, kind=DROP)
        for one in failed.items.values_list("version_id", flat=True)
    ]
    other = shown("restore-single")
    unfit = make_item(four.bank, CODE, options=[{"id": "b", "text": {"en": "B"}},
                      {"id": "z", "text": {"en": "Z"}}]).current  # fmt: skip
    assert unfit
    wrong: list[tuple[type[Exception], list[Correction]]] = [
        (NothingLeft, drops),
        (VersionUnknown, [Correction(version=shown(), kind=KEY, by=other)]),
        (VersionUnknown, [Correction(version=shown(), kind=KEY)]),
        (VersionUnknown, [Correction(version=shown(), kind=DROP, by=shown())]),
        (VersionUnknown, [Correction(version=10**6, kind=DROP)]),
        (KeyUnfit, [Correction(version=shown(), kind=KEY, by=unfit.pk)]),
        (NothingToCorrect, []),
        (NothingToCorrect, [Correction(version=shown(), kind=KEY, by=shown())]),
    ]
    for refusal, corrections in wrong:
        with pytest.raises(refusal):
            preview(*corrections)
        with pytest.raises(refusal):
            run(*corrections, now=now)
    with pytest.raises(PermissionDenied):
        run(Correction(version=shown(), kind=DROP), now=now, actor=ana.pk)
    with pytest.raises(ReasonMissing):
        run_scoring(corrections=drops[:1], reason=" ", actor=None, now=now)
    assert state() == before


def test_who_passed_a_later_try_gets_no_second_certificate(
    four: Training, failed: Attempt, ana: User, now: datetime
) -> None:
    sit_with(ana, now, {})
    assert Credential.objects.count() == 1
    correction = correct_key(four)
    assert [one.effect for one in preview(correction).changes if one.now_passed] == [HELD]
    run(correction, now=now)
    assert Credential.objects.count() == 1
    failed.refresh_from_db()
    assert failed.passed


def test_an_item_that_moved_keeps_the_topic_it_was_drawn_for(
    four: Training, failed: Attempt, now: datetime
) -> None:
    topics = failed.outcome["topics"] if failed.outcome else []
    Item.objects.filter(code=CODE).update(topic=Topic.objects.get(slug="restore"))
    run(Correction(version=shown("restore-single"), kind=CREDIT), now=now)
    failed.refresh_from_db()
    assert failed.outcome
    assert [(one["topic"], one["maximum"]) for one in failed.outcome["topics"]] == [
        (one["topic"], one["maximum"]) for one in topics
    ]
    DrawRecord.objects.all().delete()
    run(Correction(version=shown("restore-single"), kind=DROP), now=now)
    failed.refresh_from_db()
    assert failed.outcome
    assert [one["maximum"] for one in failed.outcome["topics"]] == [2, 1]


def test_people_are_told_and_the_page_shows_before_and_after(
    four: Training, failed: Attempt, passed: Attempt, ana: User, bo: User, now: datetime
) -> None:
    made = run(correct_key(four), now=now)
    mails = {mail.to: mail.text for mail in Mail.objects.filter(key__startswith="attempt_rescored")}
    assert "By the corrected scoring you passed." in mails[ana.email]
    assert WHY in mails[bo.email]
    assert "is not passed" in mails[bo.email]
    assert "Your certificate holds as before." in mails[bo.email]
    result = get_result(passed.code, bo.pk, "en")
    assert result
    [told] = result.rescores
    assert (told.at, told.reason, told.decision) == (made.created_at, WHY, "due")
    assert (told.passed_before, told.passed_after) == (True, False)
    assert (told.points_before, told.points_after) == (3, 2)
    Attempt.objects.filter(pk=passed.pk).update(
        policy={**passed.policy, "feedback": {"what": "none", "when": "at_once"}}
    )
    result = get_result(passed.code, bo.pk, "en")
    assert result
    assert result.rescores[0].points_before is result.rescores[0].points_after is None


def test_questions_are_told_by_the_key_in_force(
    four: Training, failed: Attempt, ana: User, now: datetime
) -> None:
    policy = {**failed.policy, "feedback": {"what": "full", "when": "at_once"}}
    Attempt.objects.filter(pk=failed.pk).update(policy=policy)

    def states() -> dict[str, tuple[str, str]]:
        codes = dict(failed.items.values_list("slot", "version__item__code"))
        questions = get_questions(failed.code, ana.pk)
        return {codes[one.slot]: (one.state, one.right[0].html) for one in questions}

    assert states()[CODE] == ("wrong", "Option b")
    run(
        correct_key(four),
        Correction(version=shown("restore-single"), kind=DROP),
        Correction(version=shown("wal-multiple"), kind=CREDIT),
        now=now,
    )
    told = states()
    assert told[CODE] == ("right", "Option c")
    assert told["restore-single"][0] == "dropped"
    assert told["wal-multiple"][0] == "credited"


def test_who_is_forgotten_is_scored_again_but_told_and_given_nothing(
    four: Training, failed: Attempt, ana: User, now: datetime
) -> None:
    card = get_recipient_of_user(ana.pk)
    assert card
    erase_recipient(recipient_id=card.id, reason="asked", actor=None, now=now)
    deliver_due()
    correction = correct_key(four)
    assert [one.effect for one in preview(correction).changes] == [""]
    run(correction, now=now)
    failed.refresh_from_db()
    assert failed.passed
    assert not Credential.objects.exists()
    assert not Mail.objects.filter(key__startswith="attempt_rescored").exists()


def test_a_training_without_a_certificate_is_scored_again_too(
    four: Training, failed: Attempt, now: datetime
) -> None:
    four.course.achievement = None
    four.course.save()
    correction = correct_key(four)
    assert [one.effect for one in preview(correction).changes] == [""]
    run(correction, now=now)
    assert not Credential.objects.exists()
