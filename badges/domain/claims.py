"""Reading what somebody wants verified: which documents of ours a file claims to hold."""

import json
import re
from dataclasses import dataclass
from typing import Any

from badges.domain.identity import read_code
from badges.domain.png import OB2_KEYWORD, OB3_KEYWORD, SIGNATURE, NotPng, find_texts

MAX_BYTES = 2 * 1024 * 1024
_ID = re.compile(r"(?P<base>.+)/c/(?P<code>[^/.]+)(?P<form>\.json|/ob2\.json)")


class NotReadable(Exception):
    """The file holds no badge; ``broken`` says whether it looks like a damaged one."""

    def __init__(self, text: str, *, broken: bool = False, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values, self.broken = text, values, broken


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One document out of a file: what it says it is, and what it says."""

    base_url: str
    code: str
    is_ob3: bool
    content: Any


def read_claims(body: bytes) -> list[Claim]:
    """Return the documents in a JSON file or a baked PNG; ``NotReadable`` if there is none."""
    if len(body) > MAX_BYTES:
        raise NotReadable("The file is larger than 2 MB.")
    texts = _baked(body) if body.startswith(SIGNATURE) else [_decoded(body)]
    return [_claim(text) for text in texts]


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are equal, ``true`` and ``1`` kept apart."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _baked(body: bytes) -> list[str]:
    try:
        texts = find_texts(body, OB3_KEYWORD) + find_texts(body, OB2_KEYWORD)
    except NotPng as error:
        raise NotReadable("The picture is damaged: %(how)s.", broken=True, how=error) from None
    if not texts:
        raise NotReadable("There is no badge in this picture.")
    return texts


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("This is neither a PNG picture nor a JSON file.") from None


def _claim(text: str) -> Claim:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise NotReadable("This is neither a PNG picture nor a JSON file.") from None
    address = content.get("id") if isinstance(content, dict) else None
    found = _ID.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        raise NotReadable("The file names no credential of this site.")
    code = read_code(found["code"])
    return Claim(
        base_url=found["base"], code=code, is_ob3=found["form"] == ".json", content=content
    )
