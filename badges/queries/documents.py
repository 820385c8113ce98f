"""Signed and public documents besides the credentials themselves."""

import json
from datetime import datetime
from functools import lru_cache

from badges.domain import ob2, ob3, status
from badges.domain.contexts import CREDENTIALS, EXTENSIONS, OPEN_BADGES, Json
from badges.domain.keys import compose_did_document, compose_jwks, jwk_of, method_of
from badges.domain.proof import sign
from badges.models import Credential, StatusList
from badges.queries.achievements import AchievementCard, get_issuer
from badges.queries.exhibits import Exhibit
from badges.queries.keys import Signer, get_signer, list_kids
from lms.conf import get_conf


def get_status_list(number: int) -> str | None:
    """Return the signed list of a number: its bits follow from what is revoked at this moment."""
    row = StatusList.objects.filter(pk=number).first()
    if row is None:
        return None
    revoked = list(
        Credential.objects.filter(revoked_at__isnull=False, editions__status_list=row)
        .order_by("editions__status_index")
        .values_list("editions__status_index", "revoked_at")
    )
    since = max([row.created_at, *(moment for _index, moment in revoked if moment)])
    encoded = status.encode(index for index, _moment in revoked)
    document = ob3.compose_status_list(get_conf().base_url, number, encoded, since)
    return _sign(json.dumps(document), get_signer(), since)


def get_ob2(exhibit: Exhibit) -> Json | None:
    """Return what the assertion's address says once it is revoked, else nothing special."""
    if exhibit.revoked_at is None:
        return None
    return ob2.compose_revoked(exhibit.award.base_url, exhibit.award.code)


def get_badge_class(achievement: AchievementCard) -> Json:
    """Return the Open Badges 2.0 BadgeClass."""
    return ob2.compose_badge_class(get_conf().base_url, achievement.accomplishment())


def get_achievement_document(achievement: AchievementCard) -> Json:
    """Return the Open Badges 3.0 Achievement, at its own address."""
    body = ob3.compose_achievement(get_conf().base_url, achievement.accomplishment())
    return {"@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS], **body}


def get_ob2_issuer() -> Json:
    """Return the issuer's Open Badges 2.0 profile."""
    return ob2.compose_issuer(get_conf().base_url, get_issuer())


def get_did_document() -> Json:
    """Return the issuer's DID document with every key ever used."""
    return compose_did_document(get_conf().base_url, list_kids())


def get_jwks() -> Json:
    """Return the same keys as a JSON Web Key Set."""
    return compose_jwks(list_kids())


def get_jwk(kid: str) -> Json | None:
    """Return one key."""
    return jwk_of(kid) if kid in list_kids() else None


@lru_cache(maxsize=16)
def _sign(document: str, signer: Signer, since: datetime) -> str:
    """Sign once per content: the same list gives the same bytes, so its ETag holds."""
    composed: Json = json.loads(document)
    method = method_of(get_conf().base_url, signer.kid)
    return json.dumps(sign(composed, method=method, key=signer.private, created=since))
