"""People in tests whose line, tabs and time are as bad as they get, and what they were told."""

import json
import random
import re
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar
from urllib.error import HTTPError
from urllib.request import Request

from courses.domain.items import ItemBody
from tests.factories.courses import right_answer, wrong_answer
from tests.process.browser import GONE, Browser
from tests.process.site import Site

T = TypeVar("T")
OFFLINE = 300  # seconds
PATIENCE = 180  # seconds somebody goes on asking a site that does not answer
MOODS = ("steady", "two tabs", "handed in meanwhile", "cut off", "short of time", "too late")
WEIGHTS = (25, 25, 15, 15, 12, 8)


class Over(Exception):
    """The test takes no answers any more."""


class Known(Browser):
    """Somebody who is signed in already, by a session in the database."""

    def __init__(self, base: str, session: str) -> None:
        super().__init__(base)
        self._csrf = uuid.uuid4().hex
        self._cookie = f"sessionid={session}; csrftoken={self._csrf}; django_language=en"

    def _token(self) -> str:
        return self._csrf

    def _ask(self, request: Request) -> tuple[str, str]:
        request.add_header("Cookie", self._cookie)
        return super()._ask(request)


def persist(act: Callable[[], T]) -> T:
    """Repeat what a dead server or a dead database did not answer."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except GONE as reason:
            if isinstance(reason, HTTPError) and reason.code < 500:
                raise
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


class Told(NamedTuple):
    """What the server said it holds, and when it was asked."""

    slot: int
    revision: int
    value: Any
    asked_at: float


@dataclass
class Book:
    """What the server told about one attempt, on all its tabs; threads write to it."""

    code: str
    bodies: dict[int, ItemBody]
    mood: str
    told: list[Told] = field(default_factory=list)
    untold: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    closes: float | None = None  # the moment of its end, where the script moved it

    def acknowledge(self, told: Told, save_id: str) -> None:
        self.told.append(told)
        self.untold[told.slot].discard(save_id)

    def last(self) -> dict[int, Told]:
        """The newest revision that was acknowledged, by slot."""
        return {one.slot: one for one in sorted(self.told, key=lambda one: one.revision)}

    def move(self, seconds: float) -> None:
        self.told = [one._replace(asked_at=one.asked_at + seconds) for one in self.told]
        if self.closes:
            self.closes += seconds

    def late(self) -> list[Told]:
        """What was asked after the end and acknowledged nevertheless."""
        return [one for one in self.told if self.closes and one.asked_at > self.closes]


class Tab:
    """A page with the test in it: knows a revision a place, sends one save at a time."""

    def __init__(self, browser: Browser, book: Book, chance: random.Random) -> None:
        self._browser, self._book, self._chance = browser, book, chance
        self._bases: dict[int, int] = defaultdict(int)
        self._lost: dict[int, list[str]] = defaultdict(list)

    def answer(self, slot: int, value: Any) -> None:
        """Save until it is acknowledged; of two answers the person chooses one."""
        save_id = uuid.uuid4().hex
        self._book.untold[slot].add(save_id)
        told = self._send(slot, value, save_id)
        if told is None:
            if self._chance.random() < 0.5:  # the other one may stand
                return None
            return self.answer(slot, value)
        self._keep(told, save_id)
        if self._chance.random() < 0.1:  # a repeat is acknowledged again, unless another tab spoke
            again = self._send(slot, value, save_id)
            if again:
                self._keep(again, save_id)
        return None

    def answer_in_vain(self, slot: int, value: Any) -> None:
        """The server may have it; the line breaks before it can say so."""
        save_id = uuid.uuid4().hex
        self._book.untold[slot].add(save_id)
        self._send(slot, value, save_id)
        self._lost[slot].append(save_id)

    def _keep(self, told: Told, save_id: str) -> None:
        self._bases[told.slot] = told.revision
        self._lost[told.slot].clear()
        self._book.acknowledge(told, save_id)

    def _send(self, slot: int, value: Any, save_id: str) -> Told | None:
        """Return what was acknowledged; ``None`` when another answer stands, which is known now."""
        path, asked_at = f"/attempts/{self._book.code}/{slot}/save/", 0.0

        def send() -> dict[str, Any]:
            nonlocal asked_at
            asked_at = time.time()
            base, follows = self._bases[slot], self._lost[slot]
            return self._browser.save(path, value, base, save_id, follows)

        try:
            return Told(slot, persist(send)["revision"], value, asked_at)
        except HTTPError as refusal:
            if refusal.code == 410:
                raise Over from None
            said = refusal.read()
            if refusal.code != 409:
                raise AssertionError(f"{refusal.code}: {said[:500]!r}") from None
            self._bases[slot] = json.loads(said)["stored"]["revision"]
            self._book.untold[slot].discard(save_id)
            return None


def answer_all(tab: Tab, answers: Iterable[tuple[int, Any]]) -> None:
    for slot, value in answers:
        tab.answer(slot, value)


class Taker:
    """One person in one test, from the start button to the result."""

    def __init__(self, site: Site, session: str, course: str, seed: str) -> None:
        self._site, self._session, self._course = site, session, course
        self._chance = random.Random(seed)  # noqa: S311 - a script
        self._mood = self._chance.choices(MOODS, WEIGHTS)[0]

    def take(self) -> Book:
        """Play the script and return what one was told."""
        code = self._start()
        self.book = Book(code, self._site.bodies(code), self._mood)
        play = {
            "steady": self._answer_steadily,
            "two tabs": self._answer_in_two_tabs,
            "handed in meanwhile": self._answer_while_handing_in,
            "cut off": self._answer_offline,
            "short of time": self._answer_against_time,
            "too late": self._answer_too_late,
        }[self._mood]
        try:
            play()
        except Over:
            assert self.book.closes, f"{code} ended before its time"
        if self.book.closes is None or self._chance.random() < 0.5:
            self._twice(self._submit)
        return self.book

    def _browser(self) -> Known:
        return Known(self._site.base, self._session)

    def _tab(self) -> Tab:
        chance = random.Random(self._chance.random())  # noqa: S311 - a thread has its own
        return Tab(self._browser(), self.book, chance)

    def _start(self) -> str:
        codes = set(self._twice(self._press_start))
        assert len(codes) == 1, codes
        return codes.pop()

    def _press_start(self) -> str:
        path = f"/tests/{self._course}/"
        url, page = persist(lambda: self._browser().post(path, name="Ana Lindqvist"))
        found = re.search(r"/attempts/([^/]+)/", url)
        assert found, f"no test was started: {url}\n{page[:2000]}"
        return found[1]

    def _submit(self) -> str:
        path = f"/attempts/{self.book.code}/review/"
        url, _page = persist(lambda: self._browser().post(path))
        assert "/result/" in url, url
        return url

    def _twice(self, press: Callable[[], T]) -> list[T]:
        """Press a button; some press it twice at once."""
        return at_once([press] * (2 if self._chance.random() < 0.3 else 1))

    def _answers(self, chance: random.Random) -> list[tuple[int, Any]]:
        """Every place in some order, some twice; most people know most of it."""
        slots = chance.sample(sorted(self.book.bodies), len(self.book.bodies))
        slots += chance.sample(slots, len(slots) // 4)
        return [(slot, self._choose(slot, chance)) for slot in slots]

    def _choose(self, slot: int, chance: random.Random) -> Any:
        body = self.book.bodies[slot]
        return right_answer(body) if chance.random() < 0.85 else wrong_answer(body)

    def _answer_steadily(self) -> None:
        answer_all(self._tab(), self._answers(self._chance))

    def _answer_in_two_tabs(self) -> None:
        """Neither knows what the other saved."""

        def tab() -> Callable[[], None]:
            tab, answers = self._tab(), self._answers(self._chance)
            return partial(answer_all, tab, answers)

        at_once([tab(), tab()])

    def _answer_while_handing_in(self) -> None:
        """One tab hands in while the other one still answers; what it was told counts."""
        first, second = self._tab(), self._tab()
        answers, others = self._answers(self._chance), self._answers(self._chance)

        over = threading.Event()

        def hand_in() -> None:
            answer_all(first, answers)
            self._twice(self._submit)
            self.book.closes = time.time()
            over.set()

        def go_on() -> None:
            with suppress(Over):
                while not over.is_set():
                    answer_all(second, others)
                answer_all(second, others)

        at_once([hand_in, go_on])

    def _answer_offline(self) -> None:
        """Five minutes without a line; what was changed meanwhile is sent when it is back."""
        tab, answers = self._tab(), self._answers(self._chance)
        third = len(answers) // 3
        answer_all(tab, answers[:third])
        for slot, value in answers[third : third + 3]:
            tab.answer_in_vain(slot, value)
        self._pass(OFFLINE)
        queue = {slot: self._choose(slot, self._chance) for slot, _value in answers[third:]}
        answer_all(tab, queue.items())

    def _answer_against_time(self) -> None:
        """The end comes while one answers, and stays one."""
        tab, answers = self._tab(), self._answers(self._chance)
        self._end_in(self._chance.uniform(0.1, 1.5))
        while self.book.late() == []:
            answer_all(tab, answers)

    def _answer_too_late(self) -> None:
        """The line comes back after the end: nothing of the queue counts."""
        tab, answers = self._tab(), self._answers(self._chance)
        half = len(answers) // 2
        answer_all(tab, answers[:half])
        self._end_in(OFFLINE / 2)
        self._pass(OFFLINE)
        for slot, value in answers[half:]:
            with suppress(Over):
                tab.answer(slot, value)

    def _end_in(self, seconds: float) -> None:
        end = time.time() + seconds
        moment = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        change = "UPDATE lms_courses_attempt SET deadline = ?, closes_at = ? WHERE code = ?"
        self._site.write(change, moment, moment, self.book.code)
        self.book.closes = end

    def _pass(self, seconds: int) -> None:
        """Let time pass for this attempt: everything stored of it happened that much earlier."""
        mine = "(SELECT id FROM lms_courses_attempt WHERE code = ?)"
        for table, own, columns in (
            ("lms_courses_response", f"attempt_id = {mine}", ("saved_at",)),
            ("lms_courses_attemptevent", f"attempt_id = {mine}", ("at",)),
            ("lms_courses_attempt", "code = ?", ("started_at", "deadline", "closes_at")),
        ):
            changes = ", ".join(f"{name} = {self._site.earlier(name, seconds)}" for name in columns)
            change = f"UPDATE {table} SET {changes} WHERE {own}"  # noqa: S608 - literals
            self._site.write(change, self.book.code)
        self.book.move(-seconds)


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run jobs on threads of their own; the first error is raised."""
    if len(jobs) == 1:
        return [jobs[0]()]
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [one.result() for one in [pool.submit(job) for job in jobs]]
