"""A case: questions that share a text, and are pinned, drawn and shown with it."""

from pydantic import Field

from courses.domain.blueprint import MOST_IN_CASE, Frozen
from courses.domain.items import Refused, Texts


class NotACase(Refused):
    """Questions that cannot make a case; the message says what would be right."""


class CaseBody(Frozen):
    """What the questions of a case share, in all its languages. There is no key in it."""

    stem: Texts
    picture: str = ""  # the name of a picture by its content
    picture_text: dict[str, str] = Field(default_factory=dict)  # for who does not see it


def check_members(codes: tuple[str, ...]) -> None:
    """Raise ``NotACase`` unless these codes are the questions of a case."""
    if not codes:
        raise NotACase("a case has questions: name at least one")
    if len(codes) > MOST_IN_CASE:
        raise NotACase("a case has at most %(most)s questions", most=str(MOST_IN_CASE))
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise NotACase("the question %(code)s stands twice", code=twice)
