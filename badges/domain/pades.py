"""Signing a PDF by PAdES: an invisible signature of the issuer that forbids every later change.

pyHanko is heavy to import (about 0.35 s); modules that start-up needs leave this one alone.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from badges.domain.signer import read_certificates

FIELD = "Signature"
_DIGEST = "sha256"
_FRAME = 1536  # attributes, algorithm names and lengths around signature and certificates
_TIME_STAMP = 16 * 1024  # a token with its authority's chain; real ones have 4 to 8 kB


def sign_pdf(
    pdf: bytes,
    *,
    key: RSAPrivateKey,
    certificate: bytes,
    chain: Iterable[bytes] = (),
    signed_at: datetime,
    reason: str = "",
    location: str = "",
    contact: str = "",
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Return the PDF, which must be unsigned, with a certifying signature (DocMDP: no changes).

    The level is PAdES B-B, and then the same arguments always give the same bytes; with a
    ``timestamper`` it is B-T, and what it raises when its authority does not answer comes through.
    ``badges.domain.lasting`` makes B-LT of that. It adds behind the signature, which forbids
    every change but this one (a DSS, an archive time stamp).

    Certificates are PEM, the signer's that of ``key``. Safe in threads, not in an event loop.
    """
    [own], others = read_certificates([certificate]), read_certificates(chain)
    if own.public_key() != key.public_key():
        raise ValueError("the certificate is another key's: nobody could verify the signature")
    ders = [one.public_bytes(Encoding.DER) for one in (own, *others)]
    size = sum(map(len, ders)) + key.key_size // 8 + _FRAME + (_TIME_STAMP if timestamper else 0)
    placeholder = SignatureObject(
        timestamp=signed_at,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
        contact_info=contact,
        bytes_reserved=2 * size,  # it is written in hexadecimal
    )
    flow: Any = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, open_for_adding(pdf))
    next(flow)
    flow.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=_FORBIDS_CHANGES))
    prepared, output = flow.send(SigIOSetup(md_algorithm=_DIGEST))
    flow.send(asyncio.run(_sign(prepared, _KeySigner(key, ders), timestamper)))
    signed: bytes = output.getvalue()
    return signed


_FORBIDS_CHANGES = SigMDPSetup(md_algorithm=_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)


class _KeySigner(Signer):
    """Signs with a key that is loaded already: pyHanko's own loads it twice for each signature."""

    def __init__(self, key: RSAPrivateKey, ders: list[bytes]) -> None:
        """Read the certificates anew: asn1crypto parses lazily, which threads must not share."""
        own, *others = [Certificate.load(der) for der in ders]
        store = SimpleCertificateStore()
        store.register_multiple(others)
        mechanism = SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
        super().__init__(signing_cert=own, cert_registry=store, signature_mechanism=mechanism)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the bare signature of the attributes."""
        return self._key.sign(data, PKCS1v15(), SHA256())


class _Writer(IncrementalPdfFileWriter):
    """Adds the signature and nothing that depends on the clock or on chance."""

    def _update_meta(self) -> None:
        """Leave title and dates as they are: pyHanko would write today's date into them."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        """Keep the permanent identifier; the changing one is drawn from the content."""
        first, _second = prev.trailer["/ID"]
        now = hashlib.sha256(prev.stream.getbuffer()).digest()[:16]
        return ArrayObject([ByteStringObject(first.original_bytes), ByteStringObject(now)])


def open_for_adding(pdf: bytes) -> IncrementalPdfFileWriter:
    """Open a PDF for adding. PDF/A asks for an end of line before what is added."""
    writer: IncrementalPdfFileWriter = _Writer(BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n"))
    writer.ensure_output_version((1, 7))
    if writer.output_version < (2, 0):
        writer.register_extension(ESIC_EXTENSION_1)  # PAdES is older than PDF 2.0
    return writer


async def _sign(
    prepared: PreparedByteRangeDigest, signer: Signer, timestamper: TimeStamper | None
) -> cms.ContentInfo:
    return await signer.async_sign(
        prepared.document_digest,
        _DIGEST,
        use_pades=True,
        timestamper=timestamper,
        signed_attr_settings=PdfCMSSignedAttributes(),
    )
