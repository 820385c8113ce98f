"""Reading a rules document, and saying what is wrong with one by the path of every fault."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from partners.domain.rules.document import RulesDocument


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: ``tiers[gold].lines[sales].people``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RulesInvalid(ValueError):
    """A rules document that cannot be used; ``problems`` says everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def parse_rules(document: Mapping[str, Any]) -> RulesDocument:
    """Read a rules document; raises ``RulesInvalid`` with the path of every fault."""
    try:
        return RulesDocument.model_validate(document)
    except ValidationError as error:
        raise RulesInvalid(to_problems(error, document)) from None


def write_schema() -> str:
    """Return the JSON Schema of a rules document, as ``docs/rules.schema.json`` holds it."""
    schema = RulesDocument.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Programme rules"}
    return json.dumps({**schema, **head}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def to_plain(document: Any) -> dict[str, Any]:
    """Return a document as JSON values (YAML reads dates as dates)."""
    plain: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return plain


def to_problems(error: ValidationError, document: Any) -> tuple[Problem, ...]:
    """Turn pydantic's errors into paths that use ids where the document has them."""
    # A list whose every part is at fault is also called too short: that misleads.
    faults = [each for each in error.errors() if each["type"] != "too_short" or not each["input"]]
    return tuple(Problem(_path(document, each["loc"]), _message(dict(each))) for each in faults)


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "date_from_datetime_parsing": "must be a date, YYYY-MM-DD",
    "date_parsing": "must be a date, YYYY-MM-DD",
    "date_type": "must be a date, YYYY-MM-DD",
    "string_type": "must be text (put it in quotes)",
    "string_pattern_mismatch": "must be lower-case letters, digits and hyphens, such as gold-line",
}


def _message(error: dict[str, Any]) -> str:
    words = _WORDS.get(error["type"])
    if words is None:
        words = str(error["msg"]).removeprefix("Value error, ")
        words = words.replace("Input should be", "must be")
    given = error["input"]
    if error["type"] in {"missing", "extra_forbidden", "value_error"} or isinstance(given, dict):
        return words
    return f"{words}; it is {given!r}"


def _path(document: Any, location: tuple[int | str, ...]) -> str:
    path, here = "", document
    for step in location:
        if isinstance(step, str) and step.startswith("="):  # names a choice, not a place
            continue
        if isinstance(step, int):
            here = here[step] if isinstance(here, list | tuple) and step < len(here) else None
            name = here.get("id") if isinstance(here, Mapping) else None
            path += f"[{name if isinstance(name, str) else step}]"
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            path += f".{step}" if path else step
    return path
