"""The editor's forms: banks, topics, items, tests; what is typed wrongly is said at its field."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.actions.attempts import start_attempt
from courses.models import Assessment, Item, ItemBank, Topic, Track
from courses.queries.banks import list_candidates
from courses.queries.places import get_place
from lms.accounts.models import User
from tests.factories.courses import Training, make_training

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@halden.example", "x"))
    return client


def item_form(training: Training, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "bank": training.bank.pk,
        "topic": Topic.objects.get(bank=training.bank, slug="wal").pk,
        "code": "new",
        "state": "live",
        "lesson_slug": "wal-and-checkpoints",
        "kind": "single",
        "difficulty": "2",
        "key": "",
        "tolerance": "0",
    }
    for language in ("en", "ru", "pl"):
        for name in ("stem", "options", "rationale", "unit"):
            values[f"{name}_{language}"] = ""
    values |= {"stem_en": "Which one?", "options_en": "This\n* That"}
    return {**values, **changes}


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    found: dict[str, list[str]] = response.context["form"].errors
    return found


def test_an_item_is_written_in_a_form(training: Training, admin: Client) -> None:
    form = item_form(training, stem_ru="Какой?", options_ru="Этот\nТот", rationale_en="Because.")
    response = admin.post(reverse("lms_items:add"), form)
    assert response.status_code == 302
    body = Item.objects.get(code="new").current
    assert body is not None
    assert body.parsed.key == ("b",)
    assert body.parsed.options[0].text == {"en": "This", "ru": "Этот"}
    assert body.created_by is not None


@pytest.mark.parametrize(
    ("kind", "key", "tolerance"), [("numeric", "16", "0.5"), ("text", "slot\nreplication slot", "")]
)
def test_numbers_and_short_texts(
    training: Training, admin: Client, kind: str, key: str, tolerance: str
) -> None:
    form = item_form(training, kind=kind, key=key, tolerance=tolerance, options_en="")
    assert admin.post(reverse("lms_items:add"), form).status_code == 302
    body = Item.objects.get(code="new").current
    assert body is not None
    assert body.parsed.key == tuple(key.splitlines())


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"options_en": "This\nThat"}, "options_en", "The key is empty"),
        ({"options_en": "* This"}, "options_en", "at least 2"),
        ({"options_en": "* This\n* That"}, "options_en", "exactly one right option"),
        ({"kind": "numeric", "key": "ten"}, "key", "must be numbers"),
        ({"kind": "text", "key": ""}, "key", "The key is empty"),
        ({"stem_en": ""}, "stem_en", "required"),
        ({"stem_ru": "Какой?", "options_ru": "Этот"}, "options_en", "1 options, en has 2"),
        ({"stem_en": "Which education?"}, "__all__", "«education» is not used here"),
        ({"stem_ru": "Какое обучение?"}, "__all__", "«обучение»"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(
    training: Training, admin: Client, changes: dict[str, Any], field: str, said: str
) -> None:
    response = admin.post(reverse("lms_items:add"), item_form(training, **changes))
    assert said in " ".join(errors(response)[field])
    assert not Item.objects.filter(code="new").exists()


def test_a_topic_of_another_bank_is_refused(training: Training, admin: Client) -> None:
    other = make_training("other")
    topic = Topic.objects.get(bank=other.bank, slug="wal")
    response = admin.post(reverse("lms_items:add"), item_form(training, topic=topic.pk))
    assert "topic" in errors(response)


def test_a_changed_item_tells_whom_it_reaches(
    training: Training, admin: Client, ana: User, now: Any
) -> None:
    Assessment.objects.update(draw={"wal": 4})
    code = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now).code
    item = Item.objects.get(code="wal-single")
    url = reverse("lms_items:edit", args=[item.pk])
    page = admin.get(url).content.decode()
    assert "* Option b" in page
    form = item_form(training, code="wal-single", stem_en="A better question?")
    response = admin.post(url, form, follow=True)
    told = response.content.decode()
    assert "Version 2 is live" in told
    assert "keep the version they began with" in told
    stems = [get_place(code, ana.pk, slot).stem_html for slot in range(1, 5)]
    assert not any("A better question" in stem for stem in stems)


def test_a_test_is_set_up_in_a_form(training: Training, admin: Client) -> None:
    url = reverse("lms_tests:edit", args=[training.assessment.pk])
    page = admin.get(url).content.decode()
    assert "wal: 2" in page
    form = {
        "course": training.course.pk,
        "bank": training.bank.pk,
        "minutes": 20,
        "cut_percent": 80,
        "accepting": "on",
        "draw_lines": "wal: 1\nrestore: 3",
        "waits": "2, 5",
    }
    assert admin.post(url, form).status_code == 302
    row = Assessment.objects.get()
    assert (row.minutes, row.draw, row.retake_wait_days) == (20, {"wal": 1, "restore": 3}, [2, 5])
    for changes, field, said in (
        ({"draw_lines": "wal: 9"}, "draw_lines", "lacks 5 live items of the topic “wal”"),
        ({"draw_lines": "wal five"}, "draw_lines", "should read like"),
        ({"waits": "one day"}, "waits", "whole numbers"),
        ({"waits": ""}, "waits", "required"),
        ({"cut_percent": 101}, "cut_percent", "100"),
    ):
        assert said in " ".join(errors(admin.post(url, {**form, **changes}))[field])


def test_banks_topics_and_tracks(training: Training, admin: Client) -> None:
    assert admin.post(
        reverse("lms_banks:add"), {"title": "Replication", "slug": "replication"}
    ).status_code == 302  # fmt: skip
    bank = ItemBank.objects.get(slug="replication")
    names = {"name_en": "Slots", "name_ru": "Слоты", "name_pl": ""}
    form = {"bank": bank.pk, "slug": "slots", "position": 0, **names}
    assert admin.post(reverse("lms_topics:add"), form).status_code == 302
    assert Topic.objects.get(slug="slots").names == {"en": "Slots", "ru": "Слоты"}
    form = {"slug": "sales", "position": 1, **names, "name_en": "Sales education"}
    assert "«education»" in str(errors(admin.post(reverse("lms_tracks:add"), form)))
    assert not Track.objects.filter(slug="sales").exists()
    for name in ("lms_banks", "lms_topics", "lms_tracks", "lms_products", "lms_tests"):
        assert admin.get(reverse(f"{name}:index")).status_code == 200
    assert admin.get(reverse("lms_items:list")).status_code == 200
    assert "8" in admin.get(reverse("lms_banks:index")).content.decode()


def test_only_editors_come_in(training: Training, as_ana: Client, as_dee: Client) -> None:
    for client in (as_ana, as_dee):  # Dee as a plain account: rights come with her group
        response = client.post(reverse("lms_items:add"), item_form(training))
        assert response.status_code in (302, 403)
    assert not Item.objects.filter(code="new").exists()


def test_an_item_says_who_keeps_it_true_and_is_found_by_what_it_asks(
    training: Training, admin: Client
) -> None:
    owner = User.objects.get(email="admin@halden.example")
    kept = {"objective": "Name it", "product_version": "5.2", "owner": owner.pk,
            "review_on": "2027-03-01", "state": "draft"}  # fmt: skip
    form = item_form(training, stem_en="Which segment?", stem_ru="Какой сегмент?", **kept)
    assert admin.post(reverse("lms_items:add"), {**form, "options_ru": "А\nБ"}).status_code == 302
    item = Item.objects.get(code="new")
    assert (item.state, item.owner, item.product_version) == ("draft", owner, "5.2")
    for query in ("q=сегмент", "review_on__lte=2027-03-02", "state=draft"):
        page = admin.get(f"{reverse('lms_items:list')}?{query}").content.decode()
        assert "Which segment?" in page, query
        assert "wal-single" not in page, query


@pytest.mark.parametrize("state", ["draft", "review", "retired"])
def test_only_live_items_are_drawn(training: Training, state: str) -> None:
    before = len(list_candidates(training.bank.pk))
    Item.objects.filter(code="wal-single").update(state=state)
    assert len(list_candidates(training.bank.pk)) == before - 1
