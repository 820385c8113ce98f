"""How many credentials are issued in a second?

The full path (action, signed edition, events, everybody who listens) beside raw inserts of the very
rows it wrote, in the same database and the same run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from temporary import SAMPLE, Timing, define_achievements, run, show_rates, time_calls

ROUNDS, EACH = 5, 20
COMPANIES, ACHIEVEMENTS = 10, ("halden-recovery-engineer", "halden-sales-specialist")


@dataclass(frozen=True)
class Table:
    """The rows a round added to one table, as the database holds them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def measure() -> None:
    """Issue a batch, deliver its events, take the rows out and put them in again by hand."""
    from lms.events.publish import deliver_due

    recipients = _prepare()
    issued: list[Timing] = []
    whole: list[Timing] = []
    raw: list[Timing] = []
    _issue(recipients, 0)  # the first one makes the key and reads the fonts
    deliver_due()
    for turn in range(ROUNDS):
        before, first = _last_ids(), 1 + turn * EACH
        timing = time_calls(partial(_issue, recipients), range(first, first + EACH))
        issued.append(timing)
        whole.append(timing + time_calls(lambda _: deliver_due(), range(1)))
        tables = _take_out(before)
        raw.append(time_calls(partial(_put_in, tables), range(EACH)))
    rows = sum(len(table.rows) for table in tables) / EACH
    print(f"  {rows:.1f} rows in {len(tables)} tables a credential; {ROUNDS} rounds of {EACH}")
    base = "the same rows, inserted by hand"
    show_rates({"issued": issued, "issued, every event heard": whole, base: raw}, EACH, base)


def _issue(recipients: list[int], number: int) -> None:
    from django.utils import timezone

    from badges.actions.credentials import issue

    issue(
        achievement=ACHIEVEMENTS[number % 2],
        recipient_id=recipients[number % len(recipients)],
        source=f"bench:{number}",
        language="en",
        actor=None,
        now=timezone.now(),
    )


def _prepare() -> list[int]:
    """An issuer, two achievements, the sample's rules, ten companies with ten people each."""
    import yaml
    from django.utils import timezone

    from partners.actions.rules import publish_rules

    now = timezone.now()
    define_achievements(*ACHIEVEMENTS)
    document = yaml.safe_load((SAMPLE / "programme.yaml").read_text("utf-8"))["programme"]
    publish_rules(
        programme=document["slug"], version="1", document=document,
        announced_on=date(2025, 1, 1), valid_from=date(2025, 1, 1), actor=None, now=now,
    )  # fmt: skip
    return [_join(document["slug"], number) for number in range(10 * COMPANIES)]


def _join(programme: str, number: int) -> int:
    from django.utils import timezone

    from badges.actions.recipients import register_recipient
    from partners.actions.links import link_person
    from partners.actions.partners import add_partner
    from partners.models import Partner

    now, slug = timezone.now(), f"company-{number % COMPANIES}"
    recipient_id = register_recipient(
        email=f"person{number}@{slug}.example", name=f"Person {number}", now=now
    )
    partner = Partner.objects.filter(slug=slug).first()
    partner_id = partner.pk if partner else add_partner(
        slug=slug, name=slug, country="PL", city="", website="", joined_on=date(2025, 1, 1),
        programme=programme, actor=None, now=now,
    )  # fmt: skip
    link_person(
        partner_id=partner_id, recipient_id=recipient_id, since=now.date() - timedelta(days=30),
        until=None, job="engineer", role="manager" if number < COMPANIES else "member",
        actor=None, now=now,
    )  # fmt: skip
    return recipient_id


def _models() -> Iterable[Any]:
    """The tables that issuing and its listeners write, those first that others point to."""
    from django_q.models import OrmQ

    from badges.models import Credential, Edition
    from lms.events.models import Delivery
    from lms.notifications.models import Mail
    from partners.models import Decision

    return (Credential, Edition, Decision, Mail, Delivery, OrmQ)


def _last_ids() -> dict[str, int]:
    from django.db.models import Max

    return {
        model._meta.db_table: model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        for model in _models()
    }


def _take_out(before: dict[str, int]) -> list[Table]:
    """Read what was added since, then delete it, so that the same rows can be inserted again."""
    from django.db import connection, transaction

    tables = []
    with transaction.atomic(), connection.cursor() as cursor:
        for name, last in before.items():
            cursor.execute(f"SELECT * FROM {name} WHERE id > %s ORDER BY id", [last])
            columns = tuple(column[0] for column in cursor.description)
            tables.append(Table(name, columns, tuple(map(_plain, cursor.fetchall()))))
        for name, last in reversed(before.items()):
            cursor.execute(f"DELETE FROM {name} WHERE id > %s", [last])
    return [table for table in tables if table.rows]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    from psycopg.types.json import Jsonb

    return tuple(Jsonb(value) if isinstance(value, dict | list) else value for value in row)


def _put_in(tables: list[Table], number: int) -> None:
    """Insert one credential's share of every table in one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            slots = ", ".join(["%s"] * len(table.columns))
            names = ", ".join(map(connection.ops.quote_name, table.columns))
            statement = f"INSERT INTO {table.name} ({names}) VALUES ({slots})"
            for row in table.rows[number::EACH]:
                cursor.execute(statement, row)


if __name__ == "__main__":
    run(measure)
