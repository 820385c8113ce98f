"""Adding an edition: frozen data, every signed document, one bit of a status list."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import FilteredRelation, Max, Q, QuerySet
from django.utils.timezone import get_default_timezone

from badges.actions.facts import facts_of
from badges.actions.keys import prepare_keys
from badges.actions.ledger import note_edition
from badges.domain import ob2, ob3, tokens
from badges.domain.award import Accomplishment, Award, Issuer
from badges.domain.contexts import Json
from badges.domain.design import Design
from badges.domain.fonts import check_printable
from badges.domain.identity import hash_identity
from badges.domain.keys import method_of
from badges.domain.proof import sign
from badges.domain.status import SIZE
from badges.events import EditionAdded
from badges.models import (
    AchievementText,
    Credential,
    Edition,
    IssuerProfile,
    LostEdition,
    Recipient,
    RecipientAddress,
    StatusList,
)
from badges.queries.keys import NoKeyYet, Signer, get_signer
from badges.queries.prepared import prepared
from lms.conf import get_conf
from lms.events.publish import publish

PROBES = 8  # random places tried in a status list; when all are taken, the list is full
TRIES = 3  # against another process that takes the same place between the look and the insert


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What every certificate of an achievement in one language has in common."""

    issuer: Issuer
    achievement: Accomplishment
    design: Design


class NotReady(Exception):
    """Something has to be set up before anything can be issued; the message says what."""


def add_first_edition(credential: Credential, text: AchievementText, *, now: datetime) -> Edition:
    """Sign and keep what is issued. Call in a transaction."""
    return _add(credential, _printed(text), kind=Edition.Kind.FIRST, number=1, now=now)


def add_edition(
    credential: Credential,
    *,
    kind: str,
    now: datetime,
    text: AchievementText | None = None,
    note: str = "",
    source: str | None = None,
) -> Edition:
    """Sign, keep and tell the next edition of a credential. Call in a transaction.

    Words, design and issuer stay those of the latest edition, unless a new ``text`` is given; the
    name and the dates are today's. Earlier editions that it replaces lose their bit at once.
    """
    latest = credential.editions.order_by("-number")[0]
    frozen = Award.from_json(latest.data)
    kept = Printed(issuer=frozen.issuer, achievement=frozen.achievement, design=frozen.design)
    edition = _add(
        credential,
        _printed(text) if text else kept,
        kind=kind,
        number=_next_number(latest),
        note=note,
        source=source,
        now=now,
    )
    if kind in Edition.REPLACING:
        touch_lists(credential, now)
    facts = facts_of(credential)
    publish(EditionAdded(occurred_at=now, edition=edition.number, kind=kind, **facts))
    return edition


def touch_lists(credential: Credential, now: datetime) -> None:
    """Remember that bits of this credential's editions moved."""
    own = Q(editions__credential=credential) | Q(lost__code=credential.code)
    StatusList.objects.filter(own).update(changed_at=now)


def _next_number(latest: Edition) -> int:
    """Above those a restored copy is without: their documents are named by their number."""
    lost = LostEdition.objects.filter(code=latest.credential.code)
    return int(max(latest.number, lost.aggregate(last=Max("number"))["last"] or 0)) + 1


def _add(
    credential: Credential,
    printed: Printed,
    *,
    kind: str,
    number: int,
    now: datetime,
    note: str = "",
    source: str | None = None,
) -> Edition:
    signer = _signer(now)
    for left in reversed(range(TRIES)):
        award = _award(credential, printed, number, _free_place(now), now)
        edition = Edition(credential=credential, number=number, kind=kind, note=note, source=source)
        try:
            with transaction.atomic():
                _keep(edition, award, signer, now)
            break
        except IntegrityError:
            # Only a taken place is worth another try: a taken number or source stays taken.
            if not left or _is_taken(credential, number, source):
                raise
    note_edition(edition, credential.code, at=now)
    return edition


def _is_taken(credential: Credential, number: int, source: str | None) -> bool:
    taken = Edition.objects.filter(credential=credential, number=number)
    return (taken | Edition.objects.filter(source__isnull=False, source=source)).exists()


def _keep(edition: Edition, award: Award, signer: Signer, now: datetime) -> None:
    method = method_of(award.base_url, signer.proof_kid)
    token_method = method_of(award.base_url, signer.token_kid)
    proven = sign(ob3.compose_credential(award), method=method, key=signer.proof, created=now)
    token = ob3.compose_credential(award, as_token=True)
    signed = ob2.compose_signed_assertion(award, signer.token_kid)
    edition.status_list_id, edition.status_index = award.status_list, award.status_index
    edition.key_id, edition.token_key_id = signer.proof_id, signer.token_id
    edition.data, edition.created_at = award.to_json(), now
    edition.ob3, edition.ob2 = _text(proven), _text(ob2.compose_assertion(award))
    edition.jwt = tokens.sign_credential(token, kid=token_method, key=signer.token)
    edition.jws = tokens.sign(signed, key=signer.token)
    edition.save()


def _printed(text: AchievementText) -> Printed:
    achievement, design = text.achievement, text.achievement.design
    accomplishment = Accomplishment(
        code=achievement.code,
        kind=achievement.achievement_type,
        name=text.name,
        description=text.description,
        criteria=text.criteria,
        language=text.language,
        level=achievement.level,
    )
    look, issuer = design.look(text.language) if design else Design(), _issuer()
    for words in (text.name, text.criteria, issuer.name):
        check_printable(words)  # or there would be a certificate that cannot be drawn
    return Printed(issuer=issuer, achievement=accomplishment, design=look)


def _award(
    credential: Credential,
    printed: Printed,
    number: int,
    place: tuple[int, int],
    now: datetime,
) -> Award:
    (email, *holder), salt = _address(credential.recipient_id), secrets.token_hex(16)
    # Read in the same statement; an event names it too.
    credential.recipient = Recipient.from_db(DEFAULT_DB_ALIAS, ("id", "name", "user_id"), holder)
    return Award(
        base_url=get_conf().base_url,
        code=credential.code,
        issuer=printed.issuer,
        achievement=printed.achievement,
        design=printed.design,
        subject=f"urn:uuid:{credential.subject}",
        identity_hash=hash_identity(email, salt),
        salt=salt,
        name=credential.recipient.name,
        issued_at=credential.issued_at,
        edition=number,
        # The first holds from when it was issued, even where that was elsewhere and before.
        edition_at=credential.issued_at if number == 1 else now,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        expires_at=_midnight(credential.valid_until) if credential.valid_until else None,
        status_list=place[0],
        status_index=place[1],
    )


def _signer(now: datetime) -> Signer:
    try:
        return get_signer(now)
    except NoKeyYet:
        prepare_keys(now=now)
        return get_signer(now)


def _issuer() -> Issuer:
    for profile in _profiles():  # one at most
        return Issuer(
            name=profile.name, url=profile.url, email=profile.email, description=profile.description
        )
    raise NotReady("No issuer is defined yet: load a programme or call define_issuer.")


@prepared
def _profiles() -> QuerySet[IssuerProfile]:
    return IssuerProfile.objects.all()


def _address(recipient_id: int) -> tuple[str, int, str, int | None]:
    addresses = _addresses(recipient_id)
    if not addresses:
        raise NotReady(f"Recipient {recipient_id} has no address to hash into the document.")
    return addresses[0]


@prepared
def _addresses(recipient_id: int) -> QuerySet[RecipientAddress, tuple[str, int, str, int | None]]:
    """Whom they belong to comes along."""
    fields = ("email", "recipient_id", "recipient__name", "recipient__user_id")
    addresses = RecipientAddress.objects.filter(recipient_id=recipient_id)
    return addresses.order_by("pk").values_list(*fields)


def _free_place(now: datetime) -> tuple[int, int]:
    places = _draw_places()
    rows = _taken(*places)
    newest = rows[0][0] if rows else None
    taken = {place for number, place in rows if number == newest}
    if newest is None or taken.issuperset(places):
        return StatusList.objects.create(changed_at=now).pk, places[0]
    return newest, next(place for place in places if place not in taken)


def _draw_places() -> list[int]:
    return secrets.SystemRandom().sample(range(SIZE), PROBES)


@prepared
def _taken(*places: int) -> QuerySet[StatusList, tuple[int, int | None]]:
    """Return the newest list with those of the places that are taken, if any; then older lists."""
    taken = FilteredRelation("editions", condition=Q(editions__status_index__in=places))
    lists = StatusList.objects.annotate(taken=taken).order_by("-pk")
    return lists.values_list("pk", "taken__status_index")[:PROBES]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_default_timezone()).astimezone(UTC)


def _text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False)
