"""What a file says a question is, whatever the format of the file."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

Format = Literal["html", "markdown", "plain", "moodle"]
FORMATS: tuple[Format, ...] = get_args(Format)
Kind = Literal[
    "single",
    "multiple",
    "series",
    "matching",
    "ordering",
    "numeric",
    "text",
    "dropdown",
    "essay",
    "description",
    "unsupported",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FULL, NONE = Decimal(100), Decimal(0)

_MEDIA = {
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
# Not allowed in XML or a workbook, or not meant to be exchanged at all.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,110})?|\.[0-9]{1,110})(?:[eE][+-]?[0-9]{1,2})?"
)
_LONGEST, _FINEST = 50, 100  # digits before and after the point
_GAP = re.compile(r"\[\[(\d{1,4})\]\]")


@dataclass(frozen=True)
class File:
    """A file that a text shows, by the name it is called there."""

    name: str
    body: bytes
    path: str = "/"

    @property
    def mime(self) -> str:
        """Return the media type its name stands for."""
        return _MEDIA.get(self.name.rpartition(".")[2].lower(), "application/octet-stream")


@dataclass(frozen=True)
class Text:
    """A text, how it is marked up, and the files it shows."""

    text: str
    format: Format = "moodle"
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Option:
    """An answer with the percent of the points it earns: one to choose, or a wording to accept.

    In a series it is a statement, and full credit says that it is true.
    """

    text: Text
    credit: Decimal = NONE
    feedback: Text | None = None


@dataclass(frozen=True)
class Pair:
    """What belongs together. Without a left side, the right one is there to distract."""

    left: Text
    right: str


@dataclass(frozen=True)
class Number:
    """An accepted number and how far one may be off; without ``value`` any other number."""

    value: Decimal | None
    tolerance: Decimal = NONE
    credit: Decimal = FULL
    feedback: Text | None = None


@dataclass(frozen=True)
class Unit:
    """A unit a number may be given in, and what a number in it is multiplied by."""

    name: str
    multiplier: Decimal = Decimal(1)


@dataclass(frozen=True)
class Gap:
    """A gap of the text with its own options; ``[[1]]`` in the stem is the first gap."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, with everything a file says about it."""

    kind: Kind
    stem: Text
    title: str = ""
    code: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    difficulty: str = ""
    options: tuple[Option, ...] = ()  # of ordering: in the right order
    pairs: tuple[Pair, ...] = ()
    numbers: tuple[Number, ...] = ()
    units: tuple[Unit, ...] = ()
    gaps: tuple[Gap, ...] = ()
    case_sensitive: bool = False
    shuffle: bool | None = None  # None where the file does not say
    feedback: Text | None = None
    grade: Decimal | None = None
    penalty: Decimal | None = None
    case: str = ""  # the code of the case it belongs to
    case_stem: Text | None = None  # what its questions share, at the first of them
    foreign_kind: str = ""  # what another product calls an unsupported question
    where: int = field(default=0, compare=False)  # line or row it begins in


def true_or_false(
    answer: bool, *, if_true: Text | None = None, if_false: Text | None = None
) -> tuple[Option, ...]:
    """Return the two options of a true-false question; the feedback follows what was chosen."""
    return (
        Option(Text("True", "plain"), FULL if answer else NONE, if_true),
        Option(Text("False", "plain"), NONE if answer else FULL, if_false),
    )


def is_true_or_false(question: Question) -> bool:
    """Whether a question's options are true and false, exactly one of them right."""
    first, second = True, False
    bare = tuple(Option(option.text, option.credit) for option in question.options)
    return question.kind == "single" and bare in (true_or_false(first), true_or_false(second))


def find_format(name: str) -> Format | None:
    """Return a text format by its name."""
    return next((known for known in FORMATS if known == name.lower()), None)


def showable(text: str) -> str:
    """Return a text with one kind of line end and nothing that cannot be shown or written."""
    return _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """Return a text as a question keeps it: nothing unshowable, no space around it."""
    return showable(text).strip()


def one_line(text: str) -> str:
    """Return a name as it is kept: clean and in one line."""
    return " ".join(clean(text).split())


def read_decimal(text: str) -> Decimal | None:
    """Return a number as files write it, exactly; none so long that writing it would be a trap."""
    text = text.strip()
    if len(text) > 2 * _FINEST or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if fits(number) else None


def fits(number: Decimal) -> bool:
    """Whether a number can be written out in a line."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_FINEST and abs(number.adjusted()) <= _LONGEST


def write_decimal(number: Decimal) -> str:
    """Return a number without exponent and without idle zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def gap_numbers(stem: str) -> list[int]:
    """Return the numbers of the gaps in the order the text has them."""
    return [int(number) for number in _GAP.findall(stem)]


def category_names(path: str) -> tuple[str, ...]:
    """Return the names of a category path; the marks of where it hung are no names.

    A slash within a name is written twice.
    """
    names = [one_line(name.replace("\0", "/")) for name in path.replace("//", "\0").split("/")]
    return tuple(name for name in names if name and name != "top" and not _is_mark(name))


def _is_mark(name: str) -> bool:
    return len(name) > 2 and name.startswith("$") and name.endswith("$")
