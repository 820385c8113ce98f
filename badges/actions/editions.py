"""Adding an edition: frozen data, both documents, one bit of a status list."""

import hashlib
import json
import secrets
from datetime import UTC, date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.timezone import get_default_timezone

from badges.actions.keys import prepare_keys
from badges.domain import ob2, ob3
from badges.domain.award import Accomplishment, Award, Issuer
from badges.domain.contexts import Json
from badges.domain.identity import hash_identity
from badges.domain.keys import method_of
from badges.domain.proof import sign
from badges.domain.status import SIZE
from badges.models import (
    AchievementText,
    Credential,
    Edition,
    IssuerProfile,
    Recipient,
    RecipientAddress,
    StatusList,
)
from badges.queries.keys import NoKeyYet, Signer, get_signer
from lms.conf import get_conf

PROBES = 8  # random places tried in a status list; when all are taken, the list is full
TRIES = 3  # against another process that takes the same place between the look and the insert


class NotReady(Exception):
    """Something has to be set up before anything can be issued; the message says what."""


def add_edition(
    credential: Credential, text: AchievementText, *, now: datetime, number: int = 1
) -> Edition:
    """Sign and keep an edition of a credential, the first by default. Call in a transaction."""
    signer = _signer(now)
    for left in reversed(range(TRIES)):
        award = _award(credential, text, _free_place(now))
        try:
            with transaction.atomic():
                edition = _keep(credential, number, award, signer, now)
            break
        except IntegrityError:
            if not left:
                raise
    return edition


def add_editions_for_name(recipient: Recipient, *, now: datetime) -> None:
    """Give every credential printed under another name an edition with the recipient's own."""
    for credential in recipient.credentials.filter(revoked_at__isnull=True):
        latest = credential.editions.order_by("-number").first()
        if latest is None or latest.data["name"] == recipient.name:
            continue
        frozen = Award.from_json(latest.data).achievement
        text = AchievementText(
            achievement=credential.achievement,
            language=frozen.language,
            name=frozen.name,
            description=frozen.description,
            criteria=frozen.criteria,
        )
        add_edition(credential, text, now=now, number=latest.number + 1)


def _keep(
    credential: Credential, number: int, award: Award, signer: Signer, now: datetime
) -> Edition:
    method = method_of(award.base_url, signer.kid)
    proven = sign(ob3.compose_credential(award), method=method, key=signer.private, created=now)
    badge, assertion = _text(proven), _text(ob2.compose_assertion(award))
    return Edition.objects.create(
        credential=credential,
        number=number,
        status_list_id=award.status_list,
        status_index=award.status_index,
        key_id=signer.id,
        data=award.to_json(),
        ob3=badge,
        ob2=assertion,
        ob3_sha256=hashlib.sha256(badge.encode()).hexdigest(),
        ob2_sha256=hashlib.sha256(assertion.encode()).hexdigest(),
        created_at=now,
    )


def _award(credential: Credential, text: AchievementText, place: tuple[int, int]) -> Award:
    address, salt = _address(credential.recipient_id), secrets.token_hex(16)
    return Award(
        base_url=get_conf().base_url,
        code=credential.code,
        issuer=_issuer(),
        achievement=Accomplishment(
            code=credential.achievement.code,
            kind=credential.achievement.achievement_type,
            name=text.name,
            description=text.description,
            criteria=text.criteria,
            language=text.language,
        ),
        subject=f"urn:uuid:{credential.subject}",
        identity_hash=hash_identity(address.email, salt),
        salt=salt,
        name=address.recipient.name,
        issued_at=credential.issued_at,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        expires_at=_midnight(credential.valid_until) if credential.valid_until else None,
        status_list=place[0],
        status_index=place[1],
    )


def _signer(now: datetime) -> Signer:
    try:
        return get_signer()
    except NoKeyYet:
        prepare_keys(now=now)
        return get_signer()


def _issuer() -> Issuer:
    profile = IssuerProfile.objects.filter(pk=1).first()
    if profile is None:
        raise NotReady("No issuer is defined yet: load a programme or call define_issuer.")
    return Issuer(
        name=profile.name, url=profile.url, email=profile.email, description=profile.description
    )


def _address(recipient_id: int) -> RecipientAddress:
    addresses = RecipientAddress.objects.select_related("recipient")
    address = addresses.filter(recipient_id=recipient_id).first()
    if address is None:
        raise NotReady(f"Recipient {recipient_id} has no address to hash into the document.")
    return address


def _free_place(now: datetime) -> tuple[int, int]:
    lists = StatusList.objects
    current = lists.order_by("-pk").first() or lists.create(created_at=now)
    while True:
        places = {secrets.randbelow(SIZE) for _ in range(PROBES)}
        taken = Edition.objects.filter(status_list=current, status_index__in=places)
        free = places - set(taken.values_list("status_index", flat=True))
        if free:
            return current.pk, free.pop()
        current = lists.create(created_at=now)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_default_timezone()).astimezone(UTC)


def _text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False)
