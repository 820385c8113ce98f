"""Which column of a table is which part of a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.domain.formats.reading import Unreadable
from courses.domain.formats.sheet.words import (
    CYRILLIC,
    HEADS,
    LETTERS,
    OPTION,
    STEM,
    TOLD,
    guess_field,
    guess_letter,
)

# Letters of one script that look like letters of the other.
_LOOKALIKE = str.maketrans("АВСЕНКМОРТХ", "ABCEHKMOPTX")
_LOOKALIKE_BACK = str.maketrans("ABCEHKMOPTX", "АВСЕНКМОРТХ")


@dataclass(frozen=True)
class Mapping:
    """A field for each column, empty for one that is not read.

    Columns of options and of what is said about them stand in the order of the options, which
    ``letters`` names.
    """

    columns: tuple[str, ...]
    letters: str = LETTERS

    def check(self) -> None:
        """Raise ``Unreadable`` where the columns cannot make a question."""
        if STEM not in self.columns:
            raise Unreadable("no column holds the questions: say which one does")
        single = [field for field in self.columns if field and field not in (OPTION, TOLD)]
        if twice := [field for field in single if single.count(field) > 1]:
            raise Unreadable(
                "two columns are said to be %(field)s: choose one", field=HEADS[twice[0]][0]
            )
        if self.columns.count(OPTION) > len(self.letters):
            raise Unreadable("there are more columns of options than letters")

    def place_of(self, letter: str) -> int | None:
        """Return the place of an option by its letter, in whichever script it was typed."""
        is_latin = self.letters == LETTERS
        typed = letter.upper().translate(_LOOKALIKE if is_latin else _LOOKALIKE_BACK)
        place = self.letters.find(typed) if len(typed) == 1 else -1
        return place if place >= 0 else None


def guess(header: Sequence[str]) -> Mapping:
    """Propose what each column is by its name; the first of two that are alike is taken."""
    columns: list[str] = []
    for head in header:
        field = guess_field(head)
        taken = field in columns and field not in (OPTION, TOLD)
        columns.append("" if taken else field)
    letters = {guess_letter(head) for head in header if guess_field(head) == OPTION}
    # Б is a letter only where options are counted in Cyrillic: А, Б, В.
    return Mapping(tuple(columns), CYRILLIC if "Б" in letters else LETTERS)
