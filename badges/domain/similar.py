"""Finding the same or a similar name: a hint to a human, never a reason to merge two people."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

ALIKE = 0.9  # of the letters, in their order: one wrong letter in a name of usual length
_COMPARED = 200  # names at most, of those that share a word and a beginning or an end
_WORD = re.compile(r"[^\W\d_]+")
# Letters of their own that people type as another: no accent is taken off them by Unicode.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"})

Words = tuple[str, ...]


def fold_name(name: str) -> Words:
    """Return a name's words without case, accents and order; ё is е."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return tuple(sorted(_WORD.findall(bare.translate(_PLAIN))))


class NameIndex:
    """Names to be recognised, exactly or nearly.

    Names that are alike share a word, and what is left of them begins or ends alike: only such
    pairs are compared, so that a long list meets a large site in seconds.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._words: set[Words] = {folded for name in names if (folded := fold_name(name))}
        self._near: dict[tuple[str, str], list[tuple[Words, str]]] = defaultdict(list)
        for words in sorted(self._words):
            for word, rest in _splits(words):
                for end in _ends(rest):
                    self._near[word, end].append((words, rest))

    def find(self, name: str) -> set[Words]:
        """Return the names of the index that are the same as or similar to this one, folded."""
        words = fold_name(name)
        found = {words} & self._words
        for word, rest in _splits(words):
            for end in _ends(rest):
                for other, other_rest in self._near.get((word, end), ())[:_COMPARED]:
                    if other not in found and _is_alike(word, rest, other_rest):
                        found.add(other)
        return found


def _splits(words: Words) -> Iterator[tuple[str, str]]:
    """Yield each word with what is left of the name without it."""
    if len(words) > 1:
        for place, word in enumerate(words):
            yield word, " ".join(words[:place] + words[place + 1 :])


def _ends(rest: str) -> set[str]:
    return {f"{rest[:2]}…", f"…{rest[-2:]}"}


def _is_alike(word: str, one: str, other: str) -> bool:
    pair = SequenceMatcher(None, f"{word} {one}", f"{word} {other}", autojunk=False)
    return (
        pair.real_quick_ratio() >= ALIKE and pair.quick_ratio() >= ALIKE and pair.ratio() >= ALIKE
    )
