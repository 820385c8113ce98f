"""What happened in an attempt, in order. Rows are added, never changed."""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models.attempts import Attempt


class AppendOnly(models.QuerySet["AttemptEvent"]):
    """Rows that stay as they were written."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("an event of an attempt never changes")

    def delete(self) -> NoReturn:
        raise TypeError("an event of an attempt is never deleted")


class AttemptEvent(models.Model):
    """One thing that happened; ``detail`` holds what was sent, revisions and seconds."""

    class Kind(models.TextChoices):
        STARTED = "started", pgettext_lazy("attempt", "Started")
        SHOWN = "shown", pgettext_lazy("attempt", "Question shown")
        ANSWERED = "answered", pgettext_lazy("attempt", "Answer saved")
        REFUSED = "refused", _("Answer refused: another one was saved meanwhile")
        LATE = "late", _("Answer refused: the test was over")
        FOCUS_LOST = "focus_lost", _("Window left")
        FOCUS_BACK = "focus_back", _("Back in the window")
        RECONNECTED = "reconnected", _("Connection back")
        ADDRESS = "address", _("Network address changed")
        DEVICE = "device", _("Another device")
        EXTENDED = "extended", pgettext_lazy("attempt", "More time given")
        ENTERED = "entered", pgettext_lazy("attempt", "Section entered")
        LEFT = "left", pgettext_lazy("attempt", "Section left")
        TOO_LATE = "too_late", _("Answer refused: its section was closed")
        PAUSED = "paused", pgettext_lazy("attempt", "Pause begun")
        RESUMED = "resumed", pgettext_lazy("attempt", "Pause ended")
        SUBMITTED = "submitted", pgettext_lazy("attempt", "Submitted")
        EXPIRED = "expired", _("Time over")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    seconds_left = models.PositiveIntegerField()
    # Which address and browser it came from, told apart within one attempt and by nobody outside.
    address = models.CharField(max_length=16, blank=True, default="")
    device = models.CharField(max_length=16, blank=True, default="")
    # What is told only once for a place: a revision, or the id of a refused save.
    once = models.CharField(max_length=40, null=True, blank=True)  # null repeats
    detail = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True
    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["attempt", "id"], name="lms_event_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "slot", "kind", "once"],
                condition=models.Q(once__isnull=False),
                name="lms_event_once",
            ),
        ]
        verbose_name = _("event of an attempt")
        verbose_name_plural = _("events of attempts")

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an event of an attempt never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an event of an attempt is never deleted")
