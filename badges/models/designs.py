"""How certificates look, for the vendor to change; editions keep a frozen copy."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, PreviewableMixin

from badges.domain import design as looks
from badges.domain.design import Design
from badges.models.languages import language_choices

_colour = RegexValidator(looks.COLOUR, _("Write a colour as #RRGGBB, such as #1A43CF."))


def _image(label: Any, help_text: Any = "") -> Any:
    return models.ForeignKey(
        get_image_model_string(),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        help_text=help_text,
    )


class CertificateDesign(PreviewableMixin, ClusterableModel):
    """A design; achievements choose one. What was issued keeps the design it was issued in."""

    class Frame(models.TextChoices):
        DOUBLE = looks.DOUBLE, _("Two fine lines")
        BAND = looks.BAND, _("A band of colour at the left")
        PLAIN = looks.PLAIN, _("None")

    class Seal(models.TextChoices):
        LAUREL = looks.LAUREL, _("Hexagon with a laurel")
        BARE = looks.BARE, _("Hexagon")
        OWN = looks.OWN, _("A picture of your own")
        NONE = looks.NONE, pgettext_lazy("seal", "None")

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=100, unique=True)
    accent = models.CharField(
        _("colour"), max_length=7, default=looks.ACCENT, validators=[_colour],
        help_text=_("Of the title, the frame and the seal."),
    )  # fmt: skip
    paper = models.CharField(
        _("colour of the paper"), max_length=7, default=looks.PAPER, validators=[_colour]
    )
    frame = models.CharField(_("frame"), max_length=10, choices=Frame, default=Frame.DOUBLE)
    seal = models.CharField(
        _("seal"), max_length=10, choices=Seal, default=Seal.LAUREL,
        help_text=_("A certificate that does not hold always wears the seal that says so."),
    )  # fmt: skip
    own_seal = _image(_("picture of the seal"))
    logo = _image(_("logo"), _("In place of the issuer's name; it should contain it."))
    background = _image(
        _("background"), _("Fills the page, A4 landscape. Text must stay readable on it.")
    )
    # By language, what is frozen in an edition: written whenever the design is saved.
    printed = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")

    def __str__(self) -> str:
        return self.name

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Each language of the site."""
        return language_choices()

    @property
    def default_preview_mode(self) -> str:
        return str(settings.LANGUAGE_CODE)

    def look(self, language: str) -> Design:
        """What a certificate issued now in a language would freeze."""
        return Design.from_json(self.printed.get(language) or self.printed.get("", {}))


class DesignText(models.Model):
    """Words of a design in one language."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=language_choices)
    confirms = models.CharField(
        _("what it confirms"), max_length=100, blank=True,
        help_text=_("Instead of “confirms that the certification test was passed”."),
    )  # fmt: skip
    note = models.CharField(_("small print"), max_length=140, blank=True)

    class Meta:
        ordering = ["language"]
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(
                fields=["design", "language"], name="lms_badges_one_design_text_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.language


class DesignSignatory(Orderable):
    """Somebody who signs, on certificates in one language or in all."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="signatories")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    role = models.CharField(_("job title"), max_length=60, blank=True)
    signature = _image(_("picture of the signature"), _("Dark on a transparent ground."))
    language = models.CharField(
        _("language"), max_length=10, choices=language_choices, blank=True,
        help_text=_("Of the certificates it is printed on; empty for all."),
    )  # fmt: skip

    class Meta(Orderable.Meta):
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return self.name


class Artwork(models.Model):
    """A picture that designs and editions name by its hash; it never changes, nor goes."""

    name = models.CharField(max_length=64, primary_key=True)
    svg = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.name
