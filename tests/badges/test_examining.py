"""Examining what comes back: ours and intact, or what was done to it."""

from io import BytesIO
from typing import Any

import pytest
from asn1crypto.cms import CMSAttributes, ContentInfo
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.generic import (
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation import DocumentSecurityStore

from badges.domain.pdf import CONTENT, DETAILS, LATER, PdfReport, PdfUnreadable
from badges.domain.signer import fingerprint_of, make_certificate, read_certificates
from badges.queries.examination import examine_safely
from tests.badges.test_pades import DAYS, examine, validate
from tests.factories.pdfs import (
    CODE,
    PAGE,
    append,
    make_key,
    make_pdf,
    make_signed,
    make_signer,
    make_time_stamper,
    paint_over,
)


def test_an_unsigned_certificate_still_tells_its_code() -> None:
    assert examine(make_pdf()) == PdfReport(address=f"{PAGE}1/", code=CODE)


def test_the_code_is_read_from_a_link_where_keywords_are_lost() -> None:
    def forget(writer: IncrementalPdfFileWriter) -> None:
        info = writer.trailer["/Info"]
        del info["/Keywords"]
        writer.update_container(info)

    assert examine(append(make_pdf(), forget)) == PdfReport(address=PAGE, code=CODE)


def test_another_key_is_not_ours() -> None:
    report = examine(make_signed(signer="theirs"))
    assert (report.signed, report.ours, report.intact) == (True, False, None)
    [theirs] = read_certificates([make_signer("theirs")])
    assert report.fingerprint == fingerprint_of(theirs)
    assert examine(make_signed(signer="theirs"), make_signer(), make_signer("theirs")).intact


def test_our_name_on_another_key_is_not_ours() -> None:
    forged = make_certificate(make_key("theirs"), issuer="Halden Data", **DAYS)
    report = examine(make_signed(key=make_key("theirs"), certificate=forged))
    assert (report.signed, report.ours, report.intact) == (True, False, None)


class Pretender:
    """Shows our public key and signs with another private one."""

    key_size = 2048

    def public_key(self) -> RSAPublicKey:
        return make_key().public_key()

    def sign(self, *given: Any) -> bytes:
        signature: bytes = make_key("theirs").sign(*given)
        return signature


def test_our_certificate_with_another_key_is_not_ours() -> None:
    with pytest.raises(ValueError, match="another key's"):
        make_signed(key=make_key("theirs"))
    report = examine(make_signed(key=Pretender()))
    assert (report.signed, report.ours, report.intact) == (True, False, False)
    assert report.change == CONTENT


def forge(pdf: bytes, change: Any) -> bytes:
    """Put another CMS object in the signature's place, as long as the place is."""
    [embedded] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    _zero, first, resumed, _length = embedded.byte_range
    content = ContentInfo.load(embedded.pkcs7_content)
    change(content["content"]["signer_infos"][0], pdf[:first] + pdf[resumed:])
    written: bytes = content.dump(force=True).hex().upper().encode()
    return pdf[:first] + b"<" + written.ljust(resumed - first - 2, b"0") + b">" + pdf[resumed:]


def leave_out_the_attributes(signer_info: Any, signed: bytes) -> None:
    """What a signature of ours over anything else would look like in a PDF."""
    signer_info["signed_attrs"] = None
    signer_info["signature"] = make_key().sign(signed, PKCS1v15(), SHA256())


def leave_out_the_content_type(signer_info: Any, signed: bytes) -> None:
    kept = [one for one in signer_info["signed_attrs"] if one["type"].native != "content_type"]
    signer_info["signed_attrs"] = CMSAttributes(kept)


def put_back(signer_info: Any, signed: bytes) -> None:
    signer_info["signature"] = signer_info["signature"].native


@pytest.mark.parametrize("change", [leave_out_the_attributes, leave_out_the_content_type])
def test_a_signature_that_leaves_out_what_it_must_say_is_altered(change: Any) -> None:
    signed = make_signed()
    assert is_accepted(forge(signed, put_back)), "the forger's tool itself breaks nothing"
    report = examine(forge(signed, change))
    assert (report.ours, report.intact, report.change) == (False, False, CONTENT)


def test_a_flipped_byte_of_the_text_is_altered() -> None:
    signed = make_signed()
    name = signed.index(b"/Title")
    altered = signed[:name] + signed[name:].replace(b"Certificate", b"certificate", 1)
    report = examine(altered)
    assert (report.ours, report.intact, report.change) == (True, False, CONTENT)


def test_no_flipped_byte_goes_unnoticed() -> None:
    signed = make_signed()
    string = signed.index(b"/Contents <")
    end = signed.index(b">", string)
    outside = [*range(8, string, 1501), *range(end, len(signed), 61)]
    padding = range(end - 400, end, 97)
    for place in [*outside, *padding]:
        altered = bytearray(signed)
        altered[place] ^= 1
        assert not is_accepted(bytes(altered)), place


def is_accepted(pdf: bytes) -> bool:
    try:
        report = examine(pdf)
    except PdfUnreadable:
        return False
    return bool(report.ours and report.intact)


def add_a_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Another"))


def rename(writer: IncrementalPdfFileWriter) -> None:
    info = writer.trailer["/Info"]
    info["/Title"] = TextStringObject("Certificate: Grand Master")
    writer.update_container(info)


def point_elsewhere(writer: IncrementalPdfFileWriter) -> None:
    info = writer.trailer["/Info"]
    info["/Keywords"] = TextStringObject(PAGE.replace(CODE, "0" * 17))
    writer.update_container(info)


@pytest.mark.parametrize(
    ("change", "how"),
    [(paint_over, LATER), (add_a_field, LATER), (rename, DETAILS), (point_elsewhere, DETAILS)],
)
def test_what_is_appended_is_altered(change: Any, how: str) -> None:
    altered = append(make_signed(), change)
    report = examine(altered)
    assert (report.ours, report.intact, report.change) == (True, False, how)
    assert report.code == CODE, "the code is read from what was signed"


def test_another_validator_refuses_what_is_painted_over() -> None:
    assert not validate(append(make_signed(), paint_over)).bottom_line


def test_loose_bytes_at_the_end_are_altered() -> None:
    signed = make_signed()
    assert is_accepted(signed + b"\n"), "a mail program may add a line's end"
    assert not is_accepted(signed + b"\n%%EOF\n")
    assert not is_accepted(signed + b"% a note\n")


def test_revocation_data_and_time_stamps_may_be_added() -> None:
    [certificate] = read_certificates([make_signer("authority", "An authority")])

    def add_store(writer: IncrementalPdfFileWriter) -> None:
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, certs=[translate_pyca_cryptography_cert_to_asn1(certificate)]
        )

    kept = append(make_signed(), add_store)
    stamped = PdfTimeStamper(make_time_stamper()).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(kept)), "sha256"
    )
    report = examine(stamped.getvalue())
    assert (report.ours, report.intact, report.change) == (True, True, "")
    assert examine(append(stamped.getvalue(), paint_over)).change == LATER


def test_the_child_says_the_same() -> None:
    trusted = [make_signer("theirs"), make_signer()]
    for pdf in (make_signed(), append(make_signed(), paint_over), make_pdf()):
        report = examine(pdf, *trusted)
        assert examine_safely(pdf, trusted=trusted) == report
        assert PdfReport.from_json(report.to_json()) == report
