"""A time-stamp authority with a root above it, on a port of its own, and what it can do wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from asn1crypto.tsp import TimeStampReq
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.factories.pdfs import make_key

ROOT = "root of authorities"
DAY = timedelta(days=1)
_SIGNS = ("digital_signature", "content_commitment")
_RULES = ("key_cert_sign", "crl_sign", "digital_signature")  # the last one for what it tells
_NOTHING = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only")
_USAGE = dict.fromkeys((*_SIGNS, *_RULES, *_NOTHING, "decipher_only"), False)


@dataclass(kw_only=True)
class Authority:
    """Stamps at ``/stamp``; says at ``/list`` and ``/asked`` which certificates it withdrew.

    ``names``: what its certificates name as places to ask, ``list``, ``asked`` and ``above``.
    """

    now: datetime
    address: str = ""
    names: tuple[str, ...] = ("list",)
    lasts: timedelta = 7 * DAY
    withdrawn: bool = False
    unreadable: bool = False  # the certificate of the root that comes with a stamp
    answers: dict[str, bytes | int] = field(default_factory=dict)  # other than what is right
    asked: list[str] = field(default_factory=list)

    @cached_property
    def root(self) -> x509.Certificate:
        return self.certify(ROOT, above=ROOT)

    @cached_property
    def own(self) -> x509.Certificate:
        return self.certify("authority", usage=ExtendedKeyUsageOID.TIME_STAMPING)

    def certify(
        self, name: str, *, above: str = ROOT, usage: ObjectIdentifier | None = None
    ) -> x509.Certificate:
        """Return a certificate of the root's, or the root's own."""
        key, issuer = make_key(name).public_key(), make_key(above)
        builder = (
            x509.CertificateBuilder(_name(above), _name(name), key, x509.random_serial_number())
            .not_valid_before(self.now - 30 * DAY)
            .not_valid_after(self.now + 3000 * DAY)
            .add_extension(x509.BasicConstraints(ca=name == above, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()),
                critical=False,
            )
        )
        rules = _USAGE | dict.fromkeys(_RULES if name == above else _SIGNS, True)
        builder = builder.add_extension(x509.KeyUsage(**rules), critical=True)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        if name != above:
            for extension in self._places():
                builder = builder.add_extension(extension, critical=False)
        return builder.sign(issuer, SHA256())

    def _places(self) -> Iterator[x509.ExtensionType]:
        methods = {
            "asked": AuthorityInformationAccessOID.OCSP,
            "above": AuthorityInformationAccessOID.CA_ISSUERS,
        }
        if access := [
            x509.AccessDescription(method, self._at(name))
            for name, method in methods.items()
            if name in self.names
        ]:
            yield x509.AuthorityInformationAccess(access)
        if "list" in self.names:
            point = x509.DistributionPoint([self._at("list")], None, None, None)
            yield x509.CRLDistributionPoints([point])

    def _at(self, name: str) -> x509.UniformResourceIdentifier:
        return x509.UniformResourceIdentifier(f"{self.address}/{name}")

    def answer(self, path: str, question: bytes) -> bytes | int:
        """Return what an address answers: a body, or a status."""
        name = path.strip("/")
        self.asked.append(name)
        if (other := self.answers.get(name)) is not None:
            return other
        made = {"list": self._list, "asked": self._tell, "above": self._above, "stamp": self._stamp}
        return made[name](question)

    def _list(self, _question: bytes) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(_name(ROOT))
            .last_update(self.now - DAY)
            .next_update(self.now + self.lasts)
        )
        if self.withdrawn:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(self.own.serial_number)
                .revocation_date(self.now - DAY)
            )
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(make_key(ROOT), SHA256()).public_bytes(Encoding.DER)

    def _tell(self, question: bytes) -> bytes:
        serial = ocsp.load_der_ocsp_request(question).serial_number
        assert serial == self.own.serial_number
        answer = ocsp.OCSPResponseBuilder().add_response(
            self.own,
            self.root,
            SHA256(),
            ocsp.OCSPCertStatus.GOOD,
            self.now - DAY,
            self.now + self.lasts,
            None,
            None,
        )
        signed = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)
        return signed.sign(make_key(ROOT), SHA256()).public_bytes(Encoding.DER)

    def _above(self, _question: bytes) -> bytes:
        return self.root.public_bytes(Encoding.DER)

    def _stamp(self, question: bytes) -> bytes:
        root = translate_pyca_cryptography_cert_to_asn1(self.root)
        if self.unreadable:
            root["tbs_certificate"]["version"] = "v2"  # nobody ever used it, and few can read it
        store = SimpleCertificateStore()
        store.register_multiple([] if "above" in self.names else [root])
        stamper = DummyTimeStamper(
            tsa_cert=translate_pyca_cryptography_cert_to_asn1(self.own),
            tsa_key=translate_pyca_cryptography_key_to_asn1(make_key("authority")),
            certs_to_embed=store,
            fixed_dt=self.now,
        )
        stamped: bytes = stamper.request_tsa_response(TimeStampReq.load(question)).dump()
        return stamped


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@contextmanager
def serve(authority: Authority) -> Iterator[Authority]:
    """Let an authority answer on this machine while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            answer = authority.answer(self.path, self.rfile.read(length))
            self.send_response(answer if isinstance(answer, int) else 200)
            body = b"" if isinstance(answer, int) else answer
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - http.server calls it by this name

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
