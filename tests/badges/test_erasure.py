"""The right to be forgotten: nothing personal anywhere, every count and decision as before."""

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from badges.actions.credentials import Issued, NotReady, issue
from badges.actions.erasure import erase_recipient, purge_due
from badges.actions.imports import import_credentials
from badges.actions.names import confirm_name
from badges.actions.recipients import claim, decide_visibility, register_recipient
from badges.actions.reports import report_misuse
from badges.actions.withdrawal import ReasonMissing
from badges.models import Credential, Edition, ForgottenAddress, Recipient
from badges.queries import find_recipient, is_forgotten, list_forgotten
from badges.queries.verification import verify_code, verify_file
from lms.accounts.models import User
from lms.conf import get_conf
from lms.events.publish import deliver_due
from lms.notifications.models import Mail
from partners.actions.load import Choices, load_programme
from partners.models import LoadedRecord
from tests.badges.test_addresses import addresses
from tests.factories.badges import NOW, make_credential, make_recipient
from tests.factories.rosters import ANA, BO, roster_of
from tests.partners.vendor import write_vendor

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Ana Kowalska", "ana@baltwerk.example"


def erase(actor: int | None = None, reason: str = "Asked by the person") -> None:
    erase_recipient(
        recipient_id=Recipient.objects.get().pk, reason=reason, actor=actor, now=timezone.now()
    )
    deliver_due(timezone.now())


@pytest.fixture
def published(issued: Issued, ana: User) -> Issued:
    """Ana showed everything, and something was written to her."""
    recipient = Recipient.objects.get()
    show = {"show_name": True, "show_company": True, "show_date": True}
    decide_visibility(recipient_id=recipient.pk, actor=ana.pk, now=NOW, **show)
    confirm_name(recipient_id=recipient.pk, name="Ana Kowalska-Lis", actor=ana.pk, now=NOW)
    report_misuse(code=issued.code, text="Ana Kowalska is not she", now=NOW)
    # By hand, the source names the address.
    make_credential(recipient_id=recipient.pk, source=f"hand:x:{EMAIL}:now", now=timezone.now())
    deliver_due(timezone.now())
    return issued


def leftovers(*marks: str) -> list[str]:
    """Every place of the database that still holds the name or the address."""
    marks = marks or ("Kowalska", EMAIL)
    found = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.values(*texts) if texts else []:
            found += [
                f"{model.__name__}.{name}: {value}"
                for name, value in row.items()
                if any(mark in str(value) for mark in marks)
            ]
    return found


def test_nothing_personal_is_left(published: Issued, ana: User) -> None:
    assert Mail.objects.filter(user=ana).exists()
    assert leftovers()
    erase()
    assert leftovers() == []
    ana.refresh_from_db()
    assert (ana.is_active, ana.name) == (False, "")


def test_a_programme_that_names_somebody_brings_nobody_back(db: None, tmp_path: Path) -> None:
    folder = write_vendor(tmp_path / "halden")
    load_programme(folder, Choices(), now=timezone.now())
    assert not LoadedRecord.objects.filter(key__contains="@").exists()
    assert leftovers("Ana Nowak", EMAIL)
    ana = find_recipient(EMAIL)
    assert ana is not None
    erase_recipient(recipient_id=ana.id, reason="Asked", actor=None, now=timezone.now())
    deliver_due(timezone.now())
    people = Recipient.objects.count(), User.objects.count()
    assert leftovers("Ana Nowak", EMAIL) == []
    report = load_programme(folder, Choices(keep="site"), now=timezone.now())
    assert (report.created, report.changed, report.rejected) == ([], [], [])
    assert report.forgotten == [
        "people/people.csv, row 2: this person asked to be forgotten; register them by hand if they"
        " come back"
    ]
    said = StringIO()
    call_command("load_programme", folder, "--keep-site", stdout=said)
    assert "left out: people/people.csv, row 2: this person asked" in said.getvalue()
    assert (Recipient.objects.count(), User.objects.count()) == people
    assert leftovers("Ana Nowak", EMAIL) == []


def test_an_old_list_brings_nobody_back(published: Issued) -> None:
    erase()
    before = Credential.objects.count(), Recipient.objects.count()
    rows = roster_of(ANA, BO)
    report = import_credentials(rows, keep_going=True, actor=None, now=NOW)
    asked = "this person asked to be forgotten; register them by hand if they come back"
    refused = [(one.row, one.field, str(one.error)) for one in report.admission.refusals]
    assert refused == [(2, "email", asked)]
    assert len(report.issued) == 1
    assert (Credential.objects.count(), Recipient.objects.count()) == (before[0] + 1, before[1] + 1)
    # Registered by hand she is somebody again, for lists too.
    make_recipient()
    assert import_credentials(rows, actor=None, now=NOW).is_clean


def test_who_comes_back_is_forgotten_no_longer(published: Issued, settings: Any) -> None:
    erase()
    assert is_forgotten(f" {EMAIL.upper()}")
    assert list_forgotten([EMAIL, "bo@baltwerk.example"]) == {EMAIL}
    digest = ForgottenAddress.objects.get().digest
    assert digest not in {hashlib.sha256(EMAIL.encode()).hexdigest(), ""}
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert is_forgotten(EMAIL)
    register_recipient(email=EMAIL, name=NAME, now=NOW)
    assert not is_forgotten(EMAIL)
    assert not ForgottenAddress.objects.exists()


def test_who_proves_the_address_comes_back(published: Issued) -> None:
    erase()
    user = User.objects.create_user(email=EMAIL, password="x")
    register_recipient(email="ana.lis@odrana.example", name=NAME, user_id=user.pk, now=NOW)
    assert is_forgotten(EMAIL)
    claim(user_id=user.pk, email=EMAIL, now=NOW)
    assert not is_forgotten(EMAIL)


def test_an_account_without_anything_comes_back_too(published: Issued) -> None:
    erase()
    user = User.objects.create_user(email=EMAIL, password="x")
    assert claim(user_id=user.pk, email=EMAIL, now=NOW) is None
    assert not is_forgotten(EMAIL)


def test_documents_are_gone_and_pictures_neutral(published: Issued) -> None:
    client = Client()
    before = client.get(f"/s/{published.code}.png").content
    files = {
        form: client.get(f"/c/{published.code}{form}").content for form in (".json", ".png", ".pdf")
    }
    erase()
    for address in addresses(published.code):
        if not address.startswith(f"/c/{published.code}"):
            continue
        answer = client.get(address)
        assert answer.status_code == 410, address
        for personal in ("Kowalska", "baltwerk", "Halden Certified"):
            assert personal not in answer.content.decode(), address
    strip = client.get(f"/s/{published.code}.png")
    assert strip.status_code == 200
    assert strip.content != before
    verdict = verify_code(published.code, NOW.date()).to_json()
    assert (verdict.pop("status"), verdict.pop("ours")) == ("erased", True)
    assert verdict.pop("code") == published.code
    assert verdict.pop("reasons")
    assert not any(verdict.values())
    for form, body in files.items():
        assert verify_file(body, NOW.date()).status == "erased", form
    assert (
        "No longer on record" in client.get("/verify/", {"code": published.code}).content.decode()
    )


def test_rendered_files_are_deleted(published: Issued) -> None:
    Client().get(f"/s/{published.code}.png")
    folder = get_conf().data_dir / "rendered" / "s" / published.code
    assert folder.exists()
    erase()
    assert purge_due(timezone.now()) == 1
    assert not folder.exists()
    assert purge_due(timezone.now()) == 0


def test_counts_and_status_lists_stay(published: Issued) -> None:
    listed = Client().get("/status/1").content
    count = (Credential.objects.count(), Edition.objects.count())
    erase()
    assert (Credential.objects.count(), Edition.objects.count()) == count
    assert Client().get("/status/1").content == listed


def test_nothing_more_is_issued_to_nobody(issued: Issued) -> None:
    erase()
    with pytest.raises(NotReady):
        issue(
            achievement="halden-recovery-engineer",
            recipient_id=Recipient.objects.get().pk,
            source="s",
            language="en",
            actor=None,
            now=NOW,
        )
    # The same person may come again, as somebody new.
    assert make_recipient() != Recipient.objects.earliest("pk").pk


def test_it_needs_permission_and_a_reason(issued: Issued, ana: User) -> None:
    with pytest.raises(PermissionDenied):
        erase(actor=ana.pk)
    with pytest.raises(ReasonMissing):
        erase(reason=" ")
    assert Recipient.objects.get().erased_at is None


def test_twice_is_once(issued: Issued, eli: User) -> None:
    erase(actor=eli.pk)
    at = Recipient.objects.get().erased_at
    erase(actor=eli.pk)
    assert Recipient.objects.get().erased_at == at
    entry = ModelLogEntry.objects.get(action="lms_badges.recipient.erased")
    assert "Kowalska" not in f"{entry.label} {entry.data}"


def test_the_database_keeps_it_so(issued: Issued) -> None:
    erase()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.update(name=NAME)


def test_the_channel_manager_erases_from_the_admin(
    issued: Issued, as_eli: Client, as_ana: Client
) -> None:
    address = reverse("lms_badges_credentials:erase", args=[Credential.objects.get().pk])
    assert as_ana.post(address, {"reason": "x"}).status_code in (302, 403)
    assert as_eli.get(address).status_code == 200
    as_eli.post(address, {"reason": "Asked by the person"})
    assert Recipient.objects.get().erased_at is not None
    assert address not in as_eli.get(reverse("lms_badges_credentials:index")).content.decode()


def test_by_command(issued: Issued, capsys: Any) -> None:
    with pytest.raises(CommandError, match="nobody has this address"):
        call_command("erase_person", "cy@elsewhere.example", reason="x")
    with pytest.raises(CommandError):
        call_command("erase_person", EMAIL, reason=" ")
    call_command("erase_person", EMAIL, reason="Asked")
    assert "is erased" in capsys.readouterr().out
    assert Path(get_conf().data_dir).exists()
