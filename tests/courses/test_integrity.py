"""The integrity report: exactly what was planted, once, and nobody else."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from badges.actions.recipients import register_recipient
from courses.models import Assessment
from courses.queries.integrity import report_integrity
from lms.accounts.models import User
from partners.models import Membership
from tests.factories.courses import Training
from tests.factories.partners import Company
from tests.factories.sittings import Faults, Sittings, make_sittings

pytestmark = pytest.mark.django_db
PEOPLE, ITEMS = 150, 24
FAULTS = Faults(sharing=(3, 4, 5, 6, 7, 8), leaked=(10, 80), fast=90, leaving=60)


def link(users: Sequence[int], partner: int, since: date, now: datetime) -> None:
    for pk in users:
        user = User.objects.get(pk=pk)
        recipient = register_recipient(email=user.email, name=user.name, user_id=pk, now=now)
        Membership.objects.create(partner_id=partner, recipient_id=recipient, since=since)


@pytest.fixture
def test(training: Training) -> Assessment:
    return Assessment.objects.get()


@pytest.fixture
def planted(test: Assessment, baltwerk: Company, ostrand: int, now: datetime) -> Sittings:
    """Six people of Baltwerk share a sheet of answers, eight of Ostrand share none."""
    made = make_sittings(test, people=PEOPLE, items=ITEMS, now=now, faults=FAULTS)
    since = date(2020, 1, 1)
    link(made.users[3:9], baltwerk.id, since, now)
    link(made.users[20:28], ostrand, since, now)
    return made


def test_exactly_what_was_planted_is_found(
    planted: Sittings, test: Assessment, baltwerk: Company
) -> None:
    report = report_integrity(test)
    assert report.attempts == PEOPLE
    assert report.looked["companies"] == 2
    assert report.looked["pairs"] == 15 + 28
    found = {one.kind: one for one in report.found}
    assert sorted(one.kind for one in report.found) == sorted(found)  # one of a kind
    assert set(found) == {"same_answers", "leaked_item", "fast_pass", "left_window"}
    assert found["same_answers"].group == baltwerk.id
    assert set(found["same_answers"].attempts) <= set(planted.attempts[3:9])
    assert found["leaked_item"].version == planted.versions[10]
    assert found["fast_pass"].attempts == (planted.attempts[90],)
    assert found["left_window"].attempts == (planted.attempts[60],)
