"""The printed certificate: words, one page, both standards, nothing that is not data."""

from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from pypdf import PdfReader

from badges.domain.certificate import Certificate, compose_data, render_certificate
from badges.domain.identity import NotPrintable
from badges.domain.phrases import WORDS
from lms.wording.checks import refuse
from tests.factories.badges import make_award


def a_certificate(name: str = "Ana Kowalska", show_date: bool = True, **award: Any) -> Certificate:
    return Certificate(award=make_award(**award), name=name, state="valid", show_date=show_date)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize(
    ("language", "heading", "confirms", "day"),
    [
        (
            "en",
            "Certificate",
            "confirms that the certification test was passed",
            "11 November 2028",
        ),
        (
            "ru",
            "Сертификат",
            "подтверждает успешную сдачу сертификационного теста",
            "11 ноября 2028 г.",
        ),
        ("pl", "Certyfikat", "potwierdza zdanie testu certyfikacyjnego", "11 listopada 2028"),
    ],
)
def test_a_certificate_says_what_it_must(
    language: str, heading: str, confirms: str, day: str
) -> None:
    pdf = render_certificate(a_certificate(language=language))
    reader, text = PdfReader(BytesIO(pdf)), text_of(pdf)
    assert len(reader.pages) == 1
    for said in (heading, confirms, "Ana Kowalska", "Halden Certified Recovery Engineer", day):
        assert said in text
    assert "hb97p2s6ysttj6r7h" in text
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]


def test_it_is_archival_and_accessible() -> None:
    metadata = render_certificate(a_certificate())
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert metadata.endswith(b"%%EOF\n")


def test_it_shows_no_name_unless_told() -> None:
    text = text_of(render_certificate(a_certificate(name="", show_date=False)))
    assert "Ana" not in text
    assert "has not published" in text
    assert "12 November 2026" not in text


def test_a_badge_is_no_certificate() -> None:
    data = compose_data(a_certificate(kind="Badge"))
    assert (data["heading"], data["confirms"]) == ("Badge", "confirms an achievement")


def test_one_without_an_end_says_so() -> None:
    facts = compose_data(a_certificate(valid_until=None))["facts"]
    assert ("Valid to", "no end date") in facts


def test_the_longest_texts_still_fill_one_page() -> None:
    long = a_certificate(
        name="Alexander van der Hoogenbandschmidt " * 4, title="Word " * 30, criteria="x " * 900
    )
    assert len(PdfReader(BytesIO(render_certificate(long))).pages) == 1


def test_a_name_is_never_markup() -> None:
    assert '#read("/etc/passwd")' in text_of(
        render_certificate(a_certificate('#read("/etc/passwd")'))
    )


def test_a_letter_the_font_lacks_is_named() -> None:
    with pytest.raises(NotPrintable, match="HIRAGANA LETTER A"):
        render_certificate(a_certificate("あ"))


def test_threads_do_not_share_a_compiler() -> None:
    done: list[bytes] = []
    threads = [
        Thread(target=lambda: done.append(render_certificate(a_certificate()))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(done)) == 1
    assert len(done) == 3


@pytest.mark.parametrize("language", sorted(WORDS))
def test_our_own_words_pass_the_policy(language: str) -> None:
    values = vars(WORDS[language])
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    refuse(texts, language, certificate=True)
