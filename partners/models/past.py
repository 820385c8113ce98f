"""A simulated past that is being filled in: what was planned, and how far it has come."""

from django.db import models

from partners.models.programme import Programme


class SimulatedPast(models.Model):
    """One row a programme, written by the sample's loader alone.

    The steps follow from ``plan`` and ``ends_on``; ``done`` of them are behind. Each is done in the
    transaction that counts it, so a process that dies leaves none half done and none to do twice.
    """

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="+")
    plan = models.JSONField()  # emptied at the end
    ends_on = models.DateField()
    reached_on = models.DateField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    people = models.PositiveIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    worked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.programme}: {self.done} of {self.total}"
