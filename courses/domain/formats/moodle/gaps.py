"""Texts with gaps: as Moodle's missing words where that is enough, else as embedded answers."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate

from courses.domain.formats import losses
from courses.domain.formats.moodle.cloze import can_write, fill, write_cloze
from courses.domain.formats.moodle.markup import element, flags, leaf
from courses.domain.formats.question import FULL, NONE, Gap, Option, Question, Text
from courses.domain.formats.reading import Remark


def write_gaps(question: Question) -> tuple[str, Text, str]:
    """Return the type, the stem as that type writes it, and what says which words are right."""
    stem = question.stem
    if tag := _plain_type(question):
        text, words = _write_groups(question, "selectoption" if tag == "gapselect" else "dragbox")
        return tag, Text(text, stem.format, stem.files), words
    gaps = [Gap(tuple(map(_to_html, gap.options))) for gap in question.gaps]
    text = write_cloze(stem.text, gaps, shuffle=bool(question.shuffle))
    return "cloze", Text(text, stem.format, stem.files), ""


def can_hold_gaps(question: Question) -> bool:
    """Whether the text has nothing that would be read as a gap of its own."""
    return bool(_plain_type(question)) or can_write(question.stem.text)


def find_lost_gaps(question: Question) -> Iterator[Remark]:
    """Yield what embedded answers cannot say."""
    if _plain_type(question):
        return
    texts = [text for gap in question.gaps for option in gap.options for text in _texts(option)]
    if any(text.format != "html" for text in texts):
        yield losses.AS_HTML
    if any(text.files for text in texts):
        yield losses.FILES
    if question.shuffle is False:
        yield losses.SHUFFLING


def _plain_type(question: Question) -> str:
    """Return the type of missing words that is enough: one right option a gap, no feedback."""
    options = [option for gap in question.gaps for option in gap.options]
    if not all(_is_plain(gap) for gap in question.gaps):
        return ""
    markups = {option.text.format for option in options}
    return {"plain": "gapselect", "html": "ddwtos"}.get("".join(markups), "")


def _is_plain(gap: Gap) -> bool:
    credits = [option.credit for option in gap.options]
    bare = all(option.feedback is None and not option.text.files for option in gap.options)
    return bare and sorted(credits) == [NONE] * (len(credits) - 1) + [FULL]


def _write_groups(question: Question, tag: str) -> tuple[str, str]:
    """Write each gap's options as a group of its own; the mark of a gap names its right word."""
    sizes = [len(gap.options) for gap in question.gaps]
    starts = [0, *accumulate(sizes)]
    marks = [
        start + _find_right(gap.options) for start, gap in zip(starts, question.gaps, strict=False)
    ]
    words = [
        element(tag, leaf("text", option.text.text), leaf("group", str(number)))
        for number, gap in enumerate(question.gaps, start=1)
        for option in gap.options
    ]
    shuffled = flags("shuffleanswers", is_on=question.shuffle)
    text = fill(question.stem.text, lambda number: f"[[{marks[number - 1]}]]")
    return text, "".join([*shuffled, *words])


def _find_right(options: Sequence[Option]) -> int:
    return next(place for place, option in enumerate(options, start=1) if option.credit == FULL)


def _texts(option: Option) -> Iterator[Text]:
    yield option.text
    if option.feedback:
        yield option.feedback


def _to_html(option: Option) -> Option:
    told = option.feedback and _mark_up(option.feedback)
    return Option(_mark_up(option.text), option.credit, told)


def _mark_up(text: Text) -> Text:
    return text if text.format == "html" else Text(escape(text.text, quote=False), "html")
