"""Rows call themselves by ids and public names, never by a person's."""

import pytest

from partners.models import Decision, LoadedRecord, Membership, Partner, RulesVersion
from tests.factories.partners import NOW, make_company, make_rules

pytestmark = pytest.mark.django_db


def test_rows_name_themselves() -> None:
    make_rules()
    company = make_company()
    partner = Partner.objects.get(pk=company.id)
    record = LoadedRecord(programme=partner.programme, kind="partner", key="x", loaded_at=NOW)
    rows = [partner, RulesVersion.objects.get(), Decision.objects.get(), record]
    assert [str(row) for row in rows] == [
        "Baltwerk",
        "Halden Partner Programme 2026.1",
        f"{company.id} #1: registered",
        "partner x",
    ]
    assert str(Membership.objects.get(pk=company.ana_link)) == "Baltwerk · engineer, member"
