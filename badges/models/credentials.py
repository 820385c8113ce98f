"""Credentials, their immutable editions, and the lists that say which are revoked."""

import uuid
from datetime import date
from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from badges.domain.status import SIZE
from badges.domain.validity import Marks
from badges.models.achievements import Achievement
from badges.models.codes import new_code
from badges.models.recipients import Recipient


def unended(on: date) -> models.Q:
    """Keep credentials whose end lies after a day, or that have none."""
    return models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=on)


class Credential(models.Model):
    """One recipient's proof of one achievement."""

    code = models.CharField(_("code"), max_length=17, unique=True, default=new_code)
    achievement = models.ForeignKey(
        Achievement, on_delete=models.PROTECT, related_name="+", verbose_name=_("achievement")
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("recipient")
    )
    # What it was issued for: exactly once.
    source = models.CharField(_("source"), max_length=200, unique=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issued_at = models.DateTimeField(_("issued"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # exclusive
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoke_reason = models.TextField(_("reason"), blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    suspend_reason = models.TextField(_("reason for the suspension"), blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)  # last revoked, suspended, reinstated
    expired_announced_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["-pk"]
        permissions = [
            ("revoke_credential", _("May revoke, suspend and reinstate credentials")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="lms_badges_valid_for_a_day_or_more",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoke_reason="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revoke_reason="")),
                name="lms_badges_revoked_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(suspended_at__isnull=True, suspend_reason="")
                | (models.Q(suspended_at__isnull=False) & ~models.Q(suspend_reason="")),
                name="lms_badges_suspended_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                name="lms_badges_expiry_due",
                condition=models.Q(expired_announced_at__isnull=True, revoked_at__isnull=True),
            ),
            models.Index(
                fields=["revoked_at"],
                name="lms_badges_revoked",
                condition=models.Q(revoked_at__isnull=False),
            ),
            models.Index(
                fields=["suspended_at"],
                name="lms_badges_suspended",
                condition=models.Q(suspended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_over(self, on: date) -> bool:
        """Say whether its last day has passed."""
        return self.valid_until is not None and self.valid_until <= on

    @property
    def marks(self) -> Marks:
        """What people did to it as a whole."""
        return Marks(revoked=self.revoked_at is not None, suspended=self.suspended_at is not None)


class MisuseReport(models.Model):
    """What somebody wrote who saw a credential where it should not be."""

    credential = models.ForeignKey(
        Credential, on_delete=models.CASCADE, related_name="+", verbose_name=_("credential")
    )
    text = models.TextField(_("what was seen"))
    email = models.EmailField(_("address for an answer"), blank=True)
    reported_at = models.DateTimeField(_("reported"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("report of misuse")
        verbose_name_plural = _("reports of misuse")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Reminder(models.Model):
    """That a holder was told of a coming end; a renewal has an end of its own."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="reminders")
    valid_until = models.DateField()
    days = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "valid_until", "days"], name="lms_badges_reminded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.days}"


class StatusList(models.Model):
    """A list of bits; its address is ``/status/<pk>``.

    The bits follow from what is revoked, suspended or superseded; ``changed_at`` is the last time
    one of them moved.
    """

    changed_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"/status/{self.pk}"


class EditionImmutable(Exception):
    """An edition was about to change after it had been issued."""


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions are added and read; nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise EditionImmutable("an edition stays as it was issued")

    def delete(self) -> NoReturn:
        raise EditionImmutable("an edition stays as it was issued")

    def erase(self) -> None:
        """Blank what is personal; for the right to be forgotten, and nothing else."""
        for edition in self:
            data = {**edition.data, "name": "", "identity_hash": "", "salt": ""}
            blank = dict.fromkeys(("ob3", "jwt", "ob2", "jws"), "")
            super().filter(pk=edition.pk)._blank(data=data, source=None, **blank)

    def _blank(self, **values: Any) -> None:
        super().update(**values)


class Edition(models.Model):
    """What was signed and printed, for good; a changed name or a renewal adds the next one."""

    class Kind(models.TextChoices):
        FIRST = "first", _("issued")
        NAME = "name", _("name changed on request")
        CORRECTION = "correction", _("corrected by the issuer")
        RENEWAL = "renewal", _("renewed")

    # An edition of these kinds takes the place of the earlier ones; a renewal lets them run out.
    REPLACING = (Kind.NAME, Kind.CORRECTION)

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=300, blank=True)  # public: what was corrected
    # What a renewal was earned by: exactly once. The first edition's is its credential's.
    source = models.CharField(max_length=200, unique=True, null=True)
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="editions")
    status_index = models.PositiveIntegerField()
    key = models.ForeignKey("lms_badges.SigningKey", on_delete=models.PROTECT, related_name="+")
    token_key = models.ForeignKey(
        "lms_badges.SigningKey", on_delete=models.PROTECT, related_name="+"
    )
    data = models.JSONField()  # badges.domain.award.Award
    # The exact texts that were signed and are served.
    ob3 = models.TextField()
    jwt = models.TextField()
    ob2 = models.TextField()
    jws = models.TextField()
    created_at = models.DateTimeField()

    objects = EditionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "number"], name="lms_badges_editions_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="lms_badges_a_bit_each"
            ),
            models.CheckConstraint(
                condition=models.Q(status_index__lt=SIZE), name="lms_badges_bit_in_list"
            ),
            models.CheckConstraint(
                condition=models.Q(number=1, kind="first")
                | (models.Q(number__gt=1) & ~models.Q(kind="first")),
                name="lms_badges_first_edition_is_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential_id}/{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; ``EditionImmutable`` when the row exists already."""
        if not self._state.adding:
            raise EditionImmutable(f"edition {self} stays as it was issued")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an edition was given to somebody."""
        raise EditionImmutable(f"edition {self} stays as it was issued")
