"""Decisions: why a company held a tier from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.models.programme import RulesVersion


class Decision(models.Model):
    """The outcome of an evaluation that differed from the one before; ids only, never changed."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="decisions")
    sequence = models.PositiveIntegerField()
    on = models.DateField(_("on"))
    decided_at = models.DateTimeField(_("decided at"))
    rules_version = models.ForeignKey(
        RulesVersion, on_delete=models.PROTECT, related_name="decisions"
    )
    tier = models.CharField(_("tier"), max_length=80, blank=True)
    from_tier = models.CharField(_("from tier"), max_length=80, blank=True)
    cause = models.CharField(_("cause"), max_length=100)
    facts = models.JSONField()
    result = models.JSONField()
    fingerprint = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "sequence"], name="lms_decision_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} #{self.sequence}: {self.tier}"
