"""Typography, markup and foreign letters hide no word, and what is not prose is not judged."""

import pytest

from lms.wording.markup import strip_markup
from lms.wording.matcher import find


@pytest.mark.parametrize(
    "text",
    [
        "обуче\u0301ние",
        "обуч\u00e9ние",  # the stress typed as a Latin letter
        "обу\u00adче\u00adние",
        "обу\u200bчение",
        "\ufeffобучение",
        "обу-чение",
        "обу\u2011чение",
        "обу-\n    чение",
        "oбучение",  # Latin o
        "обyчениe",  # Latin y and e
        "οбучение",  # Greek omicron
        "ОБУЧЕНИЕ",
        "онлайн-обучение",
        "обучение_персонала",
        "«обучение»",
        "2024обучение",
    ],
)
def test_a_russian_word_is_seen_through(text: str) -> None:
    assert [finding.rule for finding in find(text, "ru")] == ["ru-training"]


@pytest.mark.parametrize(
    "text", ["educаtion", "EDUCАTION", "edu\u00adcation", "ｅducation", "edu-cation"]
)
def test_an_english_word_is_seen_through(text: str) -> None:
    assert [finding.rule for finding in find(text, "en")] == ["en-education"]


@pytest.mark.parametrize(
    "text", ["kształсenie", "ks\u00adzta\u0142cenie", "s\u0301wiadectwo", "s\u0301wiadectw"]
)
def test_a_polish_word_is_seen_through(text: str) -> None:
    assert [finding.severity for finding in find(text, "pl")] == ["refused"]


def test_the_letter_yo_may_be_written_either_way() -> None:
    assert len(find("учёба учеба УЧЁБА уче\u0308ба", "ru")) == 4


@pytest.mark.parametrize(
    "text",
    ["повышение\u00a0квалификации", "повышение\nквалификации", "повышение \u00a0 квалификации",
     "«повышение» квалификации", "повышение-квалификации"],
)  # fmt: skip
def test_a_phrase_survives_its_spacing(text: str) -> None:
    assert [finding.rule for finding in find(text, "ru")] == ["ru-raise-qualification"]


@pytest.mark.parametrize(
    "text",
    ["Ждём повышение. Квалификации нет", "повышение\n\nквалификации", "повышение; квалификации",
     "повышение • квалификации"],
)  # fmt: skip
def test_a_phrase_ends_with_its_sentence(text: str) -> None:
    assert find(text, "ru") == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/education/teacher",
        "www.teaching.example",
        "http://localhost/education",
        "teacher@example.org",
        "education.ru/course",
        "%(course)s %(teacher)s",
        "{teacher} {0} {{ course.education }}",
    ],
)
def test_addresses_and_placeholders_are_not_prose(text: str) -> None:
    assert find(text, "en") == ()


def test_words_around_an_address_are_prose() -> None:
    text = "Обучение: https://example.com/education и обучение, {name}!"
    assert [finding.start for finding in find(text, "ru")] == [0, text.rindex("обучение")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("об<b>уч</b>ение", "обучение"),
        ("об<span class='x'>у<i>ч</i></span>ение", "обучение"),
        ("обу<wbr>чение &laquo;a&raquo; &#1086; &amp;", "обучение «a» о &"),
        ("обу&shy;чение", "обу\u00adчение"),
        ("<p>one</p><p>two</p>", "one\n\n\n\ntwo"),
        ("one<br>two", "one\ntwo"),
        ("one<script>обучение</script>two<style>x</style>", "one\n\n\n\ntwo\n\n"),
        ("<!-- обучение -->one", "one"),
        ("об<img src='x' alt='картинка'>учение", "обучение\n\nкартинка"),
        ("<a href='/education/' title='read'>here</a>", "here\n\nread"),
        ("1 < 2 и обучение", "1 < 2 и обучение"),
        ("a <b и обучение", "a <b и обучение"),
        ("no markup", "no markup"),
    ],
)
def test_markup(html: str, text: str) -> None:
    assert strip_markup(html).strip("\n") == text.strip("\n")


@pytest.mark.parametrize(
    "html",
    [
        "<li>развитие</li><li>навыков</li>",
        "<h2>Повышение</h2>квалификации",
        "<td>обу</td><td>чение</td>",
    ],
)
def test_blocks_part_words_and_phrases(html: str) -> None:
    assert find(strip_markup(html), "ru") == ()
