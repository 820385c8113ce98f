"""Refusing what a signature would not cover: undefined terms, relative ids, control characters.

JSON-LD processors drop an undefined property in silence, so it would be readable in the document
and absent from what is signed. This walks a document as JSON-LD does: terms of a type hold for
its own node, terms scoped to a property hold for everything below it.
"""

import re
from typing import Any

from pyoxigraph import NamedNode

from badges.domain.contexts import Json, pinned

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # category Cc but for \t, \n, \r
_IDS = {"id", "@id"}
_TYPES = {"type", "@type"}


class NotSignable(Exception):
    """The document holds something a signature would not cover; the message says where."""


def check_signable(document: Json) -> None:
    """Raise ``NotSignable`` unless every property, type, id and text of a document is covered."""
    terms: Json = {}
    for url in document["@context"]:
        terms |= pinned(url)
    body = {key: value for key, value in document.items() if key != "@context"}
    _check_node(body, terms, "$")


def _check_node(node: Json, inherited: Json, path: str) -> None:
    local = dict(inherited)
    for kind in _as_list(node.get("type", [])):
        if kind not in inherited and not _ABSOLUTE.fullmatch(str(kind)):
            raise NotSignable(f"{path}.type: {kind} is not defined by the contexts")
        local |= _scoped(inherited.get(kind))
    for key, value in node.items():
        _check_property(key, value, local, inherited, path)


def _check_property(key: str, value: Any, local: Json, inherited: Json, path: str) -> None:
    if key in _TYPES:
        return
    if key not in local:
        raise NotSignable(f"{path}.{key} is not defined by the contexts and would not be signed")
    texts = [value] if key in _IDS else _addresses(local[key], value)
    if not all(map(_is_address, texts)):
        raise NotSignable(f"{path}.{key} must be an absolute address, not {value!r}")
    below = inherited | _scoped(local[key])
    for item in _as_list(value) or [None]:
        _check_value(item, below, f"{path}.{key}")


def _addresses(definition: Any, value: Any) -> list[str]:
    """Return the texts that the definition of a term makes addresses of."""
    if not isinstance(definition, dict) or definition.get("@type") != "@id":
        return []
    return [item for item in _as_list(value) if isinstance(item, str)]


def _is_address(value: Any) -> bool:
    """Say whether a value is an address to the canonicaliser, which drops all others in silence."""
    if not isinstance(value, str) or not _ABSOLUTE.fullmatch(value):
        return False
    try:
        NamedNode(value)
    except ValueError:
        return False
    return True


def _check_value(value: Any, terms: Json, path: str) -> None:
    if isinstance(value, dict):
        _check_node(value, terms, path)
    elif value is None:
        raise NotSignable(f"{path} is empty; an absent value must be left out")
    elif isinstance(value, str) and (found := find_control(value)):
        raise NotSignable(f"{path} holds the control character U+{ord(found):04X}")


def find_control(text: str) -> str:
    """Return the first character that libraries escape differently, or an empty text."""
    found = None if text.isprintable() else _CONTROL.search(text)
    return found[0] if found else ""


def names_of(node: Any) -> frozenset[str]:
    """Return every property name and every text of a document: what a pruned context must keep."""
    if isinstance(node, dict):
        return frozenset(node).union(*(names_of(value) for value in node.values()))
    if isinstance(node, list):
        return frozenset().union(*(names_of(value) for value in node))
    return frozenset({node}) if isinstance(node, str) and " " not in node else frozenset()


def _scoped(definition: Any) -> Json:
    context = definition.get("@context") if isinstance(definition, dict) else None
    return context if isinstance(context, dict) else {}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
