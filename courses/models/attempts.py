"""An attempt at a test: what it was built from, what was answered, how it ended."""

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


class AttemptItem(models.Model):
    """An item version at its place in an attempt, with its options in the order shown."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    slot = models.PositiveSmallIntegerField()
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
