"""Canonical N-Quads with holes: what changes from one document to the next is only the values.

How a template is come by is ``badges.domain.probe``, and when one is trusted
``badges.domain.templates``.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

Ends = tuple[str, str]  # the blank nodes before and behind a predicate, empty where there is none

# Addresses that mean themselves: nothing to resolve, no doubt about validity, and no term of a
# pinned context begins one. Whatever else may stand for an address goes to the canonicaliser.
_PART = r"[A-Za-z0-9._~!$&'()*+,;=:@/-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~!$&'()*+,;=:@/-]*)*"
_PART_TOO = _PART.replace("@/", "@/?")
_PLAIN = re.compile(
    rf"(?:https?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:/{_PART})?|(?:did|urn):(?=[A-Za-z0-9]){_PART})"
    rf"(?:\?{_PART_TOO})?(?:#{_PART_TOO})?"
)
_ESCAPED = re.compile('[\x00-\x1f\x7f"\\\\\ufffe\uffff]')
_ESCAPES = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Template:
    """One canonical text with holes.

    The last lines, one for each pair of ``ends``, lack a blank node at one end or both, and the
    full stop.
    """

    pattern: str
    holes: tuple[int, ...]
    ends: tuple[Ends, ...]
    addresses: tuple[int, ...]

    def fits(self, values: list[str]) -> bool:
        """Say whether these values can only mean themselves."""
        plain = _PLAIN.fullmatch
        return all(map(plain, [values[i] for i in self.addresses]))

    def fill(self, values: list[str]) -> bytes | None:
        """Return the canonical text, or nothing if it takes more than one look at each node."""
        texts = _escape(values)
        lines = (self.pattern % tuple([texts[i] for i in self.holes])).split("\n")
        if self.ends:
            plain = len(lines) - len(self.ends)
            named = _name_blanks(zip(self.ends, lines[plain:], strict=True))
            if named is None:
                return None
            lines[plain:] = named
        return ("\n".join(sorted(set(lines))) + "\n").encode()


def _escape(values: list[str]) -> list[str]:
    together = "".join(values)
    if together.isprintable() and '"' not in together and "\\" not in together:
        return values
    return [_ESCAPED.sub(_write_escape, value) for value in values]


def _write_escape(found: re.Match[str]) -> str:
    character = found[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _name_blanks(rows: Iterable[tuple[Ends, str]]) -> list[str] | None:
    """Give blank nodes their canonical labels: the order of the hashes of what each is part of.

    Two equal hashes would take the longer algorithm, which looks at the neighbours too.
    """
    quads = set(rows)
    nodes = sorted({node for ends, _text in quads for node in ends if node})
    ranks = [nodes[0]] if len(nodes) == 1 else _rank(nodes, quads)
    names = {"": "", **{node: f"_:c14n{i}" for i, node in enumerate(ranks)}}
    return _write(quads, names) if ranks else None


def _rank(nodes: list[str], quads: set[tuple[Ends, str]]) -> list[str]:
    others = dict.fromkeys(nodes, "_:z")
    hashes = {}
    for node in nodes:
        own = [quad for quad in quads if node in quad[0]]
        lines = sorted(_write(own, {"": "", **others, node: "_:a"}))
        text = "".join(f"{line}\n" for line in lines)
        hashes[hashlib.sha256(text.encode()).digest()] = node
    return [hashes[key] for key in sorted(hashes)] if len(hashes) == len(nodes) else []


def _write(quads: Iterable[tuple[Ends, str]], names: dict[str, str]) -> list[str]:
    return [f"{names[subject]}{text}{names[target]} ." for (subject, target), text in quads]
