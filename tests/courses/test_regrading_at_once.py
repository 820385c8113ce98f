"""Two people, or two clicks, at the same moment: each run is recorded once, on top of the other."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from badges.models import Credential
from courses.actions.regrade import run_scoring
from courses.domain.regrade import CREDIT, DROP, Correction
from courses.models import Attempt, Rescore, ScoringRun
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.courses.regrading import CODE, only_four, shown, sit_with
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> None:
    """Let all of them begin together, each on a connection of its own."""
    ready = Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        ready.wait()
        try:
            one()
        finally:
            connection.close()

    threads = [Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_clicks_and_runs_at_the_same_moment(training: Training, ana: User, now: datetime) -> None:
    only_four(training)
    attempt = sit_with(ana, now, {CODE: ["c"], "restore-single": ["a"]})
    credit = Correction(version=shown(), kind=CREDIT)
    drop = Correction(version=shown("restore-single"), kind=DROP)

    def record(correction: Correction, key: str) -> Callable[[], object]:
        return lambda: run_scoring(
            corrections=[correction], reason="r", actor=None, now=now, key=key
        )

    at_once(record(credit, "one"), record(credit, "one"), record(drop, "other"))
    deliver_due()
    assert ScoringRun.objects.count() == 2
    assert Rescore.objects.count() == 2
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert (float(attempt.points or 0), attempt.maximum) == (3, 3)
    assert Credential.objects.count() == 1
