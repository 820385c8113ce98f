"""Issuing exactly once, with frozen editions."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from badges.actions import editions
from badges.actions.achievements import define_achievement
from badges.actions.credentials import AchievementUnknown, Issued, NotReady, SourceTaken, issue
from badges.actions.issuer import define_issuer
from badges.domain.identity import NotPrintable
from badges.domain.keys import public_key_of
from badges.domain.proof import is_proven
from badges.models import (
    Achievement,
    AchievementText,
    Credential,
    Edition,
    EditionImmutable,
    IssuerProfile,
    Recipient,
    RecipientAddress,
    StatusList,
)
from badges.queries import (
    CredentialCard,
    achievement_choices,
    find_by_source,
    get_achievement,
    get_credential,
    list_credentials,
)
from lms.accounts.models import User
from lms.events.models import Delivery
from tests.factories.badges import (
    NOW,
    TEXTS,
    make_achievement,
    make_credential,
    make_issuer,
    make_recipient,
)

pytestmark = pytest.mark.django_db


def test_a_credential_is_issued_with_its_documents() -> None:
    issued = make_credential()
    card = get_credential(issued.code)
    assert card is not None
    assert issued.created
    assert (card.title, card.edition) == (TEXTS["en"].name, 1)
    assert (card.valid_from, card.valid_until) == (date(2026, 11, 12), date(2028, 11, 12))
    assert card.state(date(2028, 11, 11)) == "valid"
    assert card.state(date(2028, 11, 12)) == "expired"
    edition = Edition.objects.get()
    assert is_proven(json.loads(edition.ob3), public_key_of(edition.key.kid))
    assert find_by_source("test:1") == card
    assert find_by_source("test:2") is None


def test_a_repeated_source_issues_nothing() -> None:
    first, again = make_credential(), make_credential()
    assert (again.code, again.created) == (first.code, False)
    assert Edition.objects.count() == 1


def test_a_source_belongs_to_one_person_and_achievement() -> None:
    make_credential()
    with pytest.raises(SourceTaken, match="test:1"):
        make_credential(recipient_id=make_recipient("bo@baltwerk.example", "Bo"))
    with pytest.raises(SourceTaken):
        make_credential(achievement="halden-sales")


def test_the_same_source_at_the_same_moment_issues_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_credential()
    answers = iter([None, Issued(credential_id=1, code=first.code, created=False)])
    monkeypatch.setattr("badges.actions.credentials._known", lambda *_: next(answers))
    assert make_credential().code == first.code
    assert Credential.objects.count() == 1


def test_a_recipient_without_an_address_gets_nothing() -> None:
    make_issuer()
    make_achievement()
    bare = Recipient.objects.create(created_at=NOW)
    with pytest.raises(NotReady, match="no address"):
        issue_for(bare.pk)


def issue_for(recipient_id: int, actor: int | None = None, source: str = "s") -> Issued:
    return issue(
        achievement="halden-recovery-engineer",
        recipient_id=recipient_id,
        source=source,
        language="en",
        actor=actor,
        now=NOW,
    )


def test_an_unexplained_integrity_error_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    make_credential()
    code = Credential.objects.get().code
    monkeypatch.setattr(Credential._meta.get_field("code"), "_get_default", lambda: code)
    with pytest.raises(IntegrityError):
        make_credential(source="test:2")


def test_the_language_falls_back_to_the_sites_own() -> None:
    issued = make_credential(language="de")
    assert Credential.objects.get(code=issued.code).language == "en"


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_a_credential_speaks_one_language(language: str) -> None:
    make_credential(language=language)
    document = json.loads(Edition.objects.get().ob3)
    achievement = document["credentialSubject"]["achievement"]
    assert (achievement["inLanguage"], achievement["name"]) == (language, TEXTS[language].name)


def test_nothing_is_issued_without_an_issuer() -> None:
    make_achievement()
    with pytest.raises(NotReady, match="No issuer"):
        issue_for(make_recipient())
    assert not Credential.objects.exists()


def test_nothing_is_issued_for_an_unknown_achievement() -> None:
    make_issuer()
    Achievement.objects.create(slug="halden-recovery-engineer")  # no text yet
    with pytest.raises(AchievementUnknown):
        issue_for(make_recipient())


def test_issuing_by_hand_needs_permission(ana: User, eli: User) -> None:
    make_issuer()
    make_achievement()
    recipient = make_recipient()
    with pytest.raises(PermissionDenied):
        issue_for(recipient, actor=ana.pk)
    with pytest.raises(PermissionDenied):
        issue_for(recipient, actor=10**9)
    issue_for(recipient, actor=eli.pk)
    entry = ModelLogEntry.objects.get(action="lms_badges.credential.issued")
    assert entry.user == eli
    assert "Ana" not in entry.label


def test_a_granted_permission_is_enough(ana: User) -> None:
    ana.user_permissions.add(Permission.objects.get(codename="add_credential"))
    make_credential()
    assert issue_for(Recipient.objects.get().pk, actor=ana.pk).created


def test_an_edition_stays_as_it_was_issued() -> None:
    make_credential()
    edition = Edition.objects.get()
    edition.ob3 = "{}"
    for change in (
        edition.save,
        edition.delete,
        Edition.objects.all().delete,
        lambda: Edition.objects.update(ob3="{}"),
    ):
        with pytest.raises(EditionImmutable):
            change()
    assert str(edition).endswith("/1")


def test_changed_texts_reach_only_later_credentials() -> None:
    first = make_credential()
    define_achievement(
        slug="halden-recovery-engineer",
        achievement_type="Certification",
        valid_months=None,
        texts={"en": type(TEXTS["en"])(name="Renamed", description="d", criteria="c")},
        actor=None,
        now=NOW,
    )
    second = issue_for(Recipient.objects.get().pk)
    titles = {card.code: card.title for card in all_cards()}
    assert titles == {first.code: TEXTS["en"].name, second.code: "Renamed"}


def all_cards() -> tuple[CredentialCard, ...]:
    return list_credentials(recipient_ids=Recipient.objects.values_list("pk", flat=True))


def test_lists_are_paged_and_constant(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    recipient = make_recipient()
    codes = [make_credential(recipient_id=recipient, source=f"s:{n}").code for n in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(2):
            assert len(list_credentials(recipient_ids=[recipient], limit=count)) == count
    first = list_credentials(recipient_ids=[recipient], limit=2)
    rest = list_credentials(recipient_ids=[recipient], limit=2, after=first[-1].id)
    assert [card.code for card in (*first, *rest)] == codes[::-1]
    assert get_credential("nobody") is None


def test_a_taken_place_in_the_list_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make_credential()
    taken = Edition.objects.get()
    places = iter([(taken.status_list_id, taken.status_index), (taken.status_list_id, 7)])
    monkeypatch.setattr(editions, "_free_place", lambda now: next(places))
    make_credential(source="test:2")
    assert Edition.objects.get(credential__source="test:2").status_index == 7


def test_a_place_that_stays_taken_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    make_credential()
    taken = Edition.objects.get()
    place = (taken.status_list_id, taken.status_index)
    monkeypatch.setattr(editions, "_free_place", lambda now: place)
    with pytest.raises(IntegrityError):
        make_credential(source="test:2")
    assert Credential.objects.count() == 1


def test_a_full_list_opens_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(editions.PROBES):
        make_credential(source=f"test:{number}")
    taken = list(Edition.objects.values_list("status_index", flat=True))
    draws = iter([taken, list(range(editions.PROBES))])
    monkeypatch.setattr(editions, "_draw_places", lambda: next(draws))
    make_credential(source="test:full")
    assert StatusList.objects.count() == 2


def test_the_issuer_is_one(eli: User, ana: User) -> None:
    make_issuer()
    make_issuer()
    assert str(IssuerProfile.objects.get()) == "Halden Data"
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuerProfile.objects.create(pk=2, name="x", url="https://x.example", email="x@x.example")
    with pytest.raises(PermissionDenied):
        define_issuer(name="x", url="", email="", description="", actor=ana.pk, now=NOW)


def test_an_achievement_is_defined_once() -> None:
    make_achievement()
    make_achievement()
    assert Achievement.objects.get().texts.count() == 3
    card = get_achievement("halden-recovery-engineer", "pl")
    assert card is not None
    assert card.name == TEXTS["pl"].name
    assert get_achievement("halden-recovery-engineer", "de").language == "en"  # type: ignore[union-attr]
    assert get_achievement("nothing", "en") is None
    assert achievement_choices() == [(Achievement.objects.get().pk, TEXTS["en"].name)]
    assert str(Achievement.objects.get()) == "halden-recovery-engineer"
    assert "(en)" in str(Achievement.objects.get().texts.get(language="en"))


def test_what_the_font_lacks_is_neither_defined_nor_issued() -> None:
    make_issuer()
    achievement, recipient = make_achievement(), make_recipient()
    text = replace(TEXTS["en"], criteria="Passed 漢.")
    with pytest.raises(ValidationError, match="CJK UNIFIED IDEOGRAPH-6F22"):
        define_achievement(
            slug=achievement,
            achievement_type="Certification",
            valid_months=24,
            texts={"en": text},
            actor=None,
            now=NOW,
        )
    for field, model in (("criteria", AchievementText), ("name", IssuerProfile)):
        model.objects.update(**{field: "漢"})
        with pytest.raises(NotPrintable, match="CJK UNIFIED IDEOGRAPH-6F22"):
            issue(
                achievement=achievement,
                recipient_id=recipient,
                source="hand",
                language="en",
                actor=None,
                now=NOW,
            )
        model.objects.update(**{field: "Words"})
    assert not Credential.objects.exists()


def test_an_achievement_without_a_text_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least one language"):
        define_achievement(
            slug="x", achievement_type="Badge", valid_months=None, texts={}, actor=None, now=NOW
        )
    Achievement.objects.create(slug="bare")
    assert get_achievement("bare", "en") is None


@pytest.mark.parametrize(
    ("language", "criteria"),
    [
        ("ru", "Прошёл обучение по резервному копированию"),
        ("ru", "Диплом об обучении"),
        ("pl", "Ukończone kształcenie"),
        ("en", "Completed an education programme"),
    ],
)
def test_refused_words_are_not_defined(language: str, criteria: str) -> None:
    text = type(TEXTS["en"])(name="Halden", description="x", criteria=criteria)
    with pytest.raises(ValidationError):
        define_achievement(
            slug="x",
            achievement_type="Certification",
            valid_months=1,
            texts={language: text},
            actor=None,
            now=NOW,
        )
    assert not Achievement.objects.exists()


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError):
        make_achievement(kind="Diploma")


def test_nothing_is_published_when_issuing_rolls_back() -> None:
    make_credential()
    count = Delivery.objects.count()
    with transaction.atomic():
        make_credential(source="test:2", now=NOW + timedelta(days=1))
        transaction.set_rollback(True)
    assert Delivery.objects.count() == count


def test_rows_are_written_without_names() -> None:
    make_credential()
    rows = [Recipient.objects.get(), RecipientAddress.objects.get(), Credential.objects.get()]
    assert not any("Ana" in str(row) or "ana" in str(row) for row in rows)
    assert str(StatusList.objects.get()).startswith("/status/")


def test_issuing_reads_the_holder_once() -> None:
    recipient = make_recipient()
    make_credential(recipient_id=recipient)
    with CaptureQueriesContext(connection) as statements:
        issue(
            achievement="halden-recovery-engineer", recipient_id=recipient, source="test:2",
            language="en", actor=None, now=NOW,
        )  # fmt: skip
    alone = [query for query in statements if 'FROM "lms_badges_recipient" ' in query["sql"]]
    assert alone == [], "what is held and the address bring the person along"
