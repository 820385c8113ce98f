"""A time-stamped PDF with evidence: verified offline by others, unchanged for our own examiner."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.test import Client
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.generic import BooleanObject, DictionaryObject, NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from badges.actions.credentials import Issued
from badges.domain.evidence import NoEvidence, check_length
from badges.domain.pdf import DETAILS, LATER
from badges.domain.signer import read_certificates
from badges.queries.revocation import forget
from badges.queries.signing import make_lasting, sign
from tests.badges.test_examining import add_a_field, point_elsewhere, rename
from tests.badges.test_pades import examine
from tests.factories.authorities import DAY, ROOT, Authority, serve
from tests.factories.badges import NOW
from tests.factories.pdfs import (
    append,
    make_key,
    make_pdf,
    make_signed,
    make_signer,
    make_time_stamper,
    paint_over,
)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    forget()


@pytest.fixture
def authority() -> Iterator[Authority]:
    with serve(Authority(now=NOW)) as serving:
        yield serving


def stamp(authority: Authority, name: str = "Ana Kowalska", **changes: Any) -> bytes:
    values = {"key": make_key(), "certificate": make_signer(), "signed_at": NOW, **changes}
    return sign(make_pdf(name), time_stamp_url=f"{authority.address}/stamp", **values)


def asked(authority: Authority) -> list[str]:
    """What an authority was asked for since the last look, stamps apart."""
    paths = [path for path in authority.asked if path != "stamp"]
    authority.asked.clear()
    return paths


def validate_offline(pdf: bytes, *roots: x509.Certificate, at: datetime = NOW + HOUR) -> Any:
    """What another validator says of a file with nothing else at hand, by EN 319 102-1, 5.5.

    That is the process for signatures with time and with long-term validation material.
    """
    trusted = [translate_pyca_cryptography_cert_to_asn1(root) for root in roots]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=trusted),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    reader = PdfFileReader(BytesIO(pdf))
    spec = SignatureValidationSpec(
        policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=read_store(reader) if has_evidence(pdf) else LocalKnowledge(),
    )
    [embedded] = reader.embedded_regular_signatures
    result = asyncio.run(
        ades_with_time_validation(
            embedded.signed_data,
            spec,
            timing_info=ValidationTimingInfo(at, at, point_in_time_validation=True),
            raw_digest=embedded.compute_digest(),
        )
    )
    return result.ades_subindic


def read_store(reader: PdfFileReader) -> LocalKnowledge:
    context = DocumentSecurityStore.read_dss(reader).as_validation_context({"trust_roots": []})
    return LocalKnowledge(
        known_ocsps=[one for data in context.ocsps for one in OCSPContainer.load_multi(data)],
        known_crls=[CRLContainer(data) for data in context.crls],
        known_certs=list(DocumentSecurityStore.read_dss(reader).load_certs()),
    )


def ours() -> x509.Certificate:
    [certificate] = read_certificates([make_signer()])
    return certificate


def has_evidence(pdf: bytes) -> bool:
    return "/DSS" in PdfFileReader(BytesIO(pdf)).root


# What is added, and who believes it


@pytest.mark.parametrize("names", [("list",), ("asked",), ("asked", "list"), ("above", "list")])
def test_others_need_nothing_but_the_file(names: tuple[str, ...]) -> None:
    with serve(Authority(now=NOW, names=names)) as authority:
        stamped = stamp(authority)
        lasting = make_lasting(stamped, NOW)
        wanted = ["above", "list"] if "above" in names else [names[0]]
        assert asked(authority) == wanted, "the small answer, where there is a choice"
    assert lasting.startswith(stamped)
    assert validate_offline(lasting, ours(), authority.root) == AdESPassed.OK
    assert validate_offline(stamped, ours(), authority.root) != AdESPassed.OK
    assert validate_offline(lasting, ours()) != AdESPassed.OK, "a root nobody trusts"


def test_a_bundle_brings_the_missing_one_too() -> None:
    with serve(Authority(now=NOW, names=("above", "list"))) as authority:
        certificates = [ours(), authority.root]
        authority.answers["above"] = pkcs7.serialize_certificates(certificates, Encoding.DER)
        lasting = make_lasting(stamp(authority), NOW)
    assert validate_offline(lasting, ours(), authority.root) == AdESPassed.OK


def test_a_climb_that_leads_nowhere_ends() -> None:
    check_length([ours()] * 8)
    with pytest.raises(NoEvidence, match="still no root"):
        check_length([ours()] * 9)


def test_the_evidence_speaks_of_the_moment_of_the_stamp(authority: Authority) -> None:
    """Years later, when the list has run out, it still says what counted then."""
    lasting = make_lasting(stamp(authority), NOW)
    reader = PdfFileReader(BytesIO(lasting))
    trusted = [translate_pyca_cryptography_cert_to_asn1(one) for one in (ours(), authority.root)]
    values = {"trust_roots": trusted, "revocation_mode": "require", "moment": NOW}
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(values)
    [embedded] = reader.embedded_regular_signatures
    status = validate_pdf_signature(embedded, context)
    assert status.bottom_line
    assert status.timestamp_validity
    assert status.timestamp_validity.trusted
    assert status.docmdp_ok


def test_our_examiner_finds_it_intact(authority: Authority) -> None:
    report = examine(make_lasting(stamp(authority), NOW))
    assert (report.signed, report.ours, report.intact, report.change) == (True, True, True, "")
    assert report == examine(stamp(authority))


def test_a_signer_from_an_authority_is_asked_about_too(authority: Authority) -> None:
    signer = authority.certify("ours")
    pem, root = signer.public_bytes(Encoding.PEM), authority.root.public_bytes(Encoding.PEM)
    stamper = HTTPTimeStamper(f"{authority.address}/stamp")
    stamped = make_signed(certificate=pem, chain=[root], timestamper=stamper)
    lasting = make_lasting(stamped, NOW)
    assert asked(authority) == ["list", "list"], "for the signer and for the authority"
    assert validate_offline(lasting, authority.root) == AdESPassed.OK
    assert validate_offline(stamped, authority.root) != AdESPassed.OK


def test_who_signs_its_own_certificate_needs_no_list() -> None:
    lasting = make_lasting(make_signed(timestamper=make_time_stamper()), NOW)
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(lasting)))
    assert (len(list(store.load_certs())), store.crls, store.ocsps) == (2, [], [])


# Whom it costs what


def test_one_answer_serves_many_files(authority: Authority) -> None:
    authority.lasts = HOUR * 2
    for name in ("Ana Kowalska", "Bo Lind"):
        assert has_evidence(make_lasting(stamp(authority, name), NOW))
    assert asked(authority) == ["list"]
    make_lasting(stamp(authority), NOW + HOUR)
    assert asked(authority) == []
    authority.now += HOUR * 2
    make_lasting(stamp(authority), NOW + HOUR * 2)
    assert asked(authority) == ["list"], "the list has run out"


def test_no_answer_is_kept_for_long(authority: Authority) -> None:
    stamped = stamp(authority)
    make_lasting(stamped, NOW)
    make_lasting(stamped, NOW + HOUR * 7)
    assert asked(authority) == ["list", "list"]


def foreign_list() -> bytes:
    """A list by somebody else of the same name."""
    builder = x509.CertificateRevocationListBuilder()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, ROOT)])
    dated = builder.issuer_name(name).last_update(NOW - DAY).next_update(NOW + DAY)
    return dated.sign(make_key("theirs"), SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (503, "status 503"),
        (302, "status 302"),
        (b"no list", "error parsing"),
        (b"0" * 1_100_000, "more than we wait for"),
        (foreign_list(), "revocation"),
    ],
)
def test_a_bad_answer_leaves_the_file_as_it_is(
    authority: Authority, caplog: pytest.LogCaptureFixture, answer: Any, why: str
) -> None:
    authority.answers["list"] = answer
    stamped = stamp(authority)
    for minutes in (0, 5, 11):
        with pytest.raises(NoEvidence, match=why):
            make_lasting(stamped, NOW + timedelta(minutes=minutes))
    assert asked(authority) == ["list", "list"], "not for each file anew"
    assert [record.levelno for record in caplog.records] == [logging.WARNING], "told once"
    authority.answers.clear()
    assert has_evidence(make_lasting(stamped, NOW + timedelta(minutes=30)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"withdrawn": True}, "revoked"),
        ({"unreadable": True}, "cannot be read"),
        ({"names": ()}, "names nobody to ask"),
        ({"lasts": -timedelta(hours=1)}, "not recent enough"),
        ({"names": ("above",), "answers": {"above": b"nothing"}}, "nobody brings the certificate"),
        ({"names": ("above",), "answers": {"above": 404}}, "status 404"),
        ({"names": ("asked",), "answers": {"asked": b"nothing"}}, "error parsing"),
    ],
)
def test_what_cannot_be_proven_is_not_claimed(changes: dict[str, Any], why: str) -> None:
    with (
        serve(Authority(now=NOW, **changes)) as authority,
        pytest.raises(NoEvidence, match=why),
    ):
        make_lasting(stamp(authority), NOW)


def test_a_list_serves_where_nobody_answers_questions() -> None:
    changes: dict[str, Any] = {"names": ("asked", "list"), "answers": {"asked": 500}}
    with serve(Authority(now=NOW, **changes)) as authority:
        assert has_evidence(make_lasting(stamp(authority), NOW))
        assert asked(authority) == ["asked", "list"]


def test_an_answer_may_be_younger_than_the_request(authority: Authority) -> None:
    stamped = stamp(authority)
    authority.now += DAY + timedelta(minutes=2)
    assert has_evidence(make_lasting(stamped, NOW))
    forget()
    authority.now += HOUR
    with pytest.raises(NoEvidence):
        make_lasting(stamped, NOW)


def test_an_authority_that_is_away_is_told_by_its_address() -> None:
    with serve(Authority(now=NOW)) as authority:
        stamped = stamp(authority)
    with pytest.raises(NoEvidence, match=f"{authority.address}/list"):
        make_lasting(stamped, NOW)


# What may stand behind the signature: evidence, and nothing else


def untag(writer: IncrementalPdfFileWriter) -> None:
    """Screen readers lose the order of the text."""
    writer.root["/MarkInfo"] = DictionaryObject({NameObject("/Marked"): BooleanObject(False)})
    writer.update_root()


def open_elsewhere(writer: IncrementalPdfFileWriter) -> None:
    action = {NameObject("/S"): NameObject("/Named"), NameObject("/N"): NameObject("/LastPage")}
    writer.root["/OpenAction"] = DictionaryObject(action)
    writer.update_root()


def add_to_store(writer: IncrementalPdfFileWriter) -> None:
    """Evidence it may be, but of nothing that such a store can hold."""
    store = writer.root["/DSS"]
    store["/Note"] = NameObject("/Anything")
    writer.update_container(store)


CHANGES = [
    (paint_over, LATER),
    (add_a_field, LATER),
    (untag, LATER),
    (open_elsewhere, LATER),
    (add_to_store, LATER),
    (rename, DETAILS),
    (point_elsewhere, DETAILS),
]


@pytest.mark.parametrize(("change", "how"), CHANGES)
def test_evidence_excuses_nothing_that_follows_it(
    authority: Authority, change: Any, how: str
) -> None:
    report = examine(append(make_lasting(stamp(authority), NOW), change))
    assert (report.ours, report.intact, report.change) == (True, False, how)


@pytest.mark.parametrize(("change", "how"), CHANGES)
def test_nor_what_comes_along_with_it(change: Any, how: str) -> None:
    def add_both(writer: IncrementalPdfFileWriter) -> None:
        certificate = translate_pyca_cryptography_cert_to_asn1(ours())
        DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=[certificate])
        change(writer)

    report = examine(append(make_signed(), add_both))
    assert (report.ours, report.intact, report.change) == (True, False, how)


def test_loose_bytes_behind_the_evidence_are_found(authority: Authority) -> None:
    stamped = stamp(authority)
    lasting = make_lasting(stamped, NOW)
    assert examine(lasting + b"% a note\n").change == LATER
    assert examine(lasting[: len(stamped)]).intact, "without it the file is what it was"


# At its address


@pytest.fixture
def serving(issued: Issued, settings: Any) -> Iterator[Authority]:
    with serve(Authority(now=datetime.now(UTC).replace(microsecond=0))) as authority:
        settings.LMS = {**settings.LMS, "TIME_STAMP_URL": f"{authority.address}/stamp"}
        yield authority


def download(issued: Issued) -> bytes:
    response = Client().get(f"/c/{issued.code}.pdf")
    assert response.status_code == 200
    return bytes(response.content)


def test_who_downloads_gets_what_lasts(issued: Issued, serving: Authority) -> None:
    bodies = {download(issued) for _ in range(3)}
    assert serving.asked == ["stamp", "list"]
    assert has_evidence(bodies.pop())
    assert not bodies


def test_evidence_is_added_once_it_can_be_had(issued: Issued, serving: Authority) -> None:
    serving.answers["list"] = 503
    first = download(issued)
    assert not has_evidence(first)
    serving.answers.clear()
    assert download(issued) == first, "they are not asked again so soon"
    forget()
    later = download(issued)
    assert has_evidence(later)
    assert later.startswith(first)
    assert serving.asked == ["stamp", "list", "list"], "the stamp is the first one"


def test_without_an_address_nobody_is_asked(
    issued: Issued, serving: Authority, settings: Any
) -> None:
    settings.LMS = {**settings.LMS, "TIME_STAMP_URL": ""}
    assert not has_evidence(download(issued))
    assert serving.asked == []
