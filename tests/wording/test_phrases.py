"""Phrases with the verdict a reader expects, written by hand."""

import pytest

from lms.wording.matcher import find

REFUSED_RU = [
    ("Обучение сотрудников", "ru-training"),
    ("мы обучаем партнёров", "ru-training"),
    ("обученный инженер", "ru-training"),
    ("обучающий материал", "ru-training"),
    ("обучающиеся получают доступ", "ru-training"),
    ("самообучение", "ru-training"),
    ("онлайн-обучение", "ru-training"),
    ("Материалы для дообучения и переобучения", "ru-training"),
    ("высшее образование", "ru-education"),
    ("образовательная платформа", "ru-education"),
    ("образовательных услуг", "ru-education"),
    ("общеобразовательный", "ru-education"),
    ("документ об образовании", "ru-education"),
    ("образованные люди", "ru-education"),
    ("бизнес-образование", "ru-education"),
    ("воспитание кадров", "ru-upbringing"),
    ("воспитать партнёра", "ru-upbringing"),
    ("наши воспитанники", "ru-upbringing"),
    ("преподавание", "ru-teaching"),
    ("кто преподаёт", "ru-teaching"),
    ("учебный план", "ru-study"),
    ("учебного центра", "ru-study"),
    ("учебно-методические материалы", "ru-study"),
    ("внеучебный", "ru-study"),
    ("учебник", "ru-study"),
    ("отпуск на учёбу", "ru-study"),
    ("преподаватель", "ru-teacher"),
    ("с преподавательницей", "ru-teacher"),
    ("лучшие учителя", "ru-teacher"),
    ("повышение квалификации", "ru-raise-qualification"),
    ("повышения профессиональной квалификации", "ru-raise-qualification"),
    ("ваша квалификация повышается", "ru-raise-qualification"),
    ("повысьте квалификацию", "ru-raise-qualification"),
    ("развитие сотрудников", "ru-people-development"),
    ("развитием персонала", "ru-people-development"),
    ("развитию навыков", "ru-people-development"),
    ("развитие ваших профессиональных навыков", "ru-people-development"),
    ("развитие продукта и персонала", "ru-people-development"),
    ("развитие soft-навыков", "ru-people-development"),
    ("развитие у новых сотрудников", "ru-people-development"),
    ("развивайте навыки продаж", "ru-people-development"),
    ("присвоена квалификация инженера", "ru-qualification-awarded"),
    ("присваивается высокая квалификация", "ru-qualification-awarded"),
    ("Квалификация присвоена", "ru-qualification-awarded"),
    ("присвоение квалификации", "ru-qualification-awarded"),
    ("вы получите свидетельство", "ru-certificate-name"),
    ("удостоверение специалиста", "ru-certificate-name"),
    ("диплом партнёра", "ru-certificate-name"),
    ("дипломированный специалист", "ru-certificate-name"),
    ("с аттестатом", "ru-certificate-name"),
]

REFUSED_EN = [
    ("Education for partners", "en-education"),
    ("educational content", "en-education"),
    ("we educate engineers", "en-education"),
    ("well-educated staff", "en-education"),
    ("teaching materials", "en-teaching"),
    ("he taught us", "en-teaching"),
    ("self-taught", "en-teaching"),
    ("she teaches", "en-teaching"),
    ("your teacher's notes", "en-teacher"),
    ("Teachers", "en-teacher"),
    ("educators", "en-teacher"),
    ("your diploma", "en-certificate-name"),
    ("DIPLOMAS", "en-certificate-name"),
]

REFUSED_PL = [
    ("kształcenie partnerów", "pl-schooling"),
    ("kształcić specjalistów", "pl-schooling"),
    ("wyższe wykształcenie", "pl-schooling"),
    ("samokształcenia", "pl-schooling"),
    ("nauczanie zdalne", "pl-teaching"),
    ("e-nauczanie", "pl-teaching"),
    ("minister mówi, kto naucza", "pl-teaching"),
    ("Edukacja handlowa", "pl-education"),
    ("materiały edukacyjne", "pl-education"),
    ("wyedukowany klient", "pl-education"),
    ("twój nauczyciel", "pl-teacher"),
    ("nauczycielska praktyka", "pl-teacher"),
    ("świadectwo ukończenia", "pl-certificate-name"),
    ("dyplom partnera", "pl-certificate-name"),
    ("dyplomowany specjalista", "pl-certificate-name"),
]

PASSES = [
    ("ru", "машинное обучение"),
    ("ru", "методами машинного обучения"),
    ("ru", "обучающая выборка"),
    ("ru", "на обучающей и тестовой выборках"),
    ("ru", "развитие бизнеса"),
    ("ru", "развитию продукта и рынка силами сотрудников"),
    ("ru", "развитие бизнеса, навыки продаж и тест"),
    ("ru", "развитие сотрудничества"),
    ("ru", "Закон «Об образовании в Российской Федерации»"),
    ("ru", "Федеральный закон от 29.12.2012 № 273-ФЗ «Об образовании в Российской Федерации»"),
    ("ru", "Закон РФ от 10 июля 1992 г. № 3266-1 «Об образовании»"),
    ("ru", "по закону об образовании в РФ"),
    ("ru", "Министерство науки и высшего образования"),
    ("ru", "письмо Министерства образования"),
    ("ru", "ООО «Центр обучения персонала»"),
    ("ru", 'АНО ДПО "Институт воспитания"'),
    ("ru", "ГК «Компания «Учебные системы»»"),
    ("ru", "сервис Яндекс Образование"),
    ("ru", "муниципальное образование"),
    ("ru", "компания образована в 2005 году"),
    ("ru", "образованная в 2005 году компания"),
    ("ru", "ценообразование и преобразование данных"),
    ("ru", "научный подход, обувь, образ, образец"),
    ("ru", "учёт участников, учётная запись, ученик"),
    ("ru", "мучитель, поручитель, преподобный, клобучок, воспаление"),
    ("ru", "дипломат, аттестация, свидетельствовать, удостоверять"),
    ("ru", "предъявите удостоверение личности"),
    ("ru", "свидетельство о государственной регистрации программы"),
    ("ru", "аттестат соответствия"),
    ("ru", "это свидетельство того, что продукт растёт"),
    ("ru", "квалификация инженера, повышение цен"),
    ("ru", "быть в курсе событий"),
    ("ru", "конкурс, ракурс, курсор, Курск, дискурс"),
    ("ru", "тренер и эксперт ведут тренинг, 40 часов практики"),
    ("ru", "Сертификат подтверждает сданный тест"),
    ("ru", "of course"),
    ("en", "Of course you may."),
    ("en", "in due course"),
    ("en", "over the course of the year"),
    ("en", "the Department of Education"),
    ("en", "the company “Education First”"),
    ("en", "diplomat, diplomacy, steak, tea, peach, learned"),
    ("en", "training, trainer, expert, certificate, 40 hours"),
    ("pl", "nauka, naukowy, nauczka, nauczyć się"),
    ("pl", "szkolenie, trener, certyfikat, 40 godzin"),
    ("pl", "przekształcenie, kształt, zniekształcić"),
    ("pl", "Ministerstwa Edukacji i Nauki, Ministrem Nauki i Edukacji"),
    ("pl", "ustawa „Prawo edukacyjne”"),
    ("pl", "dyplomata, dyplomacja, kursor, konkurs"),
    ("pl", "świadectwo rejestracji"),
]

WARNED = [
    ("ru", "курс"),
    ("ru", "курсами"),
    ("ru", "видеокурс"),
    ("ru", "онлайн-курс"),
    ("ru", "курс валют"),
    ("en", "this course"),
    ("en", "Courses"),
    ("en", "a course of lectures"),
    ("pl", "kursy"),
    ("pl", "na kursie"),
    ("pl", "kursów"),
]


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        (language, text, rule)
        for language, rows in (("ru", REFUSED_RU), ("en", REFUSED_EN), ("pl", REFUSED_PL))
        for text, rule in rows
    ],
)
def test_refused(language: str, text: str, rule: str) -> None:
    findings = find(text, language)
    assert {finding.rule for finding in findings} >= {rule}
    assert {finding.severity for finding in findings} == {"refused"}


@pytest.mark.parametrize(("language", "text"), PASSES)
def test_passes(language: str, text: str) -> None:
    assert find(text, language) == ()


@pytest.mark.parametrize(("language", "text"), WARNED)
def test_warned(language: str, text: str) -> None:
    assert [finding.severity for finding in find(text, language)] == ["warned"]


@pytest.mark.parametrize(
    ("language", "text", "allowed"),
    [
        ("ru", "преподаватели", ("тренер", "эксперт")),
        ("ru", "учителем", ("тренер", "эксперт")),
        ("ru", "дипломы", ("сертификат",)),
        ("en", "teachers", ("expert", "trainer")),
        ("en", "diploma", ("certificate",)),
        ("pl", "nauczycielami", ("trener", "ekspert")),
        ("pl", "edukacji", ("szkolenie",)),
        ("pl", "świadectwem", ("certyfikat",)),
    ],
)
def test_the_allowed_word_is_named(language: str, text: str, allowed: tuple[str, ...]) -> None:
    assert [finding.allowed for finding in find(text, language)] == [allowed]


def test_one_text_may_hold_all_verdicts() -> None:
    text = "Курс «Машинное обучение»: преподаватель ведёт обучение, развитие рынка и навыков."
    assert [(finding.rule, finding.found) for finding in find(text, "ru")] == [
        ("ru-course", "Курс"),
        ("ru-teacher", "преподаватель"),
        ("ru-training", "обучение"),
        ("ru-people-development", "развитие рынка и навыков"),
    ]
