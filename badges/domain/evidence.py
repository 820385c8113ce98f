"""What proves for good that the certificates of a signature counted when it was made."""

from dataclasses import dataclass
from itertools import chain

from cryptography import x509
from cryptography.exceptions import InvalidSignature

_LONGEST = 8  # certificates from a signer up to the root; real chains have three or four


class NoEvidence(Exception):
    """It cannot be had that a certificate was not withdrawn; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Certificates, from the signer's to the root's, and what says that none is withdrawn; DER."""

    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    def __or__(self, other: "Evidence") -> "Evidence":
        """Return both, each piece once."""
        return Evidence(
            certificates=tuple(dict.fromkeys(chain(self.certificates, other.certificates))),
            ocsps=tuple(dict.fromkeys(chain(self.ocsps, other.ocsps))),
            crls=tuple(dict.fromkeys(chain(self.crls, other.crls))),
        )


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether the issuer's key signed the certificate, under the issuer's name."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def is_root(certificate: x509.Certificate) -> bool:
    """Say whether nobody stands above it: it is trusted or not, and no list can withdraw it."""
    return certificate.issuer == certificate.subject


def check_length(climbed: list[x509.Certificate]) -> None:
    """Stop a climb that leads nowhere."""
    if len(climbed) > _LONGEST:
        raise NoEvidence(f"more than {_LONGEST} certificates, and still no root")
