"""What an event is: a frozen, named fact with the moment it happened."""

import dataclasses
import json
import typing
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Self


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every event. Fields are ids and primitives; ``name`` carries its version."""

    name: ClassVar[str]
    occurred_at: datetime

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON values; datetimes and dates in ISO 8601."""
        plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(self), default=_to_iso))
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild an event from ``to_json``; fields it no longer knows are dropped."""
        types = _field_types(cls)  # type: ignore[arg-type]
        return cls(
            **{key: _revive(types[key], value) for key, value in data.items() if key in types}
        )


@cache
def _field_types(cls: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _to_iso(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"an event field cannot hold {type(value).__name__}")


def _revive(annotation: Any, value: Any) -> Any:
    if value is None:
        return None
    options = typing.get_args(annotation) or (annotation,)
    if datetime in options:
        return datetime.fromisoformat(value)
    if date in options:
        return date.fromisoformat(value)
    return tuple(value) if typing.get_origin(annotation) is tuple else value
