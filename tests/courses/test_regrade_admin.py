"""Scoring again in the admin: chosen, looked at, recorded, decided; closed to everybody else."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from badges.actions.erasure import erase_recipient
from badges.models import Credential
from badges.queries import get_recipient_of_user
from courses.actions.attempts import submit_attempt
from courses.domain.regrade import DROP, Correction
from courses.forms.regrade import read_corrections, write_corrections
from courses.models import Attempt, CredentialDecision, Item, ScoringRun
from lms.accounts.models import User
from lms.events.publish import deliver_due
from lms.tables import read_table
from partners.models import Decision
from tests.conftest import sign_in
from tests.courses.regrading import CODE, correct_key, only_four, shown, sit_with
from tests.courses.test_admin import admin
from tests.factories.courses import Training, make_item, texts
from tests.factories.partners import Company

pytestmark = pytest.mark.django_db
__all__ = ["admin"]
MISSED = {"restore-single": ["a"]}
WHY = "The key was wrong."


@pytest.fixture
def both(training: Training, baltwerk: Company, ana: User, cy: User, now: datetime) -> Training:
    """Ana, of Baltwerk, will pass, which makes it silver; Cy will fail."""
    only_four(training)
    sit_with(ana, now, {CODE: ["c"], **MISSED})
    sit_with(cy, now, MISSED)
    return training


def address_of(*corrections: Correction, name: str = "lms_regrade:preview") -> str:
    asked = write_corrections(corrections)
    return f"{reverse(name)}?" + "&".join(f"{key}={value}" for key, value in asked.items())


def test_a_wrong_key_is_put_right_from_the_figures_to_the_decision(
    both: Training, admin: Client, cy: User, now: datetime
) -> None:
    correction = correct_key(both)
    figures = admin.get(reverse("lms_figures:test", args=[both.assessment.pk])).content.decode()
    choose = reverse("lms_regrade:test", args=[both.assessment.pk])
    assert choose in figures
    page = admin.get(choose).content.decode()
    assert f'name="v{correction.version}"' in page
    assert f'value="key.{correction.by}"' in page
    preview = address_of(correction)
    decisions = Decision.objects.count()
    page = admin.get(preview).content.decode()
    assert "Nothing has changed yet." in page
    assert "Baltwerk: Registered → Silver" in page
    assert "Ana Kowalska" in page
    assert Credential.objects.get(recipient__user=cy).code in page
    assert Decision.objects.count() == decisions
    assert not ScoringRun.objects.exists()
    assert "This field is required" in admin.post(preview, {"key": "k"}).content.decode()
    done = admin.post(preview, {"key": "k", "reason": WHY})
    run = ScoringRun.objects.get()
    assert done["Location"] == reverse("lms_regrade:run", args=[run.pk])
    assert admin.post(preview, {"key": "k", "reason": WHY}).status_code == 302
    assert ScoringRun.objects.count() == 1
    deliver_due()
    assert Decision.objects.latest("pk").tier == "silver"
    page = admin.get(done["Location"]).content.decode()
    assert "Revoke for good" in page
    due = CredentialDecision.objects.get()
    decide = reverse("lms_regrade:decide", args=[due.pk])
    admin.post(decide, {"keep": "revoke", "reason": ""})
    assert Credential.objects.get(code=due.code).revoked_at is None
    admin.post(decide, {"keep": "revoke", "reason": WHY})
    assert Credential.objects.get(code=due.code).revoked_at is not None
    assert "revoked" in admin.get(done["Location"]).content.decode()
    assert f"#{run.pk}" in admin.get(reverse("lms_regrade:index")).content.decode()


def test_tables_hold_every_result(both: Training, admin: Client, now: datetime) -> None:
    correction = correct_key(both)
    answer = admin.get(address_of(correction, name="lms_regrade:preview_csv"))
    table = read_table(b"".join(answer))
    assert {row[0] for _number, row in table.rows} == {"Ana Kowalska", "Cy Hartmann"}
    assert "one follows" in {row[10] for _number, row in table.rows if len(row) > 10}
    admin.post(address_of(correction), {"key": "k", "reason": WHY})
    answer = admin.get(reverse("lms_regrade:run_csv", args=[ScoringRun.objects.get().pk]))
    assert len(read_table(b"".join(answer)).rows) == 2


def test_refusals_are_told_in_words(both: Training, admin: Client) -> None:
    def told(*corrections: Correction) -> str:
        answer = admin.get(address_of(*corrections), follow=True)
        return answer.content.decode()

    everything = [
        Correction(version=one, kind=DROP)
        for one in Attempt.objects.all()[0].items.values_list("version_id", flat=True)
    ]
    assert "no question left that counts" in told(*everything)
    assert "Choose a correction" in told()
    assert "no such version" in told(Correction(version=10**6, kind=DROP))
    kind = make_item(both.bank, CODE, kind="multiple").current
    assert kind
    assert "The kind differs" in told(Correction(version=shown(), kind="key", by=kind.pk))
    page = admin.get(reverse("lms_regrade:item", args=[kind.item_id])).content.decode()
    assert "Not by version 2: the kind differs" in page
    nothing = admin.get(address_of(name="lms_regrade:preview_csv"))
    assert nothing.status_code == 302
    recorded = admin.post(address_of(), {"key": "k", "reason": WHY})
    assert recorded["Location"] == reverse("lms_regrade:index")


def test_swapped_answers_and_items_still_drawn_are_pointed_out(
    both: Training, admin: Client
) -> None:
    page = admin.get(address_of(Correction(version=shown(), kind=DROP))).content.decode()
    assert "New tests still show this version" in page
    options = [{"id": letter, "text": texts(f"Option {other}")} for letter, other in
               zip("abcd", "bacd", strict=True)]  # fmt: skip
    swapped = make_item(both.bank, CODE, options=options, key=["a"]).current
    assert swapped
    page = admin.get(
        address_of(Correction(version=shown(), kind="key", by=swapped.pk))
    ).content.decode()
    assert "the answers a, b read differently" in page
    assert "New tests still show" not in page
    item = Item.objects.get(code=CODE)
    edit = admin.get(reverse("lms_items:edit", args=[item.pk])).content.decode()
    assert reverse("lms_regrade:item", args=[item.pk]) in edit


def test_what_an_address_cannot_mean_is_left_out(rf: Any) -> None:
    asked = "v1=drop&v2=key.5&v3=&v4=key&vx=drop&w5=drop&v6=credit.1&v7=nothing&v8=credit"
    found = read_corrections(rf.get(f"/?{asked}").GET)
    assert write_corrections(found) == {"v1": "drop", "v2": "key.5", "v8": "credit"}


def test_only_those_who_may_see_it(both: Training, admin: Client, eli: User, as_bo: Client) -> None:
    correction = correct_key(both)
    admin.post(address_of(correction), {"key": "k", "reason": WHY})
    run, due = ScoringRun.objects.get(), CredentialDecision.objects.get()
    names = [
        ("lms_regrade:test", [both.assessment.pk]),
        ("lms_regrade:item", [Item.objects.get(code=CODE).pk]),
        ("lms_regrade:preview", []),
        ("lms_regrade:preview_csv", []),
    ]
    looking = [
        ("lms_regrade:index", []),
        ("lms_regrade:run", [run.pk]),
        ("lms_regrade:run_csv", [run.pk]),
    ]
    as_eli = sign_in(eli)  # may revoke, so may look and decide, but scores nothing
    for name, values in names:
        assert as_eli.get(reverse(name, args=values)).status_code == 302, name
        assert as_bo.get(reverse(name, args=values)).status_code in (302, 403), name
    for name, values in looking:
        assert as_eli.get(reverse(name, args=values)).status_code == 200, name
        assert as_bo.get(reverse(name, args=values)).status_code in (302, 403), name
    editor = User.objects.create_user("ed@halden.example", "x", name="Ed")
    wanted = ["access_admin", "add_scoringrun"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    as_editor = sign_in(editor)
    assert (
        "somebody who may revoke"
        in as_editor.get(reverse("lms_regrade:run", args=[run.pk])).content.decode()
    )
    decide = reverse("lms_regrade:decide", args=[due.pk])
    as_editor.post(decide, {"keep": "revoke", "reason": WHY})
    due.refresh_from_db()
    assert due.state == "due"
    as_eli.post(decide, {"keep": "keep", "reason": WHY})
    due.refresh_from_db()
    assert due.state == "kept"


def test_it_asks_as_often_for_three_results_as_for_one(
    both: Training, admin: Client, ana: User, now: datetime
) -> None:
    admin.post(address_of(correct_key(both)), {"key": "k", "reason": WHY})
    address = reverse("lms_regrade:run", args=[ScoringRun.objects.get().pk])
    admin.get(address)
    with CaptureQueriesContext(connection) as two:
        admin.get(address)
    for name in ("fay", "gus"):
        user = User.objects.create_user(f"{name}@baltwerk.example", "x", name=name.title())
        more = sit_with(user, now, {CODE: ["b"], **MISSED}, end=False)
        submit_attempt(code=more.code, user_id=user.pk, now=now)
    admin.post(
        address_of(Correction(version=shown("restore-single"), kind=DROP)),
        {"key": "other", "reason": WHY},
    )
    address = reverse("lms_regrade:run", args=[ScoringRun.objects.latest("pk").pk])
    assert ScoringRun.objects.latest("pk").changed == 4
    with CaptureQueriesContext(connection) as four:
        admin.get(address)
    assert len(four) <= len(two)


def test_names_of_the_forgotten_are_shown_nowhere(
    both: Training, admin: Client, ana: User, now: datetime
) -> None:
    card = get_recipient_of_user(ana.pk)
    assert card
    erase_recipient(recipient_id=card.id, reason="asked", actor=None, now=now)
    deliver_due()
    attempt = Attempt.objects.get(user=ana)
    for address in (
        address_of(correct_key(both)),
        reverse("lms_attempts:index"),
        reverse("lms_attempts:timeline", args=[attempt.pk]),
    ):
        page = admin.get(address).content.decode()
        assert "a person no longer on record" in page, address
        assert "erased.invalid" not in page, address
