"""Signed and public documents besides the credentials themselves."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from badges.domain import ob2, ob3, status, tokens
from badges.domain.contexts import CREDENTIALS, EXTENSIONS, OPEN_BADGES, Json
from badges.domain.keys import RS256, compose_did_document, compose_jwks, jwk_of, method_of
from badges.domain.phrases import words_in
from badges.domain.proof import sign
from badges.domain.validity import REVOKED, SUPERSEDED, SUSPENDED, Marks
from badges.models import Credential, Edition, LostEdition, StatusList
from badges.queries.achievements import AchievementCard, get_issuer
from badges.queries.exhibits import Exhibit, with_replaced
from badges.queries.keys import Signer, find_key, get_signer, list_keys
from lms.conf import get_conf


def get_status_list(number: int, now: datetime, *, as_token: bool = False) -> str | None:
    """Return the signed list of a number: its bits follow from what counts at this moment."""
    row = StatusList.objects.filter(pk=number).first()
    if row is None:
        return None
    encoded = status.encode(_list_bits(number))
    base_url = get_conf().base_url
    document = ob3.compose_status_list(base_url, number, encoded, row.changed_at, as_token=as_token)
    seal = _sign_token if as_token else _sign
    return seal(json.dumps(document), get_signer(now), row.changed_at)


def get_revocation_list() -> Json:
    """Return the Open Badges 2.0 RevocationList of everything signed that no longer counts."""
    return ob2.compose_revocation_list(get_conf().base_url, _revocations())


def get_ob2(exhibit: Exhibit) -> Json | None:
    """Return what the assertion's address says once it no longer counts, else nothing special."""
    if reason := _ob2_reason(exhibit.award.achievement.language, exhibit.marks.said):
        return ob2.compose_revoked(exhibit.award.base_url, exhibit.award.code, reason)
    return None


def get_badge_class(achievement: AchievementCard) -> Json:
    """Return the Open Badges 2.0 BadgeClass."""
    return ob2.compose_badge_class(get_conf().base_url, achievement.accomplishment())


def get_achievement_document(achievement: AchievementCard) -> Json:
    """Return the Open Badges 3.0 Achievement, at its own address."""
    body = ob3.compose_achievement(get_conf().base_url, achievement.accomplishment())
    return {"@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS], **body}


def get_ob2_issuer(kid: str = "") -> Json | None:
    """Return the issuer's Open Badges 2.0 profile, of hosted badges or of those a key signed."""
    if kid and get_ob2_key(kid) is None:
        return None
    return ob2.compose_issuer(get_conf().base_url, get_issuer(), kid)


def get_did_document() -> Json:
    """Return the issuer's DID document with every key ever used."""
    return compose_did_document(get_conf().base_url, list_keys())


def get_jwks() -> Json:
    """Return the same keys as a JSON Web Key Set."""
    return compose_jwks(get_conf().base_url, list_keys())


def get_jwk(kid: str) -> Json | None:
    """Return one key as one JSON Web Key."""
    key = find_key(kid)
    return jwk_of(get_conf().base_url, key) if key else None


def get_ob2_key(kid: str) -> Json | None:
    """Return one RSA key as Open Badges 2.0 wants it."""
    key = find_key(kid)
    return ob2.compose_key(get_conf().base_url, key) if key and key.algorithm == RS256 else None


def _list_bits(number: int) -> list[int]:
    """Return the set places of a list."""
    statement, parameters = _compose_bits()
    with connection.cursor() as cursor:
        cursor.execute(statement, [number if one == _ANY_LIST else one for one in parameters])
        return sorted(index for (index,) in cursor.fetchall())


_ANY_LIST = -1  # stands where the number of a list belongs


@lru_cache(maxsize=1)
def _compose_bits() -> tuple[str, tuple[Any, ...]]:
    """Compose the statement once: it takes the ORM longer than all the rest of an answer."""
    kept, lost = (found.filter(status_list=_ANY_LIST) for found in (_withdrawn(), _lost()))
    both = kept.values_list("status_index").union(lost.values_list("status_index"))
    composed: tuple[str, tuple[Any, ...]] = both.query.sql_with_params()
    return composed


def _withdrawn() -> QuerySet[Edition]:
    """The editions whose bit is set: revoked, suspended, or another took their place."""
    return with_replaced(Edition.objects.all()).filter(
        Q(credential__revoked_at__isnull=False)
        | Q(credential__suspended_at__isnull=False)
        | Q(replaced=True)
    )


def _lost() -> QuerySet[LostEdition]:
    """The same of editions that a restored copy is without."""
    kept = Credential.objects.filter(code=OuterRef("code"))
    revoked = Exists(kept.filter(revoked_at__isnull=False))
    suspended = Exists(kept.filter(suspended_at__isnull=False))
    return LostEdition.objects.annotate(by_revoking=revoked, by_suspending=suspended).filter(
        ~Q(state="") | Q(by_revoking=True) | Q(by_suspending=True)
    )


def _revocations() -> Iterator[tuple[str, str]]:
    rows = (
        _withdrawn()
        .order_by("pk")
        .values_list(
            "data__base_url",
            "credential__code",
            "number",
            "data__achievement__language",
            "credential__revoked_at",
            "credential__suspended_at",
        )
    )
    for base_url, code, number, language, revoked_at, suspended_at in rows.iterator():
        marks = Marks(revoked=bool(revoked_at), suspended=bool(suspended_at), superseded=True)
        yield ob2.signed_id(base_url, code, number), _ob2_reason(language, marks.said)
    yield from _lost_revocations()


def _lost_revocations() -> Iterator[tuple[str, str]]:
    """In which language and under which address they were issued is lost; both rarely change."""
    fields = ("code", "number", "state", "by_revoking", "by_suspending")
    rows = _lost().order_by("pk").values_list(*fields)
    for code, number, state, revoked, suspended in rows:
        said = state or Marks(revoked=revoked, suspended=suspended).said
        reason = _ob2_reason(settings.LANGUAGE_CODE, said)
        yield ob2.signed_id(get_conf().base_url, code, number), reason


def _ob2_reason(language: str, mark: str) -> str:
    """Public words that tell a suspension from a revocation; the issuer's own are the holder's."""
    words = words_in(language)
    said = {REVOKED: words.revoked, SUSPENDED: words.suspended, SUPERSEDED: words.superseded}
    return said.get(mark, "")


@lru_cache(maxsize=16)
def _sign(document: str, signer: Signer, since: datetime) -> str:
    """Sign once per content: the same list gives the same bytes, so its ETag holds."""
    method = method_of(get_conf().base_url, signer.proof_kid)
    composed: Json = json.loads(document)
    return json.dumps(sign(composed, method=method, key=signer.proof, created=since))


@lru_cache(maxsize=16)
def _sign_token(document: str, signer: Signer, since: datetime) -> str:
    """The same as a token; ``since`` is in the document, and keeps the two alike."""
    kid = method_of(get_conf().base_url, signer.token_kid)
    return tokens.sign_credential(json.loads(document), kid=kid, key=signer.token)
