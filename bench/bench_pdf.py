"""What does a signed certificate cost?

Drawing and signing by our code beside Typst and pyHanko called bare, in the same process and turn
by turn. Bare has two rows: as the manual shows it, where the key is loaded for each signature, and
with the key loaded once, which is the one to beat.
"""

import statistics
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from temporary import run, show_rates, take_turns

ROUNDS, EACH, EACH_PART = 7, 8, 3
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
OURS = "drawn and signed by us"
BARE = "Typst and pyHanko, as the manual shows"
BARE_LOADED = "Typst and pyHanko, the key loaded once"


def measure() -> None:
    """Time whole certificates by the three ways, then our parts one by one."""
    from badges.domain.certificate import render_certificate
    from badges.domain.examining import examine_pdf
    from badges.domain.pades import sign_pdf
    from badges.queries.examination import examine_safely

    certificate, key, signer = _material()
    drawn = render_certificate(certificate)

    def sign(pdf: bytes) -> bytes:
        return sign_pdf(pdf, key=key, certificate=signer, signed_at=NOW, reason="Issued")

    signed = sign(drawn)
    ways: dict[str, Callable[[], object]] = {
        OURS: lambda: sign(render_certificate(certificate)),
        BARE: _bare(certificate, key, signer, loaded=False),
        BARE_LOADED: _bare(certificate, key, signer, loaded=True),
    }
    print(f"  a signed certificate: {len(signed):,} bytes, {len(drawn):,} of them drawn")
    show_rates(take_turns(ways, ROUNDS, EACH), EACH, BARE_LOADED)
    parts: dict[str, Callable[[], object]] = {
        "drawn": lambda: render_certificate(certificate),
        "signed": lambda: sign(drawn),
        "examined": lambda: examine_pdf(signed, trusted=[signer]),
        "examined in a process of its own": lambda: examine_safely(signed, trusted=[signer]),
    }
    print()
    for name, timings in take_turns(parts, ROUNDS, EACH_PART).items():
        milliseconds = 1000 * statistics.median(timing.clock for timing in timings) / EACH_PART
        print(f"  {name:33}  {milliseconds:6.2f} ms")


def _material() -> tuple[Any, Any, bytes]:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    from badges.domain.award import Accomplishment, Award, Issuer
    from badges.domain.certificate import Certificate
    from badges.domain.signer import make_certificate

    achievement = Accomplishment(
        code="tqbqry2qnbhee227w", kind="Certification", name="Certified Recovery Engineer",
        description="Restores.", criteria="Passed the test.", language="en",
    )  # fmt: skip
    award = Award(
        base_url="https://bench.example", code="hb97p2s6ysttj6r7h", achievement=achievement,
        issuer=Issuer(name="Bench", url="https://bench.example", email="", description=""),
        subject="", identity_hash="", salt="", name="Ana Kowalska", issued_at=NOW,
        edition=1, edition_at=NOW, valid_from=date(2026, 11, 12), valid_until=date(2028, 11, 12),
        expires_at=None, status_list=1, status_index=5,
    )  # fmt: skip
    key = generate_private_key(public_exponent=65537, key_size=2048)
    signer = make_certificate(
        key, issuer="Bench", valid_from=date(2026, 1, 1), valid_until=date(2056, 1, 1)
    )
    certificate = Certificate(award=award, name="Ana Kowalska", state="valid", show_date=True)
    return certificate, key, signer


def _bare(certificate: Any, key: Any, signer: bytes, *, loaded: bool) -> Callable[[], bytes]:
    """The same certificate, signed at the same level, without a line of ours in between."""
    import json

    import typst
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

    from badges.domain.certificate import TEMPLATE, compose_data
    from badges.domain.fonts import FOLDER

    compiler = typst.Compiler(input=TEMPLATE, font_paths=[FOLDER], ignore_system_fonts=True)
    data = json.dumps(compose_data(certificate))
    simple = _simple_signer(key, signer, loaded=loaded)
    settings = PdfSignatureMetadata(
        field_name="Signature", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256",
        reason="Issued", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,
    )  # fmt: skip

    def call() -> bytes:
        standards: Any = ["a-2a", "ua-1"]
        pdf: Any = compiler.compile(
            format="pdf", sys_inputs={"data": data}, pdf_standards=standards,
            timestamp=int(NOW.timestamp()),
        )  # fmt: skip
        writer = IncrementalPdfFileWriter(BytesIO(bytes(pdf) + b"\n"))
        output: BytesIO = PdfSigner(settings, simple).sign_pdf(writer)
        return output.getvalue()

    return call


def _simple_signer(key: Any, signer: bytes, *, loaded: bool) -> Any:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_pem_x509_certificate
    from pyhanko.keys.internal import (
        translate_pyca_cryptography_cert_to_asn1,
        translate_pyca_cryptography_key_to_asn1,
    )
    from pyhanko.sign.signers.pdf_cms import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class LoadedSigner(SimpleSigner):
        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            signature: bytes = key.sign(data, PKCS1v15(), SHA256())
            return signature

    return (LoadedSigner if loaded else SimpleSigner)(
        signing_cert=translate_pyca_cryptography_cert_to_asn1(load_pem_x509_certificate(signer)),
        signing_key=translate_pyca_cryptography_key_to_asn1(key),
        cert_registry=SimpleCertificateStore(),
    )


if __name__ == "__main__":
    run(measure, postgresql=False)
