"""Mails on results that were scored again or contested."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from badges.queries.achievements import get_issuer
from courses.events import AttemptRescored, ContestAnswered, ContestOpened, CredentialKept
from courses.queries.contests import describe_contest, get_decision_reason, get_run_reason
from courses.queries.progress import describe_failure
from lms.conf import get_conf
from lms.events.subscribe import subscribe
from lms.notifications.actions import write_mail


def _tell(kind: str, event: Any, key: str, link: str, **context: Any) -> None:
    """Mail the person an event is about, unless they are forgotten."""
    user = get_user_model().objects.filter(pk=event.user_id, is_active=True).first()
    if user is None:
        return
    write_mail(
        kind,
        key=f"{kind}:{key}",
        to=user.email,
        user_id=user.pk,
        language=_language(event.user_id),
        context={"link": link, **context},
        now=event.occurred_at,
    )


def _language(user_id: int) -> str:
    user = get_user_model().objects.filter(pk=user_id).first()
    return getattr(user, "language", None) or "en"


def _link(name: str, *args: str) -> str:
    return get_conf().base_url + reverse(name, args=args)


@subscribe(AttemptRescored)
def mail_rescored(event: AttemptRescored) -> None:
    """The person reads that their result changed, why, and what becomes of the certificate."""
    test = describe_failure(event.attempt_id, _language(event.user_id))
    _tell(
        "attempt_rescored",
        event,
        f"{event.run_id}:{event.attempt_id}",
        _link("lms_result", test.code),
        title=test.title,
        reason=get_run_reason(event.run_id),
        before=event.passed_before,
        after=event.passed,
        in_question=event.in_question,
    )


@subscribe(CredentialKept)
def mail_kept(event: CredentialKept) -> None:
    """The holder reads that the certificate stays."""
    test = describe_failure(event.attempt_id, _language(event.user_id))
    _tell(
        "credential_kept",
        event,
        str(event.decision_id),
        _link("lms_credential", event.code),
        title=test.title,
        reason=get_decision_reason(event.decision_id),
    )


@subscribe(ContestOpened)
def mail_contest_opened(event: ContestOpened) -> None:
    """The person reads by when they are answered, the issuer that somebody waits."""
    said = describe_contest(event.contest_id, _language(event.user_id))
    link = _link("lms_result", said.code)
    _tell("contest_received", event, str(event.contest_id), link, said=said)
    write_mail(
        "contest_opened",
        key=f"contest_opened:{event.contest_id}",
        to=get_issuer().email,
        language=settings.LANGUAGE_CODE,
        context={
            "due_on": said.due_on,
            "link": _link("lms_contests:answer", str(event.contest_id)),
        },
        now=event.occurred_at,
    )


@subscribe(ContestAnswered)
def mail_contest_answered(event: ContestAnswered) -> None:
    """The person reads the outcome; the answer itself is on the result's page."""
    said = describe_contest(event.contest_id, _language(event.user_id))
    link = _link("lms_result", said.code)
    _tell("contest_answered", event, str(event.contest_id), link, said=said)
