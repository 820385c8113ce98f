"""Rules, facts, companies and people for tests."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from badges.actions.credentials import Issued, issue
from badges.actions.recipients import register_recipient
from lms.events.publish import deliver_due
from partners.actions.links import link_person
from partners.actions.partners import add_partner
from partners.actions.rules import publish_rules
from partners.domain.facts import Facts, Holding, Person
from tests.factories.badges import make_achievement, make_issuer

PROGRAMME = "halden-partner-programme"
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)  # noon in Warsaw
SALES, RECOVERY, PLATFORM = "sales-specialist", "recovery-engineer", "platform-engineer"


def line(line_id: str, people: int, *any_of: str, **extra: Any) -> dict[str, Any]:
    """Return a line of a rules document."""
    text = {"en": f"Certified in {line_id}", "ru": f"Сертифицированы: {line_id}"}
    return {"id": line_id, "text": text, "people": people, "any_of": list(any_of), **extra}


def tier(tier_id: str, percent: int, *lines: dict[str, Any]) -> dict[str, Any]:
    """Return a tier of a rules document."""
    return {
        "id": tier_id,
        "name": {"en": tier_id.title(), "ru": f"Статус {tier_id}"},
        "benefits": [{"id": "margin", "product": "halden-platform", "percent": percent}],
        "lines": list(lines),
    }


def document(**changes: Any) -> dict[str, Any]:
    """Return a programme of three tiers: silver takes 1 sales + 1 engineer, gold 2 + 2."""
    return {
        "slug": PROGRAMME,
        "name": {"en": "Halden Partner Programme", "pl": "Program partnerski Halden"},
        "time_zone": "Europe/Warsaw",
        "version": "2026.1",
        "announced_on": "2025-09-01",
        "valid_from": "2025-10-01",
        "sharing": "none",
        "products": {"halden-platform": {"en": "Halden Platform"}},
        "tiers": [
            tier("registered", 10),
            tier("silver", 18, line("sales", 1, SALES), line("engineers", 1, RECOVERY, PLATFORM)),
            tier("gold", 25, line("sales", 2, SALES), line("engineers", 2, RECOVERY, PLATFORM)),
        ],
        **changes,
    }


def holding(achievement: str, **changes: Any) -> Holding:
    """Return a credential valid from January 2026 to the end of 2027."""
    values = {
        "achievement": achievement,
        "code": f"{achievement}-code",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2028, 1, 1),
        **changes,
    }
    return Holding(**values)


def person(number: int, *achievements: str | Holding, **changes: Any) -> Person:
    """Return somebody linked since 2025 who holds these achievements."""
    held = tuple(
        each if isinstance(each, Holding) else holding(each, code=f"{each}-{number}")
        for each in achievements
    )
    return Person(**{"id": number, "since": date(2025, 1, 1), "holdings": held, **changes})


def facts(*people: Person) -> Facts:
    """Return the facts of a company."""
    return Facts(people=people)


def make_rules(now: datetime = NOW, **changes: Any) -> int:
    """Publish the programme's rules."""
    plain = document(**changes)
    return publish_rules(
        programme=plain["slug"],
        version=plain["version"],
        document=plain,
        announced_on=date.fromisoformat(plain["announced_on"]),
        valid_from=date.fromisoformat(plain["valid_from"]),
        actor=None,
        now=now,
    )


def make_partner(slug: str = "baltwerk", now: datetime = NOW, **changes: Any) -> int:
    """Add a company."""
    values: dict[str, Any] = {
        "slug": slug,
        "name": slug.title(),
        "country": "PL",
        "city": "Gdańsk",
        "website": f"https://{slug}.example",
        "joined_on": date(2025, 1, 15),
        "programme": PROGRAMME,
        "actor": None,
        **changes,
    }
    return add_partner(**values, now=now)


def make_user(email: str, *permissions: str, staff: bool = False) -> int:
    """Create somebody who can sign in, with permissions of this app by codename."""
    user = get_user_model().objects.create_user(email, "a long password")
    user.is_staff = staff
    user.save()
    wanted = Permission.objects.filter(content_type__app_label="lms_partners")
    user.user_permissions.set(wanted.filter(codename__in=permissions))
    return int(user.pk)


def make_recipient(email: str, user_id: int | None = None, now: datetime = NOW) -> int:
    """Register a person."""
    name = email.split("@")[0].title()
    return register_recipient(email=email, name=name, user_id=user_id, now=now)


def make_link(partner_id: int, recipient_id: int, now: datetime = NOW, **changes: Any) -> int:
    """Link a person to a company since 2025."""
    values: dict[str, Any] = {
        "since": date(2025, 2, 1),
        "until": None,
        "job": "engineer",
        "role": "member",
        "actor": None,
        **changes,
    }
    return link_person(partner_id=partner_id, recipient_id=recipient_id, **values, now=now)


def make_achievements(*slugs: str) -> None:
    """Define the issuer and achievements; all three of the rules unless named."""
    make_issuer(now=datetime(2025, 1, 1, tzinfo=UTC))
    for slug in slugs or (SALES, RECOVERY, PLATFORM):
        make_achievement(slug, valid_months=24, now=datetime(2025, 1, 1, tzinfo=UTC))


def award(recipient_id: int, achievement: str, now: datetime = NOW) -> Issued:
    """Issue a credential and deliver what follows from it."""
    source = f"test:{recipient_id}:{achievement}:{now.isoformat()}"
    given = issue(
        achievement=achievement,
        recipient_id=recipient_id,
        source=source,
        language="en",
        actor=None,
        now=now,
    )
    deliver_due(now)
    return given


@dataclass(frozen=True, kw_only=True)
class Company:
    """A company with Ana the engineer and Bo the manager, and their accounts."""

    id: int
    ana: int
    bo: int
    ana_user: int
    bo_user: int
    ana_link: int
    bo_link: int


def make_company(slug: str = "baltwerk", now: datetime = NOW) -> Company:
    """Add a company with two people."""
    partner_id = make_partner(slug, now)
    users = [make_user(f"{who}@{slug}.example") for who in ("ana", "bo")]
    ana, bo = (
        make_recipient(f"{who}@{slug}.example", user, now)
        for who, user in zip(("ana", "bo"), users, strict=True)
    )
    ana_link = make_link(partner_id, ana, now)
    bo_link = make_link(partner_id, bo, now, job="sales", role="manager")
    deliver_due(now)
    return Company(
        id=partner_id,
        ana=ana,
        bo=bo,
        ana_user=users[0],
        bo_user=users[1],
        ana_link=ana_link,
        bo_link=bo_link,
    )
