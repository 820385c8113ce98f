"""Ed25519 keys in the forms others read: multibase, JWK, and the issuer's DID document."""

import base64
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.domain.contexts import Json

_ED25519 = b"\xed\x01"  # multicodec ed25519-pub, as a varint


def multibase_of(public: bytes) -> str:
    """Write a 32-byte public key as ``z6Mk…``."""
    return "z" + base58.b58encode(_ED25519 + public).decode("ascii")


def public_key_of(multibase: str) -> Ed25519PublicKey:
    """Read ``z6Mk…``; ``ValueError`` if it is no Ed25519 key."""
    raw = base58.b58decode(multibase[1:])
    if not multibase.startswith("z") or raw[:2] != _ED25519 or len(raw) != 34:
        raise ValueError(f"{multibase} is not an Ed25519 public key")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def did_of(base_url: str) -> str:
    """``https://host:8443/x`` becomes ``did:web:host%3A8443:x``."""
    parts = urlsplit(base_url)
    path = [quote(part) for part in parts.path.split("/") if part]
    return ":".join(["did:web", quote(parts.netloc, safe=""), *path])


def method_of(base_url: str, multibase: str) -> str:
    """Return the verification method's id: the key itself is its fragment."""
    return f"{did_of(base_url)}#{multibase}"


def jwk_of(multibase: str) -> Json:
    """Return the key as one JSON Web Key (OKP)."""
    raw = base58.b58decode(multibase[1:])[2:]
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": multibase, "use": "sig"}


def compose_did_document(base_url: str, multibases: Sequence[str]) -> Json:
    """Return the DID document; keys out of use stay listed while their credentials live."""
    did = did_of(base_url)
    methods = [method_of(base_url, multibase) for multibase in multibases]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": multibase}
            for method, multibase in zip(methods, multibases, strict=True)
        ],
        "assertionMethod": methods,
    }


def compose_jwks(multibases: Sequence[str]) -> Json:
    """Return the keys as a JSON Web Key Set."""
    return {"keys": [jwk_of(multibase) for multibase in multibases]}
