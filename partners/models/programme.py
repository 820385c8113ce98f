"""A vendor's programme and the versions of its rules."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.domain.rules import RulesDocument, parse_rules


class Programme(models.Model):
    """What a vendor offers its partners."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=60)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name

    def today(self, now: datetime) -> date:
        """Return the date the programme has at a moment: its midnight moves states."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()


class RulesVersion(models.Model):
    """One version of the rules, never changed once a decision rests on it."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="versions", verbose_name=_("programme")
    )
    version = models.CharField(_("version"), max_length=40)
    document = models.JSONField(_("document"))
    announced_on = models.DateField(_("announced on"))
    valid_from = models.DateField(_("valid from"))
    published_at = models.DateTimeField(_("published at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("programme rules")
        verbose_name_plural = _("programme rules")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="lms_rules_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"

    @property
    def rules(self) -> RulesDocument:
        """The document, read."""
        document: dict[str, Any] = self.document
        return parse_rules(document)
