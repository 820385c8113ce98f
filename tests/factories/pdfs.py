"""Signed certificates, a key to sign them with, and what somebody may do to them afterwards."""

from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from PIL import Image
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import DummyTimeStamper

from badges.domain.artwork import draw_artwork, name_artwork
from badges.domain.certificate import Certificate, render_certificate
from badges.domain.design import BAND, OWN, Design, Signatory
from badges.domain.pades import sign_pdf
from badges.domain.signer import make_certificate, read_certificates
from tests.factories.badges import NOW, make_award

CODE = "hb97p2s6ysttj6r7h"
PAGE = f"https://partners.halden.example/c/{CODE}/"


def make_key(name: str = "ours", bits: int = 2048) -> RSAPrivateKey:
    """A key by its name; a test run makes it once, because it takes a tenth of a second."""
    return _make_key(name, bits)


@cache
def _make_key(name: str, bits: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=bits)


def make_signer(name: str = "ours", issuer: str = "Halden Data") -> bytes:
    """The certificate of that key, as PEM."""
    return make_certificate(
        make_key(name), issuer=issuer, valid_from=date(2026, 1, 1), valid_until=date(2056, 1, 1)
    )


def make_pdf(name: str = "Ana Kowalska", **award: Any) -> bytes:
    """A certificate nobody has signed yet."""
    return render_certificate(
        Certificate(award=make_award(**award), name=name, state="valid", show_date=True)
    )


def make_designed() -> bytes:
    """A certificate in a design that uses everything: see-through and opaque pictures, drawings."""
    signature, ground = BytesIO(), BytesIO()
    Image.new("RGBA", (300, 80), "#101E5A80").save(signature, "PNG")
    Image.new("CMYK", (1754, 1240), (0, 0, 8, 2)).save(ground, "JPEG")
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4"><path d="M0 0h9v4z"/></svg>'
    pictures = (signature.getvalue(), ground.getvalue(), logo.encode())
    drawn = [draw_artwork(picture, 1754) for picture in pictures]
    signed, background, mark = names = [name_artwork(svg) for svg in drawn]
    design = Design(
        accent="#0B6B4F", paper="#FFFFFF", frame=BAND, seal=OWN, own_seal=mark, logo=mark,
        background=background, confirms="confirms a pass under supervision", note="Release 5.",
        signatories=(
            Signatory(name="Marta Halden", role="Head of Certification", signature=signed),
            Signatory(name="Jonas Berg"),
        ),
    )  # fmt: skip
    certificate = Certificate(
        award=make_award(design=design), name="Ana Kowalska", state="valid", show_date=True,
        artwork=dict(zip(names, drawn, strict=True)),
    )  # fmt: skip
    return render_certificate(certificate)


def make_signed(pdf: bytes = b"", *, signer: str = "ours", **changes: Any) -> bytes:
    """A certificate signed by a key that is told by name."""
    values: dict[str, Any] = {
        "key": make_key(signer),
        "certificate": make_signer(signer),
        "signed_at": NOW,
        "reason": "Issued by Halden Data",
        "contact": "partners@halden.example",
        **changes,
    }
    return sign_pdf(pdf or make_pdf(), **values)


def append(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Add to a PDF what ``change`` does to it, as any program would that saves incrementally."""
    writer, output = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(output)
    return output.getvalue()


def paint_over(writer: IncrementalPdfFileWriter) -> None:
    """What a forger does: another page over the old one, appended, the old bytes untouched."""
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"1 0 0 rg 0 0 900 900 re f"))
    writer.update_container(page)


def make_time_stamper() -> DummyTimeStamper:
    """An authority of our own; its certificate may do everything, so that only we judge it."""
    key, pem = make_key("authority"), make_signer("authority", "An authority")
    [certificate] = read_certificates([pem])
    return DummyTimeStamper(
        tsa_cert=translate_pyca_cryptography_cert_to_asn1(certificate),
        tsa_key=translate_pyca_cryptography_key_to_asn1(key),
        fixed_dt=NOW,
    )
