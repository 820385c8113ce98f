"""What ``load_programme`` brought in, so that it can tell a file's change from the site's."""

from django.db import models

from partners.models.programme import Programme


class LoadedRecord(models.Model):
    """The values a file had when last loaded; for an act of history, that it was replayed.

    ``key`` names a person by the id of their recipient, so nothing is left of who was erased.
    """

    class Kind(models.TextChoices):
        VENDOR = "vendor"
        RULES = "rules"
        PARTNER = "partner"
        PERSON = "person"
        ACT = "act"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=400)
    values = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "key"], name="lms_loaded_record_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
