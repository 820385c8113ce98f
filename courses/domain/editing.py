"""An item as an editor types it: one option on a line, the right ones marked."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from courses.domain.items import ItemBody, Option, Refused

MARK = "*"


class TypedWrongly(Refused):
    """What was typed cannot be an item; the message says what would be right."""


def read_options(lines: str) -> tuple[list[str], list[str]]:
    """Return the options and the letters of those marked with ``*`` at the start of their line."""
    texts: list[str] = []
    right: list[str] = []
    for line in (line.strip() for line in lines.splitlines() if line.strip()):
        letter = ascii_lowercase[len(texts)]
        if line.startswith(MARK):
            right.append(letter)
        texts.append(line.removeprefix(MARK).strip())
    return texts, right


def write_options(body: ItemBody, language: str) -> str:
    """Return options as ``read_options`` reads them."""
    return "\n".join(
        f"{MARK if option.id in body.key else ''}{' ' if option.id in body.key else ''}"
        f"{option.text.get(language, '')}"
        for option in body.options
    )


def join_options(main: str, others: Mapping[str, str], default: str) -> tuple[Option, ...]:
    """Join the option lines of several languages by their order."""
    texts = {default: read_options(main)[0]}
    for language, lines in others.items():
        texts[language] = read_options(lines)[0]
        if len(texts[language]) != len(texts[default]):
            raise TypedWrongly(
                "%(language)s: %(given)s options, %(main)s has %(wanted)s",
                language=language,
                given=str(len(texts[language])),
                main=default,
                wanted=str(len(texts[default])),
            )
    return tuple(
        Option(id=ascii_lowercase[n], text={lang: rows[n] for lang, rows in texts.items()})
        for n in range(len(texts[default]))
    )


def read_lines(text: str) -> Sequence[str]:
    """Return the lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
