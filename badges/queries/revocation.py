"""Asking authorities whether the certificates of a signature still count, and remembering it.

Certificates name where to ask. Whatever answers is bounded in time and size, and checked before
it is put into a PDF. Needs pyHanko, so only ``badges.queries.signing`` imports it, when asked to.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import chain, pairwise
from operator import or_

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import ObjectIdentifier

from badges.domain.evidence import Evidence, NoEvidence, check_length, is_issued_by, is_root
from badges.domain.lasting import add_evidence, check_evidence, list_signers
from badges.queries.asking import Ask, Questions

logger = logging.getLogger(__name__)

_LONGEST = timedelta(hours=6)  # an answer is kept until it runs out, but no longer than this
_UNDATED = timedelta(minutes=30)  # one that does not say when it runs out
_PAUSE = timedelta(minutes=10)  # before those who did not answer are asked again
_MOST_KNOWN = 64


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What was found out about a chain: the evidence, or why there is none."""

    outcome: Evidence | str
    until: datetime


_known: dict[bytes, _Known] = {}


def add_revocation(pdf: bytes, now: datetime) -> bytes:
    """Return a time-stamped PDF at level B-LT; ``NoEvidence`` if it must stay at B-T."""
    found = [_recall(signer, others, now) for signer, *others in list_signers(pdf)]
    return add_evidence(pdf, reduce(or_, found))


def forget() -> None:
    """Ask everybody anew."""
    _known.clear()


def _recall(signer: x509.Certificate, others: list[x509.Certificate], now: datetime) -> Evidence:
    key = signer.public_bytes(Encoding.DER)
    known = _known.get(key)
    if known is None or known.until <= now:
        before, known = known, _find_out(signer, others, now)
        if isinstance(known.outcome, str) and not (before and before.outcome == known.outcome):
            name = signer.subject.rfc4514_string()
            logger.warning("PDFs stay at PAdES B-T, because of %s: %s", name, known.outcome)
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[key] = known
    if isinstance(known.outcome, str):
        raise NoEvidence(known.outcome)
    return known.outcome


def _find_out(signer: x509.Certificate, others: list[x509.Certificate], now: datetime) -> _Known:
    ask = Questions().ask
    try:
        climbed = _climb(signer, others, ask)
        answers = [_find_answer(one, issuer, ask) for one, issuer in pairwise(climbed)]
        ders = tuple(one.public_bytes(Encoding.DER) for one in climbed)
        evidence = reduce(or_, (found for found, _end in answers), Evidence(certificates=ders))
        check_evidence(evidence, now)
    except (NoEvidence, ValueError) as error:  # the latter from extensions nobody can read
        return _Known(outcome=str(error), until=now + _PAUSE)
    ends = [end or now + _UNDATED for _found, end in answers]
    return _Known(outcome=evidence, until=min([now + _LONGEST, *ends]))


def _climb(
    signer: x509.Certificate, others: Iterable[x509.Certificate], ask: Ask
) -> list[x509.Certificate]:
    """Return the certificates from the signer's up to a root; a missing one is fetched."""
    climbed = [signer]
    while not is_root(lowest := climbed[-1]):
        above = (
            one for one in chain(others, _fetch_issuers(lowest, ask)) if is_issued_by(lowest, one)
        )
        issuer = next(above, None)
        if issuer is None:
            raise NoEvidence(f"nobody brings the certificate of {lowest.issuer.rfc4514_string()}")
        climbed.append(issuer)
        check_length(climbed)
    return climbed


def _fetch_issuers(one: x509.Certificate, ask: Ask) -> Iterator[x509.Certificate]:
    for url in _addresses(one, Access.CA_ISSUERS):
        body = ask(url)
        try:
            yield x509.load_der_x509_certificate(body)
        except ValueError:
            try:
                yield from pkcs7.load_der_pkcs7_certificates(body)
            except ValueError:
                continue


def _find_answer(
    one: x509.Certificate, issuer: x509.Certificate, ask: Ask
) -> tuple[Evidence, datetime | None]:
    """Return what says that a certificate counts, and until when: OCSP if it can, it is small."""
    refusals = [f"{one.subject.rfc4514_string()} names nobody to ask"]
    for url in _addresses(one, Access.OCSP):
        try:
            return _ask_ocsp(url, one, issuer, ask)
        except NoEvidence as error:
            refusals.append(str(error))
    for url in _lists(one):
        try:
            return _ask_crl(url, ask)
        except NoEvidence as error:
            refusals.append(str(error))
    raise NoEvidence(refusals[-1])


def _ask_ocsp(
    url: str, one: x509.Certificate, issuer: x509.Certificate, ask: Ask
) -> tuple[Evidence, datetime | None]:
    # By SHA-1 they find the certificate in their files, and many know no other way.
    question = ocsp.OCSPRequestBuilder().add_certificate(one, issuer, SHA1()).build()  # noqa: S303
    body = ask(url, question.public_bytes(Encoding.DER))
    try:
        answer = ocsp.load_der_ocsp_response(body)
        return Evidence(ocsps=(body,)), answer.next_update_utc
    except ValueError as error:
        raise NoEvidence(f"{url}: {error}") from error


def _ask_crl(url: str, ask: Ask) -> tuple[Evidence, datetime | None]:
    body = ask(url)
    try:
        found = x509.load_der_x509_crl(body)
    except ValueError as error:
        raise NoEvidence(f"{url}: {error}") from error
    return Evidence(crls=(body,)), found.next_update_utc


def _addresses(one: x509.Certificate, method: ObjectIdentifier) -> list[str]:
    try:
        access = one.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return _on_the_web(entry.access_location for entry in access if entry.access_method == method)


def _lists(one: x509.Certificate) -> list[str]:
    try:
        points = one.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return _on_the_web(chain.from_iterable(point.full_name or () for point in points))


def _on_the_web(names: Iterable[x509.GeneralName]) -> list[str]:
    """Leave out what directories of offices are asked by."""
    urls = [str(name.value) for name in names]
    return [url for url in urls if url.startswith(("http://", "https://"))]
