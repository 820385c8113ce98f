"""What designs of certificates are made of, and a certificate to try one on."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models.functions import Length
from django.utils import timezone
from wagtail.images import get_image_model

from badges.domain.artwork import draw_artwork, name_artwork
from badges.domain.award import Accomplishment, Award, Issuer
from badges.domain.certificate import Certificate
from badges.domain.design import Design, Signatory
from badges.models import AchievementText, Artwork, CertificateDesign, Recipient
from badges.queries.achievements import get_issuer
from lms.conf import get_conf
from lms.ui.seal import LAUREL

# The pictures of a design and how many pixels wide they are printed: 150 to 300 to the inch.
PICTURES = {"logo": 900, "background": 1754, "own_seal": 700}
SIGNATURE = 600


def load_artwork(names: frozenset[str]) -> dict[str, str]:
    """Return pictures by their hash, as SVG; none is asked for twice by one process."""
    return {name: _get_artwork(name) for name in names}


@lru_cache(maxsize=64)
def _get_artwork(name: str) -> str:
    return Artwork.objects.values_list("svg", flat=True).get(pk=name)


def draw_image(image: Any, width: int) -> str:
    """Return an image of the site as artwork; ``NotArtwork`` says why it cannot be printed."""
    return _draw(image.pk, image.file.name, width)


@lru_cache(maxsize=32)
def _draw(pk: int, _file: str, width: int) -> str:
    image = get_image_model().objects.get(pk=pk)
    with image.file.open("rb") as file:
        return draw_artwork(file.read(), width)


def compose_design(row: CertificateDesign, language: str) -> tuple[Design, dict[str, str]]:
    """Return what a design freezes in a language, and its pictures by their hash."""
    artwork: dict[str, str] = {}

    def name(image: Any, width: int) -> str:
        if image is None:
            return ""
        svg = draw_image(image, width)
        artwork[name_artwork(svg)] = svg
        return name_artwork(svg)

    words = next((text for text in row.texts.all() if text.language == language), None)
    design = Design(
        accent=row.accent.upper(),
        paper=row.paper.upper(),
        frame=row.frame,
        seal=row.seal,
        **{field: name(getattr(row, field), width) for field, width in PICTURES.items()},
        confirms=words.confirms if words else "",
        note=words.note if words else "",
        signatories=tuple(
            Signatory(name=one.name, role=one.role, signature=name(one.signature, SIGNATURE))
            for one in row.signatories.all()
            if one.language in ("", language)
        ),
    )
    return design, artwork


def list_looks(row: CertificateDesign) -> Iterator[tuple[str, Design, dict[str, str]]]:
    """Yield a design in each language of the site, and under no language for all others."""
    for language in ("", *(code for code, _name in settings.LANGUAGES)):
        yield language, *compose_design(row, language)


def compose_specimen(row: CertificateDesign, language: str, *, name: str) -> Certificate:
    """Return a certificate in a design as it stands unsaved, on somebody's name.

    Its title is the longest that the design is used for, or that there is: what fits it fits all.
    """
    design, artwork = compose_design(row, language)
    award = _specimen(language, name, design)
    return Certificate(award=award, name=name, state="valid", show_date=True,
                       laurel=LAUREL, artwork=artwork)  # fmt: skip


def get_longest_name(language: str) -> str:
    """Return the longest name on record that was printed in a language; empty if there is none."""
    people = Recipient.objects.filter(erased_at__isnull=True).exclude(name="")
    in_language = people.filter(credentials__language=language)
    longest = in_language.order_by(-Length("name"), "pk").values_list("name", flat=True)
    return longest.first() or ""


def _specimen(language: str, name: str, design: Design) -> Award:
    today = timezone.localdate()
    texts = AchievementText.objects.filter(language=language).select_related("achievement")
    text = texts.order_by(-Length("name"), "pk").first()
    issuer = get_issuer()
    now = timezone.now()
    return Award(
        base_url=get_conf().base_url,
        code="0" * 17,
        issuer=Issuer(name=issuer.name or "—", url=issuer.url, email="", description=""),
        achievement=Accomplishment(
            code="",
            kind=text.achievement.achievement_type if text else "Certification",
            name=text.name if text else "—",
            description="",
            criteria=text.criteria if text else "",
            language=language,
        ),
        subject="",
        identity_hash="",
        salt="",
        name=name,
        issued_at=now,
        edition=1,
        edition_at=now,
        valid_from=today,
        valid_until=today + timedelta(days=731),
        expires_at=None,
        status_list=0,
        status_index=0,
        design=design,
    )
