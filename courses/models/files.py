"""Files of questions that somebody brought, as they were."""

from django.conf import settings
from django.db import models

from courses.models.banks import ItemBank


class ItemFile(models.Model):
    """A file on its way into a bank, kept with what was made of it."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the body
    body = models.BinaryField()
    bank = models.ForeignKey(ItemBank, models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    topic = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(null=True, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    accepted = models.PositiveIntegerField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
