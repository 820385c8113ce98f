"""The words of tables of questions, in the languages that people head their columns in."""

import re
import unicodedata
from collections.abc import Mapping

from courses.domain.formats.question import Kind

CODE, TITLE, TOPIC, DIFFICULTY, KIND = "code", "title", "topic", "difficulty", "kind"
LANGUAGE, FORMAT, STEM, OPTION, RIGHT = "language", "format", "stem", "option", "right"
TOLERANCE, UNIT, RATIONALE, TOLD = "tolerance", "unit", "rationale", "told"
TAGS, DETAILS, CASE, CASE_STEM = "tags", "details", "case", "case_stem"

# Names of columns as people write them; the first is the template's own.
HEADS: Mapping[str, tuple[str, ...]] = {
    CODE: ("Code", "ID", "Id number", "Ref", "Reference", "Number", "No", "Код", "Номер", "№",
           "Kod", "Numer", "Nr", "Lp"),
    TITLE: ("Title", "Name", "Название", "Заголовок", "Имя", "Tytuł", "Nazwa"),
    TOPIC: ("Topic", "Category", "Section", "Domain", "Chapter", "Тема", "Раздел", "Категория",
            "Temat", "Kategoria", "Dział", "Rozdział"),
    DIFFICULTY: ("Difficulty", "Level", "Сложность", "Уровень", "Уровень сложности", "Trudność",
                 "Poziom", "Poziom trudności"),
    KIND: ("Kind", "Type", "Question type", "Тип", "Вид", "Тип вопроса", "Вид вопроса", "Typ",
           "Rodzaj", "Typ pytania", "Rodzaj pytania"),
    LANGUAGE: ("Language", "Lang", "Язык", "Język"),
    FORMAT: ("Format", "Text format", "Формат", "Формат текста", "Format tekstu"),
    CASE: ("Case", "Case code", "Кейс", "Код кейса", "Przypadek", "Kod przypadku"),
    CASE_STEM: ("Case text", "Shared text", "Текст кейса", "Общий текст", "Treść przypadku",
                "Wspólna treść"),
    STEM: ("Question", "Question text", "Stem", "Text", "Вопрос", "Текст вопроса", "Текст",
           "Формулировка", "Pytanie", "Treść pytania", "Treść", "Tekst pytania"),
    RIGHT: ("Right answer", "Correct", "Correct answer", "Correct answers", "Right answers",
            "Right", "Answer key", "Key", "Answer", "Правильный ответ", "Правильные ответы",
            "Верный ответ", "Верные ответы", "Верно", "Верный",
            "Правильно", "Правильный", "Ключ", "Ответ", "Poprawna odpowiedź",
            "Prawidłowa odpowiedź", "Poprawne odpowiedzi", "Prawidłowe odpowiedzi", "Poprawna",
            "Poprawny", "Prawidłowa", "Klucz", "Odpowiedź"),
    TOLERANCE: ("Tolerance", "Margin", "Допуск", "Погрешность", "Tolerancja", "Dokładność"),
    UNIT: ("Unit", "Units", "Единица", "Единицы", "Единица измерения", "Jednostka", "Jednostki"),
    RATIONALE: ("Explanation", "Rationale", "Feedback", "Comment", "Пояснение", "Обоснование",
                "Объяснение", "Комментарий", "Uzasadnienie", "Wyjaśnienie", "Komentarz"),
    TAGS: ("Tags", "Tag", "Keywords", "Теги", "Метки", "Ключевые слова", "Tagi", "Słowa kluczowe"),
    OPTION: ("Option",),
    DETAILS: ("Details", "Подробности", "Szczegóły"),
}  # fmt: skip
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"

_OPTION_HEADS = ("option", "answer", "choice", "alternative", "вариант", "вариант ответа", "ответ",
                 "odpowiedź", "opcja", "wariant", "wariant odpowiedzi")  # fmt: skip
_TOLD_HEADS = ("explanation", "rationale", "feedback", "comment", "пояснение", "обоснование",
               "объяснение", "комментарий", "uzasadnienie", "wyjaśnienie", "komentarz")  # fmt: skip

KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "single": ("single choice", "single", "one answer", "один ответ", "одиночный выбор",
               "jednokrotny wybór", "jednokrotnego wyboru", "jedna odpowiedź"),
    "multiple": ("multiple response", "multiple", "multiple answers", "multi", "несколько ответов",
                 "множественный выбор", "wielokrotny wybór", "wielokrotnego wyboru"),
    "truth": ("true or false", "true/false", "truefalse", "tf", "yes/no", "верно/неверно",
              "да/нет", "prawda/fałsz", "tak/nie"),
    "series": ("series", "true-false series", "серия", "утверждения", "seria", "stwierdzenia"),
    "matching": ("matching", "match", "соответствие", "сопоставление", "dopasowanie"),
    "ordering": ("ordering", "order", "sequence", "порядок", "последовательность", "kolejność",
                 "porządkowanie"),
    "numeric": ("numeric", "number", "numerical", "число", "числовой", "liczba", "liczbowe"),
    "text": ("text", "short answer", "short text", "текст", "краткий ответ", "короткий ответ",
             "tekst", "krótka odpowiedź"),
    "dropdown": ("dropdown", "gaps", "missing words", "пропуски", "выпадающий список", "luki",
                 "lista rozwijana"),
    "essay": ("essay", "long answer", "эссе", "развёрнутый ответ", "esej", "wypracowanie"),
    "description": ("description", "information", "описание", "информация", "opis", "informacja"),
}  # fmt: skip
# Said of a choice of one as often as of several, so the right answers decide.
ANY_CHOICE = ("multiple choice", "choice", "mc", "mcq", "выбор", "test wyboru", "wybór")
TRUE_WORDS = ("true", "t", "yes", "верно", "да", "правда", "prawda", "tak")
FALSE_WORDS = ("false", "f", "no", "неверно", "нет", "ложь", "fałsz", "nie")

NAME_OF_KIND: Mapping[Kind, str] = {
    "single": KIND_WORDS["single"][0],
    "multiple": KIND_WORDS["multiple"][0],
    "series": KIND_WORDS["series"][0],
    "matching": KIND_WORDS["matching"][0],
    "ordering": KIND_WORDS["ordering"][0],
    "numeric": KIND_WORDS["numeric"][0],
    "text": KIND_WORDS["text"][0],
    "dropdown": KIND_WORDS["dropdown"][0],
    "essay": KIND_WORDS["essay"][0],
    "description": KIND_WORDS["description"][0],
}


def plain(text: str) -> str:
    """Return a word as it is compared."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("_", " ")
    return " ".join(folded.strip(" \t\n.:*?()").split())


def _index(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(word): name for name, several in words.items() for word in several}


KIND_OF_WORD = _index(KIND_WORDS) | {plain(word): "choice" for word in ANY_CHOICE}
_FIELD_OF_HEAD = _index(HEADS)
_LONGEST_HEAD = 100
_LETTER = rf"([{LETTERS}{CYRILLIC}]|\d{{1,2}})"
_NUMBERED = re.compile(rf"(.*?)[\s.:_-]*(?:no|nr|№)?[\s.:_-]*{_LETTER}", re.IGNORECASE)


def guess_field(head: str) -> str:
    """Return the field a column's name stands for, empty if it is none."""
    word = plain(head[:_LONGEST_HEAD])
    if field := _FIELD_OF_HEAD.get(word):
        return field
    found = _NUMBERED.fullmatch(word)
    if found and (not found[1] or found[1] in map(plain, _OPTION_HEADS)):
        return OPTION
    return TOLD if found and found[1] in map(plain, _TOLD_HEADS) else ""


def guess_letter(head: str) -> str:
    """Return the letter or number of an option's column."""
    found = _NUMBERED.fullmatch(plain(head[:_LONGEST_HEAD]))
    return found[2].upper() if found else ""
