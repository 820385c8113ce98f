"""Codes, names, dates, states, bits and fonts."""

import base64
import gzip
import struct
from datetime import date

import pytest

from badges.domain import fonts, identity, status, validity

DAY = date(2026, 11, 21)


def test_a_code_survives_being_read_aloud() -> None:
    code = identity.code_from(2**85 - 1)
    assert len(code) == 17
    assert identity.read_code(code.upper()) == code
    assert identity.read_code("0l1 o0-" + "7" * 12) == "01100" + "7" * 12
    assert identity.read_code("short") == ""


@pytest.mark.parametrize(
    "text",
    [
        "hb97p2s6ysttj6r7h",
        " HB97 P2S6 YSTT J6R7 H ",
        "https://partners.halden.example/c/hb97p2s6ysttj6r7h/",
        "partners.halden.example/c/hb97p2s6ysttj6r7h.json",
        "https://h.example/s/hb97p2s6ysttj6r7h.png?x=1",
        "https://h.example/c/hb97p2s6ysttj6r7h/ob2.json",
    ],
)
def test_a_code_is_found_in_what_people_paste(text: str) -> None:
    assert identity.find_code(text) == "hb97p2s6ysttj6r7h"


def test_no_code_is_no_code() -> None:
    assert identity.find_code("https://elsewhere.example/badge/1") == ""


def test_names_become_one_line() -> None:
    assert identity.clean_line("  Ana \n  Kowalska ") == "Ana Kowalska"
    assert identity.clean_line("Jo\u0301zef") == "Józef"
    with pytest.raises(identity.NotPrintable, match=r"U\+0000"):
        identity.clean_line("Ana\x00")


def test_a_missing_letter_is_named() -> None:
    fonts.check_printable("Олександр Ґалаґан, Józef Żak, Nguyễn Văn")
    with pytest.raises(identity.NotPrintable, match="CJK UNIFIED IDEOGRAPH-5C71"):
        fonts.check_printable("山田")


def test_a_font_without_a_map_covers_nothing() -> None:
    assert fonts.read_characters(b"\0\1\0\0" + struct.pack(">H", 0) + b"\0" * 6) == frozenset()


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "marks", "state", "picture"),
    [
        (DAY, None, "", "valid", "valid"),
        (DAY, date(2026, 12, 22), "", "valid", "valid"),
        (DAY, date(2026, 12, 21), "", "valid", "expiring"),
        (DAY, date(2026, 11, 22), "", "valid", "expiring"),
        (date(2025, 11, 21), DAY, "", "expired", "expired"),
        (date(2026, 11, 22), None, "", "not_yet", "not_yet"),
        (date(2025, 11, 21), DAY, "revoked", "revoked", "revoked"),
        (date(2025, 11, 21), DAY, "suspended", "suspended", "suspended"),
        (DAY, None, "suspended superseded", "suspended", "suspended"),
        (DAY, None, "revoked suspended superseded", "revoked", "revoked"),
        (DAY, None, "superseded", "superseded", "superseded"),
    ],
)
def test_states(
    valid_from: date, valid_until: date | None, marks: str, state: str, picture: str
) -> None:
    said = validity.Marks(**dict.fromkeys(marks.split(), True))
    found = validity.state_on(DAY, valid_from=valid_from, valid_until=valid_until, marks=said)
    assert found == state
    assert validity.picture_on(DAY, state=found, valid_until=valid_until) == picture


def test_people_read_the_last_day() -> None:
    assert validity.last_day(date(2027, 1, 1)) == date(2026, 12, 31)
    assert validity.last_day(None) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 21), 24, date(2028, 11, 21)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_where_people_expect(day: date, months: int, later: date) -> None:
    assert validity.add_months(day, months) == later


def test_bits_are_counted_from_the_left() -> None:
    encoded = status.encode([0, 9, status.SIZE - 1])
    assert [i for i in (0, 1, 8, 9, status.SIZE - 1) if status.is_set(encoded, i)] == [
        0,
        9,
        status.SIZE - 1,
    ]
    assert encoded == status.encode([status.SIZE - 1, 9, 0])


def test_a_bit_outside_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        status.encode([status.SIZE])


@pytest.mark.parametrize(
    "bits",
    [gzip.compress(b"12"), b"no gzip", gzip.compress(bytes(20_000))],
    ids=["short", "broken", "long"],
)
def test_another_list_is_refused(bits: bytes) -> None:
    encoded = "u" + base64.urlsafe_b64encode(bits).decode()
    with pytest.raises(ValueError, match="not a status list"):
        status.is_set(encoded, 0)
