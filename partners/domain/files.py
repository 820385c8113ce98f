"""Reading a vendor's files: text in, checked values out, every fault with file, row and field."""

import csv
import io
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from partners.domain.rules import to_problems

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and what would be right."""

    file: str
    row: int | None
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row is not None else self.file
        return (
            f"{where}, {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


class FaultyFiles(ValueError):
    """Files that cannot be loaded; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, kw_only=True)
class Row(Generic[M]):
    """A checked row and its number in the file, for messages."""

    number: int
    value: M


class _Loader(yaml.SafeLoader):
    """YAML without two traps: ``on``, ``off``, ``yes``, ``no`` are words, no key stands twice."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.MarkedYAMLError(None, None, f"{key} stands twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read_yaml(text: str, file: str) -> Any:
    """Return a YAML (or JSON) text's values; raises ``FaultyFiles`` naming line and column."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, see above
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise FaultyFiles([Fault(file, None, place, error.problem or "is not YAML")]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise FaultyFiles([Fault(file, None, "", f"is not YAML: {error}")]) from None


def write_yaml(value: Any) -> str:
    """Return values as YAML a person reads, in their own order."""
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
    return text


def entry_lines(text: str) -> list[int]:
    """Return the line on which each entry of a YAML list begins."""
    node = yaml.compose(text, Loader=_Loader)
    entries = node.value if isinstance(node, yaml.SequenceNode) else []
    return [entry.start_mark.line + 1 for entry in entries]


def read_value(model: type[M], value: Any, file: str, place: str = "") -> M:
    """Check one value against a model; raises ``FaultyFiles`` with every path at fault."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = to_problems(error, value)
        paths = [".".join(part for part in (place, each.path) if part) for each in problems]
        raise FaultyFiles(
            Fault(file, None, path, problem.message)
            for path, problem in zip(paths, problems, strict=True)
        ) from None


def read_table(model: type[M], text: str, file: str) -> tuple[list[Row[M]], list[Fault]]:
    """Return the good rows of a CSV text and the faults of the others."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    header = reader.fieldnames or []
    known = list(model.model_fields)
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    if faults := list(_check_header(file, header, known, required)):
        return [], faults
    rows: list[Row[M]] = []
    for raw in reader:
        given = {name: (value or "").strip() for name, value in raw.items() if name is not None}
        if None in raw:
            wrong = f"has more than {len(header)} values; quote those that hold a comma"
            faults.append(Fault(file, reader.line_num, "", wrong))
        elif any(given.values()):
            row, problems = read_row(model, given, file, reader.line_num)
            rows += [row] if row else []
            faults += problems
    return rows, faults


def read_row(model: type[M], raw: Any, file: str, number: int) -> tuple[Row[M] | None, list[Fault]]:
    """Return one checked row, or its faults."""
    try:
        return Row(number=number, value=model.model_validate(raw)), []
    except ValidationError as error:
        problems = to_problems(error, raw)
        return None, [Fault(file, number, each.path, each.message) for each in problems]


def _check_header(
    file: str, header: Iterable[str], known: list[str], required: list[str]
) -> Iterator[Fault]:
    columns = list(header)
    for name in required:
        if name not in columns:
            yield Fault(file, 1, name, f"this column is missing; columns: {','.join(known)}")
    for name in columns:
        if name not in known:
            yield Fault(file, 1, name, f"no such column; columns: {','.join(known)}")
