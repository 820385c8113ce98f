"""A case in the bank and in attempts: pinned with its questions, shown with each, no key in it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.attempts import start_attempt, submit_attempt
from courses.actions.groups import GroupDraft, write_group
from courses.actions.pictures import keep_picture
from courses.domain.cases import CaseBody, NotACase
from courses.models import Assessment, Attempt, Item, ItemGroup, ItemGroupVersion, Topic
from courses.queries.banks import list_candidates, list_stock
from courses.queries.draws import replay_draw
from courses.queries.timelines import get_timeline
from lms.accounts.models import User
from tests.courses.test_kinds_on_page import picture
from tests.factories.courses import LONG_AGO, SECRET, SHARED, Training, make_case, make_item, texts

pytestmark = pytest.mark.django_db
PLAN: dict[str, Any] = {"draw": {"restore": 1}, "cases": {"wal": {"count": 1, "questions": 3}}}


def start(user: User, now: datetime, *, language: str = "en", **changes: Any) -> Attempt:
    """An attempt of one question and a case of three."""
    Assessment.objects.update(blueprint={**PLAN, **changes}, retakes={"wait_days": []})
    started = start_attempt(course="recovery", user_id=user.pk, language=language, now=now)
    return Attempt.objects.get(code=started.code)


def rewrite(group: ItemGroup, *members: str, text: str = SHARED, topic: str = "wal") -> bool:
    draft = GroupDraft(
        code=group.code, topic=topic, body=CaseBody(stem={"en": text}), members=members
    )
    return write_group(bank=group.bank, draft=draft, actor=None, now=LONG_AGO).changed


def members(group: ItemGroup) -> list[str]:
    """The questions of the current version with their own versions."""
    version = ItemGroup.objects.get(pk=group.pk).current
    assert version is not None
    return [str(one.item_version) for one in version.members.order_by("position")]


class TestBank:
    def test_text_order_and_questions_are_pinned_together(self, training: Training) -> None:
        group = make_case(training.bank)
        assert members(group) == ["case-1 v1", "case-2 v1", "case-3 v1"]
        first = group.current
        make_item(training.bank, "case-2", stem={"en": "Put better"})
        assert members(group) == ["case-1 v1", "case-2 v2", "case-3 v1"]
        assert rewrite(group, "case-3", "case-1", "case-2")
        assert members(group) == ["case-3 v1", "case-1 v1", "case-2 v2"]
        assert rewrite(group, "case-3", "case-1", "case-2", text="Another text.")
        assert [one.number for one in group.versions.all()] == [1, 2, 3, 4]
        assert first is not None
        assert [str(one.item_version) for one in first.members.all()][1] == "case-2 v1"

    def test_the_same_again_makes_no_version(self, training: Training) -> None:
        group = make_case(training.bank)
        make_case(training.bank)
        make_item(training.bank, "case-1", stem=texts("Number 1 of case?"))
        assert ItemGroupVersion.objects.filter(group=group).count() == 1

    def test_a_version_never_changes(self, training: Training) -> None:
        version = make_case(training.bank).current
        assert version is not None
        with pytest.raises(TypeError, match="never changes"):
            version.save()

    def test_questions_have_its_topic_and_stand_alone_once_left_out(
        self, training: Training
    ) -> None:
        group = make_case(training.bank)
        assert rewrite(group, "case-1", "case-2", topic="restore")
        assert Item.objects.get(code="case-1").topic.slug == "restore"
        assert Item.objects.get(code="case-3").group is None
        make_item(training.bank, "case-1", "wal", stem={"en": "Put better"})
        assert Item.objects.get(code="case-1").topic.slug == "restore"

    @pytest.mark.parametrize(
        ("codes", "problem"),
        [
            ((), "name at least one"),
            (("case-1", "case-1"), "case-1 stands twice"),
            (("case-1", "nothing"), "no item nothing: write it first"),
            (("case-1", "other-1"), "other-1 belongs to the case other: take it out"),
            (tuple(f"q{n}" for n in range(21)), "at most 20 questions"),
        ],
    )
    def test_what_is_no_case_is_refused(
        self, training: Training, codes: tuple[str, ...], problem: str
    ) -> None:
        group = make_case(training.bank)
        make_case(training.bank, "other")
        with pytest.raises(NotACase, match=problem):
            rewrite(group, *codes)
        assert members(group) == ["case-1 v1", "case-2 v1", "case-3 v1"]


class TestEligible:
    def test_questions_of_a_case_are_never_offered_alone(self, training: Training) -> None:
        make_case(training.bank)
        found = [one for one in list_candidates(training.bank.pk) if one.member]
        assert [one.member.place for one in found if one.member] == [0, 1, 2]
        assert len({one.member.version_id for one in found if one.member}) == 1
        assert [one.questions for one in list_stock(training.bank.pk)].count(3) == 1

    @pytest.mark.parametrize("state", ["draft", "review", "retired", "pilot"])
    def test_all_or_none_of_it_is_offered(self, training: Training, state: str) -> None:
        alone = len(list_candidates(training.bank.pk))
        make_case(training.bank)
        Item.objects.filter(code="case-2").update(state=state)
        assert len(list_candidates(training.bank.pk)) == alone
        Item.objects.filter(code="case-2").update(state="live")
        assert len(list_candidates(training.bank.pk)) == alone + 3
        ItemGroup.objects.update(state="retired")
        assert len(list_candidates(training.bank.pk)) == alone

    def test_a_bank_is_asked_as_often_for_many_cases_as_for_one(self, training: Training) -> None:
        counts = []
        for number in range(3):
            make_case(training.bank, f"case{number}")
            with CaptureQueriesContext(connection) as asked:
                list_candidates(training.bank.pk)
            counts.append(len(asked))
        assert counts == [2, 2, 2]


class TestDraw:
    @pytest.mark.parametrize("order", ["fixed", "random"])
    def test_an_attempt_pins_the_case_and_is_drawn_again(
        self, training: Training, ana: User, now: datetime, order: str
    ) -> None:
        group = make_case(training.bank)
        attempt = start(ana, now, order=order)
        places = list(attempt.items.select_related("version__item"))
        inside = [place for place in places if place.group_version]
        assert [place.version.item.code for place in inside] == ["case-1", "case-2", "case-3"]
        assert {place.group_version for place in inside} == {group.current}
        assert [place.slot for place in inside] == list(range(inside[0].slot, inside[0].slot + 3))
        make_item(training.bank, "case-1", stem={"en": "Put better"})
        rewrite(group, "case-3", "case-2")
        ItemGroup.objects.update(topic=Topic.objects.get(slug="restore", bank=training.bank))
        assert replay_draw(attempt.code).same

    def test_a_second_try_gets_another_case_whole(
        self, training: Training, ana: User, now: datetime
    ) -> None:
        for code in ("case", "other"):
            make_case(training.bank, code)
        seen = []
        for number in range(2):
            at = now + timedelta(hours=number)
            attempt = start(ana, at)
            found = ItemGroup.objects.filter(versions__in=attempt.items.values("group_version"))
            seen.append(list(found.values_list("code", flat=True)))
            submit_attempt(code=attempt.code, user_id=ana.pk, now=at)
        assert sorted(seen) == [["case"], ["other"]]


class TestPage:
    def test_each_question_shows_what_it_shares(
        self, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        make_case(training.bank)
        attempt = start(ana, now, order="fixed", language="ru")
        pages = [
            as_ana.get(reverse("lms_place", args=[attempt.code, slot])).content.decode()
            for slot in range(1, 5)
        ]
        for number, page in enumerate(pages[:3], start=1):
            assert f"{SHARED} (RU)" in page
            assert '<details class="lms-fold courses-case" open>' in page
            assert f"Case: question {number} of 3" in page
        assert SHARED not in pages[3]
        assert all(SECRET not in page for page in pages)

    def test_a_plain_question_costs_no_statement_more(
        self, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        make_case(training.bank)
        attempt = start(ana, now, order="fixed")
        counts = []
        for slot in (1, 2, 4):
            as_ana.get(reverse("lms_place", args=[attempt.code, slot]))
            with CaptureQueriesContext(connection) as asked:
                as_ana.get(reverse("lms_place", args=[attempt.code, slot]))
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2] + 1

    def test_the_page_before_the_end_tells_cases_once(
        self, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        make_case(training.bank)
        attempt = start(ana, now, order="fixed")
        page = as_ana.get(reverse("lms_review", args=[attempt.code])).content.decode()
        assert page.count(SHARED) == 1
        assert "Case: questions 1 to 3" in page
        assert SECRET not in page

    def test_a_picture_of_a_case_is_shown(
        self, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        group = make_case(training.bank)
        name = keep_picture(picture())
        body = CaseBody(stem={"en": SHARED}, picture=name, picture_text={"en": "Three servers"})
        codes = ("case-1", "case-2", "case-3")
        draft = GroupDraft(code=group.code, topic="wal", body=body, members=codes)
        write_group(bank=training.bank, draft=draft, actor=None, now=now)
        attempt = start(ana, now, order="fixed")
        page = as_ana.get(reverse("lms_place", args=[attempt.code, 2])).content.decode()
        assert f'src="{reverse("lms_picture", args=[name])}" alt="Three servers"' in page

    def test_somebody_else_sees_nothing(
        self, training: Training, ana: User, as_bo: Client, now: datetime
    ) -> None:
        make_case(training.bank)
        attempt = start(ana, now, order="fixed")
        for url in (
            reverse("lms_place", args=[attempt.code, 1]),
            reverse("lms_review", args=[attempt.code]),
        ):
            response = as_bo.get(url)
            assert response.status_code == 404
            assert SHARED not in response.content.decode()

    def test_the_result_shows_it_where_all_is_told(
        self, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        make_case(training.bank)
        Assessment.objects.update(feedback={"what": "full", "when": "at_once"})
        attempt = start(ana, now, order="fixed")
        submit_attempt(code=attempt.code, user_id=ana.pk, now=now)
        with CaptureQueriesContext(connection) as asked:
            page = as_ana.get(reverse("lms_result", args=[attempt.code])).content.decode()
        assert page.count(SHARED) == 3
        assert page.count('courses-case" open') == 1, "folded after the first"
        assert sum("itemgroupversion" in one["sql"] for one in asked) == 1

    def test_staff_read_which_case_it_was(
        self, training: Training, ana: User, as_ana: Client, now: datetime
    ) -> None:
        make_case(training.bank)
        attempt = start(ana, now, order="fixed")
        as_ana.get(reverse("lms_place", args=[attempt.code, 2]))
        places = [entry.place for entry in get_timeline(attempt.pk).entries]
        assert "2: case-2, version 1 (case case, version 1)" in places
