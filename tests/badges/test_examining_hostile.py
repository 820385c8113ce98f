"""PDFs made to do harm: each gets a clear answer, and the child's time and memory are bounded."""

import os
import time
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from badges.domain.examining import examine_pdf
from badges.domain.pdf import MAX_BYTES, PdfUnreadable
from badges.queries.examination import examine_safely
from tests.factories.pdfs import make_pdf, make_signed, make_signer

DAMAGED, COMPLICATED = "is damaged", "too complicated"
PROCESSOR_SECONDS = 3
SECONDS = 15  # three of the processor are a few more on a busy machine


def write_pdf(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, the first one the catalogue."""
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (len(places) + 1, trailer)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(content: bytes, entries: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def truncated() -> bytes:
    return make_signed()[:20_000]


def cut_at_the_end() -> bytes:
    return make_signed()[:-30]


def encrypted() -> bytes:
    writer, output = copy_into_new_writer(PdfFileReader(BytesIO(make_pdf()))), BytesIO()
    writer.encrypt("owner", "user")
    writer.write(output)
    return output.getvalue()


def table_that_follows_itself() -> bytes:
    pages = b"<</Type/Pages/Kids[]/Count 0>>"
    start = write_pdf([CATALOGUE, pages]).index(b"xref\n0")
    return write_pdf([CATALOGUE, pages], b"/Prev %d" % start)


def pages_in_a_circle() -> bytes:
    return write_pdf([CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1>>"])


def fields_in_a_circle() -> bytes:
    return write_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
            b"<</Type/Pages/Kids[]/Count 0>>",
            b"<</T(a)/Kids[4 0 R]>>",
            b"<</T(b)/Kids[3 0 R]>>",
        ]
    )


def reference_to_itself() -> bytes:
    return write_pdf([CATALOGUE, b"2 0 R"])


def deep_brackets() -> bytes:
    return write_pdf([CATALOGUE, b"[" * 1_000_000])


def pictures_of_nothing() -> bytes:
    """A small file with a stream of objects that inflates to a quarter of a gigabyte."""
    zeros = zlib.compress(bytes(1 << 28), 1)
    holder = stream(zeros, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
    return with_stream_of_objects(holder, [2])


def layers_of_compression() -> bytes:
    """A small file: two layers, a million times larger each time one is taken off."""
    inner = zlib.compress(bytes(1 << 28), 9)
    holder = stream(
        zlib.compress(inner, 9), b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]"
    )
    return with_stream_of_objects(holder, [2])


def objects_without_end() -> bytes:
    """Sixty thousand objects in one stream: each of them is looked for from the beginning."""
    numbers = range(4, 60_004)
    head = b" ".join(b"%d 0" % number for number in [2, *numbers])
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    pages = b"<</Type/Pages/Kids[%b]>>" % kids
    entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(numbers) + 1, len(head) + 1)
    holder = stream(zlib.compress(head + b" " + pages), entries)
    return with_stream_of_objects(holder, [2, *numbers], fields=kids)


def a_million_dictionaries() -> bytes:
    """Under five megabytes, but not for Python."""
    return write_pdf([CATALOGUE, b"[%b]" % (b"<<>>" * 1_200_000)])


def with_stream_of_objects(holder: bytes, numbers: list[int], fields: bytes = b"") -> bytes:
    """A PDF whose object 3 holds others, by a cross-reference stream as PDF 1.5 has it."""
    root = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]>>>>" % fields
    body, places = bytearray(b"%PDF-1.7\n"), {}
    for number, content in ((1, root), (3, holder)):
        places[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    last = max(3, *numbers) + 1
    places[last] = len(body)
    index = {number: place for place, number in enumerate(numbers)}
    rows = [row(number, places, index) for number in range(last + 1)]
    entries = b"/Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode" % (last + 1)
    table = stream(zlib.compress(b"".join(rows)), entries)
    body += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, table, places[last])
    return bytes(body)


def row(number: int, places: dict[int, int], index: dict[int, int]) -> bytes:
    if number in places:
        return b"\1" + places[number].to_bytes(4, "big") + bytes(2)
    if number in index:
        return b"\2" + (3).to_bytes(4, "big") + index[number].to_bytes(2, "big")
    return bytes(7)


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (truncated, DAMAGED),
        (cut_at_the_end, DAMAGED),
        (encrypted, "is encrypted"),
        (table_that_follows_itself, DAMAGED),
        (fields_in_a_circle, DAMAGED),
        (reference_to_itself, DAMAGED),
        (deep_brackets, DAMAGED),
        (pictures_of_nothing, DAMAGED),
        (layers_of_compression, DAMAGED),
        (lambda: b"%PDF-1.7\n" + os.urandom(200_000), DAMAGED),
        (lambda: b"%PDF-1.7\n" + bytes(MAX_BYTES), "larger than 5 MB"),
        (lambda: b"PK\3\4", "no PDF"),
        (lambda: b"", "no PDF"),
    ],
)
def test_a_broken_file_is_refused(make: Callable[[], bytes], answer: str) -> None:
    with pytest.raises(PdfUnreadable, match=answer):
        examine_pdf(make(), trusted=[make_signer()])


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (truncated, DAMAGED),
        (pictures_of_nothing, DAMAGED),
        (objects_without_end, COMPLICATED),
        (a_million_dictionaries, COMPLICATED),
        (lambda: b"%PDF-1.7\n" + bytes(MAX_BYTES - 9), DAMAGED),
        (lambda: b"%PDF-1.7\n" + bytes(MAX_BYTES), "larger than 5 MB"),
    ],
)
def test_a_hostile_file_is_refused_in_time(make: Callable[[], bytes], answer: str) -> None:
    pdf, started = make(), time.monotonic()
    with pytest.raises(PdfUnreadable, match=answer):
        examine_safely(pdf, trusted=[make_signer()], processor_seconds=PROCESSOR_SECONDS)
    assert time.monotonic() - started < SECONDS


def test_pages_in_a_circle_are_left() -> None:
    report = examine_pdf(pages_in_a_circle(), trusted=[make_signer()])
    assert (report.signed, report.code) == (False, "")
