"""No file crashes a reader: it is read, or refused as a whole with a reason."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.domain.formats.aiken import read_aiken
from courses.domain.formats.gift.reader import read_gift
from courses.domain.formats.gift.writer import write_gift
from courses.domain.formats.moodle import tree
from courses.domain.formats.moodle.reader import read_moodle
from courses.domain.formats.moodle.writer import write_moodle
from courses.domain.formats.normalise import fingerprint
from courses.domain.formats.reading import Reading, Unreadable
from courses.domain.formats.sheet.mapping import Mapping, guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.template import template_rows
from courses.domain.formats.sheet.writer import write_rows
from tests.courses.domain.formats.generating import quick

Reader = Callable[[bytes], Reading]

CORPUS = Path(__file__).resolve().parents[4].parent / "shared" / "corpora" / "gift-grammar-peg"
GIFT = b"""// [id:1] [tag:a]\n::T\\:::[html]<p>A</p>{=%50%a#b ~c ####d}\n
$CATEGORY: x/y\n\nB {T#a#b}\n\nC {#=1:0.1 =%50%1..2#e ~#f}\n\nD {=a -> b =c -> d}\n
E _ {=a =%20%b*} e.\n\nF {}\n\nG {>1 ALL\na\nb}\n"""
MOODLE = b"""<?xml version="1.0"?><quiz><question type="multichoice"><name><text>N</text></name>
<questiontext format="html"><text><![CDATA[<p>A</p>]]></text><file name="a" encoding="base64">YQ==
</file></questiontext><answer fraction="100"><text>a</text><feedback><text>f</text></feedback>
</answer><answer fraction="-5.5"><text>b</text></answer><single>true</single></question>
<question type="cloze"><questiontext><text>A {1:MC:=a~%50%b#c}</text></questiontext></question>
<question type="numerical"><questiontext><text>A</text></questiontext><answer fraction="100">
<text>1</text><tolerance>.1</tolerance></answer></question></quiz>"""
AIKEN = b"A\nA. a\nB. b\nANSWER: A\n\nB\nb\nA) c\nB) d\nANSWER: B\n"
READERS: list[tuple[Reader, list[bytes]]] = [
    (read_gift, [GIFT, *(path.read_bytes() for path in sorted(CORPUS.glob("*.gift")))]),
    (read_moodle, [MOODLE]),
    (read_aiken, [AIKEN]),
]
SPLICES = [b"{", b"}", b"=", b"~", b"#", b"%", b"->", b"\\", b"\n\n", b"::", b"[[1]]", b"<",
           b">", b"</text>", b"&amp;", b"&x;", b"-", b"9" * 30, b"e99", b"\x00", b"\xff", b"A.",
           b"ANSWER: ", b"{1:MC:", b"$CATEGORY:", b"<question type='cloze'>", b"\xc3\xa9",
           b"\xed\xa0\x80"]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, bodies: list[bytes]) -> bytes:
    """Return a file with pieces cut out, put in and doubled."""
    body = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 12)))
        body = body[:start] + draw(st.sampled_from([*SPLICES, body[start:end] * 2])) + body[end:]
    return body


def check_reading(reading: Reading) -> None:
    """Whatever was read can be written, told and compared."""
    for note in reading.lost:
        assert str(note.what)
    for rejection in reading.rejected:
        assert str(rejection.reason)
    for question in reading.questions:
        assert fingerprint(question)
    write_moodle(reading.questions)
    write_rows(reading.questions)
    again = read_gift(write_gift(reading.questions).text.encode())
    assert again.rejected == ()


def check_bytes(read: Reader, body: bytes) -> None:
    try:
        reading = read(body)
    except Unreadable as refusal:
        reason = str(refusal)
    else:
        reason = "read"
        check_reading(reading)
    assert reason


@pytest.mark.parametrize(("read", "bodies"), READERS)
def test_a_damaged_file_is_read_or_refused(read: Reader, bodies: list[bytes]) -> None:
    @settings(quick, max_examples=120)
    @given(damaged(bodies))
    def holds(body: bytes) -> None:
        check_bytes(read, body)

    holds()


@pytest.mark.parametrize(("read", "bodies"), READERS)
def test_any_bytes_are_read_or_refused(read: Reader, bodies: list[bytes]) -> None:
    @settings(quick, max_examples=60)
    @given(st.binary(max_size=40))
    def holds(body: bytes) -> None:
        check_bytes(read, body)

    holds()


CELLS = ["", "A", "B, C", "1", "true", "single", "matching", "multiple", "numeric", "dropdown",
         "text", "series", "ordering", "a -> b", "*a | b", "[[1]]", "1..2", "3 ± x", "5 (50%)",
         "(%)", "-", "html", "{}", '{"of": ""}', '{"of": "", "kind": "essay"}', "[" * 50,
         "x" * 40_000]  # fmt: skip
cells = st.sampled_from(CELLS) | st.text(max_size=5) | st.none() | st.integers() | st.floats()


@quick
@given(st.lists(st.lists(cells, max_size=34), max_size=3))
def test_any_row_is_read_or_rejected(rows: list[list[object]]) -> None:
    reading = read_rows(enumerate(rows, start=2), guess(template_rows()[0]))
    check_reading(reading)
    assert len(reading.questions) + len(reading.rejected) <= len(rows)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<!DOCTYPE q [<!ENTITY a "aa">]><quiz>&a;</quiz>', "declares entities"),
        (b'<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', "declares entities"),
        (b"<quiz>\n<question></quiz>", "line 2"),
        (b"<quiz>&nbsp;</quiz>", "not well-formed"),
        (b"", "not well-formed"),
        (b"<html/>", "its root is \u201chtml\u201d"),
        (b'<?xml version="1.0" encoding="klingon"?><quiz/>', "XML"),
        (b"<quiz>" + b"<a>" * 60 + b"</a>" * 60 + b"</quiz>", "too deeply nested"),
    ],
)
def test_hostile_xml_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_moodle(body)


def test_too_large_xml_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_BYTES", 1 << 20)
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read_moodle(b"<quiz>" + b" " * (1 << 20) + b"</quiz>")
    monkeypatch.setattr(tree, "MAX_ELEMENTS", 3)
    with pytest.raises(Unreadable, match="too many"):
        read_moodle(b"<quiz><a/><a/><a/></quiz>")


LONG = 15_000


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (read_gift, b"a" + b" " * 5 * LONG + b"{T}"),
        (read_gift, b"{\n\n" * LONG),
        (read_gift, b"x {\n\n" + b"a\n\n" * LONG),
        (read_gift, b"// " + b"[id:" * LONG),
        (read_gift, b"q {>" + b"1 " * LONG + b"}"),
        (read_gift, b"q {" + b"=a" * LONG + b"}"),
        (read_gift, b"line\n" * LONG),
        (read_gift, b"::" * LONG),
        (read_gift, b"[markdown]" + b"*" * 5 * LONG + b"{T}"),
        (read_gift, b"[html]" + b"<!--" * LONG + b"{T}"),
        (read_gift, b"[html]" + b"<a" * LONG + b"{T}"),
        (read_aiken, b"A\nA. " + b"x\n" * LONG),
        (read_moodle, MOODLE.replace(b"{1:MC:=a", b"{1:MC:" * LONG)),
        (read_moodle, MOODLE.replace(b"{1:MC:=a", b"[[1]]" * LONG)),
    ],
)
def test_readers_are_linear(read: Reader, body: bytes) -> None:
    began = time.process_time()
    for question in read(body).questions:
        fingerprint(question)
    assert time.process_time() - began < 3


def test_long_cells_are_read_in_time() -> None:
    mapping = Mapping(("stem", "option", "option", "right", "kind"))
    began = time.process_time()
    for cell in ("A," * 15_000, " " * 30_000 + "(", ".." * 15_000, "-" * 30_000, "(5%)" * 8_000):
        for kind in ("", "single", "numeric", "text", "matching", "dropdown"):
            read_rows([(2, ["Which?", cell, cell, cell, kind])], mapping)
    assert time.process_time() - began < 3
