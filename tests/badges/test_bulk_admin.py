"""Lists in the admin: uploaded, judged, confirmed; and the export of what is listed."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from badges.actions import imports as actions
from badges.actions.credentials import SourceTaken
from badges.actions.imports import import_credentials
from badges.actions.withdrawal import revoke
from badges.domain.rosters import COLUMNS
from badges.keystore import KeyMissing
from badges.models import Credential, IssuerProfile
from badges.queries.register import REGISTER
from badges.viewsets import imports as views
from lms.accounts.models import User
from lms.tables import MEDIA, XLSX, read_table
from tests.factories.badges import NOW, make_achievement, make_issuer, make_recipient
from tests.factories.rosters import ANA, BO, SLUG, csv_of, roster_of, xlsx_of

pytestmark = pytest.mark.django_db
UPLOAD, CHECK = "lms_badges_import:index", "lms_badges_import:check"
LIST = "lms_badges_credentials:index"
EVA = f"eva@odrana.example,Eva Marek,{SLUG},,,,"


@pytest.fixture
def site(db: None) -> None:
    make_issuer()
    make_achievement()


def upload(client: Client, body: bytes, **choices: str) -> Any:
    file = SimpleUploadedFile("list.csv", body)
    return client.post(reverse(UPLOAD), {"file": file, **choices})


def check(client: Client, body: bytes, **choices: str) -> str:
    assert upload(client, body, **choices)["Location"] == reverse(CHECK)
    return str(client.get(reverse(CHECK)).content.decode())


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_list_is_judged_before_it_is_issued(site: None, as_eli: Client) -> None:
    make_recipient("kowalska@gmail.example", "Anna Kowalska")
    make_recipient("bo@baltwerk.example", "Bogdan Nowicki")
    assert "issued_on" in as_eli.get(reverse(UPLOAD)).content.decode()
    page = check(as_eli, csv_of(ANA, BO, EVA), undated="on")
    for said in (
        "3 certificates can be issued.",
        "1 of them is issued today, and its holder gets a mail.",
        "Perhaps one person",
        "Anna Kowalska, kowalska@gmail.example (#",
        "Bogdan Nowicki",
        "5 March 2027",
        "as the achievement says",
        "Issue all of them",
    ):
        assert said in page
    assert not Credential.objects.exists()
    response = as_eli.post(reverse(CHECK))
    assert response["Location"] == reverse(LIST)
    assert messages_of(response) == ["3 certificates were issued."]
    assert Credential.objects.count() == 3
    # Neither the button pressed again nor the list loaded again issues anything twice.
    assert as_eli.post(reverse(CHECK))["Location"] == reverse(UPLOAD)
    page = check(as_eli, csv_of(ANA, BO, EVA), undated="on")
    assert "0 certificates can be issued." in page
    assert "3 are there already and are left as they are." in page
    assert "Issue all of them" not in page
    assert Credential.objects.count() == 3


def test_refused_rows_are_listed_with_their_reasons(site: None, as_eli: Client) -> None:
    body = csv_of(ANA, BO.replace("bo@", "bo").replace("05.03.2024", "soon"))
    page = check(as_eli, body)
    assert "1 row is refused; the reason is below." in page
    assert "must be an e-mail address, such as ana@baltwerk.example" in page
    assert "<td>3</td><td>issued_on</td><td>must be a date" in page
    assert "Leave the refused rows out and issue the others" in page
    refused = as_eli.post(reverse(CHECK))
    assert messages_of(refused) == ["Nothing was issued: see why below."]
    assert not Credential.objects.exists()
    response = as_eli.post(reverse(CHECK), {"keep_going": "yes"})
    assert messages_of(response)[-1] == "1 certificate was issued."
    assert Credential.objects.get().source == "import:A-1"


def test_a_reason_names_the_value_and_a_page_shows_it_as_text(site: None, as_eli: Client) -> None:
    page = check(as_eli, csv_of(BO.replace("Bo Nowicki", "<b>東")))
    assert "the font has no “東” (U+6771" in page
    page = check(as_eli, csv_of(BO.replace("Bo Nowicki", "<b>Bo</b>")))
    assert "&lt;b&gt;Bo&lt;/b&gt;" in page


def test_a_workbook_and_an_achievement_for_all_rows(site: None, as_eli: Client) -> None:
    body = xlsx_of([["email", "name"], ["eva@odrana.example", "Eva Marek"]])
    page = check(as_eli, body, achievement=SLUG, undated="on")
    assert SLUG in page
    as_eli.post(reverse(CHECK))
    assert Credential.objects.get().valid_from == timezone.localdate()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfe", "it is neither XLSX nor UTF-8"),
        (b"email\n" + b"x\n" * 501, "The admin takes lists of up to 500 rows."),
        (b"email\n" + b"x" * 100_000 + b"\n" + (b"x" * 100_000 + b"\n") * 5, "up to 500 rows"),
    ],
)
def test_what_the_admin_cannot_take_is_said_at_once(
    site: None, as_eli: Client, body: bytes, reason: str
) -> None:
    response = upload(as_eli, body)
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert views.KEY not in as_eli.session


def test_a_list_is_kept_for_an_hour_for_who_uploaded_it(
    site: None, as_eli: Client, eli: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(as_eli, csv_of(ANA))
    session = as_eli.session
    kept = session[views.KEY]
    assert "Kowalska" not in kept  # packed
    session[views.KEY] = kept[:-1] + ("A" if kept[-1] != "A" else "B")
    session.save()
    assert as_eli.get(reverse(CHECK))["Location"] == reverse(UPLOAD)
    check(as_eli, csv_of(ANA))
    monkeypatch.setattr(views, "KEPT_SECONDS", timedelta(0).total_seconds() - 1)
    response = as_eli.get(reverse(CHECK))
    assert messages_of(response)[-1] == "The file is no longer kept here: choose it again."
    assert views.KEY not in as_eli.session


def test_a_list_is_not_for_somebody_else(site: None, as_eli: Client, cy: User) -> None:
    check(as_eli, csv_of(ANA))
    kept = as_eli.session[views.KEY]
    cy.is_superuser = True
    cy.save()
    other = Client()
    other.force_login(cy)
    session = other.session
    session[views.KEY] = kept
    session.save()
    assert other.post(reverse(CHECK))["Location"] == reverse(UPLOAD)
    assert not Credential.objects.exists()


def test_only_who_may_issue_may_import(site: None, ana: User, as_ana: Client) -> None:
    for codename in ("access_admin", "revoke_credential", "view_credential"):
        ana.user_permissions.add(Permission.objects.get(codename=codename))
    addresses = [reverse(UPLOAD), reverse(CHECK), reverse("lms_badges_import:csv")]
    for address in addresses:
        for method in (as_ana.get, as_ana.post):
            assert method(address)["Location"] == reverse("wagtailadmin_home")
            assert (
                method(address, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403
            )
    menu = as_ana.get(reverse(LIST)).content.decode()
    assert reverse(UPLOAD) not in menu
    ana.user_permissions.add(Permission.objects.get(codename="add_credential"))
    assert reverse(UPLOAD) in as_ana.get(reverse(LIST)).content.decode()
    assert as_ana.get(reverse(UPLOAD)).status_code == 200


def test_strangers_reach_none_of_it(client: Client) -> None:
    for name in (UPLOAD, CHECK, "lms_badges_import:xlsx"):
        assert "login" in client.get(reverse(name))["Location"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_downloaded(as_eli: Client, form: str) -> None:
    response = as_eli.get(reverse(f"lms_badges_import:{form}"))
    assert response["Content-Type"] == MEDIA[form]
    assert f'attachment; filename="certificates-to-import.{form}"' in response.headers.values()
    table = read_table(response.content)
    assert table.header == COLUMNS
    assert len(table.rows) == 1
    assert reverse(f"lms_badges_import:{form}") in as_eli.get(reverse(UPLOAD)).content.decode()


def test_what_stands_in_the_way_is_said(
    site: None, as_eli: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(as_eli, csv_of(ANA))

    def no_key(**_values: Any) -> None:
        raise KeyMissing("the private part is gone")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "issue", no_key)
        response = as_eli.post(reverse(CHECK))
    assert messages_of(response) == ["the private part is gone"]

    def taken(**_values: Any) -> None:
        raise SourceTaken("taken meanwhile")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "issue", taken)
        page = as_eli.post(reverse(CHECK)).content.decode()
    assert "taken meanwhile" in page
    IssuerProfile.objects.all().delete()
    response = as_eli.get(reverse(CHECK))
    assert messages_of(response)[-1] == "No issuer is defined yet."
    assert not Credential.objects.exists()


def exported(client: Client, **query: str) -> list[dict[str, str]]:
    response = client.get(reverse(LIST), {"export": "csv", **query})
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_the_list_is_exported_as_it_is_filtered_and_searched(site: None, as_eli: Client) -> None:
    report = import_credentials(roster_of(ANA, BO), actor=None, now=NOW)
    codes = [code for _row, code in report.issued]
    revoke(code=codes[1], reason="x", actor=None, now=NOW)
    rows = exported(as_eli)
    assert [(row["code"], row["state"]) for row in rows] == [
        (codes[0], "valid"),
        (codes[1], "revoked"),
    ]
    assert tuple(rows[0]) == REGISTER
    assert [row["code"] for row in exported(as_eli, state="revoked")] == codes[1:]
    assert [row["code"] for row in exported(as_eli, q="kowalska")] == codes[:1]
    assert exported(as_eli, q="nobody") == []
    response = as_eli.get(reverse(LIST), {"export": "xlsx"})
    assert response["Content-Type"] == MEDIA[XLSX]
    assert 'filename="certificates.xlsx"' in response["Content-Disposition"]
    assert len(read_table(response.content).rows) == 2
    assert "export=csv" in as_eli.get(reverse(LIST)).content.decode()


def test_an_export_takes_the_same_statements_however_long(site: None, as_eli: Client) -> None:
    rows = [f"p{n}@x.example,Person,{SLUG},2024-03-05,,," for n in range(5)]

    def count(number: int) -> int:
        import_credentials(roster_of(*rows[:number]), actor=None, now=NOW)
        with CaptureQueriesContext(connection) as seen:
            assert len(exported(as_eli)) == number
        return len(seen)

    assert (count(1), count(5)) == (5, 5)


def test_judging_in_the_admin_takes_the_same_statements_however_long(
    site: None, as_eli: Client
) -> None:
    rows = [f"p{n}@x.example,Person,{SLUG},2024-03-05,,," for n in range(8)]

    def count(number: int) -> int:
        upload(as_eli, csv_of(*rows[:number]))
        with CaptureQueriesContext(connection) as seen:
            as_eli.get(reverse(CHECK))
        return len(seen)

    count(1)
    assert count(1) == count(8)


def test_nobody_without_a_look_at_the_list_exports_it(ana: User, as_ana: Client) -> None:
    ana.user_permissions.add(Permission.objects.get(codename="access_admin"))
    response = as_ana.get(reverse(LIST), {"export": "csv"})
    assert response["Location"] == reverse("wagtailadmin_home")
