"""Data Integrity proofs, cryptosuite eddsa-rdfc-2022: making them and checking our own.

Only documents of ours are ever canonicalized. A foreign one is compared with what we issued
(``badges.domain.verdict``): hostile graphs can keep a canonicalizer busy for minutes.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from badges.domain.contexts import Json, pinned, prune
from badges.domain.templates import Templates
from badges.domain.terms import names_of

CRYPTOSUITE = "eddsa-rdfc-2022"


def canonicalize(document: Json) -> bytes:
    """Return a document's canonical N-Quads (RDFC-1.0), by contexts cut to the terms in use."""
    urls = tuple(document["@context"])
    body = {key: value for key, value in document.items() if key != "@context"}
    vocabulary = _known_terms(urls) & names_of(body)
    return _canonical(_pruned(urls, vocabulary), body)


def canonicalize_fully(document: Json) -> bytes:
    """The same by the whole contexts: slower, and what the pruned way is tested against."""
    body = {key: value for key, value in document.items() if key != "@context"}
    return _canonical(json.dumps([pinned(url) for url in document["@context"]]), body)


def sign(document: Json, *, method: str, key: Ed25519PrivateKey, created: datetime) -> Json:
    """Return the document with a proof; ``NotSignable`` if any of it would not be covered."""
    text = TEMPLATES.canonicalize(document)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": to_utc(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_hash(document, options, text))
    value = "z" + base58.b58encode(signature).decode("ascii")
    return {**document, "proof": {**options, "proofValue": value}}


def is_proven(signed: Json, key: Ed25519PublicKey) -> bool:
    """Say whether the proof of a document of ours fits it and the key.

    No template here: what was signed by one is read by the canonicaliser alone.
    """
    document = {name: value for name, value in signed.items() if name != "proof"}
    options = dict(signed["proof"])
    value = str(options.pop("proofValue"))
    try:
        hashed = _hash(document, options, canonicalize(document))
        key.verify(base58.b58decode(value.removeprefix("z")), hashed)
    except (InvalidSignature, ValueError):
        return False
    return True


def to_utc(moment: datetime) -> str:
    """Write a moment as the standard's date-time, to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _hash(document: Json, options: Json, text: bytes) -> bytes:
    config = json.dumps({"@context": document["@context"], **options})
    return _config_hash(config) + hashlib.sha256(text).digest()


@lru_cache(maxsize=256)
def _config_hash(config: str) -> bytes:
    """The options are the same for everything signed by one key within one second."""
    return hashlib.sha256(canonicalize(json.loads(config))).digest()


@lru_cache(maxsize=64)
def _pruned(urls: tuple[str, ...], vocabulary: frozenset[str]) -> str:
    return json.dumps([prune(pinned(url), vocabulary) for url in urls])


@lru_cache(maxsize=16)
def _known_terms(urls: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(names_of(pinned(url)) for url in urls))


def _canonical(contexts: str, body: Json) -> bytes:
    text = f'{{"@context":{contexts},{json.dumps(body, ensure_ascii=False)[1:]}'
    dataset = Dataset(parse(text.encode(), RdfFormat.JSON_LD))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()


TEMPLATES = Templates(oracle=canonicalize_fully, general=canonicalize)
