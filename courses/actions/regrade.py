"""Scoring again, recorded; and deciding on the credentials that this puts in question."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_default_timezone, localdate

from badges.actions.actors import record, require_permission
from badges.actions.withdrawal import ReasonMissing, revoke
from badges.domain.validity import EXPIRED, REVOKED
from badges.queries.credentials import get_credential
from courses.actions.attempts import OUTCOME, take_outcome, tell_outcome
from courses.domain.codes import new_code
from courses.domain.regrade import Correction
from courses.events import AttemptRescored, CredentialKept
from courses.models import Attempt, CredentialDecision, ItemBank, Rescore, ScoringRun
from courses.models import Correction as CorrectionRow
from courses.queries.regrading import (
    ISSUE,
    QUESTION,
    Change,
    check_corrections,
    compare,
    list_affected,
    read_in_batches,
    weigh,
)
from courses.queries.scoring import Scorer
from lms.events.publish import publish

MAY_SCORE = "lms_courses.add_scoringrun"
MAY_DECIDE = "lms_badges.revoke_credential"
State = CredentialDecision.State


def run_scoring(
    *,
    corrections: Sequence[Correction],
    reason: str,
    actor: int | None,
    now: datetime,
    key: str = "",
) -> ScoringRun:
    """Score every attempt that showed one of the versions again; the same ``key`` does it once.

    Former outcomes stay in ``Rescore``. Whoever passes by it is told like everybody who passes, so
    that one certificate follows, valid from this day. No certificate is withdrawn: those whose test
    is not passed any more wait for ``decide_credential``. Raises ``PermissionDenied``,
    ``ReasonMissing`` and what ``preview_run`` raises; then nothing is written.
    """
    require_permission(actor, MAY_SCORE)
    if not (said := reason.strip()):
        raise ReasonMissing("say why, those concerned read it")
    with transaction.atomic():
        _queue_up(corrections)
        # A second click finds what the first one recorded while it waited here.
        known = ScoringRun.objects.filter(key=key).first() if key else None
        return known or _run(corrections, said, actor, now, key or new_code())


def _run(
    corrections: Sequence[Correction], reason: str, actor: int | None, now: datetime, key: str
) -> ScoringRun:
    check_corrections(corrections)
    run = ScoringRun.objects.create(key=key, reason=reason, created_by_id=actor, created_at=now)
    CorrectionRow.objects.bulk_create(
        CorrectionRow(run=run, version_id=one.version, kind=one.kind, by_id=one.by)
        for one in corrections
    )
    found = _rescore(run, corrections)
    changes = weigh(found, on=localdate(now, get_default_timezone()))
    _put_in_question(run, changes)
    _tell(run, changes, now)
    run.changed = len(changes)
    run.now_passed = sum(change.now_passed for change in changes)
    run.now_failed = sum(change.now_failed for change in changes)
    run.save()
    versions = [one.version for one in corrections]
    record(run, "lms_courses.scored_again", actor, versions=versions, changed=run.changed)
    return run


def _queue_up(corrections: Sequence[Correction]) -> None:
    """Let runs on one bank wait for one another: each builds on what the earlier corrected."""
    versions = [one.version for one in corrections]
    banks = ItemBank.objects.filter(items__versions__in=versions).values("pk")
    list(ItemBank.objects.select_for_update(no_key=True).filter(pk__in=banks).order_by("pk"))


def _rescore(run: ScoringRun, corrections: Sequence[Correction]) -> list[Change]:
    """Score what is finished; then whatever ended meanwhile, whose end waits for this run or had
    not seen it."""
    # Running ones are listed first: whoever ends between the two lists stands in the second.
    running = list_affected(corrections, Attempt.State.OPEN)
    finished = list_affected(corrections, Attempt.State.SCORED)
    scorer, changes = Scorer(corrections), list[Change]()
    for part in read_in_batches(list(dict.fromkeys([*finished, *running])), lock=True):
        ended = [attempt for attempt in part if attempt.state == Attempt.State.SCORED]
        outcomes = scorer.score(ended)
        found = list(compare(ended, outcomes))
        by_id = {attempt.pk: attempt for attempt in ended}
        for change in found:
            take_outcome(by_id[change.attempt_id], change.after)
        Attempt.objects.bulk_update([by_id[change.attempt_id] for change in found], OUTCOME)
        Rescore.objects.bulk_create(_to_row(run, change) for change in found)
        run.looked_at += len(ended)
        changes += found
    return changes


def _to_row(run: ScoringRun, change: Change) -> Rescore:
    return Rescore(
        run=run,
        attempt_id=change.attempt_id,
        before=change.before,
        after=asdict(change.after),
        passed_before=change.before["passed"],
        passed_after=change.after.passed,
    )


def _put_in_question(run: ScoringRun, changes: Iterable[Change]) -> None:
    """List the credentials to decide on; those passed again need no decision any more."""
    codes = {change.attempt_id: change.code for change in changes if change.effect == QUESTION}
    rows = dict(run.rescores.values_list("attempt_id", "pk"))
    CredentialDecision.objects.bulk_create(
        CredentialDecision(rescore_id=rows[attempt], code=code) for attempt, code in codes.items()
    )
    again = run.rescores.filter(passed_after=True, passed_before=False).values("attempt")
    waiting = CredentialDecision.objects.filter(state=State.DUE, rescore__attempt__in=again)
    waiting.update(state=State.MOOT)


def _tell(run: ScoringRun, changes: Iterable[Change], now: datetime) -> None:
    """Tell everybody on record whose result changed; who is forgotten is told nothing."""
    told = [change for change in changes if change.recipient is not None]
    for change in told:
        publish(
            AttemptRescored(
                occurred_at=now,
                attempt_id=change.attempt_id,
                user_id=change.user_id,
                run_id=run.pk,
                passed_before=bool(change.before["passed"]),
                passed=change.after.passed,
                in_question=change.effect == QUESTION,
            )
        )
    passed = [change.attempt_id for change in told if change.effect == ISSUE]
    for part in read_in_batches(passed):
        for attempt in part:
            tell_outcome(attempt, now)


def decide_credential(
    *, decision_id: int, keep: bool, reason: str, actor: int | None, now: datetime
) -> None:
    """Keep a credential in question, or revoke it for good; once decided it stays so.

    Raises ``PermissionDenied`` or ``ReasonMissing``.
    """
    require_permission(actor, MAY_DECIDE)
    if not (said := reason.strip()):
        raise ReasonMissing("say why, the holder reads it")
    with transaction.atomic():
        rows = CredentialDecision.objects.select_for_update(of=("self",))
        row = rows.select_related("rescore__attempt").get(pk=decision_id)
        if row.state != State.DUE:
            return
        if _is_over(row.code, now):  # somebody was faster, or it ran out
            row.state = State.MOOT
            row.save(update_fields=["state"])
            return
        row.state = State.KEPT if keep else State.REVOKED
        row.reason, row.decided_by_id, row.decided_at = said, actor, now
        row.save()
        if keep:
            _tell_kept(row, now)
        else:
            revoke(code=row.code, reason=said, actor=actor, now=now)
        action = "lms_courses.credential_kept" if keep else "lms_courses.credential_revoked"
        record(row.rescore.run, action, actor, decision=row.pk, credential=row.code)


def _is_over(code: str, now: datetime) -> bool:
    card = get_credential(code)
    return card is None or card.state(localdate(now, get_default_timezone())) in (EXPIRED, REVOKED)


def _tell_kept(row: CredentialDecision, now: datetime) -> None:
    attempt = row.rescore.attempt
    publish(
        CredentialKept(
            occurred_at=now,
            decision_id=row.pk,
            attempt_id=attempt.pk,
            user_id=attempt.user_id,
            code=row.code,
        )
    )


def forget_decisions(*, user_id: int) -> None:
    """Drop what was written of a person's certificates; what waits for a decision needs none."""
    own = CredentialDecision.objects.filter(rescore__attempt__user_id=user_id)
    own.filter(state=State.DUE).update(state=State.MOOT)
    own.update(reason="")


__all__ = ["ReasonMissing", "decide_credential", "forget_decisions", "run_scoring"]
