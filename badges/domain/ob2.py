"""Open Badges 2.0, hosted and signed: assertion, BadgeClass, issuer's profile, key, revocations."""

import uuid
from collections.abc import Iterable

from badges.domain.award import Accomplishment, Award, Issuer
from badges.domain.contexts import Json
from badges.domain.keys import PublicKey
from badges.domain.proof import to_utc

CONTEXT = "https://w3id.org/openbadges/v2"


def compose_assertion(award: Award) -> Json:
    """Return the hosted assertion; what stands at its address is the truth."""
    return {
        "@context": CONTEXT,
        "id": _assertion_id(award.base_url, award.code),
        **_assertion(award),
        "verification": {"type": "HostedBadge"},
    }


def compose_signed_assertion(award: Award, kid: str) -> Json:
    """Return the assertion to be signed; each edition has an id of its own to be revoked by.

    Its BadgeClass is inside, as it was when it was signed, and names the issuer by its key.
    """
    return {
        "@context": CONTEXT,
        "id": signed_id(award.base_url, award.code, award.edition),
        **_assertion(award),
        "badge": {
            "id": _uuid(f"{award.base_url}/c/{award.code}/{award.edition}/ob2.jws#badge"),
            **_badge_class(award.base_url, award.achievement),
            "issuer": _issuer_id(award.base_url, kid),
        },
        "verification": {
            "type": "SignedBadge",
            "creator": _key_id(award.base_url, kid),
        },
    }


def signed_id(base_url: str, code: str, edition: int) -> str:
    """Return the id of a signed assertion, as a name-based UUID of RFC 9562."""
    return _uuid(f"{base_url}/c/{code}/{edition}/ob2.jws")


def compose_revoked(base_url: str, code: str, reason: str) -> Json:
    """Return what the address of an assertion says that no longer counts: nothing but that."""
    return {
        "@context": CONTEXT,
        "id": _assertion_id(base_url, code),
        "type": "Assertion",
        "revoked": True,
        "revocationReason": reason,
    }


def compose_revocation_list(base_url: str, revoked: Iterable[tuple[str, str]]) -> Json:
    """Return the RevocationList of signed assertions, from their ids and reasons.

    A list of one is read as no list by 1EdTech's validator (JSON-LD compacts it to an object),
    so a second entry that nobody holds keeps it company.
    """
    entries = [{"id": entry, "revocationReason": reason} for entry, reason in revoked]
    if len(entries) == 1:
        entries.append({"id": signed_id(base_url, "", 0), "revocationReason": "Not in use."})
    return {
        "@context": CONTEXT,
        "id": _revocations(base_url),
        "type": "RevocationList",
        "issuer": _issuer_id(base_url),
        "revokedAssertions": entries,
    }


def compose_key(base_url: str, key: PublicKey) -> Json:
    """Return an RSA key as CryptographicKey; the issuer's profile of this key links back to it."""
    return {
        "@context": CONTEXT,
        "id": _key_id(base_url, key.kid),
        "type": "CryptographicKey",
        "owner": _issuer_id(base_url, key.kid),
        "publicKeyPem": key.pem,
    }


def compose_badge_class(base_url: str, achievement: Accomplishment) -> Json:
    """Return the BadgeClass of an achievement in one language."""
    return {
        "@context": CONTEXT,
        "id": f"{base_url}/a/{achievement.code}/ob2.json",
        **_badge_class(base_url, achievement),
        "issuer": _issuer_id(base_url),
    }


def compose_issuer(base_url: str, issuer: Issuer, kid: str = "") -> Json:
    """Return the issuer's profile: of hosted badges, or of those that one RSA key signed.

    1EdTech's validator takes no profile with two keys, not even for a hosted badge.
    """
    profile: Json = {
        "@context": CONTEXT,
        "id": _issuer_id(base_url, kid),
        "type": "Issuer",
        "name": issuer.name,
        "url": issuer.url,
        "email": issuer.email,
        "revocationList": _revocations(base_url),
    }
    if kid:
        profile["publicKey"] = _key_id(base_url, kid)
    return {**profile, "description": issuer.description} if issuer.description else profile


def _assertion(award: Award) -> Json:
    assertion: Json = {
        "type": "Assertion",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": award.salt,
            "identity": award.identity_hash,
        },
        "badge": f"{award.base_url}/a/{award.achievement.code}/ob2.json",
        "issuedOn": to_utc(award.issued_at),
        "narrative": award.achievement.statement,
        "image": f"{award.base_url}/c/{award.code}.png",
    }
    return {**assertion, "expires": to_utc(award.expires_at)} if award.expires_at else assertion


def _badge_class(base_url: str, achievement: Accomplishment) -> Json:
    return {
        "type": "BadgeClass",
        "name": achievement.name,
        "description": achievement.description,
        "image": f"{base_url}/a/{achievement.code}.png",
        "criteria": {
            "id": f"{base_url}/a/{achievement.code}/",
            "narrative": achievement.criteria,
        },
        "@language": achievement.language,
    }


def _uuid(address: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}"


def _issuer_id(base_url: str, kid: str = "") -> str:
    return f"{base_url}/issuer/{kid}/ob2.json" if kid else f"{base_url}/issuer/ob2.json"


def _assertion_id(base_url: str, code: str) -> str:
    return f"{base_url}/c/{code}/ob2.json"


def _key_id(base_url: str, kid: str) -> str:
    return f"{base_url}/keys/{kid}/ob2.json"


def _revocations(base_url: str) -> str:
    return f"{base_url}/status/ob2.json"
