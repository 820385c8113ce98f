"""The test of a training: what is drawn, how long it takes, what passes, when one may try again."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.domain.policy import AssessmentPolicy
from courses.models.banks import ItemBank
from courses.models.catalogue import Course


def default_waits() -> list[int]:
    return [1, 7, 14]


class Assessment(models.Model):
    """A test. An attempt copies its policy when it starts, so a change reaches only later ones."""

    course = models.OneToOneField(
        Course, models.CASCADE, related_name="assessment", verbose_name=_("training")
    )
    bank = models.ForeignKey(ItemBank, models.PROTECT, verbose_name=_("item bank"))
    minutes = models.PositiveIntegerField(
        _("minutes"), default=40, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    cut_percent = models.PositiveSmallIntegerField(
        _("percent to pass"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    draw = models.JSONField(_("items drawn by topic"), default=dict)
    retake_wait_days = models.JSONField(
        _("days to wait after a failed try"),
        default=default_waits,
        help_text=_("After the first, the second, … failed try; the last number repeats."),
    )
    accepting = models.BooleanField(_("open for new tries"), default=True)

    class Meta:
        verbose_name = _("test")
        verbose_name_plural = _("tests")

    def __str__(self) -> str:
        return self.course.slug

    @property
    def policy(self) -> AssessmentPolicy:
        """The rules an attempt started now would live under."""
        return AssessmentPolicy(
            minutes=self.minutes,
            cut_percent=self.cut_percent,
            draw=dict(self.draw),
            retake_wait_days=tuple(self.retake_wait_days),
        )
