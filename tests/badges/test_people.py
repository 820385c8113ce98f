"""Recipients: addresses, claims, printed names, and what strangers may see."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from badges.actions.credentials import Issued
from badges.actions.names import confirm_name
from badges.actions.recipients import claim, decide_visibility, register_recipient
from badges.domain.identity import NotPrintable
from badges.models import Edition, Recipient, RecipientAddress
from badges.queries import find_recipient, get_credential, get_recipient_of_user, get_recipients
from badges.queries.exhibits import get_exhibit
from lms.accounts.models import User
from tests.factories.badges import NOW, make_credential, make_recipient

pytestmark = pytest.mark.django_db


def test_an_address_is_one_person_whatever_its_case() -> None:
    first = make_recipient("Ana@Baltwerk.example ")
    assert make_recipient("ana@baltwerk.example", "Somebody Else") == first
    card = find_recipient("ANA@baltwerk.example")
    assert card is not None
    assert (card.name, card.email) == ("Ana Kowalska", "ana@baltwerk.example")
    assert not card.visibility_decided
    assert find_recipient("cy@elsewhere.example") is None


def test_what_is_missing_is_filled_in(ana: User) -> None:
    first = make_recipient(name="")
    assert make_recipient(name="Ana", user_id=ana.pk) == first
    card = get_recipient_of_user(ana.pk)
    assert card is not None
    assert (card.id, card.name, card.user_id) == (first, "Ana", ana.pk)


def test_a_second_address_of_an_account_joins_the_first(ana: User) -> None:
    first = make_recipient(user_id=ana.pk)
    assert make_recipient("ana@home.example", user_id=ana.pk) == first
    assert get_recipients([first, 10**9])[first].email == "ana@baltwerk.example"


def test_an_account_has_one_recipient(ana: User) -> None:
    make_recipient(user_id=ana.pk)
    other = make_recipient("bo@baltwerk.example", "Bo")
    assert make_recipient("bo@baltwerk.example", "Bo", user_id=ana.pk) == other
    assert Recipient.objects.get(pk=other).user_id is None


def test_registering_at_the_same_moment_gives_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_recipient()
    real = Recipient.objects.filter
    calls = iter([True])

    def meanwhile(*args: object) -> int:
        if next(calls, False):
            raise IntegrityError
        return first

    monkeypatch.setattr("badges.actions.recipients._register", meanwhile)
    assert make_recipient() == first
    assert real().count() == 1


def test_an_unprintable_name_is_refused_early() -> None:
    with pytest.raises(NotPrintable):
        register_recipient(email="x@x.example", name="山田", now=NOW)
    assert not Recipient.objects.exists()


def test_a_verified_sign_in_claims_its_recipient(ana: User) -> None:
    recipient = make_recipient()
    assert claim(user_id=ana.pk, email="ANA@baltwerk.example", now=NOW) == recipient
    assert claim(user_id=ana.pk, email="ana@baltwerk.example", now=NOW) == recipient
    assert RecipientAddress.objects.get().verified_at == NOW
    assert get_recipient_of_user(ana.pk) is not None


def test_a_claimed_recipient_stays_with_its_account(ana: User, cy: User) -> None:
    recipient = make_recipient(user_id=ana.pk)
    assert claim(user_id=cy.pk, email="ana@baltwerk.example", now=NOW) is None
    assert Recipient.objects.get(pk=recipient).user_id == ana.pk


def test_a_further_verified_address_is_added(ana: User) -> None:
    recipient = make_recipient(user_id=ana.pk)
    assert claim(user_id=ana.pk, email="ana@home.example", now=NOW) == recipient
    assert find_recipient("ana@home.example").id == recipient  # type: ignore[union-attr]
    assert claim(user_id=ana.pk, email="ana@home.example", now=NOW) == recipient


def test_nobody_to_claim_is_nobody(cy: User) -> None:
    assert claim(user_id=cy.pk, email="cy@elsewhere.example", now=NOW) is None
    assert get_recipient_of_user(cy.pk) is None


def test_a_confirmed_name_is_printed_from_then_on(issued: Issued, ana: User) -> None:
    recipient = Recipient.objects.get()
    assert confirm_name(recipient_id=recipient.pk, name=" Ana  Nowak ", actor=None, now=NOW)
    card = get_recipients([recipient.pk])[recipient.pk]
    assert (card.name, card.name_confirmed) == ("Ana Nowak", True)
    exhibit = get_exhibit(issued.code)
    assert exhibit is not None
    assert (exhibit.award.name, exhibit.edition) == ("Ana Nowak", 2)
    assert Edition.objects.order_by("number")[0].data["name"] == "Ana Kowalska"
    assert get_credential(issued.code).edition == 2  # type: ignore[union-attr]


def test_the_same_name_adds_no_edition(issued: Issued, ana: User) -> None:
    confirm_name(
        recipient_id=Recipient.objects.get().pk, name="Ana Kowalska", actor=ana.pk, now=NOW
    )
    assert Edition.objects.count() == 1


def test_a_certificate_needs_a_name(issued: Issued) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        confirm_name(recipient_id=Recipient.objects.get().pk, name="  ", actor=None, now=NOW)


def test_nobody_names_or_publishes_another(issued: Issued, cy: User) -> None:
    recipient = Recipient.objects.get().pk
    with pytest.raises(PermissionDenied):
        confirm_name(recipient_id=recipient, name="Cy", actor=cy.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        decide_visibility(
            recipient_id=recipient,
            show_name=True,
            show_company=True,
            show_date=True,
            actor=cy.pk,
            now=NOW,
        )
    assert not Recipient.objects.get().show_name


def test_nothing_is_public_without_a_decision() -> None:
    make_credential()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.update(show_name=True)
