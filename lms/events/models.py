"""The outbox: one row a receiver a published event, in the publisher's own transaction."""

from django.db import models


class Delivery(models.Model):
    """An event on its way to one receiver: the row says what is due, the queue *hurry*."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    event_id = models.UUIDField()
    event_name = models.CharField(max_length=100)
    payload = models.JSONField()
    receiver = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    # Wagtail indexes references of every model it can see; an outbox row holds none.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "receiver"], name="lms_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="lms_delivery_due",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_name} → {self.receiver} ({self.state})"


class Heartbeat(models.Model):
    """One row: when a worker last finished a sweep. A frozen cluster stops moving it."""

    name = models.CharField(max_length=50, primary_key=True)
    beat_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%Y-%m-%d %H:%M:%S}"
