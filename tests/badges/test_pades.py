"""The signer's certificate, and what it signs: others verify it, and the same gives the same."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from badges.domain.examining import examine_pdf
from badges.domain.pdf import PdfReport
from badges.domain.signer import fingerprint_of, make_certificate, read_certificates
from badges.queries.signing import sign
from tests.factories.badges import NOW
from tests.factories.pdfs import (
    CODE,
    PAGE,
    make_key,
    make_pdf,
    make_signed,
    make_signer,
    make_time_stamper,
)

DAYS = {"valid_from": date(2026, 1, 1), "valid_until": date(2056, 1, 1)}


def examine(pdf: bytes, *trusted: bytes) -> PdfReport:
    return examine_pdf(pdf, trusted=trusted or (make_signer(),))


def validate(pdf: bytes, signer: str = "ours") -> Any:
    """What pyHanko's own validator says, which shares no line with what examines."""
    [certificate] = read_certificates([make_signer(signer)])
    root = translate_pyca_cryptography_cert_to_asn1(certificate)
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOW)
    [embedded] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return validate_pdf_signature(embedded, context)


# The signer's certificate


@pytest.mark.parametrize("issuer", ["Halden Data", "Халден Дата", "Χάλντεν Δεδομένα"])
def test_the_signer_is_the_issuer(issuer: str) -> None:
    pem = make_certificate(make_key(), issuer=issuer, **DAYS)
    [certificate] = read_certificates([pem])
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        assert certificate.subject.get_attributes_for_oid(oid)[0].value == issuer
    assert certificate.issuer == certificate.subject
    assert certificate.not_valid_after_utc == datetime(2056, 1, 1, tzinfo=UTC)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment) == (True, True)
    assert not usage.key_cert_sign
    certificate.verify_directly_issued_by(certificate)


def test_a_certificate_follows_from_its_key_and_day() -> None:
    first = make_certificate(make_key(), issuer="Halden Data", **DAYS)
    assert first == make_certificate(make_key(), issuer="Halden Data", **DAYS)
    renewed = make_certificate(
        make_key(), issuer="Halden Data", **{**DAYS, "valid_from": date(2027, 1, 1)}
    )
    one, other = read_certificates([first, renewed])
    assert one.serial_number != other.serial_number
    assert fingerprint_of(one) == fingerprint_of(other)


def test_a_long_name_is_cut_where_the_standard_ends() -> None:
    [certificate] = read_certificates([make_certificate(make_key(), issuer="Хал" * 40, **DAYS)])
    name = translate_pyca_cryptography_cert_to_asn1(certificate).subject.native
    assert name["common_name"] == name["organization_name"] == "Хал" * 21 + "…"


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="1024 bits is too short"):
        make_certificate(make_key("short", 1024), issuer="Halden Data", **DAYS)


# Signing


@pytest.mark.parametrize("name", ["Ana Kowalska", "Екатерина Ковалёва", "Ελένη Παπαδοπούλου"])
def test_what_we_sign_is_ours_and_intact(name: str) -> None:
    signed = make_signed(make_pdf(name), reason=f"Issued to {name}")
    [certificate] = read_certificates([make_signer()])
    assert examine(signed) == PdfReport(
        signed=True,
        ours=True,
        intact=True,
        fingerprint=fingerprint_of(certificate),
        signed_at=NOW,
        address=f"{PAGE}1/",
        code=CODE,
    )


def test_another_validator_agrees() -> None:
    status = validate(make_signed())
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == NOW
    assert status.docmdp_ok


def test_the_same_is_signed_alike_in_threads() -> None:
    pdf = make_pdf()
    with ThreadPoolExecutor(4) as pool:
        signed = set(pool.map(lambda _: make_signed(pdf), range(8)))
    assert len(signed) == 1
    later = make_signed(pdf, signed_at=datetime(2026, 11, 13, tzinfo=UTC))
    assert examine(later).signed_at == datetime(2026, 11, 13, tzinfo=UTC)


def test_the_page_is_left_as_it_was() -> None:
    pdf = make_pdf()
    assert make_signed(pdf).startswith(pdf)
    assert make_signed(pdf.removesuffix(b"\n")).startswith(pdf)


def test_a_larger_key_and_its_chain_fit() -> None:
    large, root = make_key("large", 4096), make_signer("root", "Halden Root")
    pem = make_certificate(large, issuer="Halden Data", **DAYS)
    signed = make_signed(key=large, certificate=pem, chain=[root])
    assert examine(signed, pem).intact
    [embedded] = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    [other] = embedded.other_embedded_certs
    assert other.dump() == read_certificates([root])[0].public_bytes(Encoding.DER)


def test_a_time_stamp_is_added_when_asked_for() -> None:
    signed = make_signed(timestamper=make_time_stamper())
    assert validate(signed).timestamp_validity.timestamp == NOW
    assert validate(make_signed()).timestamp_validity is None
    assert examine(signed).intact


def test_signing_by_the_lazy_door_is_the_same() -> None:
    pdf = make_pdf()
    values: dict[str, Any] = {"key": make_key(), "certificate": make_signer(), "signed_at": NOW}
    assert sign(pdf, **values) == make_signed(pdf, reason="", contact="")
    nowhere = "http://127.0.0.1:9/"
    with pytest.raises(Exception, match="timestamp"):
        sign(pdf, **values, time_stamp_url=nowhere)


def test_start_up_imports_no_signing_library() -> None:
    code = (
        "import django, sys; django.setup(); import lms.urls.site;"
        "import badges.queries.signing, badges.queries.examination, badges.domain.signer;"
        "sys.exit('pyhanko' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
