"""Stored figures of a test, and what in it is worth a look. Nothing here changes a result."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models.assessments import Assessment
from courses.models.attempts import Attempt
from courses.models.banks import ItemVersion


class StoredFigures(models.Model):
    """Figures of a test as they were computed last, from so many finished attempts.

    ``figures`` is the JSON of ``queries.statistics.AssessmentFigures``, ``looked`` says how much
    the integrity report looked at.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="stored_figures")
    computed_at = models.DateTimeField()
    attempts = models.PositiveIntegerField()
    figures = models.JSONField()
    looked = models.JSONField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"figures of {self.assessment_id}"


class Review(models.Model):
    """Something in a test that a person should look at, and what they made of it.

    It accuses nobody: no attempt, certificate or status changes by it, and nobody is told.
    ``group`` is the id of a company, whose name is joined when shown.
    """

    class Kind(models.TextChoices):
        SAME_ANSWERS = "same_answers", _("Same wrong answers")
        LEAKED_ITEM = "leaked_item", _("Question easier than before")
        FAST_PASS = "fast_pass", _("Very fast pass")
        LEFT_WINDOW = "left_window", _("Window left very often")

    class Outcome(models.TextChoices):
        OPEN = "open", pgettext_lazy("review", "Open")
        NOTHING = "nothing", _("Nothing wrong")
        UNCLEAR = "unclear", _("Cannot be told")
        CONFIRMED = "confirmed", _("Confirmed")

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="reviews", verbose_name=_("test")
    )
    kind = models.CharField(pgettext_lazy("review", "kind"), max_length=16, choices=Kind)
    group = models.BigIntegerField(_("company"), null=True, blank=True)
    version = models.ForeignKey(
        ItemVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.ManyToManyField(Attempt, related_name="+")
    evidence = models.JSONField()  # ids and figures only
    found_at = models.DateTimeField(_("found"))
    outcome = models.CharField(
        pgettext_lazy("review", "outcome"),
        max_length=10,
        choices=Outcome,
        default=Outcome.OPEN,
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = pgettext_lazy("test", "review")
        verbose_name_plural = pgettext_lazy("test", "reviews")

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text: an id, never a name

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN


class Finding(models.Model):
    """One piece of a review, told once for a test: what was looked at already opens no other."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="findings")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Review.Kind)
    key = models.CharField(max_length=60)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind", "key"], name="lms_finding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.kind}/{self.key}"
