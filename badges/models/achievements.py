"""What can be earned."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from badges.domain.validity import FROM_PASS, FROM_RELEASE, TO_DATE, Term
from badges.models.codes import new_code
from badges.models.designs import CertificateDesign
from badges.models.languages import language_choices


class Achievement(ClusterableModel):
    """A certification or a badge; its texts are one row a language."""

    class Kind(models.TextChoices):
        CERTIFICATION = "Certification", _("Certification")
        BADGE = "Badge", _("Badge")

    class Level(models.TextChoices):
        BASIC = "basic", pgettext_lazy("level", "Basic")
        PROFESSIONAL = "professional", pgettext_lazy("level", "Professional")
        EXPERT = "expert", pgettext_lazy("level", "Expert")

    class Basis(models.TextChoices):
        PASS = FROM_PASS, _("from the day of the pass")
        RELEASE = FROM_RELEASE, _("from the release of the training")
        DATE = TO_DATE, _("to a fixed date")

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

    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    validity_basis = models.CharField(
        _("validity counts"), max_length=10, choices=Basis, default=Basis.PASS
    )
    released_on = models.DateField(_("training released on"), null=True, blank=True)
    ends_on = models.DateField(
        _("no longer valid on"), null=True, blank=True, help_text=_("For a fixed end only.")
    )
    renew_days = models.PositiveSmallIntegerField(
        _("renewal opens"),
        default=90,
        help_text=_("Days before the end: whoever passes again by then renews the certificate."),
    )
    extends = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="+",
        verbose_name=_("renews these too"),
        help_text=_("Passing this one renews them: lower levels, or the training it updates."),
    )

    design = models.ForeignKey(
        CertificateDesign,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("design of the certificate"),
        help_text=_("Empty for the usual one. What was issued before keeps the design it has."),
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
            models.CheckConstraint(
                condition=~models.Q(validity_basis=FROM_RELEASE)
                | models.Q(released_on__isnull=False),
                name="lms_badges_release_has_a_date",
                violation_error_message=_("Say when the training was released."),
            ),
            models.CheckConstraint(
                condition=~models.Q(validity_basis=TO_DATE) | models.Q(ends_on__isnull=False),
                name="lms_badges_fixed_end_has_a_date",
                violation_error_message=_("Say on which day it is no longer valid."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def term(self) -> Term:
        """How long it lasts and when it can be renewed."""
        return Term(
            basis=self.validity_basis,
            months=self.valid_months,
            released_on=self.released_on,
            ends_on=self.ends_on,
            renew_days=self.renew_days,
        )


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
