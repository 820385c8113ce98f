"""Which words of the policy a word of a text is: the step from letters to lemmas."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from lms.wording.lemma import RUSSIAN, lemmas

Atom = str  # a word of the policy with its language, "ru:курс"; or NUMBER
NUMBER: Atom = "#"

_CACHED_WORDS = 2**15
_INVARIABLE = 2  # words so short are not inflected
_SHARED = 3  # letters that every form of a word has in common with its lemma
_COMPARATIVE = "\u043f\u043e"  # the one prefix that is inflection in Russian: «по-» of «поновее»
_ENDING = 2  # letters that inflection may change at the end of a family's pattern


def atom(language: str, word: str) -> Atom:
    """Name a word of the policy: as it is for a number, else together with its language."""
    return NUMBER if word == NUMBER else f"{language}:{word}"


class Vocabulary:
    """The policy's words of one language.

    Dictionaries are slow to open and to ask, so a word is looked up only if its first letters
    could belong to a word of the policy; most words of a text never are.
    """

    def __init__(self, language: str, words: Iterable[str], forms: Mapping[str, str]) -> None:
        """Take the words (``*`` makes one a family) and the forms that need no dictionary."""
        self.language = language
        listed = frozenset(words)
        self._exact = frozenset(word for word in listed if "*" not in word)
        self._families = listed - self._exact
        self._inner = frozenset(word for word in listed if word.startswith("*"))
        self._forms = {form: lemma for lemma, row in forms.items() for form in row.split()}
        looked_up = self._looked_up(forms)
        self._beginnings = tuple(map(self._shared, looked_up - self._inner))
        self._middles = tuple(map(self._middle, looked_up & self._inner))
        # Cached on the instance: the answer depends on the words, and dies with them.
        self.atoms = lru_cache(maxsize=_CACHED_WORDS)(self._atoms)

    def _looked_up(self, forms: Mapping[str, str]) -> frozenset[str]:
        """Return the words whose forms only a dictionary tells.

        Outside Russian a family needs none: its pattern fits inflected words as well as lemmas.
        """
        exact = frozenset(word for word in self._exact - forms.keys() if len(word) > _INVARIABLE)
        return exact | self._families if self.language == RUSSIAN else exact

    def _shared(self, word: str) -> str:
        # Russian stems change early («развить», «разовью») but its dictionary is cheap to ask.
        spared = len(word) - _SHARED if self.language != RUSSIAN else 0
        return word.strip("*")[: max(_SHARED, spared)]

    def _middle(self, family: str) -> str:
        return family.strip("*") if family.endswith("*") else family[1:-_ENDING]

    def _atoms(self, word: str) -> frozenset[Atom]:
        read = self._read(word)
        families = {
            family for family in self._families for form in read if fnmatchcase(form, family)
        }
        return frozenset(atom(self.language, found) for found in families | (read & self._exact))

    def _read(self, word: str) -> set[str]:
        """Return the word, the lemma the data gives it, and what the dictionary says if asked."""
        read = {word, self._forms.get(word, word)}
        if len(read) == 1 and self._needs_dictionary(word):
            read |= lemmas(word, self.language)
        return read

    def _needs_dictionary(self, word: str) -> bool:
        return (
            word.startswith(self._beginnings)
            or word.removeprefix(_COMPARATIVE).startswith(self._beginnings)
            or any(part in word for part in self._middles)
        )
