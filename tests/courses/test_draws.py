"""A draw in the database: kept with its attempt, told again, relaxed in the stated order."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from courses.actions.attempts import start_attempt, submit_attempt
from courses.actions.history import sit
from courses.domain.blueprint import Exposure
from courses.models import (
    Assessment,
    Attempt,
    AttemptItem,
    DrawRecord,
    Item,
    ItemVersion,
    Response,
    Topic,
)
from courses.queries.draws import get_past, replay_draw
from lms.accounts.models import User
from tests.factories.courses import Training, make_item

pytestmark = pytest.mark.django_db


def plan(**changes: object) -> None:
    Assessment.objects.update(
        blueprint={"draw": {"wal": 2, "restore": 2}, **changes}, retakes={"wait_days": []}
    )


def start(user: User, now: datetime) -> Attempt:
    code = start_attempt(course="recovery", user_id=user.pk, language="en", now=now).code
    return Attempt.objects.get(code=code)


def finish(attempt: Attempt, now: datetime) -> None:
    submit_attempt(code=attempt.code, user_id=attempt.user_id, now=now)


def tell(code: str, **options: bool) -> str:
    out = StringIO()
    call_command("replay_draw", code, stdout=out, **options)
    return out.getvalue()


def test_a_draw_is_told_again_whatever_the_bank_became(
    training: Training, ana: User, now: datetime
) -> None:
    plan(order="fixed")
    first = start(ana, now)
    finish(first, now)
    second = start(ana, now + timedelta(hours=1))
    make_item(training.bank, "wal-single", stem={"en": "A better question"})
    Item.objects.filter(code="wal-text").update(state="retired")
    Item.objects.filter(code="wal-numeric").update(
        topic=Topic.objects.get(bank=training.bank, slug="restore")
    )
    plan(order="random", pilots=1)
    for attempt in (first, second):
        replay = replay_draw(attempt.code)
        assert replay.same
        assert replay.relaxed == ()
        assert f"{attempt.code}: the same 4 questions" in tell(attempt.code)
        told = json.loads(tell(attempt.code, json=True))
        assert (told["same"], len(told["kept"]), told["gone"]) == (True, 4, [])


def test_a_tampered_attempt_is_noticed(training: Training, ana: User, now: datetime) -> None:
    attempt = start(ana, now)
    place = attempt.items.get(slot=1)
    other = ItemVersion.objects.exclude(pk__in=attempt.items.values("version")).first()
    AttemptItem.objects.filter(pk=place.pk).update(version=other)
    assert not replay_draw(attempt.code).same
    with pytest.raises(CommandError, match="comes out otherwise"):
        tell(attempt.code)


def test_what_is_gone_is_said(training: Training, ana: User, now: datetime) -> None:
    attempt = start(ana, now)
    unused = Item.objects.exclude(versions__in=attempt.items.values("version"))
    unused.update(current=None)
    unused.delete()
    replay = replay_draw(attempt.code)
    assert (replay.same, len(replay.gone)) == (False, 4)
    with pytest.raises(CommandError, match="4 versions it was drawn from are gone"):
        tell(attempt.code)
    DrawRecord.objects.all().delete()
    with pytest.raises(CommandError, match="there is no such attempt"):
        tell(attempt.code)


def test_a_third_try_repeats_what_was_seen_longest_ago_and_says_so(
    training: Training, ana: User, now: datetime
) -> None:
    plan()
    tries = []
    for hours in (-9, -6, -3):
        attempt = start(ana, now + timedelta(hours=hours))
        finish(attempt, now + timedelta(hours=hours, minutes=9))
        tries.append(attempt)
    items = [{place.version.item_id for place in attempt.items.all()} for attempt in tries]
    assert not items[0] & items[1]
    assert items[2] == items[0]
    assert [row.relaxed for row in DrawRecord.objects.order_by("pk")][:2] == [[], []]
    relaxed = DrawRecord.objects.get(attempt=tries[2]).relaxed
    assert [(row["cell"], row["seen"]) for row in relaxed] == [("restore", 2), ("wal", 2)]
    assert "wal: 2 seen before, 0 above the cap, 0 missing" in tell(tries[2].code)


def test_items_shown_too_often_are_spared(
    training: Training, ana: User, bo: User, cy: User, now: datetime
) -> None:
    plan(exposure={"most": 1})
    shown = [
        {place.version.item_id for place in start(user, now).items.all()} for user in (ana, bo)
    ]
    assert not shown[0] & shown[1]
    start(cy, now)
    relaxed = DrawRecord.objects.latest("pk").relaxed
    assert [row["exposed"] for row in relaxed] == [2, 2]
    past = get_past(Assessment.objects.get(), cy.pk, Exposure(percent=50, last=2))
    assert sum(past.shown.values()) == 8
    assert get_past(Assessment.objects.get(), cy.pk, None).shown == {}


def test_pilots_are_shown_like_the_others_and_do_not_count(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    for number in range(2):
        item = make_item(training.bank, f"new-{number}")
        Item.objects.filter(pk=item.pk).update(state="pilot")
    plan(pilots=1)
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "5 questions in 30 minutes" in page
    assert "Some questions are on trial" in page
    assert sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(hours=3))
    attempt = Attempt.objects.get()
    pilot = attempt.items.get(pilot=True)
    assert pilot.version.item.code.startswith("new-")
    assert (attempt.items.count(), attempt.maximum) == (5, 4)
    assert attempt.points == 4
    assert Response.objects.filter(attempt=attempt, slot=pilot.slot).exists()
    again = start(ana, now)
    place = again.items.get(pilot=True)
    body = as_ana.get(reverse("lms_place", args=[again.code, place.slot])).content.decode()
    assert "pilot" not in body
    assert "on trial" not in body
    assert replay_draw(again.code).same


def test_levels_are_drawn_as_the_blueprint_says(
    training: Training, ana: User, now: datetime
) -> None:
    for number in range(3):
        make_item(training.bank, f"hard-{number}", difficulty=3)
    Assessment.objects.update(blueprint={"draw": {"wal": {"hard": 2, "normal": 1}}})
    levels = [place.version.parsed.difficulty for place in start(ana, now).items.all()]
    assert sorted(levels) == [2, 3, 3]
