"""Files of questions in the admin: brought, judged, confirmed; and taken along."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.models import Item, ItemFile
from lms.accounts.models import User
from lms.tables import read_table, write_csv
from tests.courses.test_admin import admin
from tests.courses.test_item_files import ESSAY, GIFT
from tests.factories.courses import Training, make_item

pytestmark = pytest.mark.django_db
__all__ = ["admin"]
INDEX = "lms_exchange:index"


def bring(client: Client, training: Training, body: str | bytes, name: str = "q.gift") -> Any:
    file = SimpleUploadedFile(name, body if isinstance(body, bytes) else body.encode())
    form = {"file": file, "bank": training.bank.pk, "language": "en", "topic": "wal"}
    return client.post(reverse(INDEX), form)


def check(client: Client, training: Training, body: str | bytes, name: str = "q.gift") -> str:
    address: str = bring(client, training, body, name)["Location"]
    assert address == reverse("lms_exchange:check", args=[ItemFile.objects.get().pk])
    return address


def test_a_file_is_judged_before_it_is_taken(training: Training, admin: Client) -> None:
    address = check(admin, training, GIFT)
    page = admin.get(address).content.decode()
    assert "2 questions can be taken." in page
    assert "New topics: Standbys." in page
    assert "Which file starts a standby?" in page
    assert not Item.objects.filter(code="q1").exists()
    assert admin.post(address, {"take": "all"})["Location"] == reverse("lms_items:list")
    assert Item.objects.filter(code__in=["q1", "q2"]).count() == 2
    kept = ItemFile.objects.get()
    assert (kept.accepted, bytes(kept.body)) == (2, GIFT.encode())
    assert admin.get(address).status_code == 404, "a file is taken once"


def test_what_is_rejected_is_left_out_only_when_told(training: Training, admin: Client) -> None:
    address = check(admin, training, GIFT + ESSAY)
    page = admin.get(address).content.decode()
    assert "line 9" in page
    assert "cannot be scored" in page
    assert "Leave the rejected ones out" in page
    admin.post(address, {"take": "all"})
    assert not Item.objects.filter(code="q1").exists()
    admin.post(address, {"take": "good"})
    assert Item.objects.filter(code="q1").exists()


def test_columns_are_chosen_where_their_names_say_nothing(
    training: Training, admin: Client
) -> None:
    rows = [("x1", "x2", "x3", "x4"), ("What is it?", "Log", "File", "A")]
    address = check(admin, training, b"".join(write_csv(rows)), "x.csv")
    page = admin.get(address).content.decode()
    assert "no column holds the questions" in page
    columns = {"columns": "yes", "column_0": "stem", "column_1": "option",
               "column_2": "option", "column_3": "right"}  # fmt: skip
    assert "1 question can be taken." in admin.post(address, columns).content.decode()
    admin.post(address, {"take": "all"})
    assert Item.objects.filter(current__body__stem__en="What is it?").exists()


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        (b"PK\x03\x04broken", "x.xlsx", "cannot be read as a workbook"),
        (b"<quiz><question", "x.xml", "not well-formed"),
    ],
)
def test_a_broken_file_says_why(
    training: Training, admin: Client, body: bytes, name: str, said: str
) -> None:
    page = admin.get(check(admin, training, body, name)).content.decode()
    assert said in page
    assert 'name="take"' not in page


def test_nobody_opens_another_s_file(training: Training, admin: Client) -> None:
    address = check(admin, training, GIFT)
    other = Client()
    other.force_login(User.objects.create_superuser("other@halden.example", "x"))
    assert other.get(address).status_code == 404
    plain = Client()
    plain.force_login(User.objects.create_user("plain@halden.example", "x"))
    for name in (INDEX, "lms_exchange:along", "lms_exchange:csv"):
        assert plain.get(reverse(name)).status_code in (302, 403)


def test_a_bank_is_taken_along(training: Training, admin: Client) -> None:
    values: dict[str, Any] = {"bank": training.bank.pk, "language": "en", "form": "csv"}
    response = admin.get(reverse("lms_exchange:along"), values)
    assert response["Content-Disposition"] == 'attachment; filename="recovery.csv"'
    assert len(read_table(response.content).rows) == Item.objects.count()
    make_item(training.bank, "x-series", "wal", "series")
    page = admin.get(reverse("lms_exchange:along"), {**values, "form": "gift"}).content.decode()
    assert "x-series" in page
    response = admin.get(reverse("lms_exchange:along"), {**values, "form": "gift", "anyway": "yes"})
    assert response["Content-Type"].startswith("text/plain")
    assert admin.get(reverse("lms_exchange:along"), {}).status_code == 302


def test_a_template_is_downloaded(training: Training, admin: Client) -> None:
    for form in ("csv", "xlsx"):
        table = read_table(admin.get(reverse(f"lms_exchange:{form}")).content)
        assert "Question" in table.header
