"""What can be taken: one row a training and a lesson, whatever its languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.localised import Named


class Track(Named):
    """Sales, technical …: who a training is for."""

    class Meta(Named.Meta):
        verbose_name = _("track")
        verbose_name_plural = _("tracks")


class Product(Named):
    """What a training is about."""

    class Meta(Named.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")


class Course(models.Model):
    """A training. Pages present it, one a language; enrolments and attempts point here."""

    slug = models.SlugField(_("slug"), unique=True)
    track = models.ForeignKey(
        Track, models.PROTECT, null=True, blank=True, verbose_name=_("track"), related_name="+"
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, verbose_name=_("product"), related_name="+"
    )
    achievement = models.ForeignKey(
        "lms_badges.Achievement",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("certificate"),
        help_text=_("What passing the test of this training earns."),
        related_name="+",
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    def __str__(self) -> str:
        return self.slug


class Lesson(models.Model):
    """One lesson of a training."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    slug = models.SlugField(_("slug"), max_length=255)
    position = models.PositiveIntegerField(_("position"), default=0)
    # Codes of the exercises its pages hold, so that progress needs no page.
    exercises = models.JSONField(default=list)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="lms_lesson_slug_in_course"),
        ]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return f"{self.course.slug}/{self.slug}"
