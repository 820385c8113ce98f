"""Each receiver does its work, and a second call with the same event changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from badges.actions.credentials import issue
from badges.actions.withdrawal import reinstate, revoke, suspend
from badges.events import (
    CompanyOf,
    CredentialExpired,
    CredentialIssued,
    CredentialReinstated,
    CredentialRevoked,
    CredentialSuspended,
    EditionAdded,
    RecipientErased,
)
from lms.events.ask import ask
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from partners import receivers
from partners.actions.links import end_link
from partners.events import LinkEnded, LinkStarted
from partners.models import Decision, Membership
from tests.factories.partners import (
    DAY,
    NOW,
    RECOVERY,
    SALES,
    Company,
    award,
    make_achievements,
    make_company,
    make_link,
    make_recipient,
    make_rules,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    make_rules()
    make_achievements()
    return make_company()


def run_twice(receiver: Callable[[Any], None], event: Any) -> list[int]:
    counts = [Decision.objects.count()]
    for _ in range(2):
        receiver(event)
        counts.append(Decision.objects.count())
    return [after - counts[0] for after in counts[1:]]


def facts_of(company: Company, code: str, credential_id: int) -> dict[str, Any]:
    return {
        "occurred_at": NOW,
        "credential_id": credential_id,
        "code": code,
        "achievement": SALES,
        "recipient_id": company.bo,
        "user_id": company.bo_user,
    }


def give(company: Company, achievement: str = SALES) -> dict[str, Any]:
    """Issue without delivering."""
    given = issue(
        achievement=achievement,
        recipient_id=company.bo,
        source="test",
        language="en",
        actor=None,
        now=NOW,
    )
    return facts_of(company, given.code, given.credential_id)


def test_issue(company: Company) -> None:
    event = CredentialIssued(**give(company), edition=1)
    assert run_twice(receivers.evaluate_on_issue, event) == [1, 1]


def test_revocation(company: Company) -> None:
    given = award(company.bo, SALES)
    revoke(code=given.code, reason="Mistake", actor=None, now=NOW)
    facts = facts_of(company, given.code, given.credential_id)
    event = CredentialRevoked(**facts, reason="Mistake")
    assert run_twice(receivers.evaluate_on_revocation, event) == [1, 1]


def test_expiry(company: Company) -> None:
    given = award(company.bo, SALES)
    late = NOW + timedelta(days=800)
    facts = {**facts_of(company, given.code, given.credential_id), "occurred_at": late}
    assert run_twice(receivers.evaluate_on_expiry, CredentialExpired(**facts)) == [1, 1]


def test_suspension_and_reinstatement(company: Company) -> None:
    given = award(company.bo, SALES)
    facts = facts_of(company, given.code, given.credential_id)
    suspend(code=given.code, reason="Doubt", actor=None, now=NOW)
    suspended = CredentialSuspended(**facts, reason="Doubt")
    receivers.evaluate_on_suspension(suspended)
    assert run_twice(receivers.evaluate_on_suspension, suspended) == [0, 0]
    reinstate(code=given.code, reason="Cleared", actor=None, now=NOW)
    reinstated = CredentialReinstated(**facts, reason="Cleared")
    assert run_twice(receivers.evaluate_on_reinstatement, reinstated) == [1, 1]


def test_only_a_renewal_moves_a_date(company: Company) -> None:
    facts = give(company)
    renamed = EditionAdded(**facts, edition=2, kind="name")
    assert run_twice(receivers.evaluate_on_renewal, renamed) == [0, 0]
    renewed = EditionAdded(**facts, edition=2, kind="renewal")
    assert run_twice(receivers.evaluate_on_renewal, renewed) == [1, 1]


def test_who_is_forgotten_works_nowhere(company: Company) -> None:
    event = RecipientErased(
        occurred_at=NOW, recipient_id=company.ana, user_id=None, credential_ids=()
    )
    for _ in range(2):
        receivers.end_links(event)
        link = Membership.objects.get(pk=company.ana_link)
        assert link.until is not None
        assert link.until <= max(localdate(NOW), link.since + timedelta(days=1))
    assert Delivery.objects.filter(event_name=LinkEnded.name).count() == 1


def test_link(company: Company) -> None:
    award(cy := make_recipient("cy@x.example"), RECOVERY)
    made = make_link(company.id, cy)
    event = LinkStarted(
        occurred_at=NOW, membership_id=made, partner_id=company.id, recipient_id=cy, since=DAY
    )
    assert run_twice(receivers.evaluate_on_link, event) == [1, 1]


def test_leaving(company: Company) -> None:
    award(company.ana, RECOVERY)
    end_link(membership_id=company.ana_link, until=DAY, actor=None, now=NOW)
    event = LinkEnded(
        occurred_at=NOW,
        membership_id=company.ana_link,
        partner_id=company.id,
        recipient_id=company.ana,
        until=DAY,
    )
    assert run_twice(receivers.evaluate_on_leaving, event) == [1, 1]


def test_sweep(company: Company) -> None:
    Membership.objects.filter(pk=company.ana_link).update(until=date(2026, 3, 1))
    assert receivers.evaluate_due(NOW) == 0
    award(company.bo, SALES)
    late = NOW + timedelta(days=800)
    assert [receivers.evaluate_due(late) for _ in range(2)] == [1, 0]


def test_the_company_is_named_for_the_verification_page(company: Company) -> None:
    assert ask(CompanyOf(recipient_id=company.ana, on=DAY)) == ("Baltwerk",)
    assert ask(CompanyOf(recipient_id=company.ana, on=date(2020, 1, 1))) == (None,)


def test_an_event_passes_the_outbox_whole(company: Company) -> None:
    award(company.bo, SALES)
    end_link(membership_id=company.ana_link, until=date(2026, 4, 1), actor=None, now=NOW)
    deliver_due(NOW)
    assert (
        not Delivery.objects.exclude(state="done").filter(receiver__startswith="partners").exists()
    )
