"""An attempt at a test: what it was built from, what was answered, how it ended."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.domain.codes import new_code
from courses.models.assessments import Assessment
from courses.models.banks import ItemVersion
from courses.models.groups import ItemGroupVersion


class Attempt(models.Model):
    """One try. Its policy, items and option order are frozen when it starts."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("attempt", "Open")
        SCORED = "scored", pgettext_lazy("attempt", "Finished")

    code = models.CharField(max_length=32, unique=True, default=new_code)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    policy = models.JSONField()
    seed = models.CharField(max_length=32)
    started_at = models.DateTimeField(_("started at"))
    deadline = models.DateTimeField()
    # The deadline and the network grace together: the last moment the save statement accepts.
    closes_at = models.DateTimeField()
    # Breaks: how much was given, how much is left, and the pause that runs or ran last. A pause
    # moves the end by all that is left; going on earlier moves it back.
    break_given = models.DurationField(default=timedelta)
    break_left = models.DurationField(default=timedelta)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)
    passed = models.BooleanField(pgettext_lazy("attempt", "passed"), null=True, blank=True)
    outcome = models.JSONField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-started_at"]
        verbose_name = pgettext_lazy("test", "attempt")
        verbose_name_plural = pgettext_lazy("test", "attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "assessment", "number"], name="lms_attempt_number"
            ),
            models.UniqueConstraint(
                fields=["user", "assessment"],
                condition=models.Q(state="open"),
                name="lms_attempt_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_at"],
                name="lms_attempt_closing",
                condition=models.Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.number} of {self.user_id}"

    def is_paused(self, now: datetime) -> bool:
        """Whether the clock stands still; a pause ends by itself when its minutes are used up."""
        return self.paused_until is not None and now < self.paused_until

    def lasts(self, time: timedelta) -> datetime:
        """Return when it ends if it may take so long, breaks apart."""
        return self.started_at + time + self.break_given - self.break_left


class AttemptSection(models.Model):
    """A section of an attempt: not begun, open, or closed because it was left or its time is over.

    Its row is there from the start, so that whoever waits for its lock reads what it says then.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True)
    # Of a section with minutes of its own: as of the attempt, without and with the grace.
    deadline = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="lms_attempt_section"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/section {self.number}"

    def is_closed(self, now: datetime) -> bool:
        """Whether it was open and is no longer."""
        over = self.closes_at is not None and self.closes_at < now
        return self.left_at is not None or over

    def is_open(self, now: datetime) -> bool:
        return self.opened_at is not None and not self.is_closed(now)


class AttemptItem(models.Model):
    """An item version at its place in an attempt, with its options in the order shown."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    slot = models.PositiveSmallIntegerField()
    section = models.PositiveSmallIntegerField(default=0)  # 0 in a test without sections
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    # The case it was shown in, as that was worded then.
    group_version = models.ForeignKey(
        ItemGroupVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    option_order = models.JSONField(default=list)
    pilot = models.BooleanField(default=False)  # on trial: it does not count, nor is that told
    flagged = models.BooleanField(default=False)  # the candidate wants to look at it again

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "slot"], name="lms_attempt_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}"


class Response(models.Model):
    """The answer that stands for one slot; written only by the guarded statement."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses")
    slot = models.PositiveSmallIntegerField()
    value = models.JSONField()
    revision = models.PositiveIntegerField()
    save_id = models.CharField(max_length=40)
    saved_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "slot"], name="lms_response_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot} r{self.revision}"
