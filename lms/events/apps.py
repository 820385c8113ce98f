from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

SWEEP = "lms.events.sweep.sweep"


def schedule_sweep(**_given: Any) -> None:
    """Keep one schedule: the sweep, every minute."""
    from django_q.models import Schedule

    Schedule.objects.get_or_create(
        name="lms sweep", defaults={"func": SWEEP, "schedule_type": Schedule.MINUTES, "minutes": 1}
    )


class EventsConfig(AppConfig):
    name = "lms.events"
    label = "lms_events"
    verbose_name = _("Events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(schedule_sweep, sender=self, dispatch_uid="lms.events.sweep")
