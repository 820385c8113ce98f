"""A document apart from its values: what two documents share when only their texts differ.

A value is any text, except below ``type``: a type decides which terms hold for its node. Numbers
and booleans belong to the outline, because how they are written depends on what they are.
"""

from collections.abc import Iterator
from typing import Any

from badges.domain.contexts import Json

Outline = tuple[Any, ...]  # ("{", (key, child), …), ("[", child, …), ("=", constant, …)

_CONSTANT = frozenset({"@context", "type", "@type"})
_VALUE = None  # stands where a value was


class NotOutlined(Exception):
    """The document is not made of what JSON is made of."""


def read(document: Json) -> tuple[Outline, list[str]]:
    """Return a document's outline and its values, in the document's order."""
    values: list[str] = []
    return _read_object(document, values), values


def compose(outline: Outline, values: list[str]) -> Json:
    """Return the document of an outline with these values: the inverse of ``read``."""
    document: Json = _compose(outline, iter(values))
    return document


def _read_object(node: Json, values: list[str]) -> Outline:
    children: list[Any] = ["{"]
    for key, value in node.items():
        if type(value) is str and key not in _CONSTANT:  # the common case, without a call
            values.append(value)
            children.append((key, _VALUE))
        else:
            read_it = _read_constant if key in _CONSTANT else _read
            children.append((key, read_it(value, values)))
    return tuple(children)


def _read(node: Any, values: list[str]) -> Outline | None:
    if isinstance(node, str):
        values.append(str.__str__(node))  # a subclass may print otherwise than JSON writes it
        return _VALUE
    if isinstance(node, dict):
        return _read_object(node, values)
    if isinstance(node, list):
        return ("[", *[_read(item, values) for item in node])
    if type(node) in (bool, int, float):
        return ("=", node, repr(node))  # the writing too: 1, 1.0 and true are equal to Python
    raise NotOutlined(f"{type(node).__name__} is not a type of JSON")


def _read_constant(node: Any, _values: list[str]) -> Outline:
    items = node if isinstance(node, list) else [node]
    if not all(type(item) is str for item in items):
        raise NotOutlined("a type or a context is not named by a text")
    return ("=", tuple(items), "") if node is items else ("=", node, "")


def _compose(outline: Outline | None, values: Iterator[str]) -> Any:
    if outline is _VALUE:
        return next(values)
    if outline[0] == "{":
        return {key: _compose(child, values) for key, child in outline[1:]}
    if outline[0] == "[":
        return [_compose(child, values) for child in outline[1:]]
    return list(outline[1]) if isinstance(outline[1], tuple) else outline[1]
