"""Every kind of item: written in the admin, previewed, answered without JavaScript."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model

from courses.actions.attempts import start_attempt, submit_attempt
from courses.actions.pictures import keep_picture
from courses.domain.items import KINDS
from courses.models import Assessment, Attempt, Item, ItemPicture, Response
from lms.accounts.models import User
from lms.pictures import NotAPicture
from tests.courses.test_admin import admin, errors, item_form
from tests.factories.courses import SECRET, Training, body, make_item

pytestmark = pytest.mark.django_db
__all__ = ["admin"]


def picture(form: str = "PNG", size: tuple[int, int] = (400, 200), mode: str = "RGB") -> bytes:
    output = BytesIO()
    Image.new(mode, size, "#336699" if mode != "1" else 0).save(output, form)
    return output.getvalue()


@pytest.fixture
def image(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    return get_image_model().objects.create(
        title="map", file=ContentFile(picture(), name="map.png")
    )


def sit(kind: str, user: User, training: Training, now: Any) -> Attempt:
    """An attempt that shows one item of the kind."""
    Item.objects.all().update(state="retired")
    changes: dict[str, Any] = {"picture": keep_picture(picture())} if kind == "hotspot" else {}
    make_item(training.bank, f"one-{kind}", "wal", kind, **changes)
    Assessment.objects.update(blueprint={"draw": {"wal": 1}})
    started = start_attempt(course="recovery", user_id=user.pk, language="en", now=now)
    return Attempt.objects.get(code=started.code)


def posted(kind: str, *, right: bool) -> dict[str, Any]:
    answer = KINDS[kind].answer(body(kind), right=right)
    if isinstance(answer, dict):
        return {f"answer.{row}": choice for row, choice in answer.items()}
    return {"answer": answer}


class TestAnswering:
    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_a_plain_form_is_enough(
        self, kind: str, training: Training, ana: User, as_ana: Client, now: Any
    ) -> None:
        attempt = sit(kind, ana, training, now)
        url = reverse("lms_place", args=[attempt.code, 1])
        page = as_ana.get(url).content.decode()
        names = posted(kind, right=True)
        assert all(f'name="{name}"' in page for name in names)
        assert SECRET not in page
        sent = {**names, "base_revision": "0", "save_id": "one"}
        assert as_ana.post(url, sent)["Location"] == reverse("lms_review", args=[attempt.code])
        assert Response.objects.get().value == KINDS[kind].answer(body(kind), right=True)
        again = as_ana.get(url).content.decode()
        assert page != again, "what was answered is shown"
        assert submit_attempt(code=attempt.code, user_id=ana.pk, now=now)

    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_a_wrong_answer_fails(
        self, kind: str, training: Training, ana: User, as_ana: Client, now: Any
    ) -> None:
        attempt = sit(kind, ana, training, now)
        url = reverse("lms_place", args=[attempt.code, 1])
        as_ana.post(url, {**posted(kind, right=False), "base_revision": "0", "save_id": "one"})
        assert not submit_attempt(code=attempt.code, user_id=ana.pk, now=now)

    def test_gaps_stand_in_the_sentence(
        self, training: Training, ana: User, as_ana: Client, now: Any
    ) -> None:
        attempt = sit("dropdown", ana, training, now)
        page = as_ana.get(reverse("lms_place", args=[attempt.code, 1])).content.decode()
        assert "A segment has <select" in page
        assert "[[size]]" not in page

    def test_a_picture_is_for_signed_in_people(self, as_ana: Client, client: Client) -> None:
        url = reverse("lms_picture", args=[keep_picture(picture())])
        assert client.get(url).status_code == 302
        response = as_ana.get(url)
        assert response["Content-Type"] == "image/png"
        assert "immutable" in response["Cache-Control"]
        assert as_ana.get(reverse("lms_picture", args=["0" * 64])).status_code == 404

    def test_partial_points_are_shown_in_the_reader_s_way(
        self, training: Training, ana: User, as_ana: Client, now: Any
    ) -> None:
        attempt = sit("series", ana, training, now)
        item = Item.objects.get(code="one-series")
        make_item(training.bank, item.code, "wal", "series", scoring="every_decision")
        version = Item.objects.get(pk=item.pk).current
        attempt.items.update(version=version)
        url = reverse("lms_place", args=[attempt.code, 1])
        as_ana.post(url, {"answer.a": "true", "base_revision": "0", "save_id": "one"})
        submit_attempt(code=attempt.code, user_id=ana.pk, now=now)
        page = as_ana.get(reverse("lms_result", args=[attempt.code])).content.decode()
        assert "0.33 of 1 points, 33 %" in page


TYPED = {
    "single": "* This\nThat", "multiple": "* This\n* That\nOther", "series": "+ This\n- That",
    "matching": "This = That\nOther = More", "ordering": "This\nThat",
    "dropdown": "gap: *This | That", "hotspot": "* 10 20 30 15: This\n50 50 10 10: That",
}  # fmt: skip


class TestWriting:
    @pytest.mark.parametrize("kind", sorted(TYPED))
    def test_each_kind_is_written_and_opened_again(
        self, kind: str, training: Training, admin: Client, image: Any
    ) -> None:
        stem = "Choose [[gap]]." if kind == "dropdown" else "Which one?"
        form = item_form(training, kind=kind, stem_en=stem, options_en=TYPED[kind],
                         image=image.pk if kind == "hotspot" else "", seen_en="A map")  # fmt: skip
        response = admin.post(reverse("lms_items:add"), form)
        assert response.status_code == 302, errors(response)
        item = Item.objects.get(code="new")
        page = admin.get(reverse("lms_items:edit", args=[item.pk])).content.decode()
        assert TYPED[kind].splitlines()[-1] in page
        again = {**form, "image": "", "options_en": TYPED[kind]}
        admin.post(reverse("lms_items:edit", args=[item.pk]), again)
        item.refresh_from_db()
        assert item.versions.count() == 1, "unchanged answers make no version"

    def test_a_rule_and_weights_are_chosen(self, training: Training, admin: Client) -> None:
        form = item_form(training, scoring="weights", kind="multiple",
                         options_en="* 50% This\n* 50% That\n-50% Other")  # fmt: skip
        assert admin.post(reverse("lms_items:add"), form).status_code == 302
        current = Item.objects.get(code="new").current
        assert current is not None
        assert current.parsed.scoring == "weights"
        refused = errors(admin.post(reverse("lms_items:add"), item_form(
            training, code="other", scoring="per_pair")))  # fmt: skip
        assert "This kind is scored by" in str(refused)

    def test_a_picture_is_taken_away_again(
        self, training: Training, admin: Client, image: Any
    ) -> None:
        form = item_form(training, image=image.pk, seen_en="A map")
        assert admin.post(reverse("lms_items:add"), form).status_code == 302
        item = Item.objects.get(code="new")
        assert item.current is not None
        assert item.current.parsed.picture == ItemPicture.objects.get().name
        url = reverse("lms_items:edit", args=[item.pk])
        admin.post(url, {**form, "image": "", "without_picture": "on"})
        item.refresh_from_db()
        assert item.current.parsed.picture == ""
        assert ItemPicture.objects.exists(), "earlier versions still show it"

    @pytest.mark.parametrize("kind", sorted(TYPED))
    def test_it_is_seen_as_candidates_see_it(
        self, kind: str, training: Training, admin: Client, image: Any
    ) -> None:
        stem = "Choose [[gap]]." if kind == "dropdown" else "Which one?"
        form = item_form(training, kind=kind, stem_en=stem, options_en=TYPED[kind],
                         image=image.pk if kind == "hotspot" else "")  # fmt: skip
        address = reverse("lms_items:preview_on_add")
        assert admin.post(address, form).json()["is_valid"]
        page = admin.get(address, {"mode": "en"})
        assert page.status_code == 200
        assert "This" in page.content.decode()
        assert page["X-Frame-Options"] == "SAMEORIGIN"
        assert not Item.objects.filter(code="new").exists()


class TestPictures:
    def test_the_same_picture_is_kept_once(self) -> None:
        assert keep_picture(picture()) == keep_picture(picture())
        assert ItemPicture.objects.count() == 1

    @pytest.mark.parametrize(
        ("form", "mode", "media"),
        [("JPEG", "RGB", "image/jpeg"), ("JPEG", "CMYK", "image/jpeg"),
         ("PNG", "RGBA", "image/png"),
         ("WEBP", "RGB", "image/png"), ("GIF", "P", "image/png")],
    )  # fmt: skip
    def test_it_is_drawn_anew_and_made_smaller(self, form: str, mode: str, media: str) -> None:
        size = (3200, 100)
        output = BytesIO()
        Image.new(mode, size).save(output, form)
        kept = ItemPicture.objects.get(pk=keep_picture(output.getvalue()))
        assert (kept.media, kept.width, kept.height) == (media, 1600, 50)

    @pytest.mark.parametrize("bad", [b"", b"<svg/>", picture()[:50]])
    def test_what_is_no_picture_is_refused(self, bad: bytes) -> None:
        with pytest.raises(NotAPicture, match="no PNG, JPEG, WebP or GIF"):
            keep_picture(bad)

    def test_a_huge_one_is_refused(self) -> None:
        with pytest.raises(NotAPicture, match="40 million"):
            keep_picture(picture(size=(7000, 7000), mode="1"))
