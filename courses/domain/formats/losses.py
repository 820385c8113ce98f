"""What a format has no place for, said the same by every writer."""

from courses.domain.formats.reading import Remark

WHOLE_QUESTION = Remark("the format has no such question; it is left out")
SHARED_TEXT = Remark("the format has no cases; the text that questions share is left out")
CASE = Remark("the format cannot ask for the right case; that is left out")
DIFFICULTY = Remark("the format has no difficulty; it is left out")
FEEDBACK_ON_ORDER = Remark("the format says nothing of a single thing in an order; it is left out")
FILES = Remark("the format holds no files; they are left out")
GENERAL_FEEDBACK = Remark("the format says nothing after a mere text; that is left out")
LANGUAGE = Remark("the format has no language; it is left out")
PENALTY = Remark("the format has no penalty; it is left out")
POINTS = Remark("the format has no points; they are left out")
SHUFFLING = Remark("the format does not say whether options change places; that is left out")
UNITS = Remark("the format has no units; they are left out")
AS_HTML = Remark("the options of the gaps are written as HTML")
