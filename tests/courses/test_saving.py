"""The guarded statement: whose, whether open, in time, and on which revision."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from courses.actions.attempts import save_answer, start_attempt, submit_attempt
from courses.actions.log import Origin
from courses.actions.saving import AttemptClosed, Save, StaleAnswer, StoredAnswer, write_answer
from courses.domain.items import UnreadableResponse
from courses.models import Attempt, Response
from lms.accounts.models import User
from tests.factories.courses import Training, answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    code = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now).code
    return Attempt.objects.get(code=code)


def save(
    attempt: Attempt, raw: Any = "", *, base: int = 0, save_id: str = "one", slot: int = 1
) -> StoredAnswer:
    return save_answer(
        code=attempt.code,
        user_id=attempt.user_id,
        slot=slot,
        raw=raw,
        base_revision=base,
        save_id=save_id,
    )


def close(attempt: Attempt, **ago: float) -> None:
    """Move the stored end: the statement reads the database's clock, which no test can move."""
    moment = attempt.started_at - timedelta(**ago)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=moment, deadline=moment)


def test_an_answer_is_stored_with_its_revision(attempt: Attempt) -> None:
    stored = save(attempt, answers(attempt.code)[1])
    assert stored.revision == 1
    assert 1795 < stored.seconds_left <= 1800
    row = Response.objects.get()
    assert (row.value, row.revision, row.save_id) == (stored.value, 1, "one")
    assert abs(row.saved_at - attempt.started_at) < timedelta(seconds=30)


def test_a_save_asks_as_much_however_much_was_saved_before(
    attempt: Attempt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The place, a savepoint around the two rows, and nothing else."""
    given = answers(attempt.code)
    for slot in (1, 2, 3):
        with django_assert_num_queries(5):
            save_from(attempt, given[slot], slot)


def save_from(attempt: Attempt, raw: Any, slot: int) -> StoredAnswer:
    """Save as a browser does whose address and device stay as they are."""
    return save_answer(
        code=attempt.code,
        user_id=attempt.user_id,
        slot=slot,
        raw=raw,
        base_revision=0,
        save_id="one",
        origin=Origin(address="192.0.2.7", device="A browser"),
    )


def test_each_change_is_a_revision(attempt: Attempt) -> None:
    right, wrong = answers(attempt.code)[1], answers(attempt.code, right=False)[1]
    save(attempt, wrong)
    assert save(attempt, right, base=1, save_id="two").revision == 2
    assert Response.objects.get().value in (right, [right])


def test_a_repeat_is_acknowledged_again_and_changes_nothing(attempt: Attempt) -> None:
    value = answers(attempt.code)[1]
    first = save(attempt, value)
    again = save(attempt, answers(attempt.code, right=False)[1])  # same id: the first one counts
    assert again.revision == first.revision == 1
    assert Response.objects.get().value == first.value


def test_a_save_on_an_old_revision_tells_what_stands(attempt: Attempt) -> None:
    first = save(attempt, answers(attempt.code)[1])
    with pytest.raises(StaleAnswer) as told:
        save(attempt, answers(attempt.code, right=False)[1], base=0, save_id="other tab")
    assert (told.value.stored.value, told.value.stored.revision) == (first.value, 1)
    assert Response.objects.get().value == first.value


def test_a_save_ahead_of_what_stands_is_stale_too(attempt: Attempt) -> None:
    save(attempt, answers(attempt.code)[1])
    with pytest.raises(StaleAnswer):
        save(attempt, "", base=7, save_id="from nowhere")


def test_an_answer_can_be_taken_back(attempt: Attempt) -> None:
    save(attempt, answers(attempt.code)[1])
    assert save(attempt, "", base=1, save_id="two").value in ("", [])


def test_time_over_is_over(attempt: Attempt) -> None:
    close(attempt, seconds=1)
    with pytest.raises(AttemptClosed, match="the time is over"):
        save(attempt, answers(attempt.code)[1])
    assert not Response.objects.exists()


def test_time_over_does_not_tell_what_was_answered(attempt: Attempt) -> None:
    save(attempt, answers(attempt.code)[1])
    close(attempt, seconds=1)
    with pytest.raises(AttemptClosed):
        save(attempt, "", base=0, save_id="late")


def test_within_the_grace_an_answer_counts(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(deadline=attempt.started_at - timedelta(minutes=1))
    stored = save(attempt, answers(attempt.code)[1])
    assert (stored.revision, stored.seconds_left) == (1, 0)


def test_a_finished_attempt_takes_nothing(attempt: Attempt, now: datetime) -> None:
    submit_attempt(code=attempt.code, user_id=attempt.user_id, now=now)
    with pytest.raises(AttemptClosed, match="the test is finished"):
        save(attempt, answers(attempt.code)[1])


def test_the_statement_itself_checks_whose_it_is(attempt: Attempt, cy: User) -> None:
    attempt.user_id = cy.pk
    with pytest.raises(AttemptClosed):
        write_answer(attempt=attempt, slot=1, value="x", save=Save(id="s", base=0), at=None)
    assert not Response.objects.exists()


def test_the_statement_itself_checks_the_slot(attempt: Attempt) -> None:
    with pytest.raises(AttemptClosed):
        write_answer(attempt=attempt, slot=99, value="x", save=Save(id="s", base=0), at=None)
    assert not Response.objects.exists()


def test_replayed_history_brings_its_own_clock(attempt: Attempt) -> None:
    values: dict[str, Any] = {"code": attempt.code, "user_id": attempt.user_id, "slot": 1}
    raw, late = answers(attempt.code)[1], attempt.closes_at + timedelta(milliseconds=1)
    with pytest.raises(AttemptClosed):
        save_answer(raw=raw, base_revision=0, save_id="late", at=late, **values)
    save_answer(raw=raw, base_revision=0, save_id="in time", at=attempt.closes_at, **values)
    assert Response.objects.get().saved_at == attempt.closes_at


def test_what_cannot_be_read_is_not_stored(attempt: Attempt) -> None:
    with pytest.raises(UnreadableResponse):
        save(attempt, {"not": "an answer"})
    assert not Response.objects.exists()


def test_quotes_and_letters_of_every_script_survive(attempt: Attempt) -> None:
    write_answer(
        attempt=attempt, slot=1, value="O'Reilly «да» %s 你", save=Save(id="s", base=0), at=None
    )
    assert Response.objects.get().value == "O'Reilly «да» %s 你"
