"""A panel of judges that recommends a cut score. Ratings of a closed round never change."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.domain.codes import new_code
from courses.models.assessments import Assessment
from courses.models.banks import ItemVersion
from courses.models.groups import ItemGroupVersion


class Panel(models.Model):
    """Judges, the items before them and what was decided.

    Items and how many of each cell a test draws are kept as they were when it was opened, so that a
    change of the bank or the blueprint does not move what judges are at.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("panel", "open")
        CLOSED = "closed", pgettext_lazy("panel", "closed")
        DECIDED = "decided", pgettext_lazy("panel", "decided")

    code = models.CharField(max_length=32, unique=True, default=new_code)
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="panels", verbose_name=_("test")
    )
    description = models.TextField(
        _("the just-qualified candidate"),
        max_length=2000,
        help_text=_(
            "What somebody who only just deserves to pass can do, and what not yet. Judges have it"
            " before them with every question."
        ),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    round = models.PositiveSmallIntegerField(pgettext_lazy("panel", "round"), default=1)
    counts = models.JSONField()  # how many items of each cell a test draws
    created_at = models.DateTimeField(pgettext_lazy("panel", "opened"))
    decided_at = models.DateTimeField(pgettext_lazy("panel", "decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cut_percent = models.PositiveSmallIntegerField(
        _("percent decided"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    recommended = models.FloatField(null=True, blank=True)
    error = models.FloatField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    summary = models.JSONField(null=True, blank=True)  # what the decision rested on; ids alone

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        permissions = [("judge_panel", _("Can judge items on a panel"))]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="decided")
                | models.Q(cut_percent__isnull=False, decided_at__isnull=False),
                name="lms_panel_decided_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text

    @property
    def closed_rounds(self) -> int:
        """How many rounds are over; their ratings stay as they are."""
        return self.round - 1 if self.state == self.State.OPEN else self.round


class PanelItem(models.Model):
    """A version of an item before a panel, and the cell of the blueprint it is drawn for."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    # The case it stood in when the panel was opened.
    group_version = models.ForeignKey(
        ItemGroupVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cell = models.CharField(max_length=100)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "position"], name="lms_panel_position"),
            models.UniqueConstraint(fields=["panel", "version"], name="lms_panel_version"),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}/{self.position}"


class Judge(models.Model):
    """Somebody's seat on a panel; it stays when the person is no longer on record."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="judges")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="lms_judge_one_seat"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Rating(models.Model):
    """How many of a hundred just-qualified candidates answer an item right, says a judge."""

    judge = models.ForeignKey(Judge, models.CASCADE, related_name="ratings")
    item = models.ForeignKey(PanelItem, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    saved_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["item", "judge", "round"]
        constraints = [
            models.UniqueConstraint(fields=["judge", "item", "round"], name="lms_rating_once"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="lms_rating_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id}/{self.item_id} in {self.round}"
