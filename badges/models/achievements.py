"""What can be earned."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from badges.models.codes import new_code


def language_choices() -> list[tuple[str, str]]:
    """The site's languages; a callable, so that a host's own set is no missing migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class Achievement(ClusterableModel):
    """A certification or a badge; its texts are one row a language."""

    class Kind(models.TextChoices):
        CERTIFICATION = "Certification", _("Certification")
        BADGE = "Badge", _("Badge")

    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, help_text=_("Rules and trainings name it by this.")
    )
    code = models.CharField(max_length=17, unique=True, default=new_code, editable=False)
    achievement_type = models.CharField(
        _("kind"), max_length=20, choices=Kind, default=Kind.CERTIFICATION
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valid for months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty for a credential that does not expire."),
    )

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_months__isnull=True) | models.Q(valid_months__gte=1),
                name="lms_badges_valid_a_month_or_more",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class AchievementText(models.Model):
    """An achievement in one language, as it is printed from now on."""

    achievement = ParentalKey(Achievement, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=language_choices)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=150)
    description = models.TextField(_("description"), help_text=_("One sentence."))
    criteria = models.TextField(
        _("criteria"), help_text=_("What was passed to earn it, as a stranger should read it.")
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "language"], name="lms_badges_one_text_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
