"""What templates write is what the canonicaliser writes; where it is not, they are not used."""

import dataclasses
import enum
import logging
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from badges.domain import contexts, ob3, outline, probe, proof, terms
from badges.domain.award import Accomplishment, Issuer
from badges.domain.contexts import Json
from badges.domain.templates import Templates
from tests.factories.badges import NOW, make_award

SELDOM = 10**9
quick = settings(max_examples=80, deadline=None, derandomize=True, database=None)

PIECES = [
    "Ana", "Żółć", "Иван", "й", "Nguye\u0302\u0303n", "山田", "🎖", "👩\u200d🚀", '"', "\\",
    "\\u0041", "\t", "\n", "\r\n", " ", "\u00a0", "\u2028", "%s", "%%", "<b>", "_:c14n0", ".",
    "\ufeff", "x" * 3000,
]  # fmt: skip
writing = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
)
codes = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=1, max_size=17)
bases = st.sampled_from(["https://h.example", "http://localhost:8000", "https://h.example/a/b%20c"])


class Watched(Templates):
    """Templates that count how often each canonicaliser was asked."""

    def __init__(self, *, every: int = SELDOM) -> None:
        self.asked = self.learned = 0
        self.change = (b"", b"")  # what either of them writes, and what it should have written
        super().__init__(oracle=self.oracle, general=self.general, every=every)

    def oracle(self, document: Json) -> bytes:
        self.learned += 1
        return proof.canonicalize_fully(document).replace(*self.change)

    def general(self, document: Json) -> bytes:
        self.asked += 1
        return proof.canonicalize(document)

    def fill(self, document: Json) -> bytes | None:
        """Return what a template makes of a document; nothing if none is used for it."""
        self.canonicalize(document)  # the first of its outline is canonicalized anyway
        before = self.asked
        text = self.canonicalize(document)
        return text if self.asked == before else None


SHARED = Watched()


@st.composite
def credentials(draw: st.DrawFn) -> Json:
    expires = draw(st.none() | st.datetimes(min_value=NOW.replace(tzinfo=None)))
    return ob3.compose_credential(
        make_award(
            base_url=draw(bases),
            code=draw(codes),
            issuer=Issuer(
                name=draw(writing),
                url=draw(writing),
                email=draw(writing),
                description=draw(writing),
            ),
            achievement=Accomplishment(
                code=draw(codes),
                kind=draw(st.sampled_from(["Certification", "Badge"])),
                name=draw(writing),
                description=draw(writing),
                criteria=draw(writing),
                language=draw(st.sampled_from(["en", "ru", "pl", "pt-BR"])),
            ),
            identity_hash=draw(writing),
            salt=draw(writing),
            expires_at=expires and expires.replace(tzinfo=NOW.tzinfo),
            status_list=draw(st.integers(1, 10**6)),
            status_index=draw(st.integers(0, 131_071)),
        )
    )


@quick
@given(credentials())
def test_a_template_writes_what_the_canonicaliser_writes(document: Json) -> None:
    assert SHARED.fill(document) == proof.canonicalize_fully(document)


@quick
@given(base=bases, number=st.integers(1, 10**9), encoded=st.text("uH4sIA-_", max_size=9000))
def test_a_status_list_is_templated_too(base: str, number: int, encoded: str) -> None:
    document = ob3.compose_status_list(base, number, encoded, NOW)
    assert SHARED.fill(document) == proof.canonicalize_fully(document)


@quick
@given(
    salts=st.lists(writing, min_size=1, max_size=4),
    tags=st.lists(st.sampled_from(["a", "b", "B", "%"]), min_size=1, max_size=4),
    levels=st.lists(st.sampled_from(["low", "high", "Высокий"]), min_size=1, max_size=3),
    address=st.sampled_from(["https://h.example/é", "https://h.example/c/1.json", "HTTPS://h/"]),
    credits=st.sampled_from([1, 1.0, 2.5, True]),
)
def test_many_nodes_without_an_address(
    salts: list[str], tags: list[str], levels: list[str], address: str, credits: float
) -> None:
    """Whether by template or not: equal nodes, equal texts and a list where order counts."""
    document = compose(salts, tags=tags, levels=levels, credits=credits)
    document["id"] = address
    SHARED.fill(document)
    assert SHARED.canonicalize(document) == proof.canonicalize_fully(document)


def compose(
    salts: list[str],
    *,
    tags: list[str] | None = None,
    levels: list[str] | None = None,
    credits: float = 2,
) -> Json:
    """A credential with an identity for each salt, and what else has a shape of its own."""
    document = ob3.compose_credential(make_award())
    subject = document["credentialSubject"]
    subject["identifier"] = [{**subject["identifier"][0], "salt": salt} for salt in salts]
    subject["achievement"] |= {
        "tag": tags or ["a"],
        "creditsAvailable": credits,
        "resultDescription": [
            {"type": ["ResultDescription"], "name": "Level", "allowedValue": levels or ["x"]}
        ],
    }
    return document


def test_the_nodes_are_named_in_the_order_of_their_hashes() -> None:
    documents = [compose([str(i), str(i + 1), str(i * 7)], levels=["a", "b"]) for i in range(1, 12)]
    texts = {SHARED.fill(document) for document in documents}
    assert texts == {proof.canonicalize_fully(document) for document in documents}
    firsts = {next(line for line in text.split(b"\n") if b"salt" in line) for text in texts if text}
    assert len(firsts) > 2, "the same identity always came first"


def test_two_nodes_that_look_alike_take_the_canonicaliser() -> None:
    assert SHARED.fill(compose(["one", "two"]))
    alike = compose(["one", "one"])
    assert SHARED.fill(alike) is None
    assert SHARED.canonicalize(alike) == proof.canonicalize_fully(alike)


def test_equal_values_are_stated_once() -> None:
    document = compose(["one"], tags=["same", "same", "other"])
    text = SHARED.fill(document)
    assert text == proof.canonicalize_fully(document)
    assert text
    assert text.count(b'"same"') == 1


@pytest.mark.parametrize("salt", ["one", "two", "three", "four", "five", "six"])
def test_equal_values_of_a_nameless_node_count_once_in_its_hash(salt: str) -> None:
    document = compose([salt])
    document["credentialSubject"]["achievement"]["resultDescription"][0]["name"] = ["x", "x"]
    assert SHARED.fill(document) == proof.canonicalize_fully(document)


def test_a_type_of_our_own_may_hold_a_percent_sign() -> None:
    document = ob3.compose_credential(make_award())
    document["type"] = [*document["type"], "https://halden.example/vocab%20s#Own"]
    assert SHARED.fill(document) == proof.canonicalize_fully(document)


def test_a_node_may_refer_to_itself() -> None:
    document = ob3.compose_credential(make_award())
    document["credentialStatus"]["statusListCredential"] = document["credentialStatus"]["id"]
    document["credentialSubject"]["id"] = document["id"]
    assert SHARED.fill(document) == proof.canonicalize_fully(document)


def test_every_character_is_written_alike() -> None:
    characters = [chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000]
    allowed = [c for c in characters if not terms.find_control(c)]
    document = ob3.compose_status_list("https://h.example", 1, "".join(allowed), NOW)
    assert SHARED.fill(document) == proof.canonicalize(document)
    refused = {c for c in characters if terms.find_control(c)}
    assert refused == {c for c in characters if unicodedata.category(c) == "Cc"} - set("\t\n\r")


def test_numbers_that_python_takes_for_equal_are_kept_apart() -> None:
    for number in (1, 1.0, True, 2.5):
        document = compose(["one"], credits=number)
        assert SHARED.fill(document) == proof.canonicalize_fully(document)


class Kind(enum.StrEnum):
    BADGE = "Badge"

    def __str__(self) -> str:
        return "read by people"


def test_a_text_counts_as_json_writes_it() -> None:
    document = compose(["one"])
    document["credentialSubject"]["achievement"]["achievementType"] = Kind.BADGE
    assert SHARED.fill(document) == proof.canonicalize_fully(document)


@pytest.mark.parametrize(
    "address",
    ["https://h.example/é", "HTTPS://h.example/", "tag:h.example,2026:1", "https://[::1]/"],
)
def test_an_unusual_address_takes_the_canonicaliser(address: str) -> None:
    document = {**ob3.compose_credential(make_award()), "id": address}
    assert SHARED.fill(document) is None
    assert SHARED.canonicalize(document) == proof.canonicalize_fully(document)


@quick
@given(st.from_regex(r"(https?://|did:|urn:)[a-z0-9.:@%/?#\[\]é -]{0,12}", fullmatch=True))
def test_an_address_in_a_template_is_valid(address: str) -> None:
    document = ob3.compose_status_list("https://h.example", 1, "u", NOW)
    sketch, values = outline.read(document)
    template = probe.learn(sketch, len(values), proof.canonicalize_fully)
    if template.fits([address if i in template.addresses else "" for i in range(len(values))]):
        assert NamedNode(address).value == address
        terms.check_signable({**document, "id": address})


def test_no_term_of_a_context_is_read_into_an_address() -> None:
    names = {name for url in contexts.PINNED for name in terms_of(contexts.pinned(url))}
    assert "achievement" in names
    assert not names & {"http", "https", "did", "urn"}
    assert not [name for name in names if ":" in name]


def terms_of(context: Json) -> Iterator[str]:
    for term, definition in context.items():
        yield term
        if isinstance(definition, dict):
            yield from terms_of(definition.get("@context") or {})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Bell\x07"}, "U\\+0007"),
        ({"name": "Next\x85"}, "U\\+0085"),
        ({"id": "c/relative"}, "absolute"),
        ({"id": "https://h.example/with space"}, "absolute"),
        ({"description": None}, "empty"),
        ({"evidence": []}, "empty"),
        ({"shoeSize": "44"}, "shoeSize"),
        ({"type": ["VerifiableCredential", "SchoolReport"]}, "SchoolReport"),
    ],
)
def test_a_known_outline_is_refused_like_a_new_one(change: dict[str, Any], said: str) -> None:
    document = ob3.compose_credential(make_award())
    assert SHARED.fill(document)
    for _again in range(2):
        with pytest.raises(terms.NotSignable, match=said):
            SHARED.canonicalize({**document, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"proof": {"type": "DataIntegrityProof", "proofValue": "z1"}},
        {"evidence": [{"type": ["Evidence"]}, {"type": ["Evidence"]}]},
        {"@type": "OpenBadgeCredential"},
    ],
    ids=["a second graph", "nodes that are all alike", "a keyword"],
)
def test_what_no_template_can_hold_takes_the_canonicaliser(change: dict[str, Any]) -> None:
    document = {**ob3.compose_credential(make_award()), **change}
    assert SHARED.fill(document) is None
    assert SHARED.canonicalize(document) == proof.canonicalize_fully(document)


@pytest.mark.parametrize(
    "change",
    [
        {"shoeSize": "44"},
        {"credentialSchema": {"id": "urn:s", "type": "JsonSchema", "jsonSchema": {"a": "b"}}},
    ],
    ids=["dropped", "inside another text"],
)
def test_a_value_that_does_not_come_out_whole_has_no_template(change: dict[str, Any]) -> None:
    sketch, values = outline.read({**ob3.compose_credential(make_award()), **change})
    with pytest.raises(probe.NotTemplated):
        probe.learn(sketch, len(values), proof.canonicalize_fully)


def test_a_canonicaliser_that_looks_at_values_cannot_be_templated() -> None:
    def moody(document: Json) -> bytes:
        return proof.canonicalize_fully(document).replace(b"https", b"http")

    sketch, values = outline.read(ob3.compose_credential(make_award()))
    with pytest.raises(probe.NotTemplated, match="otherwise"):
        probe.learn(sketch, len(values), moody)


def test_what_json_does_not_know_is_left_to_the_canonicaliser() -> None:
    document = {**ob3.compose_credential(make_award()), "type": ("VerifiableCredential",)}
    with pytest.raises(terms.NotSignable, match="type"):
        SHARED.canonicalize(document)
    document = compose(["one"])
    document["credentialSubject"]["achievement"]["tag"] = ("a", "b")
    with pytest.raises(outline.NotOutlined, match="tuple"):
        outline.read(document)
    assert SHARED.canonicalize(document) == proof.canonicalize_fully(document)


def test_an_outline_and_its_values_make_the_document() -> None:
    document = compose(["one", "two"], tags=["a", "b"], credits=2.5)
    sketch, values = outline.read(document)
    assert outline.compose(sketch, values) == document
    assert outline.read({**document, "name": "Another"})[0] == sketch
    assert outline.read({**document, "type": "VerifiableCredential"})[0] != sketch


def test_one_in_so_many_is_canonicalized_anyway() -> None:
    templates = Watched(every=4)
    for _use in range(9):
        templates.canonicalize(ob3.compose_credential(make_award()))
    assert templates.asked == 3, "the 1st, the 5th and the 9th"
    assert templates.learned == 3, "three probes, once"


def test_a_template_learned_wrong_is_never_used(caplog: pytest.LogCaptureFixture) -> None:
    templates = Watched()
    templates.change = (b"vocab.html#salt", b"vocab.html#pepper")
    document = ob3.compose_credential(make_award())
    assert templates.canonicalize(document) == proof.canonicalize_fully(document)
    assert "dropped" in caplog.text
    assert templates.fill(document) is None
    assert templates.learned == 3, "learned anew"


def test_a_template_gone_wrong_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """The guard's turn comes before the fifth document leaves the house."""
    templates = Watched(every=4)
    document = ob3.compose_credential(make_award())
    for _use in range(4):
        templates.canonicalize(document)
    sabotage(templates, document)
    with caplog.at_level(logging.ERROR):
        assert templates.canonicalize(document) == proof.canonicalize_fully(document)
    assert "OpenBadgeCredential" in caplog.text
    assert document["id"] not in caplog.text
    assert templates.fill(document) is None


def sabotage(templates: Templates, document: Json) -> None:
    known = templates.known(outline.read(document)[0])
    assert known.template
    pattern = known.template.pattern.replace("#salt>", "#pepper>")
    known.template = dataclasses.replace(known.template, pattern=pattern)


def test_threads_learn_once_and_write_the_same() -> None:
    templates = Watched()
    documents = [ob3.compose_credential(make_award(code=f"c{i}")) for i in range(60)]
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(templates.canonicalize, documents))
    assert texts == [proof.canonicalize(document) for document in documents]
    assert templates.learned == 3
    assert templates.asked == 1


def test_a_signature_by_template_holds() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    for code in ("first", "second"):
        document = ob3.compose_credential(make_award(code=code))
        signed = proof.sign(document, method="did:web:h.example#z6Mk", key=key, created=NOW)
        assert proof.is_proven(signed, key.public_key())
