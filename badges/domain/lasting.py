"""Making a time-stamped signature last: PAdES B-LT, by an incremental update behind it.

pyHanko is heavy to import; modules that start-up needs leave this one alone.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import cms
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    ValidationError,
)

from badges.domain.evidence import Evidence, NoEvidence
from badges.domain.pades import open_for_adding

_SKEW = timedelta(minutes=5)  # an answer may be younger than the request it is for
_REFUSALS = (CRLValidationError, OCSPValidationError, PathError, ValidationError, ValueError)


def list_signers(pdf: bytes) -> list[list[x509.Certificate]]:
    """Return whose certificates a signature of ours rests on: the signer's, the authority's.

    Each comes first in its list; what it brought along follows in no order.
    """
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    stamps: Iterator[cms.SignedData] = extract_tst_data_iter(signature.signer_info, signed=False)
    infos = [extract_certificate_info(data) for data in (signature.signed_data, *stamps)]
    try:
        return [[_read(info.signer_cert), *map(_read, info.other_certs)] for info in infos]
    except (ValueError, x509.InvalidVersion) as error:
        raise NoEvidence(f"a certificate that cannot be read: {error}") from error


def _read(certificate: Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def check_evidence(evidence: Evidence, now: datetime) -> None:
    """Raise ``NoEvidence`` unless a stranger could validate the chain with nothing else at hand.

    Nothing is fetched. The last certificate is taken for trusted: who trusts it is not our affair.
    """
    signer, *others = [Certificate.load(der) for der in evidence.certificates]
    context = ValidationContext(
        trust_roots=[others[-1] if others else signer],
        other_certs=others,
        ocsps=[OCSPResponse.load(der) for der in evidence.ocsps],
        crls=[CertificateList.load(der) for der in evidence.crls],
        revocation_mode="require",
        moment=now,
        time_tolerance=_SKEW,
    )
    try:
        asyncio.run(
            CertificateValidator(signer, validation_context=context).async_validate_usage(set())
        )
    except _REFUSALS as error:
        raise NoEvidence(str(error)) from error


def add_evidence(pdf: bytes, evidence: Evidence) -> bytes:
    """Return the signed PDF with a document security store; the signed bytes stay as they are."""
    writer, output = open_for_adding(pdf), BytesIO()
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,  # one signature: no need to say which evidence is whose
        certs=[Certificate.load(der) for der in evidence.certificates],
        ocsps=[OCSPResponse.load(der) for der in evidence.ocsps],
        crls=[CertificateList.load(der) for der in evidence.crls],
    )
    writer.write(output)
    return output.getvalue()
