"""Scoring again: what was corrected, whose result changed, what becomes of credentials."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.domain import regrade
from courses.domain.codes import new_code
from courses.models.attempts import Attempt
from courses.models.banks import ItemVersion


class ScoringRun(models.Model):
    """One time that attempts were scored again, and why. ``key`` lets it be recorded once."""

    key = models.CharField(max_length=32, unique=True, default=new_code)
    reason = models.TextField(_("reason"), max_length=500)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("recorded"))
    looked_at = models.PositiveIntegerField(_("attempts looked at"), default=0)
    changed = models.PositiveIntegerField(_("results changed"), default=0)
    now_passed = models.PositiveIntegerField(_("now passed"), default=0)
    now_failed = models.PositiveIntegerField(_("now not passed"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("scoring run")
        verbose_name_plural = _("scoring runs")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Correction(models.Model):
    """What a run did with a version. The newest of a version is in force, also for what follows."""

    class Kind(models.TextChoices):
        KEY = regrade.KEY, _("scored by another version's key")
        DROP = regrade.DROP, _("does not count")
        CREDIT = regrade.CREDIT, _("a point for everybody")

    run = models.ForeignKey(ScoringRun, models.PROTECT, related_name="corrections")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    by = models.ForeignKey(ItemVersion, models.PROTECT, null=True, blank=True, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "version"], name="lms_correction_once_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.kind}"

    @property
    def rule(self) -> regrade.Correction:
        kind = next(kind for kind in regrade.KINDS if kind == self.kind)
        return regrade.Correction(version=self.version_id, kind=kind, by=self.by_id)


class Rescore(models.Model):
    """What a run made of one attempt: the outcome before, and the one that took its place."""

    run = models.ForeignKey(ScoringRun, models.PROTECT, related_name="rescores")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="rescores")
    before = models.JSONField()
    after = models.JSONField()
    passed_before = models.BooleanField()
    passed_after = models.BooleanField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "attempt"], name="lms_rescore_once_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.attempt_id}"


class CredentialDecision(models.Model):
    """A credential whose test is not passed any more. It holds until somebody decides."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("decision", "to decide")
        KEPT = "kept", pgettext_lazy("decision", "kept")
        REVOKED = "revoked", pgettext_lazy("decision", "revoked")
        MOOT = "moot", pgettext_lazy("decision", "passed again by a later run")

    rescore = models.OneToOneField(Rescore, models.PROTECT, related_name="decision")
    code = models.CharField(_("credential"), max_length=32)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DUE)
    reason = models.TextField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["code"], name="lms_decision_due", condition=models.Q(state="due")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
