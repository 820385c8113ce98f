"""Composing, proving and refusing documents: domain alone, no database."""

import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import RSAKey

from badges.domain import contexts, keys, ob2, ob3, proof, terms, tokens
from badges.domain.award import Award
from badges.domain.identity import hash_identity
from badges.queries.keys import pem_of
from tests.factories.badges import NOW, make_award
from tests.factories.keys import RSA

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
METHOD = "did:web:partners.halden.example#z6Mk"


def prove(award: Award) -> dict[str, Any]:
    return proof.sign(ob3.compose_credential(award), method=METHOD, key=KEY, created=NOW)


def test_a_credential_states_what_the_standard_wants() -> None:
    document = ob3.compose_credential(make_award())
    assert document["@context"] == [contexts.CREDENTIALS, contexts.OPEN_BADGES, contexts.EXTENSIONS]
    assert document["issuer"]["id"] == "did:web:partners.halden.example"
    assert document["validFrom"] == "2026-11-12T09:30:00Z"
    assert document["validUntil"] == "2028-11-11T23:00:00Z"
    subject = document["credentialSubject"]
    assert subject["id"].startswith("urn:uuid:")
    assert subject["achievement"]["achievementType"] == "Certification"
    assert subject["achievement"]["inLanguage"] == "en"
    assert document["credentialStatus"]["statusListIndex"] == "5"
    assert "creditsAvailable" not in json.dumps(document)
    assert "fieldOfStudy" not in json.dumps(document)


def test_a_credential_holds_no_name_and_no_address() -> None:
    text = json.dumps(ob3.compose_credential(make_award())) + json.dumps(
        ob2.compose_assertion(make_award())
    )
    assert "Ana" not in text
    assert "baltwerk" not in text


def test_a_credential_without_an_end_has_no_end() -> None:
    award = make_award(valid_until=None, expires_at=None)
    assert "validUntil" not in ob3.compose_credential(award)
    assert "expires" not in ob2.compose_assertion(award)


def test_the_hash_is_the_vector_of_the_specification() -> None:
    assert hash_identity("a@example.com", "Kosher").startswith("sha256$b5809d8a")
    assert hash_identity(" A@Example.com", "Kosher") == hash_identity("a@example.com", "Kosher")


def test_an_award_survives_being_stored() -> None:
    for award in (make_award(), make_award(valid_until=None, expires_at=None)):
        assert Award.from_json(json.loads(json.dumps(award.to_json()))) == award


def test_a_proof_holds() -> None:
    assert proof.is_proven(prove(make_award()), KEY.public_key())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "Another"),
        (("validUntil",), "2038-11-11T23:00:00Z"),
        (("credentialSubject", "achievement", "criteria", "narrative"), "Nothing"),
        (("credentialSubject", "identifier", 0, "salt"), "00fe"),
        (("credentialStatus", "statusListIndex"), "6"),
        (("proof", "created"), "2026-11-12T09:30:01Z"),
    ],
)
def test_a_proof_breaks_with_any_value(path: tuple[Any, ...], value: str) -> None:
    altered = copy.deepcopy(prove(make_award()))
    place: Any = altered
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    assert not proof.is_proven(altered, KEY.public_key())


def test_a_proof_of_nonsense_is_no_proof() -> None:
    signed = prove(make_award())
    signed["proof"] = {**signed["proof"], "proofValue": "z0OIl"}
    assert not proof.is_proven(signed, KEY.public_key())


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_contexts_cut_to_the_terms_in_use_mean_the_same(language: str) -> None:
    texts = {
        "en": "Line\nbreak “quoted” 🎖",
        "ru": "Сдан тест\tи экзамен",
        "pl": "Zażółć gęślą \\ jaźń",
    }
    document = ob3.compose_credential(make_award(criteria=texts[language], language=language))
    assert proof.canonicalize(document) == proof.canonicalize_fully(document)
    assert len(proof.canonicalize(document).splitlines()) > 25


def test_a_status_list_is_canonicalized_alike() -> None:
    document = ob3.compose_status_list("https://h.example", 1, "uH4sI", NOW)
    assert proof.canonicalize(document) == proof.canonicalize_fully(document)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shoeSize": "44"}, "shoeSize"),
        ({"type": ["VerifiableCredential", "SchoolReport"]}, "SchoolReport"),
        ({"id": "c/relative"}, "absolute"),
        ({"id": "https://h.example/with space"}, "absolute"),
        ({"id": "https://h.example/100%"}, "absolute"),
        ({"id": "https://h.example:port/"}, "absolute"),
        ({"id": "urn:two#fragments#here"}, "absolute"),
        ({"credentialSchema": {"id": "relative", "type": "JsonSchema"}}, r"credentialSchema\.id"),
        ({"issuer": "halden"}, "absolute"),
        ({"relatedResource": ["not/absolute"]}, "relatedResource"),
        ({"name": "Bell\x07"}, "U+0007"),
        ({"name": "Del\x7f"}, "U+007F"),
        ({"evidence": []}, "empty"),
        ({"description": None}, "empty"),
        ({"narrative": {"en": "x"}}, "en"),
    ],
)
def test_what_a_proof_would_not_cover_is_refused(change: dict[str, Any], said: str) -> None:
    prove(make_award())  # a template of the honest outline is known
    document = {**ob3.compose_credential(make_award()), **change}
    with pytest.raises(terms.NotSignable, match=said.replace("+", r"\+")):
        proof.sign(document, method=METHOD, key=KEY, created=NOW)
    with pytest.raises(terms.NotSignable, match=said.replace("+", r"\+")):
        tokens.sign_credential(document, kid="k", key=RSA)


def test_a_token_of_what_is_not_json_is_refused() -> None:
    document = {**ob3.compose_credential(make_award()), "name": {"Ana"}}
    with pytest.raises(TypeError):
        tokens.sign_credential(document, kid="k", key=RSA)


def test_an_undefined_property_deep_inside_is_refused() -> None:
    document = ob3.compose_credential(make_award())
    document["credentialSubject"]["achievement"]["hours"] = "40"
    with pytest.raises(terms.NotSignable, match=r"achievement\.hours"):
        terms.check_signable(document)


def test_an_absolute_type_needs_no_context() -> None:
    document = ob3.compose_credential(make_award())
    document["type"] = [*document["type"], "https://halden.example/vocab#Own"]
    terms.check_signable(document)


def test_nothing_is_fetched() -> None:
    with pytest.raises(contexts.ContextUnknown):
        contexts.pinned("https://w3id.org/security/v2")


def test_an_altered_context_stops_us() -> None:
    with pytest.raises(contexts.ContextAltered):
        contexts.checked(b'{"@context": {}}', "0" * 64, "credentials-v2.json")


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://partners.halden.example", "did:web:partners.halden.example"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://halden.example/partners", "did:web:halden.example:partners"),
    ],
)
def test_the_issuer_is_its_domain(base_url: str, did: str) -> None:
    assert keys.did_of(base_url) == did


def test_keys_are_written_as_others_read_them() -> None:
    multibase = keys.multibase_of(KEY.public_key().public_bytes_raw())
    assert multibase.startswith("z6Mk")
    assert keys.public_key_of(multibase) == KEY.public_key()
    proof = keys.PublicKey(multibase, keys.ED25519, pem_of(KEY))
    token = keys.PublicKey("rsa-1", keys.RS256, pem_of(RSA))
    document = keys.compose_did_document("https://h.example", [proof, token])
    # Every verifier finds strings there, and the RSA key first.
    names = ["did:web:h.example#rsa-1", f"did:web:h.example#{multibase}"]
    assert document["assertionMethod"] == names
    assert [method["id"] for method in document["verificationMethod"]] == names
    assert document["verificationMethod"][0]["publicKeyJwk"]["alg"] == "RS256"
    jwks = keys.compose_jwks("https://h.example", [proof, token])["keys"]
    by_kid = {jwk["kid"]: jwk for jwk in jwks}
    assert by_kid[names[1]]["crv"] == "Ed25519"
    assert RSAKey.import_key(by_kid[names[0]]).public_key == RSA.public_key()
    assert not {"d", "p", "q"} & {member for jwk in by_kid.values() for member in jwk}


def test_an_rsa_key_is_asked_of_the_other_kind() -> None:
    with pytest.raises(TypeError, match="not an RSA key"):
        keys.PublicKey("z6Mk", keys.ED25519, pem_of(KEY)).rsa()


@pytest.mark.parametrize("multibase", ["zQ3s", "u6Mk", "z6"])
def test_another_key_is_refused(multibase: str) -> None:
    with pytest.raises(ValueError, match="not an Ed25519"):
        keys.public_key_of(multibase)


def test_an_issuer_without_a_description_leaves_it_out() -> None:
    award = make_award()
    bare = type(award.issuer)(
        name="H", url="https://h.example", email="h@h.example", description=""
    )
    assert "description" not in ob3.compose_issuer(award.base_url, bare)
    assert "description" not in ob2.compose_issuer(award.base_url, bare)
    assert "description" in ob2.compose_issuer(award.base_url, award.issuer)


def test_a_badge_class_is_complete() -> None:
    document = ob2.compose_badge_class("https://h.example", make_award().achievement)
    assert set(document) >= {"id", "type", "name", "description", "image", "criteria", "issuer"}


def test_a_revoked_assertion_says_only_that() -> None:
    assert set(ob2.compose_revoked("https://h.example", "x", "Withdrawn")) == {
        "@context",
        "id",
        "type",
        "revoked",
        "revocationReason",
    }
