"""What the columns of a table cannot show of a question, so that a written table loses nothing."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from courses.domain.formats.question import Question, clean

_QUESTION = TypeAdapter(Question)
_LATER = ("case", "case_stem")
_OF = "of"  # what the columns said when the details were written


def write_details(question: Question, shown: Question | None) -> str:
    """Return what ``shown``, the question as its columns say it, lacks; empty if nothing."""
    if shown == question:
        return ""
    base = _dump(shown) if shown else {}
    whole = _dump(question)
    lacking = {name: value for name, value in whole.items() if base.get(name, ...) != value}
    return json.dumps({_OF: _sign(shown), **lacking}, ensure_ascii=False)


def read_details(cell: str, shown: Question | None) -> Question | None:
    """Return the whole question; None if the columns were changed since, or the cell is damaged."""
    try:
        lacking = json.loads(cell)
        if not isinstance(lacking, dict) or lacking.pop(_OF, "") != _sign(shown):
            return None
        base = _dump(shown) if shown else {}
        whole = _QUESTION.validate_python({**base, **_clean(lacking)})
    except (ValueError, RecursionError, ValidationError):
        return None
    return replace(whole, where=shown.where if shown else 0)


def _sign(shown: Question | None) -> str:
    text = json.dumps(_dump(shown), sort_keys=True) if shown else ""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _dump(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = _QUESTION.dump_python(replace(question, where=0), mode="json")
    # Absent where there is none, as in tables written before there were cases.
    return {name: value for name, value in found.items() if value or name not in _LATER}


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return clean(value) if isinstance(value, str) else value
