"""How many credentials are signed in a second?

Composed documents to documents with a Data Integrity proof, three ways, beside the one step that
nothing can spare: an Ed25519 signature of 64 bytes. No database, one core.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from temporary import ROOT, Timing, show_rates, time_calls

ROUNDS, EACH = 9, 256  # one in 256 is canonicalized anyway: once a round
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
METHOD = "did:web:bench.example#z6Mk"


def measure() -> None:
    """Sign the same documents each way, turn by turn."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from badges.domain.proof import canonicalize, canonicalize_fully

    documents = [_compose(number) for number in range(EACH)]
    key = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    base = "a bare Ed25519 signature"
    calls: dict[str, Callable[[int], Any]] = {
        "signed, by template": partial(_sign, documents, key),
        "signed, pruned contexts": partial(_sign_by, canonicalize, documents, key),
        "signed, whole contexts": partial(_sign_by, canonicalize_fully, documents, key),
        base: lambda _number: key.sign(b"\x07" * 64),
    }
    first = time_calls(calls["signed, by template"], range(1))
    print(f"  the first of an outline, with its template: {1000 * first.clock:.0f} ms")
    rounds: dict[str, list[Timing]] = {name: [] for name in calls}
    for _turn in range(ROUNDS):
        for name, call in calls.items():
            rounds[name].append(time_calls(call, range(EACH)))
    show_rates(rounds, EACH, base)


def _sign(documents: list[Any], key: Any, number: int) -> Any:
    from badges.domain.proof import sign

    return sign(documents[number], method=METHOD, key=key, created=NOW)


def _sign_by(canonicalize: Any, documents: list[Any], key: Any, number: int) -> Any:
    """The steps of ``sign`` without a template; the proof's options are hashed once, as there."""
    import base58

    from badges.domain.terms import check_signable

    document = documents[number]
    check_signable(document)
    signature = key.sign(b"\x07" * 32 + hashlib.sha256(canonicalize(document)).digest())
    value = "z" + base58.b58encode(signature).decode("ascii")
    return {**document, "proof": {"proofValue": value}}


def _compose(number: int) -> Any:
    from badges.domain.award import Accomplishment, Award, Issuer
    from badges.domain.ob3 import compose_credential

    salt = hashlib.sha256(b"%d" % number).hexdigest()
    award = Award(
        base_url="https://bench.example",
        code=salt[:17],
        issuer=Issuer(
            name="Bench", url="https://bench.example", email="b@bench.example", description="Bench."
        ),
        achievement=Accomplishment(
            code="tqbqry2qnbhee227w",
            kind="Certification",
            name="Certified Recovery Engineer",
            description="Restores a PostgreSQL service to any point in time.",
            criteria="Passed the certification test on backup and recovery with at least 70 %.",
            language="en",
        ),
        subject=f"urn:uuid:{salt[:8]}-fa44-4076-80aa-337142cfac96",
        identity_hash=f"sha256${salt}",
        salt=salt[:32],
        name="Ana Kowalska",
        issued_at=NOW,
        edition=1,
        edition_at=NOW,
        valid_from=NOW.date(),
        valid_until=date(2028, 11, 12),
        expires_at=datetime(2028, 11, 11, 23, tzinfo=UTC),
        status_list=1,
        status_index=number,
    )
    return compose_credential(award)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    print(f"\nNo database   ({os.cpu_count()} processors, load {os.getloadavg()[0]:.1f})")
    measure()
