"""Who issues, and by which keys."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IssuerProfile(models.Model):
    """The one issuer of this site. Editions keep a copy as it was when they were signed."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    url = models.CharField(
        _("website"), max_length=200, validators=[URLValidator(["https", "http"])]
    )
    email = models.EmailField(_("e-mail address"))
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuer")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="lms_badges_one_issuer"),
        ]

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """The public part of a key; the private part is a file only its owner can read."""

    kid = models.CharField(max_length=80, unique=True)  # the multibase key itself: z6Mk…
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Two first starts at once make one key: the loser's insert is refused.
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(retired_at__isnull=True),
                name="lms_badges_one_key_signs",
            ),
        ]

    def __str__(self) -> str:
        return self.kid
