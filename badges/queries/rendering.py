"""Pictures and PDFs of what is issued: drawn when asked for, kept by the hash of what they show."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from badges.domain import card, picture
from badges.domain.award import Accomplishment
from badges.domain.baking import bake, bake_svg
from badges.domain.certificate import DESIGN, Certificate, compose_data, render_certificate
from badges.domain.evidence import NoEvidence
from badges.domain.likeness import look_alike
from badges.domain.phrases import words_in
from badges.domain.png import SIGNATURE
from badges.domain.strip import compose_strip, describe, render_strip
from badges.domain.svg import looks_like_svg
from badges.domain.validity import ERASED, STATES
from badges.queries.achievements import AchievementCard, get_issuer
from badges.queries.designs import load_artwork
from badges.queries.exhibits import Exhibit
from badges.queries.keys import get_signer
from badges.queries.signing import make_lasting, sign
from lms.conf import get_conf
from lms.ui.seal import LAUREL


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A file and the hash of everything that can be seen in it.

    It is drawn when its body is asked for: whoever has it already, by its hash, costs no drawing.
    """

    render: Callable[[], bytes]
    etag: str
    modified: datetime | None = None

    @cached_property
    def body(self) -> bytes:
        return self.render()


def get_strip(exhibit: Exhibit, on: date) -> Rendered:
    """Return the signature picture of a credential on a day."""
    award = exhibit.award
    language = award.achievement.language
    strip = compose_strip(
        state=ERASED if exhibit.erased else exhibit.picture(on),
        name=exhibit.public_name,
        title=words_in(language).certificate if exhibit.erased else award.achievement.name,
        valid_from=award.valid_from,
        valid_until=award.valid_until,
        language=language,
        domain=_foot(exhibit),
    )
    key = strip.key()

    def render() -> bytes:
        return _kept(f"s/{award.code}", key, lambda: render_strip(strip))

    return Rendered(render=render, etag=key, modified=_modified(exhibit))


def get_card(exhibit: Exhibit, on: date) -> Rendered:
    """Return the card that networks show beside a link, with what the holder has published."""
    award, state = exhibit.award, exhibit.picture(on)
    shown = {
        "state": state,
        "status": describe(state, award.valid_from, award.valid_until, award.achievement.language),
        "title": _titled(award.achievement),
        "name": exhibit.public_name,
        "issuer": award.issuer.name,
        "site": award.page.partition("://")[2].rstrip("/"),
    }
    key = _hash(json.dumps([card.DESIGN, shown], sort_keys=True).encode())

    def render() -> bytes:
        return _kept(f"s/{award.code}", key, lambda: card.render_card(**shown))

    return Rendered(render=render, etag=key, modified=_modified(exhibit))


def _foot(exhibit: Exhibit) -> str:
    """Whose strip it is, and how high: a title has no room for its level."""
    achievement, domain = exhibit.award.achievement, urlsplit(exhibit.award.base_url).netloc
    level = "" if exhibit.erased else words_in(achievement.language).level(achievement.level)
    return f"{level} · {domain}" if level else domain


def _titled(achievement: Accomplishment) -> str:
    """The title with its level, unless it says so itself."""
    level = words_in(achievement.language).level(achievement.level)
    said = not level or level.lower() in achievement.name.lower()
    return achievement.name if said else f"{achievement.name} · {level}"


def is_as_drawn(exhibit: Exhibit, body: bytes) -> bool | None:
    """Say whether a baked picture looks as we draw it, in whatever state it was fetched.

    ``None`` if it is no picture. The kept file is asked for state by state, so that a stranger's
    upload costs no drawing twice.
    """
    seen = [_seen(exhibit, state) for state in STATES]
    if body.startswith(SIGNATURE):
        return any(look_alike(body, _draw(**shown)) for shown in seen)
    if not looks_like_svg(body):
        return None
    drawn = (bake_svg(picture.draw_picture(**shown), exhibit.ob3) for shown in seen)
    return any(body.strip() == svg.encode() for svg in drawn)


def get_baked(exhibit: Exhibit, on: date) -> Rendered:
    """Return the picture that carries the 2.0 and the 3.0 document; it shows the state too."""
    body = bake(_draw(**_seen(exhibit, exhibit.state(on))), ob2=exhibit.ob2, ob3=exhibit.ob3)
    return Rendered(render=lambda: body, etag=_hash(body), modified=_modified(exhibit))


def get_baked_svg(exhibit: Exhibit, on: date) -> Rendered:
    """Return the same picture as SVG with the 3.0 document: one prefix cannot carry both."""
    body = bake_svg(picture.draw_picture(**_seen(exhibit, exhibit.state(on))), exhibit.ob3).encode()
    return Rendered(render=lambda: body, etag=_hash(body), modified=_modified(exhibit))


def _seen(exhibit: Exhibit, state: str) -> dict[str, str]:
    """What is in a credential's picture in a state, whatever its form."""
    award = exhibit.award
    return {
        "title": award.achievement.name,
        "issuer": award.issuer.name,
        "language": award.achievement.language,
        "state": state,
        "level": award.achievement.level,
        "kind": award.achievement.kind,
    }


def get_picture(achievement: AchievementCard) -> Rendered:
    """Return an achievement's own picture, without anybody's credential in it."""
    body = _draw(
        title=achievement.name,
        issuer=get_issuer().name,
        language=achievement.language,
        state="valid",
        level=achievement.level,
        kind=achievement.kind,
    )
    return Rendered(render=lambda: body, etag=_hash(body))


def get_pdf(exhibit: Exhibit, on: date, now: datetime, *, for_holder: bool) -> Rendered:
    """Return the signed certificate: with everything for its holder, else with what is public.

    With a time-stamp authority configured each file is kept: it is asked once for the same text.
    The file lasts (B-LT) as soon as the evidence can be had, be it on a later request.
    """
    certificate = Certificate(
        award=exhibit.award,
        name=exhibit.award.name if for_holder else exhibit.public_name,
        state=exhibit.picture(on),
        show_date=for_holder or exhibit.show_date,
        laurel=LAUREL,
        artwork=load_artwork(exhibit.award.design.pictures),
    )
    signer, modified = get_signer(now), _modified(exhibit)
    shown = json.dumps([DESIGN, compose_data(certificate), signer.token_kid], sort_keys=True)
    key = _hash(f"{shown}{modified.isoformat()}".encode())

    def draw() -> bytes:
        return sign(
            render_certificate(certificate),
            key=signer.token,
            certificate=signer.certificate,
            # Neither before the key was there, nor at another moment for the same bytes.
            signed_at=max(modified, signer.certified_at),
            reason=exhibit.award.page,
            contact=exhibit.award.issuer.email,
            time_stamp_url=get_conf().time_stamp_url,
        )

    kind = f"p/{exhibit.award.code}"

    def stamp() -> bytes:
        return _kept(kind, key, draw, "pdf")

    def keep() -> bytes:
        try:
            return _kept(kind, key, lambda: make_lasting(stamp(), now), "lt.pdf")
        except NoEvidence:
            return stamp()

    render = keep if get_conf().time_stamp_url else draw
    return Rendered(render=render, etag=key, modified=modified)


def _draw(**shown: str) -> bytes:
    seen = json.dumps([picture.DESIGN, shown], sort_keys=True)
    return _kept("a", _hash(seen.encode()), lambda: picture.render_picture(**shown))


def _kept(kind: str, key: str, render: Callable[[], bytes], form: str = "png") -> bytes:
    """Return the file kept under a key; the first call renders it. Losing the folder loses time."""
    path = get_conf().data_dir / "rendered" / kind / key[:2] / f"{key}.{form}"
    if path.exists():
        return path.read_bytes()
    body = render()
    _write(path, body)
    return body


def _write(path: Path, body: bytes) -> None:
    """Put a whole file in place at once: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(body)
    Path(file.name).replace(path)


def _modified(exhibit: Exhibit) -> datetime:
    """When a person last changed what is shown; what a date changes is told by the ETag."""
    moments = [exhibit.edition_at, exhibit.marked_at, exhibit.decided_at]
    return max(moment for moment in moments if moment is not None)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]
