"""Making and changing signing keys: rows for everybody, private parts for the store."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from operator import attrgetter

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from badges.actions.ledger import note_key
from badges.domain.keys import ALGORITHMS, ED25519, RS256, RSA_BITS, multibase_of
from badges.domain.ledger import KeyTold
from badges.domain.signer import make_certificate
from badges.domain.validity import add_months
from badges.keystore import KeyMissing, PrivateKey, get_store
from badges.models import IssuerProfile, SigningKey
from badges.queries.keys import open_key, pem_of
from lms.conf import get_conf

CERTIFICATE_YEARS = 40  # a viewer judges a PDF by the day it is opened
OVERLAP = timedelta(hours=1)  # readers who keep the issuer's document meet a new key in time


def prepare_keys(*, now: datetime) -> tuple[str, ...]:
    """Return the names of the newest keys; the first call makes them. Safe to call at once twice.

    Keys the store provides that are not known yet are taken up instead of making any.
    """
    rows = list(SigningKey.objects.order_by("number"))
    last = {row.algorithm: row.number for row in rows}
    known = {row.algorithm: row for row in rows if not row.verifies_only}
    for algorithm in ALGORITHMS:
        if algorithm not in known:
            number = last.get(algorithm, 0) + 1
            known[algorithm] = _add(algorithm, number, now=now, signs_from=now)
    return tuple(known[algorithm].kid for algorithm in ALGORITHMS)


def rotate_keys(
    *, algorithms: tuple[str, ...] = ALGORITHMS, overlap: timedelta = OVERLAP, now: datetime
) -> tuple[str, ...]:
    """Publish new keys that sign after the overlap, and return their names.

    Until then the old ones sign. They stay published for good, so what they signed verifies on.
    """
    prepare_keys(now=now)
    last = {row.algorithm: row.number for row in SigningKey.objects.order_by("number")}
    return tuple(
        _add(algorithm, last[algorithm] + 1, now=now, signs_from=now + overlap).kid
        for algorithm in algorithms
    )


def bring_back_keys(told: Iterable[KeyTold]) -> list[SigningKey]:
    """Publish again the keys of the ledger that a restored copy lacks; return their rows.

    One whose private part is not in the store verifies and never signs; once it is there, the next
    call lets it sign.
    """
    known = set(SigningKey.objects.values_list("kid", flat=True))
    fresh = {key.kid: key for key in told if key.kid not in known}
    for key in sorted(fresh.values(), key=attrgetter("algorithm", "number")):
        numbers = SigningKey.objects.filter(algorithm=key.algorithm).values_list(
            "number", flat=True
        )
        number = max(numbers) + 1 if key.number in numbers else key.number
        SigningKey.objects.create(**{**vars(key), "number": number}, verifies_only=True)
    for row in SigningKey.objects.filter(verifies_only=True):
        with suppress(KeyMissing):
            open_key(row.public)
            SigningKey.objects.filter(pk=row.pk).update(verifies_only=False)
    return list(SigningKey.objects.filter(kid__in=fresh))


def _add(algorithm: str, number: int, *, now: datetime, signs_from: datetime) -> SigningKey:
    if other := SigningKey.objects.filter(algorithm=algorithm, number=number).first():
        return other  # another process was first
    store = get_store()
    private = _provided(algorithm)
    made = private is None
    if private is None:
        private = _generate(algorithm)
    kid = _name(private)
    if made:
        store.write(kid, private)  # first: a row without its private part could not sign
    try:
        with transaction.atomic():
            row = SigningKey.objects.create(
                kid=kid,
                algorithm=algorithm,
                number=number,
                pem=pem_of(private),
                certificate=_certify(private, now),
                created_at=now,
                signs_from=signs_from,
            )
            note_key(row)
            return row
    except IntegrityError:
        if made:
            store.delete(kid)  # another process was first: its key signs
        return SigningKey.objects.get(algorithm=algorithm, number=number)


def _provided(algorithm: str) -> PrivateKey | None:
    kind = Ed25519PrivateKey if algorithm == ED25519 else rsa.RSAPrivateKey
    known = set(SigningKey.objects.values_list("pem", flat=True))
    offered = get_store().provided()
    fresh = [one for one in offered if isinstance(one, kind) and pem_of(one) not in known]
    if offered and not fresh:
        raise KeyMissing(f"the key store provides no new {algorithm} key")
    return fresh[0] if fresh else None


def _certify(private: PrivateKey, now: datetime) -> str:
    """Say in a certificate of our own whose key signs PDFs; only RSA keys do."""
    if not isinstance(private, rsa.RSAPrivateKey):
        return ""
    issuer = IssuerProfile.objects.filter(pk=1).values_list("name", flat=True).first()
    since = now.date() - timedelta(days=1)
    until = add_months(since, 12 * CERTIFICATE_YEARS)
    named = issuer or get_conf().site_name
    pem = make_certificate(private, issuer=named, valid_from=since, valid_until=until)
    return pem.decode("ascii")


def _generate(algorithm: str) -> PrivateKey:
    if algorithm == RS256:
        return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return Ed25519PrivateKey.generate()


def _name(private: PrivateKey) -> str:
    """An Ed25519 key's fragment is the key itself, which verifiers read without fetching."""
    if isinstance(private, Ed25519PrivateKey):
        return multibase_of(private.public_key().public_bytes_raw())
    return f"rsa-{hashlib.sha256(pem_of(private).encode()).hexdigest()[:10]}"
