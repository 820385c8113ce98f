"""Open Badges 2.0, hosted: the assertion, its BadgeClass and the issuer's profile."""

from badges.domain.award import Accomplishment, Award, Issuer
from badges.domain.contexts import Json
from badges.domain.proof import to_utc

CONTEXT = "https://w3id.org/openbadges/v2"


def compose_assertion(award: Award) -> Json:
    """Return the hosted assertion; what stands at its address is the truth."""
    assertion: Json = {
        "@context": CONTEXT,
        "id": _assertion_id(award.base_url, award.code),
        "type": "Assertion",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": award.salt,
            "identity": award.identity_hash,
        },
        "badge": f"{award.base_url}/a/{award.achievement.code}/ob2.json",
        "verification": {"type": "HostedBadge"},
        "issuedOn": to_utc(award.issued_at),
        "image": f"{award.base_url}/c/{award.code}.png",
    }
    if award.expires_at:
        assertion["expires"] = to_utc(award.expires_at)
    return assertion


def compose_revoked(base_url: str, code: str) -> Json:
    """Return what a revoked assertion's address says, with 410 Gone: nothing but that."""
    address = _assertion_id(base_url, code)
    return {"@context": CONTEXT, "id": address, "type": "Assertion", "revoked": True}


def compose_badge_class(base_url: str, achievement: Accomplishment) -> Json:
    """Return the BadgeClass of an achievement in one language."""
    return {
        "@context": CONTEXT,
        "id": f"{base_url}/a/{achievement.code}/ob2.json",
        "type": "BadgeClass",
        "name": achievement.name,
        "description": achievement.description,
        "image": f"{base_url}/a/{achievement.code}.png",
        "criteria": {
            "id": f"{base_url}/a/{achievement.code}/",
            "narrative": achievement.criteria,
        },
        "issuer": f"{base_url}/issuer/ob2.json",
        "@language": achievement.language,
    }


def compose_issuer(base_url: str, issuer: Issuer) -> Json:
    """Return the issuer's profile."""
    profile: Json = {
        "@context": CONTEXT,
        "id": f"{base_url}/issuer/ob2.json",
        "type": "Issuer",
        "name": issuer.name,
        "url": issuer.url,
        "email": issuer.email,
    }
    return {**profile, "description": issuer.description} if issuer.description else profile


def _assertion_id(base_url: str, code: str) -> str:
    return f"{base_url}/c/{code}/ob2.json"
