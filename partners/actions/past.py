"""Filling in a simulated past, step by step, through the actions people use."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from badges.actions.expiry import expire_due, remind_due
from badges.actions.recipients import register_recipient
from badges.queries import find_recipient, list_forgotten
from courses.actions.history import Taker, Truth, Visit, has_passed, sit_as, write_past_item
from lms.events.publish import deliver_due
from lms.events.queue import hurry, unhurried
from partners.actions.evaluation import evaluate_due, evaluate_partner
from partners.actions.links import end_link, link_person
from partners.actions.partners import add_partner
from partners.actions.past_panel import hold_panel
from partners.actions.people import ensure_user
from partners.domain.past import (
    Arrives,
    ClosesRound,
    Convenes,
    Decides,
    Joins,
    Leaves,
    Rates,
    SimulatedPerson,
    Step,
    Tries,
    WritesItem,
    list_steps,
)
from partners.domain.simulated import PastPlan
from partners.models import Membership, Partner, Programme, SimulatedPast
from partners.queries.facts import current
from partners.queries.past import PastProgress, get_progress, list_unfinished

SETTLES = timedelta(hours=2)  # a test takes its time after the moment it began
SLICE = 25  # steps: about two seconds, after which others have their turn
STALLED = timedelta(seconds=30)  # whose next slice nobody hurried, or lost


def schedule_past(plan: PastPlan, *, now: datetime) -> int:
    """Plan a past that ends yesterday, to be filled in by ``fill_past``; return its id.

    A programme has one past: a second call changes nothing. Raises ``Programme.DoesNotExist``.
    """
    programme = Programme.objects.get(slug=plan.programme)
    ends_on = programme.today(now) - timedelta(days=1)
    total = len(list_steps(plan, ends_on=ends_on, zone=timezone.get_default_timezone()))
    past, _created = SimulatedPast.objects.get_or_create(
        programme=programme,
        defaults={
            "plan": plan.model_dump(mode="json"),
            "ends_on": ends_on,
            "total": total,
            "worked_at": now - STALLED,
        },
    )
    return past.pk


def fill_past(pk: int, *, steps: int, now: datetime, until: date | None = None) -> PastProgress:
    """Do the next steps, up to a day if one is given; two processes at the same time take turns.

    ``now`` is the present: the steps have moments of their own.
    """
    past = SimulatedPast.objects.get(pk=pk)
    if past.finished_at is None:
        plan, planned = _plan_steps(json.dumps(past.plan), past.ends_on)
        with unhurried():  # what a step publishes is delivered within it
            for _step in range(steps):
                step = planned[past.done] if past.done < past.total else None
                if step and until and step.at.date() > until:
                    break
                if not _do_next(past, plan, step, now):
                    break
    return get_progress(pk)


def fill_slice(pk: int) -> None:
    """Do a slice and hurry the next one; what the queue calls."""
    now = timezone.now()  # the queue calls without a time
    before = get_progress(pk).done
    after = fill_past(pk, steps=SLICE, now=now)
    SimulatedPast.objects.filter(pk=pk).update(worked_at=timezone.now())
    if before < after.done and not after.finished:
        hurry("partners.actions.past.fill_slice", [pk])


def fill_due(now: datetime) -> int:
    """Take up the pasts on which nobody has worked lately; return how many."""
    stalled = SimulatedPast.objects.filter(finished_at=None, worked_at__lte=now - STALLED)
    taken = 0
    for pk in list(stalled.values_list("pk", flat=True)):
        mine = stalled.filter(pk=pk).update(worked_at=now)
        if mine:
            fill_slice(pk)
        taken += mine
    return taken


@lru_cache(maxsize=1)
def _plan_steps(plan: str, ends_on: date) -> tuple[PastPlan, list[Step]]:
    """Making the steps takes a while, and the next slice needs the same ones."""
    parsed = PastPlan.model_validate_json(plan)
    return parsed, list_steps(parsed, ends_on=ends_on, zone=timezone.get_default_timezone())


def _do_next(past: SimulatedPast, plan: PastPlan, step: Step | None, now: datetime) -> bool:
    """Do a step, and say whether any is left.

    It is counted first: whoever else counts it at the same time finds it counted.
    """
    with transaction.atomic():
        mine = SimulatedPast.objects.filter(pk=past.pk, done=past.done, finished_at=None)
        if step is None:
            _finish(past, mine, now)
        elif mine.update(done=past.done + 1):
            _pass_time(past, step.at)
            _DO[type(step)](past, plan, step)
            deliver_due(step.at + SETTLES, limit=1000)
    past.refresh_from_db(fields=["done", "finished_at", "reached_on"])
    return past.finished_at is None


def _pass_time(past: SimulatedPast, at: datetime) -> None:
    """Let midnights come, at which certificates end and with them statuses."""
    day, zone = at.date(), timezone.get_default_timezone()
    replayed = Partner.objects.filter(replayed_to__isnull=False)
    if past.reached_on == day:
        return
    while lapse := replayed.aggregate(on=Min("next_change_on"))["on"]:
        if lapse > day:
            break
        _move_to(past, lapse)
        midnight = datetime.combine(lapse, time(), tzinfo=zone)
        if not evaluate_due(midnight):
            break
    _move_to(past, day)
    midnight = datetime.combine(day, time(), tzinfo=zone)
    expire_due(midnight)
    remind_due(midnight)
    deliver_due(midnight + SETTLES, limit=1000)


def _move_to(past: SimulatedPast, day: date) -> None:
    Partner.objects.filter(replayed_to__isnull=False).update(replayed_to=day)
    SimulatedPast.objects.filter(pk=past.pk).update(reached_on=day)


def _finish(past: SimulatedPast, mine: Any, now: datetime) -> None:
    """Come to the present: what ended lately is told while it is still no news to mail."""
    if not mine.update(finished_at=now, plan={}):
        return
    companies = list(Partner.objects.filter(replayed_to__isnull=False).order_by("pk"))
    _move_to(past, past.programme.today(now))
    expire_due(now)
    remind_due(now)
    for company in companies:
        evaluate_partner(partner_id=company.pk, cause="past", now=now)
    deliver_due(now, limit=10_000)
    Partner.objects.filter(replayed_to__isnull=False).update(replayed_to=None)


def _join(past: SimulatedPast, plan: PastPlan, step: Joins) -> None:
    company = step.company
    if Partner.objects.filter(slug=company.slug).exists():
        return
    partner_id = add_partner(
        slug=company.slug,
        name=company.name,
        country=company.country,
        city=company.city,
        website=f"https://{company.slug}.example",
        joined_on=step.at.date(),
        programme=plan.programme,
        actor=None,
        now=step.at,
    )
    Partner.objects.filter(pk=partner_id).update(replayed_to=step.at.date())


def _arrive(past: SimulatedPast, plan: PastPlan, step: Arrives) -> None:
    person = step.person
    partner = Partner.objects.filter(slug=person.company, replayed_to__isnull=False).first()
    if partner is None or person.email in list_forgotten({person.email}):
        return
    user_id = ensure_user(email=person.email, name=person.name, language=person.language)
    recipient_id = register_recipient(
        email=person.email, name=person.name, user_id=user_id, now=step.at
    )
    _link(partner, recipient_id, person, step.at, role=person.role)
    SimulatedPast.objects.filter(pk=past.pk).update(people=F("people") + 1)


def _link(
    partner: Partner, recipient_id: int, person: SimulatedPerson, at: datetime, *, role: str
) -> None:
    link_person(
        partner_id=partner.pk,
        recipient_id=recipient_id,
        since=at.date(),
        until=None,
        job=person.job,
        role=role,
        actor=None,
        now=at,
    )


def _leave(past: SimulatedPast, plan: PastPlan, step: Leaves) -> None:
    known = find_recipient(step.person.email)
    if known is None:
        return
    day = step.at.date()
    for link in current(Membership.objects.filter(recipient_id=known.id), day):
        end_link(membership_id=link.pk, until=day, actor=None, now=step.at)
    partner = Partner.objects.filter(slug=step.to, replayed_to__isnull=False).first()
    if partner is not None:
        _link(partner, known.id, step.person, step.at, role="member")


def _try(past: SimulatedPast, plan: PastPlan, step: Tries) -> None:
    person, plants = step.person, plan.plants
    known = find_recipient(person.email)
    if known is None or known.user_id is None:
        return
    if has_passed(course=step.training, user_id=known.user_id, since=step.round_at):
        return
    taker = Taker(
        ability=person.ability,
        pace=person.pace,
        told=frozenset({plants.leaked.item} if step.told else ()),
        copies=step.copies,
        source=plants.colluding.company,
        source_ability=plants.colluding.ability,
    )
    visit = Visit(
        course=step.training,
        user_id=known.user_id,
        taker=taker,
        seed=plan.seed,
        mood=step.mood,
        truths=(Truth(entry=plants.wrong_key.item, belief=plants.wrong_key.key),),
    )
    passed = sit_as(visit, at=step.at)
    if passed is not None:
        counts = {"tried": F("tried") + 1, "passed": F("passed") + int(passed)}
        SimulatedPast.objects.filter(pk=past.pk).update(**counts)


def _write_item(past: SimulatedPast, plan: PastPlan, step: WritesItem) -> None:
    wrong = plan.plants.wrong_key
    key = list(wrong.key) if step.wrong else None
    write_past_item(bank=wrong.training, entry=wrong.item, key=key, now=step.at)


def _judge(past: SimulatedPast, plan: PastPlan, step: Step) -> None:
    hold_panel(plan, step)


_DO: dict[type[Step], Callable[[SimulatedPast, PastPlan, Any], None]] = {
    Joins: _join,
    Arrives: _arrive,
    Leaves: _leave,
    Tries: _try,
    WritesItem: _write_item,
    **dict.fromkeys((Convenes, Rates, ClosesRound, Decides), _judge),
}

__all__ = ["fill_due", "fill_past", "fill_slice", "list_unfinished", "schedule_past"]
