"""Spans, languages, the scope of certificates and the host's own data."""

import pytest

from lms.wording.lemma import lemmas
from lms.wording.matcher import Finding, find
from lms.wording.policy import load_policy, named_policy


def test_a_finding_tells_everything() -> None:
    assert find("Наш преподаватель", "ru") == (
        Finding(
            rule="ru-teacher",
            start=4,
            end=17,
            found="преподаватель",
            allowed=("тренер", "эксперт"),
            severity="refused",
            language="ru",
        ),
    )


def test_the_span_is_of_the_text_as_given() -> None:
    text = "Тест и об\u00adу\u00adче\u0301ние, развитие\u00a0наших навыков."
    assert [text[finding.start : finding.end] for finding in find(text, "ru")] == [
        "об\u00adу\u00adче\u0301ние",
        "развитие\u00a0наших навыков",
    ]


@pytest.mark.parametrize(
    ("language", "rules"),
    [
        ("ru", ["ru-training", "en-education"]),
        ("en", ["ru-training", "en-education"]),
        ("en-gb", ["ru-training", "en-education"]),
        ("ru_RU", ["ru-training", "en-education"]),
        ("pl", ["ru-training", "pl-education"]),
        ("de", ["ru-training"]),
    ],
)
def test_script_and_language_choose_the_rules(language: str, rules: list[str]) -> None:
    assert [finding.rule for finding in find("обучение, education, edukacja", language)] == rules


@pytest.mark.parametrize("text", ["", " ", "...", "12", "-", "«»", "\u00ad"])
def test_text_without_words(text: str) -> None:
    assert find(text, "ru", certificate=True) == ()


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ru", "40 часов", "40 часов"),
        ("ru", "40ч.", "40ч"),
        ("ru", "1,5 часа", "1,5 часа"),
        ("ru", "72 ак. ч.", "72 ак. ч"),
        ("ru", "72 ак.ч.", "72 ак.ч"),
        ("ru", "72\u00a0академических часа", "72\u00a0академических часа"),
        ("ru", "в объёме 16 часов", "объёме 16 часов"),
        ("ru", "в объеме 16 академических часов", "объеме 16 академических часов"),
        ("ru", "40-часовой тренинг", "40-часовой"),
        ("ru", "сорокачасовая программа", "сорокачасовая"),
        ("ru", "сорок часов", "часов"),
        ("ru", "Количество часов: 40", "часов"),
        ("ru", "16 hours", "16 hours"),
        ("en", "40 hours", "40 hours"),
        ("en", "a 40-hour training", "40-hour"),
        ("en", "8h", "8h"),
        ("en", "16 academic hours", "16 academic hours"),
        ("en", "forty hours", "hours"),
        ("pl", "40 godzin", "40 godzin"),
        ("pl", "8 godz.", "8 godz"),
        ("pl", "40-godzinne szkolenie", "40-godzinne"),
    ],
)
def test_a_certificate_carries_no_hours(language: str, text: str, found: str) -> None:
    (finding,) = find(text, language, certificate=True)
    assert (finding.found, finding.allowed) == (found, ())
    assert find(text, language) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("об обучении", "ru-certificate-of-training"),
        ("об образовании", "ru-certificate-of-training"),
        ("присвоена квалификация", "ru-qualification-awarded"),
        ("свидетельство того, что тест сдан", "ru-certificate-name"),
        ("Удостоверение", "ru-certificate-name"),
        ("ДИПЛОМ", "ru-certificate-name"),
        ("аттестат", "ru-certificate-name"),
    ],
)
def test_what_a_certificate_never_says(text: str, rule: str) -> None:
    assert [finding.rule for finding in find(text, "ru", certificate=True)] == [rule]


@pytest.mark.parametrize(
    "text",
    ["Сертификат подтверждает, что Анна Орлова сдала тест 12 мая", "п. 3 ч. 2 ст. 10",
     "сейчас, часть третья", "московский часовой пояс"],
)  # fmt: skip
def test_what_a_certificate_may_say(text: str) -> None:
    assert find(text, "ru", certificate=True) == ()


def test_names_of_a_host_pass_in_any_case_but_not_in_lower_case() -> None:
    policy = load_policy(
        names=[
            "1С-Образование",
            "Академия Образования Плюс",
            "Education First",
            "Akademia Edukacji",
        ]
    )
    for language, text in (
        ("ru", "тренинг Академии Образования Плюс"),
        ("ru", "продукты 1С-Образования"),
        ("ru", "партнёр Education First"),
        ("en", "our partner Education First"),
        ("pl", "nasz partner Education First"),
        ("pl", "w Akademii Edukacji"),  # the one place that opens the Polish dictionary
    ):
        assert find(text, language, policy=policy) == ()
    assert find("академия образования плюс", "ru", policy=policy)
    assert find("our education first", "en", policy=policy)


def test_a_name_of_marks_only_is_harmless() -> None:
    assert find("обучение", "ru", policy=load_policy(names=["", "—"]))


def test_names_are_compiled_once() -> None:
    assert named_policy(("Education First",)) is named_policy(("Education First",))


def test_a_host_may_add_rules() -> None:
    policy = load_policy(
        extra={
            "ru": {
                "refused": [{"id": "host", "phrases": ["вебинар", "*обуч*"], "write": ["эфир"]}],
                "allowed": [{"phrases": ["Программа обучение"]}],
            },
            "en": {"warned": [{"id": "host-en", "phrases": ["syllabus"], "write": ["outline"]}]},
        }
    )
    texts = {"ru": "вебинаров, программы обучения, обучение", "en": "three syllabi"}
    found = [find(texts[language], language, policy=policy) for language in texts]
    assert [finding.rule for findings in found for finding in findings] == [
        "host",
        "host",
        "host-en",
    ]


def test_ordinary_copy_opens_no_dictionary() -> None:
    before = lemmas.cache_info().misses
    copy = "Po szkoleniu test; kursy trwają krótko, a nauka: dyplomata, kształt, 40-godzinne."
    assert [finding.found for finding in find(copy, "pl", certificate=True)] == [
        "kursy",
        "40-godzinne",
    ]
    assert lemmas.cache_info().misses == before


def test_overlapping_rules_give_one_finding() -> None:
    assert [
        finding.rule for finding in find("курсы повышения квалификации преподавателей", "ru")
    ] == [
        "ru-course",
        "ru-raise-qualification",
        "ru-teacher",
    ]


def test_a_quotation_without_a_title_is_judged() -> None:
    assert find("мы проводим «обучение»", "ru")
    assert find("Компания проводит «обучение»", "ru")
    assert find("Компания. «Обучение»", "ru")
    assert not find("Компания «Обучение»", "ru")
    assert len(find("ООО «Обучение» проводит «обучение»", "ru")) == 1
