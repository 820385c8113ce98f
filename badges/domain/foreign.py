"""A credential that somebody else issued: whether its proof fits the key that it names itself.

That says it is whole, never that its issuer is who the name says. Nothing is fetched: a key that
is not inside cannot be checked. Hostile graphs can keep the canonicalizer busy for minutes, so
this runs in a process that is killed (``badges.domain.child``).
"""

import json
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from badges.domain.contexts import ContextUnknown
from badges.domain.keys import public_key_of
from badges.domain.proof import CRYPTOSUITE, is_proven
from badges.domain.terms import NotSignable, check_signable
from badges.domain.tokens import NotToken, read

ALGORITHMS = ["RS256", "ES256", "Ed25519", "EdDSA"]
Json = dict[str, Any]


def judge(text: str) -> Json:
    """Return ``issuer``, ``title`` and ``proven``: true, false, or null where it cannot be told."""
    try:
        header, document = read(text.strip())
    except NotToken:
        document = json.loads(text)
        proven = _is_proven(document)
    else:
        proven = _is_signed(text.strip(), header)
    return {"issuer": _issuer(document), "title": _title(document), "proven": proven}


def _is_signed(token: str, header: Json) -> bool | None:
    jwk = header.get("jwk")
    if not isinstance(jwk, dict) or jwk.get("kty") not in ("RSA", "EC", "OKP") or "d" in jwk:
        return None
    try:
        jws.deserialize_compact(token, import_key(jwk), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError):
        return False
    return True


def _is_proven(document: Json) -> bool | None:
    """Only a key that is its method's fragment, of the issuer itself, is at hand."""
    proof = document.get("proof")
    proof = proof[0] if isinstance(proof, list) and proof else proof
    if not isinstance(proof, dict) or proof.get("cryptosuite") != CRYPTOSUITE:
        return None
    controller, _hash, fragment = str(proof.get("verificationMethod")).partition("#")
    if controller != _issuer_id(document):
        return None
    try:
        key = public_key_of(fragment)
        check_signable({name: value for name, value in document.items() if name != "proof"})
        return is_proven({**document, "proof": proof}, key)
    except ContextUnknown:
        return None
    except NotSignable:
        return False  # something in it is covered by no signature
    except (ValueError, IndexError, KeyError, TypeError):
        return None


def _issuer_id(document: Json) -> Any:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _issuer(document: Json) -> str:
    issuer = document.get("issuer")
    name = issuer.get("name") if isinstance(issuer, dict) else ""
    return _text(name) or _text(_issuer_id(document))


def _title(document: Json) -> str:
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    inner = achievement.get("name") if isinstance(achievement, dict) else ""
    return _text(document.get("name")) or _text(inner)


def _text(value: Any) -> str:
    return " ".join(value.split())[:200] if isinstance(value, str) else ""
