"""What does a whole award cost beside the three signatures it cannot do without?

The action (row, edition, every signed form, event) and the baked picture, beside the bare
signatures of the same forms: one Ed25519 for the proof, two RSA-2048 for the tokens. Between them
the forms composed, signed and baked without a database.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from temporary import Timing, define_achievements, run, show_costs, time_calls

ROUNDS, EACH, SLUG = 7, 16, "engineer"
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
BARE = "one Ed25519 and two RSA signatures"


def measure() -> None:
    """Award, compose and sign the same, turn by turn."""
    recipients = _prepare()
    code = _award(recipients, 0)
    _bake(code)  # the first one makes the keys, learns the templates and draws the picture
    numbers = iter(range(1, 1 + 2 * ROUNDS * EACH))
    calls: dict[str, Callable[[int], Any]] = {
        "issued and baked": lambda _: _bake(_award(recipients, next(numbers))),
        "issued": lambda _: _award(recipients, next(numbers)),
        "composed, signed and baked, no database": _without_database(code),
        BARE: _bare(),
    }
    rounds: dict[str, list[Timing]] = {name: [] for name in calls}
    for _turn in range(ROUNDS):
        for name, call in calls.items():
            rounds[name].append(time_calls(call, range(EACH)))
    show_costs(rounds, EACH, BARE)
    print(f"  {_count_statements(recipients)} statements to issue one")


def _prepare() -> list[int]:
    """A person for every award, so that none of them is a renewal."""
    from badges.models import Recipient, RecipientAddress

    define_achievements(SLUG)
    people = Recipient.objects.bulk_create(
        Recipient(name=f"Person {number}", created_at=NOW)
        for number in range(2 + 2 * ROUNDS * EACH)
    )
    RecipientAddress.objects.bulk_create(
        RecipientAddress(recipient=person, email=f"person{person.pk}@bench.example")
        for person in people
    )
    return [person.pk for person in people]


def _award(recipients: list[int], number: int) -> str:
    from badges.actions.credentials import issue

    return issue(
        achievement=SLUG, recipient_id=recipients[number], source=f"bench:{number}",
        language="en", actor=None, now=NOW,
    ).code  # fmt: skip


def _bake(code: str) -> bytes:
    """The picture as it is served: the edition is read again, the drawing is kept."""
    from badges.queries.exhibits import get_exhibit
    from badges.queries.rendering import get_baked

    exhibit = get_exhibit(code)
    assert exhibit
    return get_baked(exhibit, NOW.date()).body


def _without_database(code: str) -> Callable[[int], bytes]:
    """The five forms from values in memory, each call with other ones."""
    import dataclasses
    import json

    from badges.domain import ob2, ob3, tokens
    from badges.domain.baking import bake
    from badges.domain.keys import method_of
    from badges.domain.picture import render_picture
    from badges.domain.proof import sign
    from badges.queries.exhibits import get_exhibit
    from badges.queries.keys import get_signer

    exhibit, signer = get_exhibit(code), get_signer(NOW)
    assert exhibit
    png = render_picture(title="Certified", issuer="Bench", language="en")

    def call(number: int) -> bytes:
        award = dataclasses.replace(exhibit.award, status_index=number)
        method = method_of(award.base_url, signer.proof_kid)
        kid = method_of(award.base_url, signer.token_kid)
        proven = sign(ob3.compose_credential(award), method=method, key=signer.proof, created=NOW)
        token = ob3.compose_credential(award, as_token=True)
        tokens.sign_credential(token, kid=kid, key=signer.token)
        tokens.sign(ob2.compose_signed_assertion(award, signer.token_kid), key=signer.token)
        hosted = json.dumps(ob2.compose_assertion(award))
        return bake(png, ob2=hosted, ob3=json.dumps(proven))

    return call


def _bare() -> Callable[[int], bytes]:
    """What cryptography itself takes, by the site's own keys and for bytes of the same length."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    from badges.queries.keys import get_signer

    signer, padding, sha256 = get_signer(NOW), PKCS1v15(), SHA256()
    credential, assertion = b"c" * 3000, b"a" * 2000

    def call(_number: int) -> bytes:
        signer.proof.sign(b"\x07" * 64)
        signer.token.sign(credential, padding, sha256)
        return signer.token.sign(assertion, padding, sha256)

    return call


def _count_statements(recipients: list[int]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        _award(recipients, len(recipients) - 1)
    return len(statements)


if __name__ == "__main__":
    run(measure)
