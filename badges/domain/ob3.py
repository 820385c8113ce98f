"""Open Badges 3.0 documents, composed but not yet signed."""

from datetime import datetime

from badges.domain.award import Accomplishment, Award, Issuer
from badges.domain.contexts import CREDENTIALS, EXTENSIONS, OPEN_BADGES, Json
from badges.domain.keys import did_of
from badges.domain.proof import to_utc

CONTEXT = [CREDENTIALS, OPEN_BADGES, EXTENSIONS]


def compose_credential(award: Award, *, as_token: bool = False) -> Json:
    """Return the OpenBadgeCredential of an award: no name in it, the address only as a hash.

    A token points to the status list in its own form: some verifiers read no other.
    ``validFrom`` is the edition's: of two documents with one id, the newer takes the place of the
    older (Open Badges 3.0, on equality).
    """
    document: Json = {
        "@context": CONTEXT,
        "id": f"{award.base_url}/c/{award.code}.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": compose_issuer(award.base_url, award.issuer),
        "validFrom": to_utc(award.edition_at),
        "awardedDate": to_utc(award.issued_at),
        "name": award.achievement.name,
        "description": award.achievement.statement,
        "credentialSubject": _subject(award),
        "credentialStatus": _status(award, ".jwt" if as_token else ""),
    }
    if award.expires_at:
        document["validUntil"] = to_utc(award.expires_at)
    return document


def compose_issuer(base_url: str, issuer: Issuer) -> Json:
    """Return the issuer's Profile; what is empty is left out, as the standard demands."""
    profile = {"name": issuer.name, "url": issuer.url, "email": issuer.email}
    profile["description"] = issuer.description
    filled = {key: value for key, value in profile.items() if value}
    return {"id": did_of(base_url), "type": ["Profile"], **filled}


def compose_achievement(base_url: str, achievement: Accomplishment) -> Json:
    """Return the Achievement as it stands inside a credential and at its own address."""
    return {
        "id": f"{base_url}/a/{achievement.code}.json",
        "type": ["Achievement"],
        "achievementType": achievement.kind,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {
            "id": f"{base_url}/a/{achievement.code}/",
            "narrative": achievement.criteria,
        },
        "image": {"id": f"{base_url}/a/{achievement.code}.png", "type": "Image"},
        "inLanguage": achievement.language,
    }


def compose_status_list(
    base_url: str, number: int, encoded: str, since: datetime, *, as_token: bool = False
) -> Json:
    """Return the BitstringStatusListCredential that says which editions no longer count."""
    address = f"{base_url}/status/{number}{'.jwt' if as_token else ''}"
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_of(base_url),
        "validFrom": to_utc(since),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }


def _subject(award: Award) -> Json:
    return {
        "id": award.subject,
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": award.identity_hash,
                "identityType": "emailAddress",
                "salt": award.salt,
            }
        ],
        "achievement": compose_achievement(award.base_url, award.achievement),
    }


def _status(award: Award, form: str) -> Json:
    address = f"{award.base_url}/status/{award.status_list}{form}"
    return {
        "id": f"{address}#{award.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(award.status_index),
        "statusListCredential": address,
    }
