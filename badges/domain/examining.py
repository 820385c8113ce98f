"""Examining a PDF that anybody may have made: is it signed by us, and as it was when we signed it?

pyHanko's limits bound what is inflated, but not the time that references running in circles or a
hundred thousand objects take: run this in a process that can be stopped
(``badges.queries.examination``), never in one that serves others.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.metadata.model import PDF_PRODUCER, XMP_MODDATE
from pyhanko.pdf_utils.metadata.xmp_xml import parse_xmp
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    CatalogModificationRule,
    DiffResult,
    ModificationLevel,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.constants import ROOT_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from badges.domain.identity import find_code
from badges.domain.pdf import (
    CONTENT,
    COVERAGE,
    DETAILS,
    LATER,
    PdfReport,
    PdfUnreadable,
    check_begins_as_pdf,
)
from badges.domain.signer import fingerprint_of, read_certificates

_MB = 1024 * 1024
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_ratio=100, max_output_size=8 * _MB),
    document_budget=DocumentDecodeBudget(base_allowance=32 * _MB, max_ratio=2),
)
# pyHanko's own rules, but nobody may say of a tagged document that it is not tagged.
_POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ROOT_EXEMPT_STRICT_COMPARISON - {"/MarkInfo"}),
        *(
            rule
            for rule in DEFAULT_DIFF_POLICY.global_rules
            if not isinstance(rule, CatalogModificationRule)
        ),
    ],
    form_rule=DEFAULT_DIFF_POLICY.form_rule,
)
_MOST_PLACES = 300  # pages and links that are looked through for an address
_ADDRESS = re.compile(r"https?://[^\s,;/]+(?:/[^\s,;/]+)*/c/[^\s,;/.]+/?(?:[1-9][0-9]{0,3}/)?")
# What parsers of foreign bytes run into; all of it says the same about the file.
_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    PdfError,
    RuntimeError,  # with RecursionError
    TypeError,
    ValueError,
    zlib.error,
)


def examine_pdf(pdf: bytes, *, trusted: Sequence[bytes]) -> PdfReport:
    """Say what the signature is worth, given all our signer certificates as PEM, retired ones too.

    The certificate in the file must be one of them, byte for byte; neither its validity nor
    anybody's list of authorities is asked, because we know ourselves which keys are ours.
    """
    check_begins_as_pdf(pdf)
    ours = read_certificates(trusted)
    try:
        return _examine(_File.read(pdf), ours)
    except _STUMBLES:
        raise PdfUnreadable("The PDF is damaged.") from None


@dataclass(frozen=True, kw_only=True)
class _File:
    body: bytes
    reader: PdfFileReader

    @classmethod
    def read(cls, body: bytes) -> "_File":
        reader = PdfFileReader(BytesIO(body), decode_limits=_LIMITS)
        if reader.encrypted:
            raise PdfUnreadable("The PDF is encrypted.")
        return cls(body=body, reader=reader)


def _examine(file: _File, trusted: list[x509.Certificate]) -> PdfReport:
    reports = [
        _judge(file, signature, trusted) for signature in file.reader.embedded_regular_signatures
    ]
    if not reports:
        return _with_address(PdfReport(), file.reader)
    return max(reports, key=lambda report: (report.ours, report.intact is not None))


def _judge(
    file: _File, signature: EmbeddedPdfSignature, trusted: list[x509.Certificate]
) -> PdfReport:
    theirs = x509.load_der_x509_certificate(signature.signer_cert.dump())
    report = PdfReport(
        signed=True,
        fingerprint=fingerprint_of(theirs),
        signed_at=signature.self_reported_timestamp,
    )
    if theirs not in trusted:
        return _with_address(report, file.reader)
    if not (end := _end_of_signed(file, signature)):
        return _with_address(replace(report, intact=False, change=COVERAGE), file.reader)
    signed = file if end == len(file.body) else _File.read(file.body[:end])
    report = _with_address(report, signed.reader)
    same, genuine = _compare(signature, theirs)
    change = "" if same and genuine else CONTENT
    if not change and signed is not file:
        change = _find_later_change(signature, signed, file)
    return replace(report, ours=genuine, intact=not change, change=change)


def _end_of_signed(file: _File, signature: EmbeddedPdfSignature) -> int:
    """Return where the signed bytes end; 0 if they are not all but the signature's own string.

    pyHanko compares lengths alone. Here the string must stand in the gap as we write it, its
    padding included, which no signature covers: so the signature object is the one that was
    signed and not a later one that borrows its ranges.
    """
    content = signature.pkcs7_content
    padding = content[len(cms.ContentInfo.load(content).dump()) :]
    first, start, resumed, length = (int(number) for number in signature.byte_range)
    string = b"<" + content.hex().upper().encode("ascii") + b">"
    as_written = file.body[start:resumed] == string and not any(padding)
    end = resumed + length
    covered = first == 0 < start < resumed < end <= len(file.body)
    return end if as_written and covered else 0


def _compare(signature: EmbeddedPdfSignature, theirs: x509.Certificate) -> tuple[bool, bool]:
    """Say whether the bytes are those that were signed, and whether this key signed at all."""
    if not signature.signer_info["signed_attrs"]:
        return False, False  # a bare signature could have been made over something else
    try:
        same, genuine = validate_sig_integrity(
            signature.signer_info,
            Asn1Certificate.load(theirs.public_bytes(Encoding.DER)),
            expected_content_type="data",
            actual_digest=signature.compute_digest(),
        )
    except _STUMBLES:
        return False, False
    return bool(same), bool(genuine)


def _find_later_change(signature: EmbeddedPdfSignature, signed: _File, now: _File) -> str:
    """Say what was added to a signed file, revocation data and time stamps excepted."""
    if not now.body.rstrip().endswith(b"%%EOF"):
        return LATER
    signature.compute_integrity_info(_POLICY)
    found = signature.diff_result
    only_kept = (
        isinstance(found, DiffResult) and found.modification_level <= ModificationLevel.LTA_UPDATES
    )
    if not only_kept or signature.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return LATER
    stamps = len(now.reader.embedded_timestamp_signatures)
    if len(list(enumerate_sig_fields(now.reader))) > 1 + stamps:
        return LATER  # a field that somebody is yet to sign
    # Whoever adds a time stamp may date the file anew. A new title is another matter.
    return "" if _describe(signed.reader) == _describe(now.reader) else DETAILS


def _describe(reader: PdfFileReader) -> tuple[dict[Any, Any], dict[Any, Any]]:
    info, root = _entry(reader.trailer_view, "/Info", {}), reader.root
    told = {name: info[name] for name in info if name not in ("/ModDate", "/Producer")}
    packet = root["/Metadata"].read_data(DecodePurpose.XMP_METADATA)
    fields = {name: value for part in parse_xmp(BytesIO(packet)) for name, value in part}
    return told, {n: v for n, v in fields.items() if n not in (XMP_MODDATE, PDF_PRODUCER)}


def _with_address(report: PdfReport, reader: PdfFileReader) -> PdfReport:
    for text in _texts(reader):
        if (found := _ADDRESS.search(text)) and (code := find_code(found[0])):
            return replace(report, address=found[0], code=code)
    return report


def _texts(reader: PdfFileReader) -> Iterator[str]:
    """Where our certificates name their address: the keywords, then the links of the pages."""
    yield str(_entry(_entry(reader.trailer_view, "/Info", {}), "/Keywords", ""))
    waiting, seen = [reader.root["/Pages"]], 0
    while waiting and seen < _MOST_PLACES:
        node = waiting.pop(0).get_object()
        seen += 1
        waiting.extend(islice(_entry(node, "/Kids", ()), _MOST_PLACES))
        for link in islice(_entry(node, "/Annots", ()), _MOST_PLACES):
            seen += 1
            yield str(_entry(_entry(link.get_object(), "/A", {}), "/URI", ""))


def _entry(node: Any, name: str, default: Any) -> Any:
    """Return an entry's value, followed if it is a reference: ``get`` would not follow it."""
    try:
        return node[name]
    except KeyError:
        return default
