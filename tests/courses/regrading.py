"""What tests of scoring again share: people who sat a test with a wrong key."""

from datetime import datetime
from typing import Any

from courses.actions.attempts import save_answer, start_attempt, submit_attempt
from courses.actions.enrolment import confirm_printed_name
from courses.domain.regrade import KEY, Correction
from courses.models import Assessment, Attempt, Item, ItemVersion
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.factories.courses import Training, answers, make_item

CODE = "wal-single"  # its key was b; its second version says c


def correct_key(training: Training) -> Correction:
    """Let the item's second version hold the right key; return the correction that takes it."""
    shown = ItemVersion.objects.get(item__code=CODE, number=1)
    right = make_item(training.bank, CODE, key=["c"]).current
    return Correction(version=shown.pk, kind=KEY, by=right.pk if right else None)


def shown(code: str = CODE) -> int:
    """The version of an item that was shown."""
    return ItemVersion.objects.get(item__code=code, number=1).pk


def only_four(training: Training) -> None:
    """Draw the same four items for everybody, of which three pass: two topics, two items each."""
    Item.objects.filter(code__endswith=("-numeric")).update(state=Item.State.RETIRED)
    Item.objects.filter(code__endswith=("-text")).update(state=Item.State.RETIRED)
    Assessment.objects.update(cut_percent=75, retakes={"wait_days": []})


def sit_with(user: User, now: datetime, changes: dict[str, Any], *, end: bool = True) -> Attempt:
    """Answer everything right by the first keys, but for some items."""
    confirm_printed_name(user_id=user.pk, name=user.get_full_name(), now=now)
    code = start_attempt(course="recovery", user_id=user.pk, language="en", now=now).code
    given = answers(code)
    attempt = Attempt.objects.get(code=code)
    for place in attempt.items.select_related("version__item"):
        save_answer(
            code=code,
            user_id=user.pk,
            slot=place.slot,
            raw=changes.get(place.version.item.code, given[place.slot]),
            base_revision=0,
            save_id="s",
        )
    if end:
        submit_attempt(code=code, user_id=user.pk, now=now)
        deliver_due()
        attempt.refresh_from_db()
    return attempt
