"""Cases in the admin: written, previewed, listed; a test that draws them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Assessment, Item, ItemBank, ItemGroup, Topic
from tests.courses.test_admin import admin, errors, item_form
from tests.courses.test_kinds_on_page import image
from tests.factories.courses import SECRET, SHARED, Training, make_case, make_item

pytestmark = pytest.mark.django_db
__all__ = ["admin", "image"]


def case_form(training: Training, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "bank": training.bank.pk,
        "topic": Topic.objects.get(bank=training.bank, slug="wal").pk,
        "code": "case",
        "state": "live",
        "member_lines": "wal-single\n\n wal-text \n",
    }
    for language in ("en", "ru", "pl"):
        values |= {f"stem_{language}": "", f"seen_{language}": ""}
    return {**values, "stem_en": SHARED, **changes}


def test_a_case_is_written_and_written_anew(training: Training, admin: Client) -> None:
    add = admin.post(reverse("lms_cases:add"), case_form(training, stem_ru="Журнал."), follow=True)
    group = ItemGroup.objects.get()
    assert group.current is not None
    assert group.current.parsed.stem == {"en": SHARED, "ru": "Журнал."}
    assert group.current.created_by is not None
    assert list(group.items.values_list("code", flat=True)) == ["wal-single", "wal-text"]
    assert "Version 1 of the case stands" in add.content.decode()
    url = reverse("lms_cases:edit", args=[group.pk])
    page = admin.get(url).content.decode()
    assert "wal-single\nwal-text" in page
    assert SHARED in page
    Item.objects.filter(code="wal-text").update(state="draft")
    form = case_form(
        training, member_lines="wal-text\nwal-single", code="else", review_on="2027-01-31"
    )
    said = admin.post(url, form, follow=True).content.decode()
    assert "Version 2 of the case stands" in said
    assert "while these questions are not live: wal-text." in said
    group.refresh_from_db()
    assert (group.code, str(group.review_on)) == ("case", "2027-01-31")


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"member_lines": "wal-single\nnobody"}, "member_lines", "no item nobody: write it first"),
        ({"member_lines": "other-1"}, "member_lines", "belongs to the case other"),
        ({"member_lines": "wal-text\nrestore-text"}, "member_lines", "topic of restore-text is"),
        ({"stem_en": ""}, "stem_en", "required"),
        ({"stem_en": "About education"}, "__all__", "education"),
        ({"code": "other"}, "__all__", "already exists"),
        ({"state": "pilot"}, "state", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    training: Training, admin: Client, changes: dict[str, str], field: str, problem: str
) -> None:
    make_case(training.bank, "other")
    found = errors(admin.post(reverse("lms_cases:add"), case_form(training, **changes)))
    assert problem in str(found[field])
    assert not ItemGroup.objects.filter(code="case").exists()


def test_a_topic_is_one_of_the_same_bank(training: Training, admin: Client) -> None:
    other = ItemBank.objects.create(slug="second", title="Second")
    form = case_form(training, bank=other.pk)
    assert "same bank" in str(errors(admin.post(reverse("lms_cases:add"), form))["topic"])


def test_a_case_changes_its_topic_with_its_questions(training: Training, admin: Client) -> None:
    group = make_case(training.bank)
    restore = Topic.objects.get(bank=training.bank, slug="restore")
    form = item_form(training, code="case-1", topic=restore.pk)
    edit_item = reverse("lms_items:edit", args=[Item.objects.get(code="case-1").pk])
    assert "topic of its case case" in str(errors(admin.post(edit_item, form))["topic"])
    lines = "case-1\ncase-2\ncase-3"
    form = case_form(training, topic=restore.pk, member_lines=lines)
    response = admin.post(reverse("lms_cases:edit", args=[group.pk]), form)
    assert response.status_code == 302
    assert Item.objects.get(code="case-3").topic == restore


def test_a_picture_stands_under_the_text_until_it_is_taken_away(
    training: Training, admin: Client, image: Any
) -> None:
    form = case_form(training, image=image.pk, seen_en="Three servers")
    assert admin.post(reverse("lms_cases:add"), form).status_code == 302
    group = ItemGroup.objects.get()
    assert group.current is not None
    assert group.current.parsed.picture_text == {"en": "Three servers"}
    url = reverse("lms_cases:edit", args=[group.pk])
    admin.post(url, case_form(training, seen_en="Servers"))
    kept = ItemGroup.objects.get().current
    assert kept is not None
    assert kept.parsed.picture == group.current.parsed.picture != ""
    admin.post(url, case_form(training, without_picture="on"))
    bare = ItemGroup.objects.get().current
    assert bare is not None
    assert (bare.parsed.picture, bare.parsed.picture_text) == ("", {})


def test_it_is_previewed_with_each_of_its_questions(training: Training, admin: Client) -> None:
    url = reverse("lms_cases:preview_on_add")
    form = case_form(training, stem_ru="Общий журнал.")
    assert admin.post(url, form).json()["is_valid"]
    page = admin.get(f"{url}?mode=ru").content.decode()
    assert page.count("Общий журнал.") == 2
    assert "What is right, by single? (RU)" in page
    assert SECRET not in page


def test_a_question_is_previewed_with_its_case(training: Training, admin: Client) -> None:
    make_case(training.bank)
    item = Item.objects.get(code="case-2")
    url = reverse("lms_items:preview_on_edit", args=[item.pk])
    admin.post(url, item_form(training, code="case-2"))
    page = admin.get(f"{url}?mode=en").content.decode()
    assert SHARED in page
    assert "Case: question 2 of 3" in page


def test_lists_name_the_case_and_filter_by_it(training: Training, admin: Client) -> None:
    group = make_case(training.bank)
    page = admin.get(f"{reverse('lms_items:list')}?group={group.pk}").content.decode()
    assert "case-2" in page
    assert "wal-single" not in page
    found = admin.get(f"{reverse('lms_cases:list')}?q=standby&state=live").content.decode()
    assert SHARED in found
    assert SHARED not in admin.get(f"{reverse('lms_cases:list')}?q=nothing").content.decode()


@pytest.mark.parametrize("name", ["lms_cases:list", "lms_items:list"])
def test_a_list_asks_as_often_for_three_as_for_one(
    training: Training, admin: Client, name: str
) -> None:
    make_case(training.bank, "case0")
    admin.get(reverse(name))
    counts = []
    for number in range(1, 4):
        with CaptureQueriesContext(connection) as asked:
            admin.get(reverse(name))
        counts.append(len(asked))
        make_case(training.bank, f"case{number}")
    assert len(set(counts)) == 1


def test_only_editors_come_in(training: Training, as_ana: Client, as_bo: Client) -> None:
    for client in (as_ana, as_bo):
        response = client.post(reverse("lms_cases:add"), case_form(training))
        assert response.status_code in (302, 403)
        assert SHARED not in client.get(reverse("lms_cases:list")).content.decode()
    assert not ItemGroup.objects.exists()


class TestOfATest:
    def post(self, training: Training, admin: Client, **changes: str) -> Any:
        form = {
            "course": training.course.pk,
            "bank": training.bank.pk,
            "minutes": "30",
            "cut_percent": "70",
            "draw_lines": "restore: 2",
            "case_lines": "wal: 1 of 3",
            "waits": "1",
            "minimum_lines": "wal: 50",
            **changes,
        }
        return admin.post(
            reverse("lms_tests:edit", args=[training.assessment.pk]), form, follow=True
        )

    def test_cases_are_typed_by_topic(self, training: Training, admin: Client) -> None:
        for code in ("one", "two"):
            make_case(training.bank, code)
        said = self.post(training, admin).content.decode()
        assert "The bank makes 12 different tests." in said  # 2 of 4 items, 1 of 2 cases
        assert "Two people share 2.5 of 5 questions" in said
        policy = Assessment.objects.get().policy
        assert policy.blueprint.cases["wal"].questions == 3
        assert policy.length == 5
        page = admin.get(reverse("lms_tests:edit", args=[training.assessment.pk]))
        assert page.context["form"]["case_lines"].value() == "wal: 1 of 3"

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ("wal: 2 of 3", "lacks 1 live cases of the topic “wal” with exactly 3 questions"),
            ("wal: 1 of 2", "lacks 1 live cases of the topic “wal” with exactly 2 questions"),
            ("wal: 1", "“wal: 1” should read like “wal: 1 of 3”"),
            ("wal 1 of 3", "should read like “wal: 1 of 3”"),
            ("wal: 0 of 3", "at most 50 cases of at most 20 questions"),
            ("wal: 1 of 21", "at most 50 cases of at most 20 questions"),
            ("wal: 1 of 3\nwal: 1 of 3", "stands twice"),
        ],
    )
    def test_what_cannot_be_drawn_is_said(
        self, training: Training, admin: Client, typed: str, problem: str
    ) -> None:
        make_case(training.bank)
        found = errors(self.post(training, admin, case_lines=typed))
        assert problem in str(found["case_lines"])

    def test_a_test_may_be_of_cases_alone(self, training: Training, admin: Client) -> None:
        make_case(training.bank)
        self.post(training, admin, draw_lines="")
        assert Assessment.objects.get().policy.blueprint.counted == 3

    def test_a_case_with_a_sleeping_question_is_missing(
        self, training: Training, admin: Client
    ) -> None:
        make_case(training.bank)
        make_item(training.bank, "case-1", stem={"en": "Put better"})
        Item.objects.filter(code="case-1").update(state="review")
        assert "all of them live" in str(errors(self.post(training, admin))["case_lines"])
