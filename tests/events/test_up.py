"""How `up` tells a frozen cluster from a busy one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from lms.events.management.commands import up
from lms.events.models import Delivery, Heartbeat

pytestmark = pytest.mark.django_db
PATIENCE = timedelta(seconds=100)


@pytest.fixture(autouse=True)
def _stay_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own connection holds its transaction."""
    monkeypatch.setattr(up, "close_old_connections", lambda: None)


def is_silent() -> bool:
    return up._is_silent(timezone.now() - timedelta(hours=1), PATIENCE)


def test_a_beat_or_a_delivery_is_a_sign_of_life() -> None:
    assert is_silent()
    lately, long_ago = (timezone.now() - timedelta(seconds=s) for s in (10, 300))
    Heartbeat.objects.create(name="sweep", beat_at=lately)
    assert not is_silent()
    Heartbeat.objects.update(beat_at=long_ago)
    assert is_silent()
    row = Delivery.objects.create(
        event_id=uuid4(),
        event_name="x.v1",
        receiver="r",
        payload={},
        due_at=lately,
        created_at=lately,
    )
    Delivery.objects.filter(pk=row.pk).update(state="done", done_at=lately)
    assert not is_silent()


def test_a_stamp_ahead_of_the_clock_is_none() -> None:
    """A programme loaded in the morning ends its history a little ahead of the clock."""
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now() + timedelta(hours=2))
    assert is_silent()


def test_a_young_cluster_is_given_time() -> None:
    assert not up._is_silent(timezone.now(), PATIENCE)
