"""Publishing, delivering, sweeping: at least once, in order of due time, one lease at a time."""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lms.conf import get_conf
from lms.events.event import Event
from lms.events.models import Delivery
from lms.events.queue import hurry
from lms.events.subscribe import find_receiver, receivers_of

logger = logging.getLogger("lms.events")


def publish(event: Event) -> None:
    """Tell everyone who listens, inside the caller's transaction; a rollback leaves no trace.

    Raises ``RuntimeError`` outside a transaction, because then a crash between the change and the
    message would lose the message.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} must be published inside the transaction of its change")
    event_id, payload = uuid.uuid4(), event.to_json()
    rows = [
        Delivery(
            event_id=event_id,
            event_name=event.name,
            payload=payload,
            receiver=receiver,
            due_at=event.occurred_at,
            created_at=event.occurred_at,
        )
        for receiver in receivers_of(event.name)
    ]
    hurry("lms.events.publish.deliver", [row.pk for row in Delivery.objects.bulk_create(rows)])


def deliver(pk: int, now: datetime | None = None) -> bool:
    """Bring one delivery to its receiver; ``False`` if another worker has it or it is finished."""
    now = now or timezone.now()  # the queue's workers call without a time
    delivery = _take(pk, now)
    if delivery is None:
        return False
    try:
        event_type, receiver = find_receiver(delivery.event_name, delivery.receiver)
        with transaction.atomic():
            receiver(event_type.from_json(delivery.payload))
            _mark_done(delivery, now)
    except Exception as error:  # noqa: BLE001 - a receiver may fail in any way; only it is delayed
        _record_failure(delivery, error, now)
    return True


def deliver_due(now: datetime | None = None, limit: int = 1000) -> int:
    """Deliver everything due, including what receivers publish meanwhile; return how many."""
    delivered = 0
    while delivered < limit:
        due = (
            _due(now or timezone.now()).order_by("due_at", "pk").values_list("pk", flat=True)[:100]
        )
        taken = sum(deliver(pk, now) for pk in list(due))
        if not taken:
            break
        delivered += taken
    return delivered


def prune(now: datetime, keep: timedelta = timedelta(days=30)) -> int:
    """Delete finished deliveries older than ``keep``; dead ones stay until somebody looks."""
    return Delivery.objects.filter(state=Delivery.State.DONE, done_at__lt=now - keep).delete()[0]


def _due(now: datetime) -> QuerySet[Delivery]:
    lapsed = Q(state=Delivery.State.RUNNING, lease_until__lte=now)
    return Delivery.objects.filter(Q(state=Delivery.State.QUEUED, due_at__lte=now) | lapsed)


def _take(pk: int, now: datetime) -> Delivery | None:
    conf = get_conf()
    lease = now + timedelta(seconds=conf.delivery_lease_seconds)
    exhausted = _due(now).filter(pk=pk, attempts__gte=conf.delivery_attempts)
    exhausted.update(state=Delivery.State.DEAD)
    taken = (
        _due(now)
        .filter(pk=pk)
        .update(state=Delivery.State.RUNNING, lease_until=lease, attempts=F("attempts") + 1)
    )
    return Delivery.objects.get(pk=pk) if taken else None


def _mark_done(delivery: Delivery, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.DONE, done_at=now, lease_until=None, error=""
    )


def _record_failure(delivery: Delivery, error: Exception, now: datetime) -> None:
    logger.exception("%s failed", delivery)
    dead = delivery.attempts >= get_conf().delivery_attempts
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.DEAD if dead else Delivery.State.QUEUED,
        due_at=now + timedelta(seconds=5 * 2**delivery.attempts),
        lease_until=None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
