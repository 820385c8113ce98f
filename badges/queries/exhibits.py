"""One credential with everything its page, pictures and documents are made from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from badges.domain.award import Award
from badges.domain.validity import Marks, picture_on, state_on
from badges.models import Edition
from badges.queries.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One edition of a credential. ``award.name`` is for the holder alone."""

    credential_id: int
    recipient_id: int
    user_id: int | None
    edition: int
    latest: int
    kind: str
    award: Award
    ob3: str
    jwt: str
    ob2: str
    jws: str
    kid: str
    marks: Marks
    revoked_at: datetime | None
    suspended_at: datetime | None
    marked_at: datetime | None
    reason: str
    decided_at: datetime | None
    show_name: bool
    show_company: bool
    show_date: bool
    edition_at: datetime
    erased: bool

    @property
    def public_name(self) -> str:
        """The name if the holder published it, else nothing."""
        return self.award.name if self.show_name else ""

    def state(self, on: date) -> str:
        """Return the state of this edition on a day, as ``badges.domain.validity`` names it."""
        award = self.award
        return state_on(
            on, valid_from=award.valid_from, valid_until=award.valid_until, marks=self.marks
        )

    def picture(self, on: date) -> str:
        """Return the state as pictures show it: ``expiring`` in the last thirty days."""
        return picture_on(on, state=self.state(on), valid_until=self.award.valid_until)


@dataclass(frozen=True, kw_only=True)
class EditionCard:
    """One link of the public chain: what happened, when, and why."""

    number: int
    kind: str
    label: str
    note: str
    issued_at: datetime
    valid_until: date | None

    @property
    def said(self) -> str:
        """What happened, to stand inside a sentence: the issuer's note if there is one."""
        return (self.note or self.label).rstrip(".")


def get_exhibit(code: str, edition: int | None = None) -> Exhibit | None:
    """Return a credential by its code, its latest edition or a given one, in one statement."""
    if edition is None:  # nothing can have taken the place of the latest
        rows = _read_latest(code)
    else:
        numbered = Edition.objects.filter(credential__code=code, number=edition)
        read = _with_latest(with_replaced(numbered))
        rows = list(read.values_list(*_COLUMNS.values(), "latest", "replaced"))
    return _exhibit(*rows[0]) if rows else None


@prepared
def _read_latest(code: str) -> QuerySet[Edition, tuple[Any, ...]]:
    editions = Edition.objects.filter(credential__code=code).order_by("-number")
    return editions.values_list(*_COLUMNS.values())[:1]


def list_editions(code: str) -> list[EditionCard]:
    """Return the chain of a credential, first to last."""
    rows = Edition.objects.filter(credential__code=code).order_by("number")
    return [
        EditionCard(
            number=row.number,
            kind=row.kind,
            label=row.get_kind_display(),
            note=row.note,
            issued_at=row.created_at,
            valid_until=Award.from_json(row.data).valid_until,
        )
        for row in rows.only("number", "kind", "note", "created_at", "data")
    ]


def with_replaced(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Tell of each edition whether a later one took its place."""
    later = Edition.objects.filter(credential=OuterRef("credential"), number__gt=OuterRef("number"))
    return editions.annotate(replaced=Exists(later.filter(kind__in=Edition.REPLACING)))


def _with_latest(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    newest = Edition.objects.filter(credential=OuterRef("credential")).order_by("-number")
    return editions.annotate(latest=newest.values("number")[:1])


_COLUMNS = {
    "credential_id": "credential_id",
    "recipient_id": "credential__recipient_id",
    "user_id": "credential__recipient__user_id",
    "edition": "number",
    "kind": "kind",
    "award": "data",
    "ob3": "ob3",
    "jwt": "jwt",
    "ob2": "ob2",
    "jws": "jws",
    "kid": "key__kid",
    "revoked_at": "credential__revoked_at",
    "suspended_at": "credential__suspended_at",
    "marked_at": "credential__marked_at",
    "revoke_reason": "credential__revoke_reason",
    "reason": "credential__suspend_reason",
    "decided_at": "credential__recipient__visibility_decided_at",
    "show_name": "credential__recipient__show_name",
    "show_company": "credential__recipient__show_company",
    "show_date": "credential__recipient__show_date",
    "edition_at": "created_at",
    "erased": "credential__recipient__erased_at",
}


def _exhibit(*row: Any) -> Exhibit:
    """``row`` is what ``_COLUMNS`` names, then the latest number and whether one took its place."""
    read = dict(zip(_COLUMNS, row, strict=False))
    latest, replaced = row[len(_COLUMNS) :] or (read["edition"], False)
    revoke_reason = read.pop("revoke_reason")
    marks = Marks(
        revoked=read["revoked_at"] is not None,
        suspended=read["suspended_at"] is not None,
        superseded=replaced,
    )
    shaped = {
        "award": Award.from_json(read["award"]),
        "reason": revoke_reason or read["reason"],
        "erased": read["erased"] is not None,
    }
    return Exhibit(**{**read, **shaped}, latest=latest, marks=marks)
