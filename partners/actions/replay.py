"""Replaying a programme's past: every act at its moment, every expiry on its own midnight."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import Min
from django.utils import timezone

from badges.actions.withdrawal import revoke
from badges.queries import RecipientCard, get_recipients, list_credentials
from courses.actions.history import sit
from lms.events.publish import deliver_due
from lms.events.sweep import sweep
from partners.actions.links import end_link
from partners.actions.merging import Kind, Memory
from partners.domain.files import Fault, FaultyFiles, Row
from partners.domain.programme_files import HISTORY, Act, PersonRow
from partners.models import Membership, Partner
from partners.queries import describe_refusal
from partners.queries.facts import current

SETTLES = timedelta(hours=2)  # a replayed test takes its time after the moment it began
APART = timedelta(minutes=3)  # between two acts of one day


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to do on a day, and the row that asked for it."""

    on: date
    file: str
    row: int
    name: str
    do: Callable[[datetime], None]


def midday(day: date) -> datetime:
    """Return noon of a day in the site's zone."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


class Replay:
    """Steps in the order of their days, with the sweeps that fall due between them."""

    def __init__(
        self, memory: Memory, acts: Sequence[Row[Act]], *, start: datetime, now: datetime
    ) -> None:
        self.start, self._memory, self._now, self._acts = start, memory, now, acts
        self._zone = timezone.get_default_timezone()
        self._swept = start.astimezone(self._zone).date()
        self._steps: list[Step] = []
        self._last: list[Step] = []
        self._lapses: set[date] = set()
        self.replays_acts = False
        self.people: dict[str, int] = {}  # recipients by address, of everybody who is loaded

    def find_leaving(self, person: PersonRow) -> date | None:
        """Return the day on which an act of the history ends this link."""
        leaves = (act.value for act in self._acts if act.value.kind == "leave")
        days = [act.on for act in leaves if act.person == person.email]
        fits = (day for day in days if person.since < day and person.until in {None, day})
        return next(fits, None)

    def plan_acts(self) -> None:
        """Replay the acts of registered people that were not replayed yet."""
        self.replays_acts = True
        acts = [row for row in self._acts if row.value.person in self.people]
        keyed = _keyed(acts, lambda act: f"{self.people[act.person]}")
        labels = _keyed(acts, lambda act: act.person)
        for key, label, row in zip(keyed, labels, acts, strict=True):
            if not self._memory.knows(Kind.ACT, key):
                self._memory.note_created(Kind.ACT, key, {}, label)
                do = partial(self._act, row.value)
                self.plan(row.value.on, HISTORY, row.number, row.value.kind, do)

    def plan(
        self, on: date, file: str, row: int, name: str, do: Callable[[datetime], None]
    ) -> None:
        """Do something on its day, or at the start if that is later."""
        self._steps.append(Step(on=max(on, self._swept), file=file, row=row, name=name, do=do))

    def plan_now(self, file: str, row: int, name: str, do: Callable[[datetime], None]) -> None:
        """Do something after everything else, at the present moment."""
        today = self._now.astimezone(self._zone).date()
        self._last.append(Step(on=today, file=file, row=row, name=name, do=do))

    def run(self, progress: Callable[[int, int, str], None], *, dry_run: bool) -> None:
        """Do every step, sweep through the days between, and end at the present moment."""
        steps = sorted(self._steps, key=lambda step: step.on)
        if dry_run or not (steps or self._last):
            return
        self._swept = steps[0].on if steps else self._swept
        self._note_lapses(list(Membership.objects.values_list("recipient_id", flat=True)))
        day, at = date.min, self.start
        for done, step in enumerate(steps):
            progress(done, len(steps), f"{step.on} {step.name}")
            at = at + APART if step.on == day else midday(step.on)
            day = step.on
            self._sweep_until(day)
            self._do(step, min(at, self._now))
        self._sweep_until(self._now.astimezone(self._zone).date())
        for step in self._last:
            self._do(step, self._now)
        _sweep(self._now)
        progress(len(steps), len(steps), "")

    def _do(self, step: Step, at: datetime) -> None:
        try:
            step.do(at)
        except Exception as error:
            text = "; ".join(describe_refusal(error)) or type(error).__name__
            raise FaultyFiles([Fault(step.file, step.row, step.name, text)]) from error
        deliver_due(at + SETTLES, limit=100_000)

    def _sweep_until(self, day: date) -> None:
        while (lapse := self._next_lapse()) is not None and lapse <= day:
            _sweep(datetime.combine(lapse, time(), tzinfo=self._zone))
            self._swept = lapse
        self._swept = max(self._swept, day)

    def _next_lapse(self) -> date | None:
        due = Partner.objects.filter(next_change_on__gt=self._swept)
        first = due.aggregate(first=Min("next_change_on"))["first"]
        days = [day for day in self._lapses if day > self._swept]
        return min([*days, *([first] if first else [])], default=None)

    def _note_lapses(self, recipient_ids: Iterable[int]) -> None:
        cards = list_credentials(recipient_ids=recipient_ids, limit=100_000)
        self._lapses |= {card.valid_until for card in cards if card.valid_until is not None}

    def _act(self, act: Act, at: datetime) -> None:
        recipient_id = self.people[act.person]
        _ACTS[act.kind](act, get_recipients([recipient_id])[recipient_id], at)
        self._note_lapses([recipient_id])


def _sweep(at: datetime) -> None:
    moved = sweep(at)
    if failed := sorted(name for name, count in moved.items() if count < 0):
        raise FaultyFiles(
            [Fault(HISTORY, None, "", f"{', '.join(failed)} failed on {at:%Y-%m-%d}")]
        )


def _keyed(acts: Iterable[Row[Act]], who: Callable[[Act], str]) -> list[str]:
    """Name each act by what it says; the second of two equal ones gets a number."""
    seen: dict[str, int] = {}
    keyed = []
    for row in acts:
        act = row.value
        subject = "" if act.kind == "leave" else f"{act.subject} "  # there it is the person
        name = f"{act.on} {act.kind} {subject}{who(act)}"
        seen[name] = seen.get(name, 0) + 1
        keyed.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return keyed


def _pass(act: Act, person: RecipientCard, at: datetime) -> None:
    _sit(act, person, at, passing=True)


def _fail(act: Act, person: RecipientCard, at: datetime) -> None:
    _sit(act, person, at, passing=False)


def _sit(act: Act, person: RecipientCard, at: datetime, *, passing: bool) -> None:
    sit(course=act.subject, user_id=person.user_id or 0, passing=passing, at=at)


def _leave(act: Act, person: RecipientCard, at: datetime) -> None:
    for link in current(Membership.objects.filter(recipient_id=person.id), act.on):
        end_link(membership_id=link.pk, until=act.on, actor=None, now=at)


def _revoke(act: Act, person: RecipientCard, at: datetime) -> None:
    today = act.on
    cards = list_credentials(recipient_ids=[person.id], limit=1000)
    valid = [
        card for card in cards if card.achievement == act.subject and card.state(today) == "valid"
    ]
    if not valid:
        raise ValueError(f"{act.person} holds no valid {act.subject} on {today}")
    for card in valid:
        revoke(code=card.code, reason=act.reason, actor=None, now=at)


_ACTS: dict[str, Callable[[Act, RecipientCard, datetime], None]] = {
    "pass": _pass,
    "fail": _fail,
    "leave": _leave,
    "revoke": _revoke,
}
