"""How do many people in tests fare at once?

Over HTTP, against the server that ``manage.py up`` starts, with production's settings; the people
are on the same machine. Beside it the same two rows as bare SQL, written by as many at once.
"""

import asyncio
import json
import os
import random
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from takers import Line, Taker, make_sessions, processor_time, serving
from temporary import load_sample, run

TRAINING, SHORT, LONG = "replication-and-failover", "ten-questions", "two-hundred-questions"
WORKERS = int(os.environ.get("LMS_BENCH_WORKERS", "2"))
TAKERS = int(os.environ.get("LMS_BENCH_TAKERS", "1000"))
STARTS, LINES, SECONDS, THINK = TAKERS // 2, 16, 4.0, 30.0
ROUNDS, OPEN_FOR, APART = 3, 15.0, 150


@dataclass
class Load:
    """What a stretch of requests took; ``processor`` is the web server's alone."""

    seconds: float
    waits: list[float]
    processor: float
    errors: int = 0

    def __str__(self) -> str:
        count = len(self.waits)
        waits = sorted(self.waits)
        middle, most = statistics.median(waits), waits[int(count * 0.95)]
        told = f"{count / self.seconds:6.0f} /s   p50 {1000 * middle:6.1f} ms   "
        told += f"p95 {1000 * most:6.1f} ms   {1000 * self.processor / count:5.2f} ms CPU"
        return told + (f"   {self.errors} ERRORS" if self.errors else "")


async def gather(server: int, jobs: list[Callable[[list[float]], Awaitable[None]]]) -> Load:
    """Run jobs together; each appends how long its requests took."""
    waits: list[float] = []
    busy, began = processor_time(server), time.perf_counter()
    ends = await asyncio.gather(*(job(waits) for job in jobs), return_exceptions=True)
    seconds, errors = time.perf_counter() - began, [e for e in ends if e is not None]
    for error in errors[:3]:
        print(f"  {type(error).__name__}: {error}")
    return Load(seconds, waits, processor_time(server) - busy, len(errors))


def start_together(server: int, people: list[Taker]) -> Load:
    """Everybody presses the button at the same moment."""

    def job(person: Taker) -> Callable[[list[float]], Awaitable[None]]:
        async def press(waits: list[float]) -> None:
            line, began = Line(person.session), time.perf_counter()
            await person.start(line)
            waits.append(time.perf_counter() - began)
            line.close()

        return press

    return asyncio.run(gather(server, [job(person) for person in people]))


def answer_closed(server: int, people: list[Taker], lines: int, seconds: float) -> Load:
    """So many at once, each sending the next answer when the last one is acknowledged."""
    until = time.perf_counter() + seconds
    shares = [people[number::lines] for number in range(lines)]

    def job(share: list[Taker]) -> Callable[[list[float]], Awaitable[None]]:
        async def answer(waits: list[float]) -> None:
            kept = [Line(person.session) for person in share[:20]]
            turn = 0
            while time.perf_counter() < until:
                began = time.perf_counter()
                await share[turn % len(kept)].save(kept[turn % len(kept)])
                waits.append(time.perf_counter() - began)
                turn += 1
            for line in kept:
                line.close()

        return answer

    return asyncio.run(gather(server, [job(share) for share in shares if share]))


def answer_open(server: int, people: list[Taker]) -> Load:
    """Everybody answers once in half a minute, whatever became of the others.

    A wait counts from the moment at which the person answered, so that a queue is seen.
    """
    chance = random.Random(1)

    def job(person: Taker) -> Callable[[list[float]], Awaitable[None]]:
        async def answer(waits: list[float]) -> None:
            line, due = Line(person.session), time.perf_counter() + chance.uniform(0, THINK)
            while due < over:
                await asyncio.sleep(max(0, due - time.perf_counter()))
                await person.save(line)
                waits.append(time.perf_counter() - due)
                due += chance.uniform(THINK / 2, 3 * THINK / 2)
            line.close()

        return answer

    over = time.perf_counter() + OPEN_FOR
    return asyncio.run(gather(server, [job(person) for person in people]))


RESPONSE = """
INSERT INTO lms_courses_response (attempt_id, slot, value, revision, save_id, saved_at)
VALUES (%s, %s, %s, 1, %s, CURRENT_TIMESTAMP)
ON CONFLICT (attempt_id, slot) DO UPDATE SET
    value = excluded.value, revision = lms_courses_response.revision + 1,
    save_id = excluded.save_id, saved_at = excluded.saved_at
RETURNING revision
"""
EVENT = """
INSERT INTO lms_courses_attemptevent
    (attempt_id, kind, slot, at, seconds_left, address, device, once, detail)
VALUES (%s, 'answered', %s, CURRENT_TIMESTAMP, 0, '', '', %s, %s)
"""


def write_bare(people: list[Taker], attempts: dict[str, int], lines: int, seconds: float) -> float:
    """Write the two rows in a transaction, guarding nothing; return how many a second."""
    from django.db import connection, transaction

    until = time.perf_counter() + seconds

    def write(share: list[Taker]) -> int:
        count = 0
        while time.perf_counter() < until:
            person = share[count % len(share)]
            slot = list(person.answers)[count // len(share) % len(person.answers)]
            value, pk = json.dumps(person.answers[slot]), attempts[person.code]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(RESPONSE, (pk, slot, value, uuid.uuid4().hex))
                revision = person.revisions[slot] = cursor.fetchone()[0]
                cursor.execute(EVENT, (pk, slot, str(revision), json.dumps({"value": value})))
            count += 1
        connection.close()
        return count

    with ThreadPoolExecutor(lines) as pool:
        shares = [people[number::lines] for number in range(lines)]
        return sum(pool.map(write, [share for share in shares if share])) / seconds


def learn_answers(people: list[Taker]) -> dict[str, int]:
    """Look into the database for what each could answer; return the attempts' keys by code."""
    from courses.models import Attempt

    by_code = {person.code: person for person in people}
    attempts = Attempt.objects.filter(code__in=list(by_code)).prefetch_related("items__version")
    for attempt in attempts:
        answers = by_code[attempt.code].answers
        for place in attempt.items.all():
            body = place.version.body
            answers[place.slot] = body["key"] if body["options"] else body["key"][0]
    return {attempt.code: attempt.pk for attempt in attempts}


def make_test(slug: str, count: int) -> None:
    """A test of so many questions with four options each, all of them drawn."""
    from django.utils import timezone

    from courses.actions.banks import ItemDraft, write_item
    from courses.domain.items import ItemBody
    from courses.models import Assessment, Course, ItemBank, Topic, Track

    track, _ = Track.objects.get_or_create(slug="bench", defaults={"names": {"en": "Bench"}})
    course = Course.objects.create(slug=slug, track=track)
    bank = ItemBank.objects.create(slug=slug, title=slug)
    Topic.objects.create(bank=bank, slug="all", names={"en": "All"})
    options = [{"id": letter, "text": {"en": f"Option {letter}"}} for letter in "abcd"]
    for number in range(count):
        body = ItemBody.model_validate(
            {"kind": "single", "stem": {"en": f"No {number}?"}, "options": options, "key": ["b"]}
        )
        draft = ItemDraft(code=f"q{number}", topic="all", lesson_slug="", body=body)
        write_item(bank=bank, draft=draft, actor=None, now=timezone.now())
    Assessment.objects.create(course=course, bank=bank, blueprint={"draw": {"all": count}})


def measure_load(server: int) -> None:
    people = [Taker(session, TRAINING) for session in make_sessions(TAKERS)]
    together = start_together(server, people[:STARTS])
    print(f"  {STARTS} start together: {together.seconds:.1f} s in all; {together}")
    start_together(server, people[STARTS:])
    attempts = learn_answers(people)
    answer_closed(server, people, LINES, 1)  # the first ones fill caches
    ratios = []
    for _turn in range(ROUNDS):
        closed = answer_closed(server, people, LINES, SECONDS)
        bare = write_bare(people, attempts, LINES // 2, SECONDS / 2)
        ratios.append(bare * closed.seconds / len(closed.waits))
        print(f"  answers, {LINES} at once:  {closed};  bare SQL {bare:6.0f} /s")
    print(f"  an answer takes {statistics.median(ratios):.1f} × the two rows as bare SQL")
    crowd = answer_open(server, people)
    print(f"  {len(people)} people, an answer in {THINK:.0f} s each:  {crowd}")


def measure_lengths(server: int) -> None:
    """One after another, so that nothing waits but for its own answer."""
    tests = {}
    for slug, count in ((SHORT, 10), (LONG, 200)):
        make_test(slug, count)
        people = [Taker(session, slug) for session in make_sessions(1)]
        start_together(server, people)
        learn_answers(people)
        answer_closed(server, people, 1, 1)
        tests[slug] = people
    costs: dict[str, list[float]] = {slug: [] for slug in tests}
    for _turn in range(ROUNDS):
        for slug, people in tests.items():
            load = answer_closed(server, people, 1, SECONDS / 2)
            costs[slug].append(load.processor / len(load.waits))
    ratio = statistics.median(b / a for a, b in zip(costs[SHORT], costs[LONG], strict=True))
    for slug, values in costs.items():
        print(f"  a save in a test of {slug}: {1000 * statistics.median(values):.2f} ms CPU")
    print(f"  {ratio:.2f} × in the long one")


def measure() -> None:
    load_sample(TRAINING)
    with serving(WORKERS) as server:
        measure_load(server.pid)
        measure_lengths(server.pid)


if __name__ == "__main__":
    run(measure)
