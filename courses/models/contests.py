"""A result that somebody says is wrong, and what they were answered."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.domain.contests import LONGEST
from courses.models.attempts import Attempt
from courses.models.regrade import ScoringRun


class Contest(models.Model):
    """One contest: of a question, or of the whole result where ``slot`` is empty.

    ``reason`` and ``answer`` are about a person and go when that person is forgotten.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("contest", "open")
        ANSWERED = "answered", pgettext_lazy("contest", "answered")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", pgettext_lazy("contest", "upheld")
        REFUSED = "refused", pgettext_lazy("contest", "the result stands")
        WITHDRAWN = "withdrawn", pgettext_lazy("contest", "withdrawn")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="contests")
    slot = models.PositiveSmallIntegerField(_("question"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=LONGEST)
    opened_at = models.DateTimeField(_("received"))
    due_on = models.DateField(_("answer due by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), max_length=LONGEST, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    run = models.ForeignKey(
        ScoringRun,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contests",
        verbose_name=_("scoring run"),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contested result")
        verbose_name_plural = _("contested results")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "slot"],
                condition=models.Q(state="open", slot__isnull=False),
                name="lms_contest_one_open_a_slot",
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=models.Q(state="open", slot__isnull=True),
                name="lms_contest_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text: an id, never a name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on < today
