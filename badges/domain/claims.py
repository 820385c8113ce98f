"""Reading what somebody wants verified: which documents of ours a file claims to hold."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from badges.domain.identity import read_code
from badges.domain.png import OB2_KEYWORD, OB3_KEYWORD, SIGNATURE, NotPng, find_texts
from badges.domain.svg import NotSvg, looks_like_svg, read_badges
from badges.domain.tokens import NotToken, read

MAX_BYTES = 2 * 1024 * 1024
OB3, JWT, OB2, JWS = "ob3", "jwt", "ob2", "jws"
_ID = re.compile(r"(?P<base>.+)/c/(?P<code>[^/.]+)(?P<form>\.json|/ob2\.json|\.png)")


class NotReadable(Exception):
    """The file holds no badge; ``broken`` says whether it looks like a damaged one."""

    def __init__(self, text: str, *, broken: bool = False, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values, self.broken = text, values, broken


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One document out of a file: what it says it is, and what it says.

    ``form`` is one of ``ob3``, ``jwt``, ``ob2`` and ``jws``; a token's ``content`` is the token.
    ``document`` is the JSON inside, whoever issued it.
    """

    base_url: str
    code: str
    form: str
    content: Any
    document: dict[str, Any]


def read_claims(body: bytes) -> list[Claim]:
    """Return the documents in a JSON file, a token, a baked PNG or SVG.

    ``NotReadable`` if there is none. A foreign document is a claim without a code.
    """
    if len(body) > MAX_BYTES:
        raise NotReadable("The file is larger than 2 MB.")
    return [_claim(text) for text in _texts(body)]


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are equal, ``true`` and ``1`` kept apart."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def differing(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Name every place where two JSON values differ, as ``credentialSubject.achievement.name``."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            place = f"{path}.{key}" if path else key
            yield from differing(one.get(key), other.get(key), place)
    elif not same(one, other):
        yield path


def _texts(body: bytes) -> list[str]:
    if not body.startswith(SIGNATURE) and not looks_like_svg(body):
        return [_decoded(body)]
    try:
        found = _baked(body)
    except (NotPng, NotSvg) as error:
        raise NotReadable("The picture is damaged: %(how)s.", broken=True, how=error) from None
    if any(len(texts) > 1 for texts in found):
        raise NotReadable("The picture holds two badges of one kind.", broken=True)
    if not any(found):
        raise NotReadable("There is no badge in this picture.")
    return [text for texts in found for text in texts]


def _baked(body: bytes) -> list[list[str]]:
    """Return the texts in a picture, a list for each kind of badge it may hold."""
    if body.startswith(SIGNATURE):
        return [find_texts(body, keyword) for keyword in (OB3_KEYWORD, OB2_KEYWORD)]
    return [read_badges(body)]


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("This is neither a picture, a token, a PDF nor a JSON file.") from None


def _claim(text: str) -> Claim:
    token = text.strip()
    try:
        _header, document = read(token)
    except NotToken:
        document = _object(text)
        return _named(document, document.get("id"), document, {".json": OB3, "/ob2.json": OB2})
    is_ob3 = "credentialSubject" in document
    address = document.get("id") if is_ob3 else document.get("image")
    return _named(token, address, document, {".json": JWT, ".png": JWS})


def _object(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise NotReadable("This is neither a picture, a token, a PDF nor a JSON file.")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse what says one thing twice: readers differ in which of the two they show."""
    if len(found := dict(pairs)) < len(pairs):
        raise NotReadable("The document says one thing twice.", broken=True)
    return found


def _named(content: Any, address: Any, document: dict[str, Any], forms: dict[str, str]) -> Claim:
    found = _ID.fullmatch(address) if isinstance(address, str) else None
    form = forms.get(found["form"], "") if found else ""
    return Claim(
        base_url=found["base"] if found and form else "",
        code=read_code(found["code"]) if found and form else "",
        form=form,
        content=content,
        document=document,
    )
