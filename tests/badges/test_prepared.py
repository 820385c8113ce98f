"""Reads composed once: the same rows as the ORM's own, by one statement with other values."""

from typing import Any

import pytest
from django.db.models import QuerySet

from badges.models import AchievementText, Credential, Edition
from badges.queries.prepared import prepared
from tests.factories.badges import make_credential

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_orm() -> None:
    codes = [make_credential(source=f"test:{number}").code for number in range(2)]
    composed = []

    @prepared
    def read(code: str) -> QuerySet[Edition]:
        composed.append(code)
        return Edition.objects.filter(credential__code=code)

    for code in codes:
        [row] = read(code)
        edition = Edition.objects.get(credential__code=code)
        fields = [field.attname for field in Edition._meta.concrete_fields]
        assert [getattr(row, name) for name in fields] == [
            getattr(edition, name) for name in fields
        ]
        assert row == edition
        assert row._state.db == "default"
        assert not row._state.adding
    assert composed == codes[:1]


def test_values_become_what_the_orm_makes_of_them() -> None:
    fields = ("code", "issued_at", "valid_until", "subject", "recipient__show_name")

    @prepared
    def read(code: str) -> QuerySet[Credential, tuple[Any, ...]]:
        return Credential.objects.filter(code=code).values_list(*fields)

    code = make_credential().code
    assert read(code) == list(Credential.objects.filter(code=code).values_list(*fields))
    assert read("nobody") == []


def test_another_number_of_values_is_another_statement() -> None:
    codes = [make_credential(source=f"test:{number}").code for number in range(3)]

    @prepared
    def read(*codes: str) -> QuerySet[Credential]:
        return Credential.objects.filter(code__in=codes).order_by("pk")

    for some in (codes, codes[:1], codes[1:]):
        assert [row.code for row in read(*some)] == some


def test_values_in_another_order_are_refused() -> None:
    @prepared
    def read(slug: str, language: str) -> QuerySet[AchievementText]:
        return AchievementText.objects.filter(language=language).filter(achievement__slug=slug)

    with pytest.raises(TypeError, match="not to be prepared"):
        read("halden", "en")


def test_a_value_that_is_not_given_is_refused() -> None:
    @prepared
    def read() -> QuerySet[Edition]:
        return Edition.objects.filter(number=1)

    with pytest.raises(TypeError, match="not to be prepared"):
        read()


def test_related_rows_are_refused() -> None:
    @prepared
    def read(code: str) -> QuerySet[Credential]:
        return Credential.objects.select_related("recipient").filter(code=code)

    with pytest.raises(TypeError, match="not to be prepared"):
        read("x")
