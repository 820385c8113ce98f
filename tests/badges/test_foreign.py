"""Credentials of others: what they say, whether they are whole, and never for long."""

import copy
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import ECKey

from badges.domain import keys, ob3, proof
from badges.domain.foreign import judge
from badges.queries.children import TooMuch, ask_child
from badges.queries.examination import judge_foreign
from badges.queries.verification import verify_file
from tests.factories.badges import NOW, make_award

TODAY = NOW.date()
KEY = Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
ELSEWHERE = "https://badges.elsewhere.example"


def issue_elsewhere() -> dict[str, Any]:
    """A credential as another site that works like ours would sign it."""
    document = ob3.compose_credential(make_award(base_url=ELSEWHERE))
    kid = keys.multibase_of(KEY.public_key().public_bytes_raw())
    method = keys.method_of(ELSEWHERE, kid)
    return proof.sign(document, method=method, key=KEY, created=NOW)


def test_a_foreign_credential_is_not_ours_but_whole(db: None) -> None:
    verdict = verify_file(json.dumps(issue_elsewhere()).encode(), TODAY)
    assert (verdict.status, verdict.ours, verdict.intact) == ("unknown", False, None)
    assert verdict.reasons == (
        "The file was not issued by this site.",
        "It says: “Halden Certified Recovery Engineer”, issued by Halden Data.",
        "Its signature fits the key inside it. Who owns that key is not checked here.",
    )


@pytest.mark.parametrize("change", ["value", "undefined", "proof"])
def test_an_altered_one_is_said_to_be(change: str) -> None:
    document = issue_elsewhere()
    if change == "value":
        document["name"] = "Master of Everything"
    elif change == "undefined":
        document["salary"] = "1000000"  # readable, and covered by no signature
    else:
        document["proof"]["proofValue"] = "z1111"
    assert judge(json.dumps(document))["proven"] is False


def test_what_cannot_be_told_is_not_told() -> None:
    document = issue_elsewhere()
    for path, value in (
        (("proof", "verificationMethod"), "https://x.example/keys/1"),
        (("proof", "cryptosuite"), "ecdsa-rdfc-2019"),
        (("issuer", "id"), "did:web:somebody.else.example"),
        (("proof",), None),
        (("@context",), ["https://unknown.example/context"]),
        (("@context",), {"inline": "context"}),
    ):
        changed = copy.deepcopy(document)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        assert judge(json.dumps(changed))["proven"] is None, path


def test_a_token_with_its_key_inside_is_checked() -> None:
    key = ECKey.generate_key("P-256")
    body = json.dumps({"issuer": "https://x.example", "credentialSubject": {}, "name": "X"})
    header = {"alg": "ES256", "jwk": key.as_dict(private=False)}
    token = jws.serialize_compact(header, body, key, algorithms=["ES256"])
    assert judge(token) == {"issuer": "https://x.example", "title": "X", "proven": True}
    assert judge(token[:-6] + "AAAAAA")["proven"] is False
    for jwk in ({"kty": "oct", "k": "AAAA"}, None, key.as_dict(private=True)):
        other = jws.serialize_compact({"alg": "ES256"}, body, key, algorithms=["ES256"])
        assert judge(other)["proven"] is None
        forged = json.dumps({"alg": "HS256", "jwk": jwk}).encode()
        head = jws.serialize_compact({"alg": "ES256"}, forged, key, algorithms=["ES256"])
        assert judge(f"{head.split('.')[1]}.{other.split('.', 1)[1]}")["proven"] is not True


def test_a_poisoned_graph_never_reaches_the_canonicalizer() -> None:
    """Blank nodes that all point at each other would keep it busy for ages; they need names."""
    document = issue_elsewhere()
    names = [f"_:n{number}" for number in range(12)]
    document["evidence"] = [
        {"id": name, "type": ["Evidence"], "endorsement": names} for name in names
    ]
    began = time.process_time()
    assert judge(json.dumps(document))["proven"] is False
    assert time.process_time() - began < 5
    found = judge_foreign(json.dumps(document))
    assert found is not None
    assert found.proven is False


def test_a_child_that_takes_too_much_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooMuch):
        ask_child("foreign", b"[" * 2_000_000, processor_seconds=1)
    with pytest.raises(TooMuch):
        ask_child("no such work", b"")
    monkeypatch.setattr("badges.queries.examination.ask_child", _refuse)
    assert judge_foreign("{}") is None


def _refuse(*_arguments: Any) -> None:
    raise TooMuch


def test_strange_shapes_say_nothing() -> None:
    shapes: list[dict[str, Any]] = [
        {"issuer": 5, "name": [1]},
        {"credentialSubject": []},
        {"proof": []},
    ]
    for shape in shapes:
        answer = judge(json.dumps(shape))
        assert (answer["title"], answer["proven"]) == ("", None)
