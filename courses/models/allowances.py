"""What staff allow single people: a try at once, more time. Personal, and seen by staff alone."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.domain import accommodations
from courses.models.assessments import Assessment
from courses.models.attempts import Attempt


class Waiver(models.Model):
    """One try at once, whatever the rules of trying again say; used up by the attempt it opened."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="waivers", verbose_name=_("test")
    )
    reason = models.TextField(_("reason"), max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted"))
    attempt = models.OneToOneField(
        Attempt, models.SET_NULL, null=True, blank=True, related_name="waiver"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "assessment"],
                condition=models.Q(attempt=None),
                name="lms_waiver_one_unused",
            ),
        ]
        verbose_name = _("extra try")
        verbose_name_plural = _("extra tries")

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text: an id, never a name

    @property
    def used(self) -> bool:
        return self.attempt_id is not None


class Accommodation(models.Model):
    """More time for a person, in every test they start from then on."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    time_factor = models.DecimalField(
        _("times the minutes of a test"),
        max_digits=3,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
        help_text=_("1.5 gives half as much again."),
    )
    extra_minutes = models.PositiveSmallIntegerField(
        _("minutes on top"), default=0, validators=[MaxValueValidator(600)]
    )
    break_minutes = models.PositiveSmallIntegerField(
        _("minutes for breaks"),
        default=0,
        validators=[MaxValueValidator(600)],
        help_text=_("The person may pause a test for so long in all; its clock stands still."),
    )
    reason = models.TextField(
        _("reason"), max_length=500, help_text=_("For staff alone; it is shown nowhere else.")
    )
    changed_at = models.DateTimeField(_("changed"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("time allowance")
        verbose_name_plural = _("time allowances")

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text: an id, never a name

    @property
    def rule(self) -> accommodations.Accommodation:
        return accommodations.Accommodation(
            time_factor=self.time_factor,
            extra_minutes=self.extra_minutes,
            break_minutes=self.break_minutes,
        )
