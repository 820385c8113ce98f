"""What trainings do when something happens, their own events included."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from badges.actions.credentials import issue
from badges.actions.recipients import register_recipient
from badges.events import Effort, EffortFor, RecipientErased
from courses.actions.allowances import forget_allowances
from courses.actions.attempts import close_expired
from courses.actions.contests import forget_contests
from courses.actions.panels import forget_judge
from courses.actions.regrade import forget_decisions
from courses.actions.reviews import compute_due, forget_reviews
from courses.events import AttemptPassed
from courses.queries.efforts import get_effort
from lms.events.ask import answers
from lms.events.subscribe import subscribe
from lms.events.sweep import sweeps

sweeps(close_expired)


@sweeps
def compute_figures(now: datetime) -> int:
    """Compute what a day has changed; figures are of the present, not of a past replayed."""
    return compute_due(now) if timezone.now() - now < timedelta(hours=1) else 0


@answers(EffortFor)
def tell_effort(question: EffortFor) -> Effort | None:
    """Say what it takes, for the certificate's page."""
    return get_effort(question.achievement, question.language)


@subscribe(RecipientErased)
def forget_person(event: RecipientErased) -> None:
    """Why somebody needed more time, or what they wrote of a result, is nobody's business now.

    What they said as a judge stays, without their name.
    """
    if event.user_id is not None:
        forget_allowances(user_id=event.user_id)
        forget_contests(user_id=event.user_id)
        forget_decisions(user_id=event.user_id)
        forget_judge(user_id=event.user_id)
        forget_reviews(user_id=event.user_id)


@subscribe(AttemptPassed)
def issue_credential(event: AttemptPassed) -> None:
    """A passed test earns the training's achievement, once an attempt."""
    if not event.achievement:
        return
    user = get_user_model().objects.get(pk=event.user_id)
    recipient_id = register_recipient(
        email=user.email, name=user.get_full_name(), user_id=user.pk, now=event.occurred_at
    )
    issue(
        achievement=event.achievement,
        recipient_id=recipient_id,
        source=f"courses.attempt:{event.attempt_id}",
        language=event.language,
        actor=None,
        now=event.occurred_at,
    )
