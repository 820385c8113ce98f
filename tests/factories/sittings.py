"""Many attempts at once, by people of known ability: rows as the actions leave them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from courses.models import Assessment, Attempt, AttemptEvent, AttemptItem, Response
from lms.accounts.models import User
from tests.factories.courses import make_item

RIGHT, WRONG = "b", "acd"


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What is planted: people by number who share a sheet of wrong answers, the number of an item
    and the number of the attempt it is known from, an attempt that was fast, one that left."""

    sharing: tuple[int, ...] = ()
    leaked: tuple[int, int] | None = None
    fast: int | None = None
    leaving: int | None = None


@dataclass(frozen=True, kw_only=True)
class Sittings:
    """Users and attempts by number, items' versions by number."""

    users: list[int]
    attempts: list[int]
    versions: list[int] = field(default_factory=list)


def make_sittings(
    assessment: Assessment,
    *,
    people: int,
    items: int,
    now: datetime,
    seed: int = 1,
    faults: Faults | None = None,
) -> Sittings:
    """Let everybody sit the whole bank of ``items`` once, a day after the other."""
    random, faults = np.random.default_rng(seed), faults or Faults()
    made = [make_item(assessment.bank, f"q{number:02}") for number in range(items)]
    versions = [item.current_id or 0 for item in made]
    users = User.objects.bulk_create(
        User(email=f"u{number}@people.example", name=f"U {number}") for number in range(people)
    )
    said = _answer(random, people, items, faults)
    attempts = Attempt.objects.bulk_create(
        _attempt(
            assessment, user, number, said[number], random, now - timedelta(days=people), faults
        )
        for number, user in enumerate(users)
    )
    AttemptItem.objects.bulk_create(
        AttemptItem(attempt=attempt, slot=slot, version_id=version)
        for attempt in attempts
        for slot, version in enumerate(versions, start=1)
    )
    Response.objects.bulk_create(
        Response(attempt=attempt, slot=slot + 1, value=[str(said[number, slot])], revision=1,
                 save_id=f"{number}-{slot}", saved_at=attempt.started_at)
        for number, attempt in enumerate(attempts)
        for slot in range(items)
    )  # fmt: skip
    AttemptEvent.objects.bulk_create(_events(attempts, faults))
    return Sittings(
        users=[user.pk for user in users],
        attempts=[attempt.pk for attempt in attempts],
        versions=versions,
    )


def _answer(
    random: np.random.Generator, people: int, items: int, faults: Faults
) -> "np.ndarray[tuple[int, ...], np.dtype[np.str_]]":
    ability, hardness = random.normal(0.6, 1, people), random.normal(0, 1, items)
    if faults.leaked:
        hardness[faults.leaked[0]] = 0.8
    chance = 1 / (1 + np.exp(hardness[None, :] - ability[:, None]))
    pull = random.dirichlet(np.full(3, 2.0), items)
    wrong = np.stack([random.choice(list(WRONG), people, p=pull[item]) for item in range(items)])
    said = np.where(random.random(chance.shape) < chance, RIGHT, wrong.T)
    sheet, follows = random.choice(list(WRONG), items), random.random(items) < 0.4
    for number in faults.sharing:
        obeys = follows & (random.random(items) < 0.8)
        said[number] = np.where(obeys, sheet, said[number])
    if faults.leaked:
        item, since = faults.leaked
        said[since:, item] = RIGHT
    return said


def _attempt(
    assessment: Assessment,
    user: User,
    number: int,
    said: "np.ndarray[tuple[int, ...], np.dtype[np.str_]]",
    random: np.random.Generator,
    start: datetime,
    faults: Faults,
) -> Attempt:
    at, points = start + timedelta(days=number), int((said == RIGHT).sum())
    minutes = 2 if number == faults.fast else 20 * float(random.lognormal(0, 0.2))
    return Attempt(
        user=user,
        assessment=assessment,
        number=1,
        language="en",
        state=Attempt.State.SCORED,
        policy=assessment.policy.model_dump(mode="json"),
        seed=str(number),
        started_at=at,
        deadline=at + timedelta(hours=2),
        closes_at=at + timedelta(hours=2),
        finished_at=at + timedelta(minutes=minutes),
        points=Decimal(points),
        maximum=len(said),
        passed=number == faults.fast or 100 * points >= assessment.cut_percent * len(said),
    )


def _events(attempts: list[Attempt], faults: Faults) -> list[AttemptEvent]:
    kind, rows = AttemptEvent.Kind, []
    for number, attempt in enumerate(attempts):
        leaves = 60 if number == faults.leaving else number % 3
        told = [(kind.STARTED, None), (kind.SHOWN, 1), (kind.ANSWERED, 1)]
        told += [(kind.FOCUS_LOST, 1)] * leaves + [(kind.SUBMITTED, None)]
        for place, (which, slot) in enumerate(told):
            at = attempt.started_at + timedelta(seconds=20 * place)
            detail = {"value": ["b"], "revision": 1, "late": False} if which == "answered" else {}
            rows.append(AttemptEvent(attempt=attempt, kind=which, slot=slot, at=at,
                                     seconds_left=0, detail=detail))  # fmt: skip
    return rows
