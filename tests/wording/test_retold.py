"""What plain code refuses reaches people in their language."""

from django.utils.translation import override

from badges.domain.claims import NotReadable
from badges.domain.png import NotPng
from badges.queries import find_name_fault
from courses.domain.items import UnreadableResponse
from courses.forms.people import PrintedNameForm
from lms.wording.retold import retell

TEXT = "“%(answer)s” is not a number; write for example 16 or 0.5"


def test_a_refusal_is_told_in_the_language_of_the_moment() -> None:
    refusal = UnreadableResponse(TEXT, answer="ten")
    assert str(refusal) == "“ten” is not a number; write for example 16 or 0.5"
    with override("ru"):
        assert retell(refusal) == "«ten» не число; напишите, например, 16 или 0,5"


def test_what_somebody_typed_is_never_translated() -> None:
    with override("pl"):
        assert retell(UnreadableResponse(TEXT, answer="other")).startswith("„other”")


def test_a_reason_within_a_refusal_is_told_too() -> None:
    reason = NotPng("a checksum does not fit")
    with override("pl"):
        told = retell(NotReadable("The picture is damaged: %(how)s.", broken=True, how=reason))
    assert told == "Obrazek jest uszkodzony: suma kontrolna się nie zgadza."


def test_what_no_catalogue_knows_stays_english() -> None:
    with override("ru"):
        assert retell(ValueError("nobody has said this 5 %")) == "nobody has said this 5 %"
        assert retell(ValueError()) == ""


def test_a_name_the_font_cannot_print_is_refused_by_the_form() -> None:
    assert find_name_fault("Åsa Łukasiewicz") == ""
    form = PrintedNameForm({"name": "山田 Hana"})
    assert not form.is_valid()
    assert "CJK UNIFIED IDEOGRAPH-5C71" in form.errors["name"][0]
    with override("ru"):
        assert find_name_fault("山田").startswith("В шрифте нет знака «山»")
