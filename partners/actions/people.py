"""Companies and people of a programme's files: new ones wait for their day, known ones merge."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model

from badges.actions.recipients import register_recipient
from badges.queries import find_recipient, list_forgotten
from partners.actions.links import change_link, end_link, link_person, reopen_link
from partners.actions.merging import Kind, Memory
from partners.actions.partners import add_partner, change_partner
from partners.actions.replay import Replay
from partners.domain.files import Fault, Row
from partners.domain.programme_files import PARTNERS, PEOPLE, PartnerRow, PersonRow, ProgrammeFiles
from partners.models import Membership, Partner


def load_partners(files: ProgrammeFiles, memory: Memory, replay: Replay) -> None:
    """Plan the joining of new companies; correct known ones."""
    known = {partner.slug: partner for partner in Partner.objects.all()}
    for row in files.partners:
        slug, values = row.value.slug, row.value.model_dump(mode="json", exclude={"slug"})
        partner = known.get(slug)
        if partner is None:
            join = partial(_join, row.value, files.rules.slug)
            replay.plan(row.value.joined_on, PARTNERS, row.number, slug, join)
            memory.note_created(Kind.PARTNER, slug, values)
            continue
        site = {name: _plain(getattr(partner, name)) for name in values}
        if memory.merge(Kind.PARTNER, slug, site=site, file=values):
            correct = partial(_correct, partner.pk, row.value)
            replay.plan_now(PARTNERS, row.number, slug, correct)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _join(row: PartnerRow, programme: str, at: Any) -> None:
    add_partner(**row.model_dump(), programme=programme, actor=None, now=at)


def _correct(partner_id: int, row: PartnerRow, at: Any) -> None:
    values = row.model_dump(exclude={"slug"})
    change_partner(partner_id=partner_id, **values, actor=None, now=at)


def register_people(files: ProgrammeFiles, memory: Memory, replay: Replay) -> None:
    """Give everybody an account and a recipient, but for those who asked to be forgotten."""
    forgotten = list_forgotten({row.value.email for row in files.people})
    for row in files.people:
        if row.value.email in forgotten:
            asked = "this person asked to be forgotten; register them by hand if they come back"
            memory.report.forgotten.append(str(Fault(PEOPLE, row.number, "", asked)))
        else:
            replay.people[row.value.email] = _register(row.value, memory, replay)


def load_people(files: ProgrammeFiles, memory: Memory, replay: Replay) -> None:
    """Plan new links of those who are registered, correct known ones."""
    links = {
        (link.recipient_id, link.partner.slug, link.since): link
        for link in Membership.objects.select_related("partner")
    }
    for row in files.people:
        person = row.value
        recipient_id = replay.people.get(person.email)
        if recipient_id is None:
            continue
        key, label = (
            f"{who} {person.partner} {person.since}" for who in (recipient_id, person.email)
        )
        values = {
            "job": person.job,
            "role": person.role,
            "until": _plain(replay.find_leaving(person) or person.until),
        }
        link = links.get((recipient_id, person.partner, person.since))
        if link is None:
            replay.plan(
                person.since, PEOPLE, row.number, label, partial(_link, row, recipient_id, replay)
            )
            memory.note_created(Kind.PERSON, key, values, label)
            continue
        site = {name: _plain(getattr(link, name)) for name in values}
        if wanted := memory.merge(Kind.PERSON, key, site=site, file=values, label=label):
            change = partial(_change, link.pk, {**site, **wanted})
            replay.plan_now(PEOPLE, row.number, label, change)


def _register(person: PersonRow, memory: Memory, replay: Replay) -> int:
    known = find_recipient(person.email)
    if known is not None and known.user_id is not None:
        return known.id
    memory.report.created.append(f"account {person.email}")
    return register_recipient(
        email=person.email,
        name=person.name,
        user_id=ensure_user(email=person.email, name=person.name, language=person.language),
        now=replay.start,
    )


def ensure_user(*, email: str, name: str, language: str) -> int:
    """Return the account with this address, made without a usable password if it is new.

    The host's user model may sign in by anything: its e-mail field is asked for, a user name of
    its own gets the address, and a name or language is filled in where it has such fields.
    """
    model: Any = get_user_model()
    field, fields = model.get_email_field_name(), {each.name for each in model._meta.get_fields()}
    known = model._default_manager.filter(**{f"{field}__iexact": email}).first()
    if known is not None:
        return int(known.pk)
    first, _, last = name.partition(" ")
    offered = {"name": name, "first_name": first, "last_name": last, "language": language}
    values = {key: value for key, value in offered.items() if key in fields}
    user = model(**{model.USERNAME_FIELD: email, field: email, **values})
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return int(user.pk)


def _link(row: Row[PersonRow], recipient_id: int, replay: Replay, at: Any) -> None:
    person = row.value
    leaving = replay.find_leaving(person)
    link_person(
        partner_id=Partner.objects.get(slug=person.partner).pk,
        recipient_id=recipient_id,
        since=person.since,
        # Whoever leaves in the history leaves by that act, not from the start.
        until=None if leaving and replay.replays_acts else leaving or person.until,
        job=person.job,
        role=person.role,
        actor=None,
        now=at,
    )


def _change(membership_id: int, values: dict[str, Any], at: Any) -> None:
    who = {"membership_id": membership_id, "actor": None, "now": at}
    change_link(job=values["job"], role=values["role"], **who)
    if values["until"] is None:
        reopen_link(**who)
    else:
        end_link(until=date.fromisoformat(values["until"]), **who)
