"""What a draw knew, kept so that it can be told again."""

from django.db import models

from courses.models.attempts import Attempt


class DrawRecord(models.Model):
    """The inputs of an attempt's draw beside policy and seed, and what had to give way for it.

    ``inputs`` is the JSON of ``domain.replay.DrawInputs``, ``relaxed`` a list of ``Relaxed``.
    """

    attempt = models.OneToOneField(Attempt, models.CASCADE, related_name="draw_record")
    inputs = models.JSONField()
    relaxed = models.JSONField(default=list)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"draw of {self.attempt_id}"
