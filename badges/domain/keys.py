"""Public keys in the forms others read: multibase, JWK, PEM, and the issuer's DID document.

Two kinds sign: Ed25519 the Data Integrity proofs, RSA the compact tokens (RS256 is the one
algorithm every Open Badges verifier takes).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from badges.domain.contexts import Json

ED25519, RS256 = "Ed25519", "RS256"
ALGORITHMS = (ED25519, RS256)
RSA_BITS = 2048
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub, as a varint


@dataclass(frozen=True)
class PublicKey:
    """One key of the issuer; ``kid`` is its name in addresses and the fragment of its DID URL."""

    kid: str
    algorithm: str
    pem: str

    def rsa(self) -> RSAPublicKey:
        """Return an RS256 key for checking tokens; ``TypeError`` if it is of the other kind."""
        key = load_pem_public_key(self.pem.encode())
        if not isinstance(key, RSAPublicKey):
            raise TypeError(f"{self.kid} is not an RSA key")
        return key


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


def method_of(base_url: str, kid: str) -> str:
    """Return the verification method's id: the key's name is its fragment."""
    return f"{did_of(base_url)}#{kid}"


def jwk_of(base_url: str, key: PublicKey) -> Json:
    """Return the key as one JSON Web Key, named as the tokens' headers name it."""
    named = {"kid": method_of(base_url, key.kid), "use": "sig"}
    if key.algorithm == ED25519:
        raw = base58.b58decode(key.kid[1:])[2:]
        return {"kty": "OKP", "crv": "Ed25519", "x": _base64(raw), **named}
    numbers = key.rsa().public_numbers()
    parts = {"n": _base64(_bytes(numbers.n)), "e": _base64(_bytes(numbers.e))}
    return {"kty": "RSA", **parts, "alg": RS256, **named}


def compose_did_document(base_url: str, keys: Sequence[PublicKey]) -> Json:
    """Return the DID document; superseded keys stay listed while their credentials live.

    RSA keys come first: some verifiers check a token by the first method they find.
    """
    did = did_of(base_url)
    ordered = sorted(keys, key=lambda key: key.algorithm != RS256)
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/jwk/v1",
            "https://w3id.org/security/multikey/v1",
        ],
        "id": did,
        "verificationMethod": [_method(base_url, did, key) for key in ordered],
        "assertionMethod": [method_of(base_url, key.kid) for key in ordered],
    }


def compose_jwks(base_url: str, keys: Sequence[PublicKey]) -> Json:
    """Return the keys as a JSON Web Key Set."""
    return {"keys": [jwk_of(base_url, key) for key in keys]}


def _method(base_url: str, did: str, key: PublicKey) -> Json:
    method = {"id": method_of(base_url, key.kid), "controller": did}
    if key.algorithm == ED25519:
        return {**method, "type": "Multikey", "publicKeyMultibase": key.kid}
    return {**method, "type": "JsonWebKey", "publicKeyJwk": jwk_of(base_url, key)}


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
