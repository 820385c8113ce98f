"""What outlives the database: lines of the ledger, and what a restored copy is without."""

import uuid

from django.db import models

from badges.domain import ledger
from badges.domain.status import SIZE
from badges.models.credentials import StatusList
from badges.models.issuer import SigningKey


class LedgerLine(models.Model):
    """A line the ledger has or is due to get, written together with what it tells.

    So a killed process loses none, and a restored copy shows which lines are newer than itself.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=17, blank=True)  # empty: of a key
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    edition = models.PositiveSmallIntegerField(default=0)
    edition_kind = models.CharField(max_length=10, blank=True)
    list_number = models.PositiveIntegerField(default=0)
    list_index = models.PositiveIntegerField(default=0)
    key = models.ForeignKey(
        SigningKey, on_delete=models.CASCADE, null=True, blank=True, related_name="lines"
    )
    written = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="lms_badges_line_due", condition=models.Q(written=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or self.key} {self.kind}"

    @property
    def line(self) -> ledger.Line:
        return ledger.Line(
            uid=self.uid,
            kind=self.kind,
            code=self.code,
            at=self.at,
            reason=self.reason,
            edition=self.edition,
            edition_kind=self.edition_kind,
            status_list=self.list_number,
            status_index=self.list_index,
            key=self.key.told if self.key else None,
        )


class Restoration(models.Model):
    """That this database is a restored copy, and what the operator has to know about it."""

    copied_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField()  # badges.actions.restoring.Findings

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"copy of {self.copied_at:%Y-%m-%d %H:%M}"


class LostEdition(models.Model):
    """An edition somebody holds that was issued after the copy: its bit is still ours to answer."""

    class State(models.TextChoices):
        REVOKED = ledger.REVOKED
        SUSPENDED = ledger.SUSPENDED
        SUPERSEDED = ledger.SUPERSEDED

    restoration = models.ForeignKey(Restoration, on_delete=models.PROTECT, related_name="lost")
    code = models.CharField(max_length=17, db_index=True)
    number = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="lost")
    status_index = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, blank=True)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="lms_badges_a_lost_bit_each"
            ),
            models.CheckConstraint(
                condition=models.Q(status_index__lt=SIZE), name="lms_badges_lost_bit_in_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.number}"
