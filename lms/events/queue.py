"""The one module that calls the queue. Its broker is the same database, so a rollback unsends."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
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


def hurry(dotted: str, *args: int | str) -> None:
    """Ask a worker to call ``dotted(*args)`` soon. Losing this loses time, never work."""
    if getattr(settings, "LMS_QUEUE", True) and not _unhurried.get():
        async_task(dotted, *args)
