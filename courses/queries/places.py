"""One place of an attempt, as the candidate sees it. The key is nowhere in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from courses.domain.cases import CaseBody
from courses.domain.items import KINDS, ItemBody, Option, in_language
from courses.domain.items.pairs import FALSE, TRUE, Pairs
from courses.domain.prose import to_html, to_inline_html, to_plain
from courses.models import AttemptItem, ItemPicture

_GAP = re.compile(r"\[\[([^\[\]]+)\]\]")


@dataclass(frozen=True, kw_only=True)
class AreaView:
    """Where an option lies in the picture, in its pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class OptionView:
    """An option as the candidate sees it; ``text`` is the same without markup."""

    id: str
    html: str
    text: str
    chosen: bool
    area: AreaView | None = None


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A row to decide on, with what it may be paired with."""

    id: str
    html: str
    text: str
    choices: tuple[OptionView, ...]

    @property
    def value(self) -> str:
        """The id of the choice that was made, or nothing."""
        return next((choice.id for choice in self.choices if choice.chosen), "")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a stem, and the gap after it, if there is one."""

    html: str
    row: RowView | None


@dataclass(frozen=True, kw_only=True)
class PictureView:
    url: str
    width: int
    height: int
    text: str


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """What the questions of a case share, and which of them this one is."""

    html: str
    picture: PictureView | None
    slots: tuple[int, ...]
    slot: int

    @property
    def number(self) -> int:
        return self.slots.index(self.slot) + 1

    @property
    def total(self) -> int:
        return len(self.slots)


@dataclass(frozen=True, kw_only=True)
class PlaceView:
    """Everything the page of one place shows."""

    code: str
    slot: int
    kind: str
    stem_html: str
    pieces: tuple[Piece, ...]
    options: tuple[OptionView, ...]
    rows: tuple[RowView, ...]
    picture: PictureView | None
    value: Any
    unit: str
    revision: int
    case: CaseView | None = None

    @property
    def template(self) -> str:
        """The part that shows this kind."""
        return f"courses/items/{self.kind}.html"

    @property
    def is_paired(self) -> bool:
        """Whether a response maps rows to choices."""
        return bool(self.rows)


def get_place(code: str, user_id: int, slot: int) -> PlaceView:
    """Return one place of this person's attempt or raise ``AttemptItem.DoesNotExist``."""
    place = AttemptItem.objects.select_related("attempt", "version", "group_version").get(
        attempt__code=code, attempt__user_id=user_id, slot=slot
    )
    stored = place.attempt.responses.filter(slot=slot).first()
    return show_item(
        place.version.parsed,
        place.attempt.language,
        order=place.option_order,
        value=stored.value if stored else None,
        code=code,
        slot=slot,
        revision=stored.revision if stored else 0,
        case=_find_case(place),
    )


def _find_case(place: AttemptItem) -> CaseView | None:
    if place.group_version is None:
        return None
    same = place.attempt.items.filter(group_version=place.group_version).order_by("slot")
    slots = tuple(same.values_list("slot", flat=True))
    body = place.group_version.parsed
    return show_case(body, place.attempt.language, slots=slots, slot=place.slot)


def show_case(body: CaseBody, language: str, *, slots: Sequence[int], slot: int) -> CaseView:
    """Return what questions share, beside one of them."""
    return CaseView(
        html=with_pictures(to_html(in_language(body.stem, language))),
        picture=show_picture(body, language),
        slots=tuple(slots),
        slot=slot,
    )


def show_item(
    body: ItemBody,
    language: str,
    *,
    order: Sequence[str],
    value: Any = None,
    code: str = "",
    slot: int = 1,
    revision: int = 0,
    case: CaseView | None = None,
) -> PlaceView:
    """Return an item as it is shown, with what was answered."""
    picture = show_picture(body, language)
    paired = isinstance(KINDS[body.kind], Pairs)
    rows = tuple(_rows(body, order, language, value or {})) if paired else ()
    stem = with_pictures(to_html(in_language(body.stem, language)))
    return PlaceView(
        code=code,
        slot=slot,
        kind=body.kind,
        stem_html=stem,
        pieces=tuple(_pieces(stem, rows)),
        options=() if paired else tuple(_options(body, order, language, value, picture)),
        rows=rows,
        picture=picture,
        value="" if value is None else value,
        unit=in_language(body.unit, language),
        revision=revision,
        case=case,
    )


def _ordered(options: Sequence[Option], order: Sequence[str]) -> list[Option]:
    """In the order drawn; what was not drawn stays where it is."""
    places = {name: place for place, name in enumerate(order)}
    return sorted(options, key=lambda option: places.get(option.id, len(places)))


def _options(
    body: ItemBody, order: Sequence[str], language: str, value: Any, picture: PictureView | None
) -> Iterator[OptionView]:
    chosen = value if isinstance(value, list) else []
    for option in _ordered(body.options, order):
        yield _option(option, language, chosen=option.id in chosen, picture=picture)


def _option(
    option: Option, language: str, *, chosen: bool, picture: PictureView | None = None
) -> OptionView:
    text = in_language(option.text, language)
    return OptionView(
        id=option.id,
        html=_render(text),
        text=to_plain(text),
        chosen=chosen,
        area=_area(option, picture),
    )


def _area(option: Option, picture: PictureView | None) -> AreaView | None:
    if option.area is None or picture is None:
        return None
    across, down = picture.width / 100, picture.height / 100
    return AreaView(
        x=round(float(option.area.x) * across, 2),
        y=round(float(option.area.y) * down, 2),
        width=round(float(option.area.width) * across, 2),
        height=round(float(option.area.height) * down, 2),
    )


def _rows(
    body: ItemBody, order: Sequence[str], language: str, value: dict[str, str]
) -> Iterator[RowView]:
    kind = KINDS[body.kind]
    for row in _ordered(body.options, order) if body.kind == "ordering" else body.options:
        allowed = kind.choices(body, row.id) if isinstance(kind, Pairs) else ()
        known = {choice.id: choice for choice in _ordered(body.choices, order)}
        names = [name for name in known if name in allowed] or list(allowed)
        text = in_language(row.text, language)
        yield RowView(
            id=row.id,
            html=_render(text),
            text=to_plain(text),
            choices=tuple(
                _option(known[name], language, chosen=value.get(row.id) == name)
                if name in known
                else OptionView(id=name, html="", text=name, chosen=value.get(row.id) == name)
                for name in names
            ),
        )


def _pieces(stem: str, rows: Sequence[RowView]) -> Iterator[Piece]:
    """Split a stem at its gaps; any other double brackets stay text."""
    by_id = {row.id: row for row in rows}
    at = 0
    for found in _GAP.finditer(stem):
        if row := by_id.get(found[1]):
            yield Piece(html=stem[at : found.start()], row=row)
            at = found.end()
    yield Piece(html=stem[at:], row=None)


def show_picture(body: ItemBody | CaseBody, language: str) -> PictureView | None:
    """Return the picture of an item or a case with what it says to who does not see it."""
    if not body.picture:
        return None
    fields = ItemPicture.objects.values_list("width", "height")
    width, height = fields.get(pk=body.picture)
    url = reverse("lms_picture", args=[body.picture])
    text = in_language(body.picture_text, language)
    return PictureView(url=url, width=width, height=height, text=text)


def _render(text: str) -> str:
    """One line stays in its line; what has several may hold code and lists."""
    return with_pictures(to_html(text) if "\n" in text else to_inline_html(text))


def with_pictures(html: str) -> str:
    """Point pictures in Markdown, ``![text](picture:name)``, to where they are served."""
    if 'src="picture:' not in html:
        return html
    return re.sub(
        r'src="picture:([0-9a-f]{64})"',
        lambda found: f'src="{reverse("lms_picture", args=[found[1]])}"',
        html,
    )


__all__ = [
    "FALSE",
    "TRUE",
    "CaseView",
    "PlaceView",
    "get_place",
    "show_case",
    "show_item",
    "show_picture",
    "with_pictures",
]
