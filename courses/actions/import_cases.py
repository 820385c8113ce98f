"""The cases a file of questions speaks of: put together row by row, written at its end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from courses.actions.groups import GroupDraft, list_members, write_group
from courses.domain.cases import CaseBody, NotACase
from courses.domain.exchange.intake import Taken
from courses.domain.exchange.markup import NotTaken
from courses.domain.formats.reading import excerpt
from courses.models import ItemBank, ItemGroup, Topic
from lms.wording.checks import refuse

MAX_CODE = 50


@dataclass
class _Case:
    where: int
    topic: Topic
    stem: str = ""
    members: list[str] = field(default_factory=list)


@dataclass
class CaseIntake:
    """The cases of one file, in one language."""

    bank: ItemBank
    language: str
    cases: dict[str, _Case] = field(default_factory=dict)

    def take(self, taken: Taken, code: str, topic: Topic) -> None:
        """Note a question of a case; ``NotTaken`` where rows of one case contradict each other."""
        if not taken.case:
            return
        if len(taken.case) > MAX_CODE:
            raise NotTaken("the code of the case has more than 50 characters: shorten it")
        case = self.cases.setdefault(taken.case, _Case(taken.where, topic))
        if case.topic != topic:
            raise NotTaken(
                "the case %(case)s has the topic %(topic)s: its questions have the same",
                case=taken.case,
                topic=str(case.topic),
            )
        if taken.case_stem and case.stem not in ("", taken.case_stem):
            raise NotTaken(
                "the case %(case)s has another text above: write it once, at its first question",
                case=taken.case,
            )
        refuse({excerpt(taken.case_stem): taken.case_stem}, self.language)
        case.stem = taken.case_stem or case.stem
        case.members.append(code)

    def write(
        self, *, actor: int | None, now: datetime
    ) -> Iterator[tuple[str, int, str | NotACase]]:
        """Write the cases; yield code, place and outcome of each, or why there is none.

        A case known to the bank keeps its other languages, and after the questions that the file
        names those that it does not.
        """
        groups = ItemGroup.objects.filter(bank=self.bank, current__isnull=False)
        known = {group.code: group for group in groups.select_related("current")}
        for code, case in self.cases.items():
            try:
                draft = self._draft(code, case, known.get(code))
                saved = write_group(bank=self.bank, draft=draft, actor=actor, now=now)
            except NotACase as fault:
                yield code, case.where, fault
            else:
                outcome = "new" if saved.created else "changed" if saved.changed else "unchanged"
                yield code, case.where, outcome

    def _draft(self, code: str, case: _Case, group: ItemGroup | None) -> GroupDraft:
        before = group.current.parsed if group and group.current else None
        if before is None and not case.stem:
            raise NotACase(
                "the case %(case)s has no text: write it at its first question", case=code
            )
        stem = {self.language: case.stem} if case.stem else {}
        stands = [item.code for item in list_members(group)] if group else []
        return GroupDraft(
            code=code,
            topic=case.topic.slug,
            body=CaseBody(
                stem={**(before.stem if before else {}), **stem},
                picture=before.picture if before else "",
                picture_text=before.picture_text if before else {},
            ),
            members=(*case.members, *(one for one in stands if one not in case.members)),
        )
