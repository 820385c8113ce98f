"""The test of a training: what is drawn, how long it takes, what passes, when one may try again."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.domain.blueprint import Blueprint
from courses.domain.feedback import FeedbackPolicy
from courses.domain.policy import AssessmentPolicy
from courses.domain.retakes import RetakePolicy
from courses.models.banks import ItemBank
from courses.models.catalogue import Course


def default_blueprint() -> dict[str, Any]:
    return Blueprint().model_dump(mode="json")


def default_retakes() -> dict[str, Any]:
    return RetakePolicy().model_dump(mode="json")


def default_feedback() -> dict[str, Any]:
    return FeedbackPolicy().model_dump(mode="json")


POLICY = (
    "minutes",
    "cut_percent",
    "minimums",
    "blueprint",
    "retakes",
    "feedback",
    "calculator",
    "sections",
)


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
    minimums = models.JSONField(_("percent to reach in single topics"), default=dict, blank=True)
    # Each of these is the JSON of the class in ``domain`` that its default names.
    blueprint = models.JSONField(_("blueprint"), default=default_blueprint)
    retakes = models.JSONField(_("rules of trying again"), default=default_retakes)
    feedback = models.JSONField(_("what people are told"), default=default_feedback)
    calculator = models.BooleanField(
        _("calculator"),
        default=False,
        help_text=_("One that opens beside the questions; people are told of it before the test."),
    )
    sections = models.JSONField(_("sections"), default=list, blank=True)  # of ``domain.Section``
    accepting = models.BooleanField(_("open for new tries"), default=True)

    class Meta:
        verbose_name = _("test")
        verbose_name_plural = _("tests")

    def __str__(self) -> str:
        return self.course.slug

    @property
    def policy(self) -> AssessmentPolicy:
        """The rules an attempt started now would live under."""
        return AssessmentPolicy.model_validate({name: getattr(self, name) for name in POLICY})
