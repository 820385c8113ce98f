"""The pinned JSON-LD contexts: the meaning of every term we sign, checked by hash when loaded."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

Json = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "data" / "contexts"
PINNED = {
    CREDENTIALS: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OPEN_BADGES: (
        "ob-v3p0-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    EXTENSIONS: (
        "ob-v3p0-extensions.json",
        "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3",
    ),
}


class ContextAltered(Exception):
    """A pinned context is not the file whose hash is written down here."""


class ContextUnknown(Exception):
    """A document names a context that is not pinned; nothing is fetched."""


def checked(body: bytes, sha256: str, name: str) -> Json:
    """Return the context object of a file, or raise ``ContextAltered``."""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise ContextAltered(f"{name} is not the file pinned in badges/data/SOURCE.md")
    context: Json = json.loads(body)["@context"]
    return context


@cache
def pinned(url: str) -> Json:
    """Return the context behind ``url``. A package resource: read once, as an import would."""
    if url not in PINNED:
        raise ContextUnknown(f"{url} is not among the pinned contexts")
    name, sha256 = PINNED[url]
    return checked((FOLDER / name).read_bytes(), sha256, name)


def prune(context: Json, used: frozenset[str]) -> Json:
    """Keep only the terms in ``used`` and the keywords, at every depth of a context."""
    return {
        key: _prune_term(value, used)
        for key, value in context.items()
        if key.startswith("@") or key in used
    }


def _prune_term(definition: Any, used: frozenset[str]) -> Any:
    if not isinstance(definition, dict) or not isinstance(definition.get("@context"), dict):
        return definition
    return {**definition, "@context": prune(definition["@context"], used)}
