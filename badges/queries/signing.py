"""Signing a rendered certificate, without a start-up that waits for the library which does it."""

from datetime import datetime
from importlib import import_module

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_TIME_STAMP_SECONDS = 5


def sign(
    pdf: bytes,
    *,
    key: RSAPrivateKey,
    certificate: bytes,
    signed_at: datetime,
    reason: str = "",
    contact: str = "",
    time_stamp_url: str = "",
) -> bytes:
    """Return the PDF signed as ``badges.domain.pades.sign_pdf`` does.

    The first signature of a process takes a third of a second longer: it imports pyHanko, which
    most processes never need. With the address of a time-stamp authority one is asked for the
    time, over the network: not inside a transaction.
    """
    timestamper = None
    if time_stamp_url:
        timestamps = import_module("pyhanko.sign.timestamps")
        timestamper = timestamps.HTTPTimeStamper(time_stamp_url, timeout=_TIME_STAMP_SECONDS)
    signed: bytes = import_module("badges.domain.pades").sign_pdf(
        pdf,
        key=key,
        certificate=certificate,
        signed_at=signed_at,
        reason=reason,
        contact=contact,
        timestamper=timestamper,
    )
    return signed


def make_lasting(pdf: bytes, now: datetime) -> bytes:
    """Return a time-stamped PDF with the evidence that it needs to be verified offline (B-LT).

    ``NoEvidence`` says why it stays as it is. This too asks over the network, as
    ``badges.queries.revocation`` describes.
    """
    lasting: bytes = import_module("badges.queries.revocation").add_revocation(pdf, now)
    return lasting
