"""What the admin offers for a certificate or a report, and where its lists lead."""

import pytest
from django.test import Client
from django.urls import reverse

from badges.actions.credentials import Issued
from badges.actions.erasure import erase_recipient
from badges.actions.reports import report_misuse
from badges.actions.withdrawal import revoke
from badges.models import Credential, Edition
from tests.factories.badges import NOW

pytestmark = pytest.mark.django_db


def test_what_cannot_be_corrected_any_more_is_said(issued: Issued, as_eli: Client) -> None:
    credential = Credential.objects.get()
    address = reverse("lms_badges_credentials:correct", args=[credential.pk])
    inspect = reverse("lms_badges_credentials:inspect", args=[credential.pk])
    assert address in as_eli.get(inspect).content.decode()
    erase_recipient(recipient_id=credential.recipient_id, reason="x", actor=None, now=NOW)
    assert address not in as_eli.get(inspect).content.decode()
    assert "no address" in as_eli.post(address, {"note": "x"}, follow=True).content.decode()
    revoke(code=issued.code, reason="x", actor=None, now=NOW)
    assert issued.code in as_eli.post(address, {"note": "x"}, follow=True).content.decode()
    assert Edition.objects.count() == 1


def test_a_report_of_misuse_is_opened_from_its_list(issued: Issued, as_eli: Client) -> None:
    report = report_misuse(code=issued.code, text="Seen at a fair", now=NOW)
    page = as_eli.get(reverse("lms_badges_reports:index")).content.decode()
    assert f'href="{reverse("lms_badges_reports:inspect", args=[report])}"' in page
