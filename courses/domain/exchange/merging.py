"""Joining what a file says in one language with what an item says in others."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from courses.domain.items import ItemBody, Option

_GAP = re.compile(r"\[\[([^\[\]]+)\]\]")


def merge(old: ItemBody, new: ItemBody, language: str) -> ItemBody | None:
    """Return the new body with the old one's other languages; ``None`` if answers changed.

    Files do not say by which names an item knows its answers, nor in which order it keeps them:
    where the same texts are there, names and order stay as they were.
    """
    new = _rename(new, old, language)
    if not _alike(old.options, new.options) or not _alike(old.choices, new.choices):
        return None
    if (old.kind, old.pairs, sorted(old.key)) != (new.kind, new.pairs, sorted(new.key)):
        return None
    return new.model_copy(
        update={
            "stem": {**old.stem, **new.stem},
            "options": old.options if new.kind == "dropdown" else _join(old.options, new.options),
            "choices": _join(old.choices, new.choices),
            "local_key": {**old.local_key, **new.local_key},
            "unit": {**old.unit, **new.unit},
            "rationale": {**old.rationale, **new.rationale},
            "picture": new.picture or old.picture,
            "picture_text": {**old.picture_text, **new.picture_text},
            "key": old.key,
        }
    )


def _rename(new: ItemBody, old: ItemBody, language: str) -> ItemBody:
    gaps = new.kind == old.kind == "dropdown"
    rows = _by_place(new, old) if gaps else _match(new.options, old.options, language, {})
    matches = _match(new.choices, old.choices, language, rows or {})
    if rows is None or matches is None:
        return new
    return new.model_copy(
        update={
            "stem": {code: _name_gaps(stem, rows) for code, stem in new.stem.items()},
            "options": _reorder(new.options, old.options, rows, {}),
            "choices": _reorder(new.choices, old.choices, matches, rows),
            "key": tuple(rows.get(name, name) for name in new.key),
            "weights": {rows.get(name, name): share for name, share in new.weights.items()},
            "pairs": {
                rows.get(row, row): matches.get(choice, choice) for row, choice in new.pairs.items()
            },
        }
    )


def _by_place(new: ItemBody, old: ItemBody) -> dict[str, str] | None:
    """Gaps have no text: the first is the first."""
    if len(new.options) != len(old.options):
        return None
    names = (
        [one.id for one in sorted(body.options, key=partial(_place, body))] for body in (new, old)
    )
    return dict(zip(*names, strict=True))


def _place(body: ItemBody, row: Option) -> int:
    return next(iter(body.stem.values())).find(f"[[{row.id}]]")


def _name_gaps(stem: str, names: Mapping[str, str]) -> str:
    return _GAP.sub(lambda found: f"[[{names.get(found[1], found[1])}]]", stem)


def _match(
    new: Sequence[Option], old: Sequence[Option], language: str, gaps: Mapping[str, str]
) -> dict[str, str] | None:
    """Which name each text had; ``None`` unless the texts are the same, each there once."""
    names = {(one.gap, one.text.get(language)): one.id for one in old}
    said = [(gaps.get(one.gap, one.gap), one.text.get(language)) for one in new]
    if len(set(said)) < len(said) or set(said) != set(names) or len(names) < len(old):
        return None
    return {one.id: names[text] for one, text in zip(new, said, strict=True)}


def _reorder(
    new: Sequence[Option],
    old: Sequence[Option],
    names: Mapping[str, str],
    gaps: Mapping[str, str],
) -> tuple[Option, ...]:
    renamed = {
        names[one.id]: one.model_copy(
            update={"id": names[one.id], "gap": gaps.get(one.gap, one.gap)}
        )
        for one in new
    }
    return tuple(renamed[one.id] for one in old)


def _alike(old: Sequence[Option], new: Sequence[Option]) -> bool:
    return [one.id for one in old] == [one.id for one in new]


def _join(old: Sequence[Option], new: Sequence[Option]) -> tuple[Option, ...]:
    return tuple(
        after.model_copy(
            update={
                "text": {**before.text, **after.text},
                "rationale": {**before.rationale, **after.rationale},
                "area": after.area or before.area,
            }
        )
        for before, after in zip(old, new, strict=True)
    )
