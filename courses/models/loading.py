"""What the loader last wrote, so that it never overwrites what an editor changed since."""

from django.db import models


class LoadedField(models.Model):
    """The digest of a value as it came from a file."""

    key = models.CharField(max_length=200)
    field = models.CharField(max_length=50)
    digest = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "field"], name="lms_loaded_field_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key}.{self.field}"
