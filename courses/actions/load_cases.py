"""Loading the cases of a training's folder, once its items are there."""

from collections.abc import Iterable
from datetime import datetime

from courses.actions.groups import GroupDraft, list_members, write_group
from courses.actions.load_fields import Ledger
from courses.domain.case_files import CaseSource
from courses.domain.cases import CaseBody, NotACase
from courses.domain.files import FileError
from courses.models import ItemBank, ItemGroup


def load_cases(
    cases: Iterable[CaseSource],
    bank: ItemBank,
    ledger: Ledger,
    actor: int | None,
    now: datetime,
) -> None:
    """Write each case; texts and questions edited on the site stay as the ledger decides."""
    groups = ItemGroup.objects.filter(bank=bank, current__isnull=False).select_related("current")
    existing = {group.code: group for group in groups}
    for case in cases:
        wanted = {"body": case.body.model_dump(mode="json"), "members": list(case.members)}
        group, key = existing.get(case.code), f"case {bank.slug}/{case.code}"
        if group and group.current:
            stands = {
                "body": group.current.body,
                "members": [item.code for item in list_members(group)],
            }
            wanted = {
                name: ledger.decide(key, name, site=stands[name], file=value)
                for name, value in wanted.items()
            }
        else:
            ledger.note_created(key)
            for name, value in wanted.items():
                ledger.remember(key, name, value)
        draft = GroupDraft(
            code=case.code,
            topic=case.topic,
            body=CaseBody.model_validate(wanted["body"]),
            members=tuple(wanted["members"]),
        )
        try:
            write_group(bank=bank, draft=draft, actor=actor, now=now)
        except NotACase as fault:
            raise FileError(f"{bank.slug}/items.yaml", case.code, str(fault)) from fault
