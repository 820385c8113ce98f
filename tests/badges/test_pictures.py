"""Strips, seals, baked pictures: what is seen and what is inside."""

from datetime import date
from io import BytesIO

import pytest
from openbadges_bakery import unbake
from PIL import Image, PngImagePlugin

from badges.domain import fitting, phrases, picture, png, raster, seal, strip
from badges.domain.baking import bake
from badges.domain.strip import Strip, compose_strip, describe, draw_strip, render_strip

STATES = ["valid", "expiring", "expired", "revoked", "not_yet"]
LONG = "Alexander van der Hoogenbandschmidt-Lindqvist of the Northern Lights"


def a_strip(state: str = "valid", name: str = "Екатерина Ковалёва", language: str = "ru") -> Strip:
    return compose_strip(
        state=state,
        name=name,
        title="Halden Certified Recovery Engineer",
        valid_from=date(2026, 11, 12),
        valid_until=date(2028, 11, 12),
        language=language,
        domain="partners.halden.example",
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["Екатерина Ковалёва", "", LONG])
def test_a_strip_is_small_and_twice_its_size(state: str, name: str) -> None:
    body = render_strip(a_strip(state, name))
    with Image.open(BytesIO(body)) as image:
        assert image.size == (600, 160)
        assert image.mode == "P"
        assert round(image.info["dpi"][0]) == 96
    assert len(body) <= 10 * 1024


def test_corners_are_clear_and_the_card_is_not() -> None:
    with Image.open(BytesIO(render_strip(a_strip()))) as image:
        pixels = image.convert("RGBA")
    assert pixels.getpixel((0, 0)) == (255, 255, 255, 0)
    assert pixels.getpixel((300, 12)) == (255, 255, 255, 255)


def test_a_strip_is_drawn_alike_twice() -> None:
    assert render_strip(a_strip()) == render_strip(a_strip())


@pytest.mark.parametrize(
    ("language", "state", "said"),
    [
        ("en", "valid", "Valid to 11 Nov 2028"),
        ("en", "expiring", "Expires on 11 Nov 2028"),
        ("ru", "expired", "Истёк 11 ноя. 2028"),
        ("ru", "revoked", "Отозван, не действует"),
        ("pl", "valid", "Ważny do 11 lis 2028"),
        ("pl", "not_yet", "Ważny od 12 lis 2026"),
        ("de", "valid", "Valid to 11 Nov 2028"),
    ],
)
def test_a_strip_says_its_state_in_words_and_shape(language: str, state: str, said: str) -> None:
    drawn = draw_strip(a_strip(state, language=language))
    assert said in drawn
    assert seal.SIGNS[state] in drawn


def test_a_credential_without_an_end_is_just_valid() -> None:
    assert describe("valid", date(2026, 1, 1), None, "pl") == "Ważny"


def test_signs_differ_wherever_words_do() -> None:
    assert len({seal.SIGNS[state] for state in ("valid", "expired", "revoked")}) == 3


def test_text_cannot_become_markup() -> None:
    drawn = draw_strip(a_strip(name='<image href="file:///etc/passwd"/>&'))
    assert "<image" not in drawn
    assert "&lt;image" in drawn


def test_the_key_follows_everything_seen() -> None:
    one = a_strip()
    changed = [a_strip("expired"), a_strip(name=""), a_strip(language="pl")]
    assert len({each.key() for each in [one, *changed]}) == 4
    assert one.key() == a_strip().key()


def test_long_text_shrinks_before_it_is_cut() -> None:
    text, size = fitting.fit("Halden Certified Recovery Engineers", 30, 600, 500)
    assert (text, size < 30) == ("Halden Certified Recovery Engineers", True)
    text, size = fitting.fit(LONG, 30, 600, 400)
    assert text.endswith("…")
    assert size == pytest.approx(30 * fitting.SHRINK)
    assert fitting.measure(text, size, 600) <= 400
    assert fitting.fit("Dee", 30, 600, 400) == ("Dee", 30)


def test_lines_break_between_words() -> None:
    assert fitting.break_lines("one two three", 20, 400, 80, 3) == ["one two", "three"]
    assert fitting.break_lines("one two three four", 20, 400, 80, 2)[-1].endswith("…")


@pytest.mark.parametrize("state", ["valid", "expired", "revoked"])
@pytest.mark.parametrize(
    "title", ["Halden Sales", "Сертифицированный инженер по восстановлению Halden", "W" * 60]
)
def test_a_picture_is_square_and_says_when_it_does_not_hold(state: str, title: str) -> None:
    drawn = picture.draw_picture(title=title, issuer="Halden Data", language="pl", state=state)
    assert ("Halden Data" in drawn) == (state == "valid")
    assert ("Wycofany" in drawn) == (state == "revoked")
    body = picture.render_picture(title=title, issuer="Halden Data", language="pl", state=state)
    with Image.open(BytesIO(body)) as image:
        assert image.size == (512, 512)
    assert len(body) < 40 * 1024


def test_one_picture_carries_both_standards() -> None:
    baked = bake(a_png(), ob2='{"id":"two"}', ob3='{"id":"три"}')
    assert png.find_texts(baked, png.OB3_KEYWORD) == ['{"id":"три"}']
    assert unbake(BytesIO(baked)) == '{"id":"two"}'
    with Image.open(BytesIO(baked)) as image:
        image.load()
    again = bake(baked, ob2='{"id":"2"}', ob3='{"id":"3"}')
    assert png.find_texts(again, png.OB3_KEYWORD) == ['{"id":"3"}']
    assert png.find_texts(again, png.OB2_KEYWORD) == ['{"id":"2"}']


def a_png() -> bytes:
    output = BytesIO()
    Image.new("RGB", (4, 4), "red").save(output, "PNG")
    return output.getvalue()


def a_chunked_png(data: bytes) -> bytes:
    return png.SIGNATURE + b"".join(
        chunk.to_bytes()
        for chunk in [
            *list(png.read_chunks(a_png()))[:1],
            png.Chunk(b"iTXt", data),
            png.Chunk(b"IEND", b""),
        ]
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"GIF89a", "begin"),
        (a_png()[:-14], "ends before|longer"),
        (a_png()[:20] + b"\xff" + a_png()[21:], "checksum"),
        (png.SIGNATURE + b"\xff\xff\xff\xff" + a_png()[12:], "longer"),
        (png.SIGNATURE + png.Chunk(b"tEXt", b"").to_bytes() * 4097, "more than|too many"),
        (a_chunked_png(b"openbadges\0\1\0\0\0{}"), "compressed"),
        (a_chunked_png(b"openbadges\0\0\0"), "broken"),
        (a_chunked_png(b"openbadges\0\0\0\0\0\xff"), "UTF-8"),
    ],
    ids=["gif", "cut", "flipped", "overlong", "many", "compressed", "broken", "latin"],
)
def test_a_broken_picture_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(png.NotPng, match=said):
        png.find_texts(body, png.OB2_KEYWORD)


def test_a_language_tag_does_not_leak_into_the_text() -> None:
    tagged = a_chunked_png(b"openbadges\0\0\0pl\0Odznaka\0{}")
    assert png.find_texts(tagged, png.OB2_KEYWORD) == ["{}"]


def test_a_second_baking_moves_nothing_else() -> None:
    once = png.splice_text(a_png(), png.OB3_KEYWORD, "{}")
    twice = png.splice_text(once, png.OB3_KEYWORD, '{"id": 2}')
    assert png.find_texts(twice, png.OB3_KEYWORD) == ['{"id": 2}']
    rest = [chunk for chunk in png.read_chunks(twice) if chunk.kind != b"iTXt"]
    assert rest == list(png.read_chunks(a_png()))


def test_a_header_that_is_not_first_is_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("a", "b")
    chunks = list(png.read_chunks(a_png()))
    swapped = png.SIGNATURE + b"".join(c.to_bytes() for c in [chunks[1], chunks[0], chunks[-1]])
    with pytest.raises(png.NotPng, match="header"):
        png.splice_text(swapped, png.OB3_KEYWORD, "{}")


def test_a_picture_of_few_colours_is_encoded_too() -> None:
    flat = Image.new("RGBA", (8, 8), (255, 0, 0, 255))
    with Image.open(BytesIO(raster.encode(flat))) as image:
        assert image.convert("RGBA").getpixel((3, 3)) == (255, 0, 0, 255)


def test_every_language_says_everything() -> None:
    for words in phrases.WORDS.values():
        assert len(words.months) == len(words.short_months) == 12
    assert strip.DESIGN >= 1
