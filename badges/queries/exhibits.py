"""One credential with everything its page, pictures and documents are made from."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from badges.domain.award import Award
from badges.domain.validity import Marks, picture_on, state_on
from badges.models import Edition


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
    found: QuerySet[Edition] = Edition.objects.filter(credential__code=code)
    if edition is not None:  # else it is the latest, and nothing can have taken its place
        found = _with_latest(with_replaced(found.filter(number=edition)))
    row = found.select_related("credential__recipient", "key").order_by("-number").first()
    return _exhibit(row) if row else None


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


def _exhibit(edition: Edition) -> Exhibit:
    credential = edition.credential
    recipient = credential.recipient
    return Exhibit(
        credential_id=credential.pk,
        recipient_id=recipient.pk,
        user_id=recipient.user_id,
        edition=edition.number,
        latest=getattr(edition, "latest", edition.number),
        kind=edition.kind,
        award=Award.from_json(edition.data),
        ob3=edition.ob3,
        jwt=edition.jwt,
        ob2=edition.ob2,
        jws=edition.jws,
        kid=edition.key.kid,
        marks=Marks(
            revoked=credential.revoked_at is not None,
            suspended=credential.suspended_at is not None,
            superseded=getattr(edition, "replaced", False),
        ),
        revoked_at=credential.revoked_at,
        suspended_at=credential.suspended_at,
        marked_at=credential.marked_at,
        reason=credential.revoke_reason or credential.suspend_reason,
        decided_at=recipient.visibility_decided_at,
        show_name=recipient.show_name,
        show_company=recipient.show_company,
        show_date=recipient.show_date,
        edition_at=edition.created_at,
        erased=recipient.erased_at is not None,
    )
