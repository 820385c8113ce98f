"""Keep the message catalogues: ``extract`` updates them, ``check`` says what is wrong with them.

GNU gettext is not needed: Django turns templates into Python, Babel reads Python and catalogues.
English is the source, so it has no catalogue. All catalogues make one at run time, so a string
that several apps hold must read alike in all of them.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.core.exceptions import ValidationError
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

from lms.wording.checks import refuse  # noqa: E402 (a script finds the product by its own place)

LANGUAGES = ("ru", "pl")
# An app's catalogue, and the folders whose strings it holds.
SOURCES = {
    "badges": ("badges",),
    "courses": ("courses",),
    "partners": ("partners",),
    "lms/ui": ("lms/ui",),
    "lms/wording": ("lms/wording", "lms/tables.py", "lms/pictures.py"),
    "lms/accounts": ("lms/accounts", "lms/events", "lms/settings", "lms/urls", "templates"),
    "lms/pages": ("lms/pages",),
    "lms/notifications": ("lms/notifications",),
    "lms/cabinet": ("lms/cabinet",),
}
# Plain code refuses in English; lms.wording.retold tells it in the reader's language.
CHOICE_REFUSALS = (
    "KeyUnfit",
    "NotACase",
    "NotAnItem",
    "NotAQuestion",
    "NotTaken",
    "Remark",
    "TypedWrongly",
    "Unreadable",
    "UnreadableResponse",
)
FILE_REFUSALS = (
    "NotPng",
    "NotSvg",
    "NotAPicture",
    "NotArtwork",
    "TooLarge",
    "NotPrintable",
    "NotReadable",
    "PdfUnreadable",
    "TableUnreadable",
    "RowRefused",
    "RatingRefused",
)
_CALLS = ("_", "gettext", "gettext_lazy", "gettext_noop", "lazy")
_PLAIN = (*_CALLS, *CHOICE_REFUSALS, *FILE_REFUSALS)
KEYWORDS = {
    **dict.fromkeys(_PLAIN, None),
    "miss": (2,),  # what an import does not keep
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0-9.\- ]*[a-z]|%%|%[a-z]|\{\w*\}|</?[a-z][^>]*>|&\w+;")


def catalogue_path(app: str, language: str) -> Path:
    """Return where an app keeps its catalogue of a language."""
    return ROOT / app / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(app: str, language: str) -> Catalog:
    """Return the catalogue as it is kept, empty if there is none yet."""
    path = catalogue_path(app, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def build_catalogue(app: str, language: str) -> Catalog:
    """Return the strings of an app as they stand in its sources, with the kept translations."""
    kept, built = read_catalogue(app, language), Catalog(locale=language, fuzzy=False)
    for path in _sources(app):
        place = path.relative_to(ROOT).as_posix()
        for _line, ids, _comments, context in _extract(path):
            built.add(ids, locations=[(place, 0)], context=context)
    for message in _messages(built):
        old = kept.get(message.id, message.context)
        if old and isinstance(old.string, tuple) == message.pluralizable:
            message.string, message.flags = old.string, message.flags | (old.flags & {"fuzzy"})
            message.user_comments = old.user_comments
    return built


def write_catalogue(catalogue: Catalog, path: Path) -> bool:
    """Write the file if it changes; the header names no date, person or machine."""
    language = path.parent.parent.name
    head = ["", f"Language: {language}\\n", "MIME-Version: 1.0\\n"]
    head += ["Content-Type: text/plain; charset=utf-8\\n", "Content-Transfer-Encoding: 8bit\\n"]
    head += [f"Plural-Forms: {catalogue.plural_forms}\\n"]
    body = io.BytesIO()
    write_po(body, catalogue, width=96, omit_header=True, sort_output=True, include_lineno=False)
    lines = "\n".join(f'"{line}"' for line in head)
    text = f'msgid ""\nmsgstr {lines}\n\n{body.getvalue().decode().strip()}\n'
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def find_problems() -> list[str]:
    """Return a sentence for each string that is missing, untranslated, fuzzy or badly worded."""
    problems: list[str] = []
    for language in LANGUAGES:
        said: dict[tuple[str, str | None], object] = {}
        for app in SOURCES:
            kept, wanted = read_catalogue(app, language), build_catalogue(app, language)
            left = {_key(message) for message in _messages(kept)}
            left -= {_key(message) for message in _messages(wanted)}
            found = [f"obsolete: {text!r}" for text, _context in sorted(left, key=str)]
            for message in _messages(wanted):
                found += [f"{fault}: {message.id!r}" for fault in _faults(message, kept, language)]
                if said.setdefault(_key(message), message.string) != message.string:
                    found.append(f"said otherwise in another app: {message.id!r}")
            problems += [f"{app}, {language}: {problem}" for problem in found]
    return problems


def _faults(message: Message, kept: Catalog, language: str) -> Iterator[str]:
    ids, strings = _forms(message.id), _forms(message.string)
    if not kept.get(message.id, message.context):
        yield "missing"
    elif not all(strings) or (message.pluralizable and len(strings) != kept.num_plurals):
        yield "untranslated"
    else:
        for string in strings:
            yield from _text_faults(ids, string, language)
    if message.fuzzy:
        yield "fuzzy"


def _text_faults(ids: tuple[str, ...], string: str, language: str) -> Iterator[str]:
    held = [sorted(_PLACEHOLDER.findall(text)) for text in ids]
    # One form of a plural may say the number in words; what every form holds must stay.
    mine = sorted(_PLACEHOLDER.findall(string))
    if mine not in held and not (len(ids) > 1 and set(held[0]) <= set(mine) <= set(held[-1])):
        yield f"placeholders or tags differ in {string!r}"
    if any(string.count("\n") != text.count("\n") for text in ids):
        yield f"line breaks differ in {string!r}"
    if any((string[:1].isspace(), string[-1:].isspace()) != _edges(text) for text in ids):
        yield f"spaces at the ends differ in {string!r}"
    try:
        refuse({"wording": string}, language)
    except ValidationError as error:
        yield f"{'; '.join(error.messages)} in {string!r}"


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def _sources(app: str) -> Iterator[Path]:
    for source in (ROOT / name for name in SOURCES[app]):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            inside = path.relative_to(ROOT).parts
            is_code = path.suffix == ".py" and "migrations" not in inside
            is_template = path.suffix in {".html", ".txt", ".svg"} and "templates" in inside
            if is_code or is_template:
                yield path


def _extract(path: Path) -> Iterator[tuple]:  # type: ignore[type-arg]
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Templates are indented as HTML is, which is no indentation to Python.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    yield from extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _key(message: Message) -> tuple[str, str | None]:
    return _forms(message.id)[0], message.context


def main(arguments: list[str]) -> int:
    if arguments == ["extract"]:
        for app in SOURCES:
            for language in LANGUAGES:
                path = catalogue_path(app, language)
                if write_catalogue(build_catalogue(app, language), path):
                    print(f"updated {path.relative_to(ROOT)}")
        return 0
    if arguments == ["check"]:
        problems = find_problems()
        print("\n".join(problems) or "All strings are translated, and worded as the policy wants.")
        return 1 if problems else 0
    print("Usage: messages.py extract | check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
