"""The one module that calls the queue. Its broker is the same database, so a rollback unsends."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

_unhurried: ContextVar[bool] = ContextVar("lms_unhurried", default=False)


@contextmanager
def unhurried() -> Iterator[None]:
    """Ask no worker meanwhile: whoever replays history delivers what is due without them."""
    token = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(token)


def hurry(dotted: str, pks: Iterable[int]) -> None:
    """Ask a worker to call ``dotted(pk)`` soon, for each. Losing this loses time, never work."""
    if not getattr(settings, "LMS_QUEUE", True) or _unhurried.get():
        return
    broker = _Gathering()
    for pk in pks:
        async_task(dotted, pk, broker=broker)
    OrmQ.objects.using(Conf.ORM).bulk_create(broker.rows)


class _Gathering:
    """A broker that keeps what the queue's own would insert one by one."""

    list_key = Conf.CLUSTER_NAME

    def __init__(self) -> None:
        self.rows: list[OrmQ] = []

    def enqueue(self, package: str) -> None:
        self.rows.append(OrmQ(key=self.list_key, payload=package, lock=timezone.now()))
