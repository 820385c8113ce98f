"""The certificate that says whose key signs PDFs: self-signed, because it is the issuer's own word.

Nothing here needs pyHanko, so making a key does not wait for it.
"""

import hashlib
import warnings
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

_MIN_BITS = 2048
_MAX_NAME = 64  # X.520's upper bound for an organisation and for a common name


def make_certificate(
    key: RSAPrivateKey, *, issuer: str, valid_from: date, valid_until: date
) -> bytes:
    """Return the signer's certificate as PEM; the same arguments always give the same bytes.

    The days are counted in UTC, ``valid_until`` exclusive. PDFs must be verifiable for decades
    and a viewer judges a signature without a time stamp by today's date: let it be long.
    """
    if key.key_size < _MIN_BITS:
        raise ValueError(f"an RSA key of {key.key_size} bits is too short to sign with")
    name = _name(issuer)
    public = key.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=public)
        .serial_number(_serial(public, valid_from))
        .not_valid_before(_midnight(valid_from))
        .not_valid_after(_midnight(valid_until))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_DOCUMENTS, critical=True)
        .add_extension(identifier, critical=False)
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def read_certificates(pems: Iterable[bytes]) -> list[x509.Certificate]:
    """Return the certificates in PEM files; ``ValueError`` if one is none."""
    return [found for pem in pems for found in x509.load_pem_x509_certificates(pem)]


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return SHA-256 of the public key (its SubjectPublicKeyInfo) in hexadecimal.

    Of the key and not of the certificate: a renewed certificate leaves the key what it was.
    """
    return _hash_key(certificate.public_key().public_bytes(*_SPKI)).hex()


_SPKI = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
_SIGNS_DOCUMENTS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _name(issuer: str) -> x509.Name:
    """Viewers print the common name, people who look closer read the organisation."""
    short = issuer if len(issuer) <= _MAX_NAME else issuer[: _MAX_NAME - 1].rstrip() + "…"
    oids = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    with warnings.catch_warnings():
        # The library counts bytes and warns; the standard counts characters.
        warnings.simplefilter("ignore")
        return x509.Name([x509.NameAttribute(oid, short, _validate=False) for oid in oids])


def _serial(public: RSAPublicKey, valid_from: date) -> int:
    """A serial number of 159 bits: the key and the day, so that a renewal has another one."""
    digest = _hash_key(public.public_bytes(*_SPKI) + valid_from.isoformat().encode())
    return int.from_bytes(digest[:20]) >> 1 or 1


def _hash_key(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
