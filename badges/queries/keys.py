"""The keys: public ones for everybody, the private ones for signing."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import attrgetter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db.models import QuerySet

from badges.domain.keys import ALGORITHMS, ED25519, RS256, PublicKey
from badges.keystore import KeyMissing, PrivateKey, get_store
from badges.models import SigningKey
from badges.queries.prepared import prepared


class NoKeyYet(KeyMissing):
    """Nothing was ever signed here: the first need makes the keys."""


@dataclass(frozen=True)
class Signer:
    """The keys that sign at a moment: one for proofs, one for tokens."""

    proof_id: int
    proof_kid: str
    proof: Ed25519PrivateKey
    token_id: int
    token_kid: str
    token: RSAPrivateKey
    certificate: bytes  # of the token key, for PDFs
    certified_at: datetime


def list_keys() -> list[PublicKey]:
    """Return all public keys, superseded ones too, newest first of each algorithm."""
    return [row.public for row in SigningKey.objects.order_by("algorithm", "-number")]


def find_key(kid: str) -> PublicKey | None:
    """Return one public key by its name."""
    row = SigningKey.objects.filter(kid=kid).first()
    return row.public if row else None


def get_active_keys(now: datetime) -> dict[str, SigningKey]:
    """Return the rows of the keys that sign at a moment, by algorithm; never one that cannot.

    Before a site's first key was made, that first one signs: history can be older than the site.
    """
    rows = sorted(_all_keys(), key=attrgetter("number"), reverse=True)
    active = {}
    for algorithm in ALGORITHMS:
        own = [row for row in rows if row.algorithm == algorithm and not row.verifies_only]
        if own:
            active[algorithm] = next((row for row in own if row.signs_from <= now), own[-1])
    return active


@prepared
def _all_keys() -> QuerySet[SigningKey]:
    return SigningKey.objects.order_by()


def get_signer(now: datetime) -> Signer:
    """Return the signing keys; ``KeyMissing`` if there is none or a private part is gone."""
    active = get_active_keys(now)
    if len(active) < len(ALGORITHMS):
        raise NoKeyYet("no signing key yet: run manage.py prepare_keys")
    proof, token = active[ED25519], active[RS256]
    opened = open_key(proof.public), open_key(token.public)
    if not isinstance(opened[0], Ed25519PrivateKey) or not isinstance(opened[1], RSAPrivateKey):
        raise KeyMissing(f"{proof.kid} or {token.kid} is a key of the wrong kind")
    return Signer(
        proof_id=proof.pk,
        proof_kid=proof.kid,
        proof=opened[0],
        token_id=token.pk,
        token_kid=token.kid,
        token=opened[1],
        certificate=token.certificate.encode("ascii"),
        certified_at=token.created_at,
    )


def list_certificates() -> list[bytes]:
    """Return every certificate that PDFs of ours were ever signed by."""
    rows = SigningKey.objects.exclude(certificate="").order_by("-number")
    return [pem.encode("ascii") for pem in rows.values_list("certificate", flat=True)]


def open_key(key: PublicKey) -> PrivateKey:
    """Return the private part; ``KeyMissing`` unless the store has the very same key."""
    store = get_store()
    provided = store.provided()
    private = next((one for one in provided if pem_of(one) == key.pem), None)
    if private is None:
        if provided:
            raise KeyMissing(f"the private part of {key.kid} was not given")
        private = store.read(key.kid)
    if pem_of(private) != key.pem:
        raise KeyMissing(f"the private key kept as {key.kid} is not the one that was published")
    return private


@lru_cache(maxsize=16)
def pem_of(key: PrivateKey) -> str:
    """Return the public part as PEM."""
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii")


__all__ = [
    "KeyMissing",
    "NoKeyYet",
    "Signer",
    "find_key",
    "get_active_keys",
    "get_signer",
    "list_certificates",
    "list_keys",
    "open_key",
    "pem_of",
]
