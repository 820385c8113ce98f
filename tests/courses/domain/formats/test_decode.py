"""The bytes of text files, in the encodings they come in."""

import pytest

from courses.domain.formats.decode import decode
from courses.domain.formats.reading import Unreadable


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_as_it_is(encoding: str) -> None:
    assert decode("Żółć и ключ".encode(encoding)) == ("Żółć и ключ", ())


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("Какой провод защитный? {=A ~B}", "cp1251", "Windows-1251"),
        ("¿Cuál es la tensión?", "cp1252", "Windows-1252"),
        ("Który przewód jest żółty? Całkiem.", "cp1250", "Windows-1250"),
    ],
)
def test_old_encodings_are_guessed_and_said_so(text: str, encoding: str, name: str) -> None:
    read, [remark] = decode(text.encode(encoding))
    assert read == text
    assert str(remark) == f"the file is not UTF-8; it was read as {name}, so look at its letters"


def test_line_ends_are_one_and_the_unshowable_is_left_out() -> None:
    text, [remark] = decode(b"a\r\nb\rc\x01\n")
    assert text == "a\nb\nc\n"
    assert str(remark) == "characters that cannot be shown were left out"
    assert decode(b"a\r\nb\rc") == ("a\nb\nc", ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfea", "damaged UTF-16"),
        (b"PK\x03\x04\x00", "not a text file"),
        (b"x" * (3 << 20), "larger than 2 MB"),
    ],
)
def test_what_is_no_text_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        decode(body, most=2 << 20)
