"""Contesting a result, withdrawing that, answering it. None of these changes a score."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import get_default_timezone, localdate

from badges.actions.actors import record, require_permission
from badges.actions.withdrawal import ReasonMissing
from courses.domain.contests import LONGEST, MOST, due_on
from courses.events import ContestAnswered, ContestOpened
from courses.models import Attempt, Contest, ScoringRun
from lms.conf import get_conf
from lms.events.publish import publish

MAY_ANSWER = "lms_courses.change_contest"
Outcome = Contest.Outcome
State = Contest.State


class ContestRefused(Exception):
    """Base of what keeps a result from being contested."""


class NotScored(ContestRefused):
    """The attempt is still running."""


class NoSuchQuestion(ContestRefused):
    """The attempt has no question of this number."""


class ContestPending(ContestRefused):
    """The same is contested already and not answered yet."""


class TooManyContests(ContestRefused):
    """This attempt was contested as often as one may be."""


class ReasonTooLong(ContestRefused):
    """A reason has at most ``LONGEST`` characters."""


def open_contest(
    *, code: str, user_id: int, slot: int | None, reason: str, now: datetime
) -> Contest:
    """Keep that a person says a question of theirs, or a whole result, is wrong.

    Raises ``Attempt.DoesNotExist`` for anybody else's, ``ReasonMissing`` or a ``ContestRefused``.
    """
    if not (said := reason.strip()):
        raise ReasonMissing("say what is wrong")
    if len(said) > LONGEST:
        raise ReasonTooLong(str(len(said)))
    try:
        with transaction.atomic():
            rows = Attempt.objects.select_for_update(of=("self",))
            attempt = rows.get(code=code, user_id=user_id)
            _refuse(attempt, slot)
            today = localdate(now, get_default_timezone())
            contest = Contest.objects.create(
                attempt=attempt,
                slot=slot,
                reason=said,
                opened_at=now,
                due_on=due_on(today, get_conf().contest_working_days),
            )
            publish(ContestOpened(occurred_at=now, contest_id=contest.pk, user_id=user_id))
            return contest
    except IntegrityError:
        raise ContestPending from None


def _refuse(attempt: Attempt, slot: int | None) -> None:
    if attempt.state != Attempt.State.SCORED:
        raise NotScored
    if slot is not None and not attempt.items.filter(slot=slot).exists():
        raise NoSuchQuestion
    if attempt.contests.count() >= MOST:
        raise TooManyContests


def withdraw_contest(*, contest_id: int, user_id: int, now: datetime) -> None:
    """Take an open contest of one's own back; one that is answered stays as it is.

    Raises ``Contest.DoesNotExist`` for anybody else's.
    """
    with transaction.atomic():
        rows = Contest.objects.select_for_update(of=("self",))
        contest = rows.get(pk=contest_id, attempt__user_id=user_id)
        if contest.is_open:
            _close(contest, Outcome.WITHDRAWN, "", None, now)


def answer_contest(
    *,
    contest_id: int,
    upheld: bool,
    answer: str,
    actor: int | None,
    now: datetime,
    run_id: int | None = None,
) -> bool:
    """Answer a contest; ``run_id`` names the scoring run that put right what was wrong.

    ``False`` if it was answered or withdrawn before. Raises ``PermissionDenied``, ``ReasonMissing``
    or ``ScoringRun.DoesNotExist``.
    """
    require_permission(actor, MAY_ANSWER)
    if not (said := answer.strip()):
        raise ReasonMissing("say why, the person reads it")
    with transaction.atomic():
        contest = Contest.objects.select_for_update(of=("self",)).get(pk=contest_id)
        if not contest.is_open:
            return False
        if run_id is not None:
            contest.run = ScoringRun.objects.get(pk=run_id)
        _close(contest, Outcome.UPHELD if upheld else Outcome.REFUSED, said, actor, now)
        user_id = Attempt.objects.values_list("user_id", flat=True).get(pk=contest.attempt_id)
        publish(ContestAnswered(occurred_at=now, contest_id=contest.pk, user_id=user_id))
        record(contest, "lms_courses.contest_answered", actor, outcome=contest.outcome)
        return True


def _close(
    contest: Contest, outcome: Contest.Outcome, answer: str, actor: int | None, now: datetime
) -> None:
    contest.state, contest.outcome, contest.answer = State.ANSWERED, outcome, answer
    contest.answered_by_id, contest.answered_at = actor, now
    contest.save()


def forget_contests(*, user_id: int) -> None:
    """Drop what a person wrote, and what they were written; outcomes and dates stay.

    An open one is closed: there is nobody left to answer.
    """
    own = Contest.objects.filter(attempt__user_id=user_id)
    own.filter(state=State.OPEN).update(state=State.ANSWERED, outcome=Outcome.WITHDRAWN)
    own.update(reason="", answer="")
