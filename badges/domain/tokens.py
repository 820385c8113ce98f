"""Compact tokens, RS256: a credential as VC-JWT, an assertion of Open Badges 2.0 as JWS."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from badges.domain.contexts import Json
from badges.domain.keys import RS256
from badges.domain.proof import TEMPLATES

MAX_TOKEN = 64 * 1024  # characters; ours have about four thousand


class NotToken(Exception):
    """The text is no compact token with a JSON object inside."""


def sign_credential(document: Json, *, kid: str, key: RSAPrivateKey) -> str:
    """Return a credential as VC-JWT: itself, with the registered claims that must repeat it.

    Only ``alg``, ``kid`` and ``typ`` may stand in the header (Open Badges 3.0, section 8.2).
    """
    TEMPLATES.check(document)
    claims = {
        "iss": document["issuer"] if isinstance(document["issuer"], str) else _issuer(document),
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
        "sub": document["credentialSubject"]["id"],
    }
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    return sign({**document, **claims}, kid=kid, key=key, typ="JWT")


def sign(payload: Json, *, kid: str = "", key: RSAPrivateKey, typ: str = "") -> str:
    """Return a compact JWS of a JSON object; an empty ``kid`` or ``typ`` is left out."""
    header = {"alg": RS256, "kid": kid, "typ": typ}
    named = {name: value for name, value in header.items() if value}
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(named, body, _imported(key), algorithms=[RS256])


def read(token: str) -> tuple[Json, Json]:
    """Return header and payload, nothing checked; ``NotToken`` if it is none."""
    if len(token) > MAX_TOKEN or token.count(".") != 2:
        raise NotToken("this is no compact token")
    try:
        found = jws.extract_compact(token.strip().encode("ascii"))
        payload = json.loads(found.payload)
    except (JoseError, ValueError, RecursionError):
        raise NotToken("this is no compact token with JSON inside") from None
    if not isinstance(payload, dict):
        raise NotToken("the token holds no JSON object")
    return dict(found.protected), payload


def is_signed(token: str, key: RSAPublicKey) -> bool:
    """Say whether a token was signed, as it stands, by this key."""
    try:
        jws.deserialize_compact(token, RSAKey.import_key(key), algorithms=[RS256])
    except (JoseError, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _imported(key: RSAPrivateKey) -> RSAKey:
    """joserfc writes a key out as a JWK before its first use: once a key, not once a token."""
    return RSAKey.import_key(key)


def _issuer(document: Json) -> Any:
    return document["issuer"]["id"]


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
