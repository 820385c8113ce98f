"""Every form of every refused lemma is refused; every form of its innocent neighbours is not."""

import pymorphy3
import pytest

from lms.wording.matcher import find

REFUSED_LEMMAS = {
    "ru-training": [
        "обучение", "обучать", "обучить", "обучаться", "обучиться", "обученность", "самообучение",
        "переобучение", "дообучение", "обучаемость", "всеобуч",
    ],
    "ru-education": [
        "образование", "самообразование", "образовательный", "общеобразовательный",
        "образованность", "самообразовательный",
    ],
    "ru-upbringing": [
        "воспитание", "воспитывать", "воспитать", "воспитанник", "воспитанница", "воспитатель",
        "воспитательный", "воспитанность", "перевоспитание", "перевоспитать",
    ],
    "ru-teaching": ["преподавание", "преподавать", "преподать"],
    "ru-teacher": [
        "преподаватель", "преподавательница", "преподавательский", "учитель", "учительница",
        "учительский", "учительство",
    ],
    "ru-study": ["учебный", "учебник", "учёба", "внеучебный"],
    "ru-certificate-name": ["свидетельство", "удостоверение", "диплом", "аттестат", "дипломный"],
}  # fmt: skip
INNOCENT_LEMMAS = [
    "образ", "образец", "преобразование", "преобразовать", "ценообразование",
    "новообразование", "обувь", "обуть", "научный", "наука", "ученик", "учёт", "учётный",
    "участник", "учёный", "поручитель", "преподобный", "преподнести", "дипломат", "аттестация",
    "удостоверять", "свидетель", "квалификация", "развитие", "навык", "персонал", "сотрудник",
    "тренинг", "тренер", "эксперт", "сертификат", "конкурс", "курсор", "подготовка", "питание",
]  # fmt: skip

REFUSED_FORMS = {
    ("pl", "pl-schooling"): """
        kształcenie kształcenia kształceniu kształceniem kształceń kształceniom kształceniami
        kształceniach kształcić kształci kształcą kształcił kształcący kształcona dokształcanie
        wykształcenie wykształcony""",
    ("pl", "pl-teaching"): """
        nauczanie nauczania nauczaniu nauczaniem nauczań nauczaniom nauczaniami nauczaniach nauczać
        naucza nauczają nauczał nauczający nauczana""",
    ("pl", "pl-education"): """
        edukacja edukacji edukację edukacją edukacjo edukacje edukacjom edukacjami edukacjach
        edukacyjny edukacyjna edukacyjne edukacyjnego edukacyjnej edukacyjnemu edukacyjną
        edukacyjnym edukacyjnych edukacyjnymi edukacyjni edukacyjnie edukować edukuje edukujemy
        edukowany edukator""",
    ("pl", "pl-teacher"): """
        nauczyciel nauczyciela nauczycielowi nauczycielem nauczycielu nauczyciele nauczycieli
        nauczycielom nauczycielami nauczycielach nauczycielka nauczycielki nauczycielce
        nauczycielkę nauczycielką nauczycielek nauczycielkami nauczycielski""",
    ("pl", "pl-certificate-name"): """
        świadectwo świadectwa świadectwu świadectwem świadectwie świadectw świadectwom
        świadectwami świadectwach dyplom dyplomu dyplomowi dyplomem dyplomie dyplomy dyplomów
        dyplomom dyplomami dyplomach""",
    ("en", "en-education"): """
        education educational educationally educate educates educated educating educative
        reeducation coeducational uneducated""",
    ("en", "en-teaching"): "teach teaches taught teaching teachings teachable",
    ("en", "en-teacher"): "teacher teachers schoolteachers educator educators",
    ("en", "en-certificate-name"): "diploma diplomas",
}

_MORPH = pymorphy3.MorphAnalyzer()


def lexeme(lemma: str) -> list[str]:
    """Return every form of a Russian lemma."""
    parse = next(parse for parse in _MORPH.parse(lemma) if parse.normal_form == lemma)
    return sorted({form.word for form in parse.lexeme})


@pytest.mark.parametrize(
    ("rule", "lemma"), [(rule, lemma) for rule, row in REFUSED_LEMMAS.items() for lemma in row]
)
def test_every_russian_form_is_refused(rule: str, lemma: str) -> None:
    for form in lexeme(lemma):
        assert [finding.rule for finding in find(form, "ru")] == [rule], form


@pytest.mark.parametrize("lemma", INNOCENT_LEMMAS)
def test_no_form_of_a_neighbour_is_touched(lemma: str) -> None:
    for form in lexeme(lemma):
        assert find(form, "ru") == (), form


@pytest.mark.parametrize(("language", "rule"), REFUSED_FORMS)
def test_every_polish_and_english_form_is_refused(language: str, rule: str) -> None:
    for form in REFUSED_FORMS[language, rule].split():
        for typed in (form, form.upper(), form.capitalize()):
            assert [finding.rule for finding in find(typed, language)] == [rule], typed


@pytest.mark.parametrize("lemma", ["курс", "видеокурс"])
def test_every_form_of_course_warns(lemma: str) -> None:
    for form in lexeme(lemma):
        assert [finding.severity for finding in find(form, "ru")] == ["warned"], form


@pytest.mark.parametrize(
    ("head", "rest"),
    [("развитие", "навыков"), ("развитие", "персонала"), ("повышение", "квалификации")],
)
def test_a_phrase_is_refused_in_every_case(head: str, rest: str) -> None:
    for form in lexeme(head):
        assert [finding.found for finding in find(f"о {form} {rest}.", "ru")] == [f"{form} {rest}"]


def test_an_allowed_phrase_passes_in_every_case() -> None:
    for adjective, noun in (("машинного", "обучения"), ("машинному", "обучению"),
                            ("машинным", "обучением"), ("машинном", "обучении"),
                            ("обучающую", "выборку"), ("обучающих", "выборок"),
                            ("обучающими", "выборками")):  # fmt: skip
        assert find(f"{adjective} {noun}", "ru") == ()
        assert len(find(f"{adjective}. {noun.capitalize()}", "ru")) == 1


@pytest.mark.parametrize("object_", ["сотрудника", "сотрудников", "навыка", "персонала"])
def test_only_the_object_of_development_counts(object_: str) -> None:
    assert find(f"развитие {object_}", "ru")
    assert not find(f"развитие программы для {object_}", "ru")
