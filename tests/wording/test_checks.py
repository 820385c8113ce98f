"""What a person is told, and when publishing is refused."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from pytest_django import Settings

from lms.wording.checks import WordingRefused, describe, refuse, warnings
from lms.wording.matcher import find
from lms.wording.policy import load_policy

PLACE = 'Lesson "Pipelines", text block 3'


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_message_names_place_word_and_allowed_word() -> None:
    assert describe(find("обучение", "ru"), PLACE) == (
        'Lesson "Pipelines", text block 3: '
        "«обучение» is not used here; write «тренинг» or «подготовка»"
    )


def test_a_word_is_told_once_and_without_what_cannot_be_seen() -> None:
    findings = find("обу\u00adчение, обучение, 100% развитие\nнавыков", "ru")
    assert describe(findings, "Title, 100%") == (
        "Title, 100%: «обучение» is not used here; write «тренинг» or «подготовка». "
        "«развитие навыков» is not used here; write «тренинг» or «практика»"
    )


def test_hours_have_no_other_word() -> None:
    findings = find("40 часов", "ru", certificate=True)
    assert describe(findings, "Text") == "Text: «40 часов» is not used here; leave it out"


def test_refuse_gives_one_message_for_each_place() -> None:
    texts = {"Title": "Курс", "Block 1": "<p>об<b>уч</b>ение</p>", "Block 2": "учителя и дипломы"}
    with pytest.raises(WordingRefused) as caught:
        refuse(texts, "ru")
    assert isinstance(caught.value, ValidationError)
    assert caught.value.messages == [
        "Block 1: «обучение» is not used here; write «тренинг» or «подготовка»",
        "Block 2: «учителя» is not used here; write «тренер» or «эксперт». "
        "«дипломы» is not used here; write «сертификат»",
    ]
    assert list(caught.value.findings) == ["Block 1", "Block 2"]
    assert {error.code for error in caught.value.error_list} == {"wording"}


def test_clean_copy_is_published() -> None:
    refuse({"Title": "Тренинг", "Text": "<p>Машинное&nbsp;обучение. Курс.</p>"}, "ru")


def test_warnings_do_not_refuse() -> None:
    texts = {"Title": "A course", "Text": "of course", "Other": "education"}
    assert warnings(texts, "en") == ("Title: «course» is better avoided; consider «training»",)


def test_certificates_are_judged_more_strictly() -> None:
    refuse({"Text": "40 hours"}, "en")
    with pytest.raises(WordingRefused):
        refuse({"Text": "40 hours"}, "en", certificate=True)
    assert warnings({"Text": "40 hours"}, "en", certificate=True) == ()


def test_names_come_from_the_setting(settings: Settings) -> None:
    with pytest.raises(WordingRefused):
        refuse({"Text": "our partner Education First"}, "en")
    settings.LMS = {"WORDING_NAMES": ("Education First",)}
    refuse({"Text": "our partner Education First"}, "en")


def test_another_policy_may_be_given() -> None:
    refuse({"Text": "Education First"}, "en", policy=load_policy(names=["Education First"]))
