"""The minute's sweep: does what nobody hurried and what only time made due."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from lms.events.models import Heartbeat
from lms.events.publish import deliver_due, prune

logger = logging.getLogger("lms.events")

Sweeper = Callable[[datetime], int]
_sweepers: dict[str, Sweeper] = {}


def sweeps(sweeper: Sweeper) -> Sweeper:
    """Register ``sweeper(now) -> how many rows it moved``; running it twice must be harmless."""
    _sweepers[f"{sweeper.__module__}.{sweeper.__name__}"] = sweeper
    return sweeper


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Do everything that is due and return what each sweeper moved; one failing delays no other."""
    now = now or timezone.now()  # the schedule calls without a time
    moved = {"deliveries": deliver_due(now)}
    for name, sweeper in sorted(_sweepers.items()):
        try:
            moved[name] = sweeper(now)
        except Exception:
            logger.exception("%s failed", name)
            moved[name] = -1
    moved["deliveries"] += deliver_due(now)
    moved["pruned"] = prune(now)
    Heartbeat.objects.update_or_create(name="sweep", defaults={"beat_at": now})
    return moved
