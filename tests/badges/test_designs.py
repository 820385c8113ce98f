"""Designs of certificates: readable, printable, frozen when something is issued."""

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from wagtail.images import get_image_model

from badges.actions.credentials import correct, issue
from badges.actions.designs import freeze_design
from badges.actions.names import confirm_name
from badges.domain.artwork import NotArtwork, draw_artwork, name_artwork
from badges.domain.certificate import Certificate, compose_data, render_certificate
from badges.domain.design import BAND, NONE, OWN, Design, Signatory, contrast, shade
from badges.models import Achievement, Artwork, CertificateDesign, Edition
from badges.queries.designs import compose_design, get_longest_name
from badges.queries.exhibits import get_exhibit
from badges.queries.rendering import get_pdf
from badges.queries.verification import verify_code
from lms import pictures
from lms.accounts.models import User
from tests.badges.test_certificate import text_of
from tests.factories.badges import (
    NOW,
    make_achievement,
    make_award,
    make_credential,
    make_issuer,
    make_recipient,
)

DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/>{}</svg>'


def picture(form: str = "PNG", size: tuple[int, int] = (60, 20), mode: str = "RGBA") -> bytes:
    output = BytesIO()
    colour = "#0B6B4F80" if mode == "RGBA" else "#0B6B4F"
    Image.new(mode, size, colour).save(output, form)
    return output.getvalue()


@pytest.fixture
def image(db: None, settings: Any, tmp_path: Path) -> Callable[..., Any]:
    """Puts a picture among the site's images."""
    settings.MEDIA_ROOT = str(tmp_path)

    def add(title: str, body: bytes | None = None) -> Any:
        file = ContentFile(body or picture(), name=f"{title}.png")
        return get_image_model().objects.create(title=title, file=file)

    return add


def make_design(**values: Any) -> CertificateDesign:
    row = CertificateDesign.objects.create(**{"name": "House", "accent": "#0b6b4f", **values})
    freeze_design(row)
    made: CertificateDesign = CertificateDesign.objects.get(pk=row.pk)
    return made


def use(design: CertificateDesign) -> None:
    for achievement in Achievement.objects.all():
        achievement.design = design
        achievement.save()


class TestColours:
    def test_black_on_white_is_the_most(self) -> None:
        assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
        assert contrast("#777777", "#777777") == 1

    def test_a_known_pair(self) -> None:
        # The grey that WCAG's own explanation names as the lightest that is readable on white.
        assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.005)

    def test_shades_go_both_ways(self) -> None:
        assert (shade("#804020", 1), shade("#804020", -1)) == ("#FFFFFF", "#000000")
        assert shade("#804020", 0) == "#804020"


class TestArtwork:
    @pytest.mark.parametrize(
        ("form", "mode", "kept"),
        [("PNG", "RGBA", "png"), ("JPEG", "RGB", "jpeg"), ("JPEG", "CMYK", "jpeg"),
         ("WEBP", "RGB", "jpeg"), ("WEBP", "RGBA", "png"), ("PNG", "L", "png")],
    )  # fmt: skip
    def test_rasters_are_drawn_anew(self, form: str, mode: str, kept: str) -> None:
        svg = draw_artwork(picture(form, mode=mode), 30)
        assert 'width="30" height="10"' in svg
        assert f"data:image/{kept};base64," in svg

    def test_nothing_but_the_picture_stays(self) -> None:
        output, exif = BytesIO(), Image.Exif()
        exif[0x013B] = "Ana Kowalska"
        Image.new("RGB", (9, 9)).save(output, "JPEG", exif=exif, comment=b"Ana Kowalska")
        assert b"Ana" in output.getvalue()
        svg = draw_artwork(output.getvalue(), 9)
        assert b"Ana" not in b64decode(svg.partition("base64,")[2].partition('"')[0])

    def test_plain_drawings_stay_as_they_are(self) -> None:
        assert draw_artwork(DOT.format("").encode(), 30) == DOT.format("")

    @pytest.mark.parametrize(
        ("inside", "said"),
        [
            ("<script>1</script>", "script"),
            ('<image href="https://elsewhere.example/a.png"/>', "elsewhere.example"),
            ('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="/etc/passwd"/>', "/etc/passwd"),
            ("<foreignObject/>", "foreignObject"),
            ("<g>", "not well-formed"),
        ],
    )
    def test_what_runs_or_points_elsewhere_is_refused(self, inside: str, said: str) -> None:
        with pytest.raises(NotArtwork, match=said):
            draw_artwork(DOT.format(inside).encode(), 30)

    @pytest.mark.parametrize(
        "body",
        [b"", b"GIF89a", b"%PDF-1.7", picture()[:40], "<svg".encode("utf-16")],
    )
    def test_what_is_no_picture_is_refused(self, body: bytes) -> None:
        with pytest.raises(NotArtwork, match="no PNG, JPEG, WebP or SVG"):
            draw_artwork(body, 30)

    def test_bombs_are_refused(self) -> None:
        bomb = '<!DOCTYPE svg [<!ENTITY a "b">]>' + DOT.format("&a;")
        with pytest.raises(NotArtwork, match="entities"):
            draw_artwork(bomb.encode(), 30)
        with pytest.raises(NotArtwork, match="40 million"):
            draw_artwork(picture(size=(8000, 8000), mode="1"), 30)
        with pytest.raises(NotArtwork, match="300 kB"):
            draw_artwork(DOT.format(" " * 300_001).encode(), 30)


class TestOnPaper:
    def certificate(self, state: str = "valid", **design: Any) -> Certificate:
        dot = DOT.format("")
        return Certificate(
            award=make_award(design=Design(**design)),
            name="Ana Kowalska",
            state=state,
            show_date=True,
            artwork={name_artwork(dot): dot},
        )

    def test_everything_of_a_design_is_printed(self) -> None:
        dot = name_artwork(DOT.format(""))
        signatory = Signatory(name="Marta Halden", role="Head of Certification", signature=dot)
        certificate = self.certificate(
            accent="#0B6B4F", frame=BAND, seal=OWN, own_seal=dot, logo=dot, background=dot,
            confirms="confirms a pass under supervision", note="Concerns release 5.",
            signatories=(signatory,) * 3,
        )  # fmt: skip
        pdf = render_certificate(certificate)
        text = text_of(pdf)
        for said in ("confirms a pass under supervision", "Concerns release 5.", "Marta Halden"):
            assert said in text
        assert text.count("Head of Certification") == 3
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf

    def test_what_does_not_hold_wears_our_seal(self) -> None:
        dot = name_artwork(DOT.format(""))
        own = {"seal": OWN, "own_seal": dot}
        assert compose_data(self.certificate(**own))["seal"] == DOT.format("")
        assert "linearGradient" in compose_data(self.certificate("revoked", **own))["seal"]
        assert compose_data(self.certificate(seal=NONE))["seal"] == ""
        assert "linearGradient" in compose_data(self.certificate("expired", seal=NONE))["seal"]

    def test_the_seal_takes_the_colour_while_it_holds(self) -> None:
        assert shade("#0B6B4F", 0.2) in compose_data(self.certificate(accent="#0B6B4F"))["seal"]
        gone = compose_data(self.certificate("revoked", accent="#0B6B4F"))
        assert shade("#0B6B4F", 0.2) not in gone["seal"]


@pytest.mark.django_db
class TestFreezing:
    def test_what_is_issued_keeps_its_design(self, image: Callable[..., Any]) -> None:
        issued = make_credential()
        design = make_design(logo=image("logo"))
        design.texts.create(language="en", confirms="confirms a pass under supervision")
        design.signatories.create(name="Marta Halden", role="Head of Certification")
        freeze_design(design)
        later = issue(
            achievement=make_achievement("other"), recipient_id=make_recipient(),
            source="test:2", language="en", actor=None, now=NOW,
        )  # fmt: skip
        use(design)
        third = issue(
            achievement="other", recipient_id=make_recipient("bo@baltwerk.example", "Bo"),
            source="test:3", language="en", actor=None, now=NOW,
        )  # fmt: skip
        assert self.look(issued.code) == self.look(later.code) == Design()
        worn = self.look(third.code)
        assert (worn.accent, worn.confirms) == ("#0B6B4F", "confirms a pass under supervision")
        assert worn.signatories == (Signatory(name="Marta Halden", role="Head of Certification"),)
        CertificateDesign.objects.update(accent="#000000", printed={})
        assert self.look(third.code) == worn
        assert "Marta Halden" in self.printed(third.code)

    def test_a_new_name_keeps_it_and_a_correction_takes_the_new_one(self, eli: User) -> None:
        issued = make_credential()
        use(make_design())
        recipient = Edition.objects.get().credential.recipient_id
        confirm_name(recipient_id=recipient, name="Anna Kowalska", actor=None, now=NOW)
        assert self.look(issued.code) == Design()
        correct(code=issued.code, note="The new design.", actor=eli.pk, now=NOW)
        assert self.look(issued.code).accent == "#0B6B4F"
        assert Edition.objects.count() == 3

    def test_words_and_signatories_are_those_of_the_language(self) -> None:
        design = make_design()
        design.texts.create(language="ru", note="Для версии 5.")
        design.signatories.create(name="Marta Halden", sort_order=1)
        design.signatories.create(name="Марта Халден", language="ru", sort_order=0)
        design.save()
        design = CertificateDesign.objects.get()
        english, _artwork = compose_design(design, "en")
        russian, _artwork = compose_design(design, "ru")
        assert [one.name for one in english.signatories] == ["Marta Halden"]
        assert [one.name for one in russian.signatories] == ["Марта Халден", "Marta Halden"]
        assert (english.note, russian.note) == ("", "Для версии 5.")

    def test_a_picture_is_kept_once_and_for_good(self, image: Callable[..., Any]) -> None:
        design = make_design(logo=image("a"), background=image("b"))
        before = set(Artwork.objects.values_list("name", flat=True))
        freeze_design(design)
        assert set(Artwork.objects.values_list("name", flat=True)) == before
        make_design(name="Other", logo=image("c", picture("PNG", (9, 9))))
        assert Artwork.objects.count() == len(before) + 1

    def test_verification_repeats_what_the_design_prints(self) -> None:
        make_issuer()
        make_achievement()
        design = make_design()
        design.signatories.create(name="Marta Halden", role="Head of Certification")
        freeze_design(design)
        use(design)
        issued = make_credential()
        verdict = verify_code(issued.code, NOW.date())
        assert verdict.printed == ("Marta Halden, Head of Certification",)
        page = Client().post(reverse("lms_verify"), {"code": issued.code}).content.decode()
        assert "Marta Halden, Head of Certification" in page

    def look(self, code: str) -> Design:
        exhibit = get_exhibit(code)
        assert exhibit
        return exhibit.award.design

    def printed(self, code: str) -> str:
        exhibit = get_exhibit(code)
        assert exhibit
        return text_of(get_pdf(exhibit, NOW.date(), NOW, for_holder=True).body)


def form(**values: Any) -> dict[str, Any]:
    return {
        "name": "House", "accent": "#0b6b4f", "paper": "#ffffff", "frame": "band",
        "seal": "laurel", "own_seal": "", "logo": "", "background": "",
        **{f"{rows}-{key}": count for rows in ("texts", "signatories")
           for key, count in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0),
                              ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", 9))},
        "texts-0-language": "en", "texts-0-confirms": "", "texts-0-note": "Concerns release 5.",
        "texts-0-id": "", "signatories-0-id": "", "signatories-0-ORDER": "1",
        "signatories-0-name": "Marta Halden", "signatories-0-role": "Head of Certification",
        "signatories-0-signature": "", "signatories-0-language": "",
        **values,
    }  # fmt: skip


ADD = "lms_badges_designs:add"


@pytest.mark.django_db
class TestInTheAdmin:
    def test_a_design_is_made_and_frozen(self, as_eli: Client, image: Callable[..., Any]) -> None:
        response = as_eli.post(reverse(ADD), form(logo=image("logo").pk))
        assert response.status_code == 302, response.context["form"].errors
        design = CertificateDesign.objects.get()
        assert design.look("en").note == "Concerns release 5."
        assert design.look("pl").note == ""
        assert design.look("en").logo == Artwork.objects.get().name
        assert design.look("pl").signatories == design.look("en").signatories

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"accent": "#ffee88"}, "Too pale to read on this paper"),
            ({"accent": "blue"}, "Write a colour as #RRGGBB"),
            ({"seal": "own"}, "Choose the picture of the seal"),
            ({"texts-0-note": "Training 中"}, "U+4E2D"),
            ({"texts-0-language": "ru", "texts-0-note": "Пройдено обучение."}, "обучение"),
            ({"signatories-0-role": "Директор по обучению"}, "обучению"),
            ({"signatories-0-name": "Ана 中"}, "U+4E2D"),
        ],
    )
    def test_what_cannot_be_read_or_said_is_refused(
        self, as_eli: Client, values: dict[str, str], said: str
    ) -> None:
        with translation.override("en"):
            page = as_eli.post(reverse(ADD), form(**values))
        assert page.status_code == 200
        assert said in page.content.decode()
        assert not CertificateDesign.objects.exists()

    def test_a_fourth_signatory_is_refused(self, as_eli: Client) -> None:
        rows: dict[str, Any] = {"signatories-TOTAL_FORMS": 4}
        for number in range(1, 4):
            rows |= {f"signatories-{number}-{key}": value for key, value in
                     (("id", ""), ("ORDER", number + 1), ("name", f"Signatory {number}"),
                      ("role", ""), ("signature", ""), ("language", "ru"))}  # fmt: skip
        page = as_eli.post(reverse(ADD), form(**rows)).content.decode()
        assert "At most three signatories fit; certificates in Russian have more." in page
        rows["signatories-3-language"] = "pl"
        assert as_eli.post(reverse(ADD), form(**rows)).status_code == 302

    # Wagtail's thumbnail of a missing file leaves a temporary one open.
    @pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile")
    def test_a_bad_picture_is_named_at_its_field(
        self, as_eli: Client, image: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "MOST_PIXELS", 1199)
        page = as_eli.post(reverse(ADD), form(logo=image("huge").pk)).content.decode()
        assert "the picture has more than 40 million pixels" in page
        gone = image("gone")
        Path(gone.file.path).unlink()
        page = as_eli.post(reverse(ADD), form(logo=gone.pk)).content.decode()
        assert "The file of this picture is missing" in page

    def test_it_is_seen_before_it_is_saved_on_a_real_name(self, as_eli: Client) -> None:
        make_credential(recipient_id=make_recipient(name="Anna Katarzyna Wiśniewska-Kowalska"))
        assert get_longest_name("en") == "Anna Katarzyna Wiśniewska-Kowalska"
        assert get_longest_name("pl") == ""
        address = reverse("lms_badges_designs:preview_on_add")
        said = as_eli.post(address, form()).json()
        assert said == {"is_valid": True, "is_available": True}
        page = as_eli.get(address, {"mode": "en"})
        assert page.status_code == 200
        assert "data:image/svg+xml;base64," in page.content.decode()
        assert page["X-Frame-Options"] == "SAMEORIGIN"
        assert not CertificateDesign.objects.exists()

    def test_a_preview_says_what_cannot_be_printed(
        self, as_eli: Client, eli: User, image: Callable[..., Any]
    ) -> None:
        make_credential()
        design = make_design()
        address = reverse("lms_badges_designs:preview_on_edit", args=[design.pk])
        as_eli.post(address, form())
        User.objects.filter(pk=eli.pk).update(name="中")
        page = as_eli.get(address, {"mode": "pl"}).content.decode()
        assert 'role="alert"' in page
        assert "U+4E2D" in page

    def test_nobody_else_sees_designs(self, as_ana: Client) -> None:
        for name in ("list", "add", "preview_on_add"):
            assert as_ana.get(reverse(f"lms_badges_designs:{name}")).status_code in (302, 403)

    def test_a_design_in_use_stays(self, as_eli: Client) -> None:
        make_achievement()
        design = make_design()
        use(design)
        as_eli.post(reverse("lms_badges_designs:delete", args=[design.pk]))
        assert CertificateDesign.objects.filter(pk=design.pk).exists()
