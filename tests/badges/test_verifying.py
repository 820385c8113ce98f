"""The verification page: ours or not, intact or altered, valid or not; and nothing slow."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_started
from django.test import Client, RequestFactory
from PIL import Image

from badges.actions.credentials import Issued, correct
from badges.actions.names import confirm_name
from badges.actions.withdrawal import revoke, suspend
from badges.domain import png
from badges.domain.certificate import Certificate, render_certificate
from badges.domain.claims import MAX_BYTES
from badges.models import Recipient, SigningKey
from badges.queries.exhibits import get_exhibit
from badges.queries.verification import Verdict, verify_code, verify_file
from lms.wsgi import application
from tests.factories.badges import NOW
from tests.factories.pdfs import append, make_signed, make_time_stamper, paint_over

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


def export(issued: Issued, kind: str = ".json") -> bytes:
    return bytes(Client().get(f"/c/{issued.code}{kind}").content)


def judge(body: bytes) -> tuple[str, bool, bool | None]:
    verdict = verify_file(body, TODAY)
    return verdict.status, verdict.ours, verdict.intact


@pytest.mark.parametrize("kind", [".json", "/ob2.json", ".png"])
def test_what_we_issued_is_ours_and_intact(issued: Issued, kind: str) -> None:
    verdict = verify_file(export(issued, kind), TODAY)
    assert (verdict.status, verdict.ours, verdict.intact, verdict.edition) == (
        "valid",
        True,
        True,
        1,
    )
    assert verdict.code == issued.code


def test_white_space_and_order_do_not_matter(issued: Issued) -> None:
    document = json.loads(export(issued))
    shuffled = json.dumps(dict(reversed(document.items())), indent=4)
    assert judge(b"\xef\xbb\xbf" + shuffled.encode()) == ("valid", True, True)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Halden Certified Everything"},
        {"validUntil": "2038-01-01T00:00:00Z"},
        {"extra": True},
    ],
)
def test_an_altered_document_is_ours_no_more(issued: Issued, change: dict[str, Any]) -> None:
    document = {**json.loads(export(issued)), **change}
    assert judge(json.dumps(document).encode()) == ("altered", True, False)


def test_what_a_document_says_twice_is_refused(issued: Issued) -> None:
    twice = export(issued).replace(b'"name":', b'"name": "Grand Master", "name":', 1)
    verdict = verify_file(twice, TODAY)
    assert (verdict.status, verdict.intact) == ("altered", False)
    assert verdict.reasons == ("The document says one thing twice.",)


def test_a_flipped_byte_anywhere_in_the_json_is_refused(issued: Issued) -> None:
    body = export(issued)
    for place in range(0, len(body), 37):
        flipped = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert judge(flipped)[0] in {"altered", "unknown"}, place


def test_a_flipped_byte_anywhere_in_the_picture_is_refused(issued: Issued) -> None:
    body = export(issued, ".png")
    for place in range(0, len(body), 499):
        flipped = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert judge(flipped)[0] in {"altered", "unknown"}, place


def test_a_picture_with_somebody_elses_badge_beside_is_refused(issued: Issued) -> None:
    forged = png.splice_text(export(issued, ".png"), png.OB2_KEYWORD, '{"id": "https://x.example"}')
    assert judge(forged) == ("unknown", False, None)


def test_a_proof_by_a_key_that_is_not_ours_is_altered(issued: Issued) -> None:
    SigningKey.objects.filter(algorithm="Ed25519").update(
        kid="z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
    )
    assert judge(export(issued)) == ("altered", True, False)


def test_another_site_with_our_code_is_not_ours(issued: Issued) -> None:
    body = export(issued).replace(b"http://localhost:8000", b"https://evil.example")
    assert judge(body) == ("unknown", False, None)


def a_picture() -> bytes:
    output = BytesIO()
    Image.new("RGB", (2, 2)).save(output, "PNG")
    return output.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "neither"),
        (b"\xff\xfe", "neither"),
        (b"[" * 100_000, "neither"),
        (b"[]", "neither"),
        (b'{"id": 5}', "not issued by this site"),
        (b'{"id": "https://x.example/c/1"}', "not issued by this site"),
        (b'{"id": "https://x.example/c/00000000000000000.json"}', "not issued by this site"),
        (b" " * (MAX_BYTES + 1), "2 MB"),
        (a_picture(), "no badge"),
    ],
    ids=["cut", "binary", "deep", "list", "number", "other", "stranger", "large", "picture"],
)
def test_what_is_not_ours_is_said_plainly(db: None, body: bytes, said: str) -> None:
    verdict = verify_file(body, TODAY)
    assert (verdict.status, verdict.ours, verdict.intact) == ("unknown", False, None)
    assert said in verdict.reasons[0]


def test_a_damaged_picture_is_altered(db: None) -> None:
    assert judge(a_picture()[:-6]) == ("altered", False, False)


def test_an_older_edition_is_intact_and_says_so(issued: Issued) -> None:
    old = export(issued)
    confirm_name(recipient_id=Recipient.objects.get().pk, name="Ana Nowak", actor=None, now=NOW)
    verdict = verify_file(old, TODAY)
    assert (verdict.status, verdict.intact, verdict.edition) == ("superseded", True, 1)
    assert verdict.reasons == ("Superseded by edition 2: name changed on request.",)
    assert verify_file(export(issued), TODAY).edition == 2


def test_a_revoked_file_is_intact_and_revoked(issued: Issued) -> None:
    body = export(issued, ".png")
    revoke(code=issued.code, reason="x", actor=None, now=NOW)
    assert judge(body) == ("revoked", True, True)


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-11-11", "not_yet"), ("2028-11-11", "valid"), ("2028-11-12", "expired")],
)
def test_a_day_decides(issued: Issued, day: str, status: str) -> None:
    assert verify_code(issued.code, type(TODAY).fromisoformat(day)).status == status


def test_an_address_and_a_spaced_code_are_understood(issued: Issued) -> None:
    spaced = f" {issued.code[:4]} {issued.code[4:].upper()}"
    for text in (spaced, f"http://localhost:8000/c/{issued.code}/"):
        assert verify_code(text, TODAY).ours
    assert verify_code("nonsense", TODAY).status == "unknown"


def posted(client: Client, **data: Any) -> Verdict:
    verdict: Verdict = client.post("/verify/", data).context["verdict"]
    return verdict


def test_the_page_takes_codes_and_files(client: Client, issued: Issued) -> None:
    file = SimpleUploadedFile("badge.png", export(issued, ".png"))
    assert posted(client, file=file).intact
    assert posted(client, code=issued.code).ours
    page = client.get("/verify/", {"code": issued.code})
    assert f"/c/{issued.code}/" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    altered = SimpleUploadedFile("badge.json", export(issued).replace(b"Engineer", b"Wizardry"))
    assert posted(client, file=altered).status == "altered"


def test_the_page_says_what_is_missing(client: Client, db: None) -> None:
    response = client.post("/verify/", {"code": ""})
    assert response.status_code == 422
    assert "Enter a code or choose a file" in response.content.decode()
    large = SimpleUploadedFile("badge.png", b"\0" * (MAX_BYTES + 1))
    assert "larger than 2 MB" in client.post("/verify/", {"file": large}).content.decode()


def test_too_many_questions_wait(client: Client, db: None, settings: Any) -> None:
    settings.LMS = {**settings.LMS, "VERIFY_PER_MINUTE": 2}
    answers = [client.get("/verify/", {"code": "x"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert client.get("/verify/").status_code == 200
    other = Client(REMOTE_ADDR="192.0.2.1")
    assert other.get("/verify/", {"code": "x"}).status_code == 200


def test_behind_a_proxy_each_visitor_is_counted_alone(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_started, "send", lambda **_: None)  # it closes connections
    settings.LMS = {**settings.LMS, "VERIFY_PER_MINUTE": 1}

    def ask(peer: str, forwarded: str) -> str:
        asked = RequestFactory(REMOTE_ADDR=peer).get("/verify/", {"code": "x"})
        heard: list[str] = []
        environ = {**asked.environ, "HTTP_X_FORWARDED_FOR": forwarded}
        application(environ, lambda status, *_: heard.append(status))
        return heard[0][:3]

    assert ask("127.0.0.1", "192.0.2.1") == "200"
    assert ask("127.0.0.1", "192.0.2.2") == "200"
    assert ask("127.0.0.1", "192.0.2.9, 192.0.2.2") == "429"  # what a visitor sent is not believed
    assert ask("192.0.2.3", "192.0.2.4") == "200"
    assert ask("192.0.2.3", "192.0.2.5") == "429"  # nor is who is no proxy


@pytest.mark.django_db
def test_a_certificate_as_pdf_is_judged_by_its_signature(issued: Issued, as_ana: Client) -> None:
    for reader in (Client(), as_ana):
        body = reader.get(f"/c/{issued.code}.pdf").content
        verdict = verify_file(body, TODAY)
        assert (verdict.status, verdict.intact, verdict.edition) == ("valid", True, 1)
        painted = verify_file(append(body, paint_over), TODAY)
        assert (painted.status, painted.ours, painted.intact) == ("altered", True, False)
        assert painted.reasons == ("Something was added to the file after it was signed.",)
    award = get_exhibit(issued.code).award  # type: ignore[union-attr]
    unsigned = render_certificate(
        Certificate(award=award, name="Somebody Else", state="valid", show_date=True)
    )
    verdict = verify_file(unsigned, TODAY)
    assert (verdict.status, verdict.code) == ("altered", issued.code)
    assert "not signed by it" in verdict.reasons[0]


@pytest.mark.django_db
def test_an_earlier_pdf_says_what_came_after_it(issued: Issued) -> None:
    body = export(issued, ".pdf")
    correct(code=issued.code, note="A typing error", actor=None, now=NOW)
    verdict = verify_file(body, TODAY)
    assert (verdict.status, verdict.edition) == ("superseded", 1)
    assert verdict.reasons == ("Superseded by edition 2: A typing error.",)
    assert verify_file(export(issued, ".pdf"), TODAY).edition == 2
    suspend(code=issued.code, reason="x", actor=None, now=NOW)
    assert verify_file(body, TODAY).status == "suspended"


def test_other_pdfs_are_not_ours(db: None) -> None:
    assert verify_file(b"%PDF-1.7 nothing", TODAY).reasons == ("The PDF is damaged.",)
    assert "not issued by this site" in verify_file(make_signed(), TODAY).reasons[0]


def test_a_time_stamp_authority_is_asked_once(
    issued: Issued, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer costs a request over the network: the file is kept."""
    asked = []

    def ask(url: str, timeout: int) -> Any:
        asked.append(url)
        return make_time_stamper()

    monkeypatch.setattr("pyhanko.sign.timestamps.HTTPTimeStamper", ask)
    settings.LMS = {**settings.LMS, "TIME_STAMP_URL": "https://time.example/"}
    bodies = {export(issued, ".pdf") for _ in range(3)}
    assert asked == ["https://time.example/"]
    assert verify_file(bodies.pop(), TODAY).status == "valid"
    assert not bodies


def repaint(body: bytes, **more: Any) -> bytes:
    """Return a baked picture with other pixels round the same badge chunks."""
    output = BytesIO()
    Image.new("RGB", (512, 512), "red").save(output, "PNG", **more)
    ob2, ob3 = (png.find_texts(body, word)[0] for word in (png.OB2_KEYWORD, png.OB3_KEYWORD))
    once = png.splice_text(output.getvalue(), png.OB2_KEYWORD, ob2)
    return png.splice_text(once, png.OB3_KEYWORD, ob3)


def resave(body: bytes) -> bytes:
    """Return the same pixels, coded otherwise."""
    output = BytesIO()
    with Image.open(BytesIO(body)) as picture:
        picture.convert("RGBA").save(output, "PNG")
    ob3 = png.find_texts(body, png.OB3_KEYWORD)[0]
    return png.splice_text(output.getvalue(), png.OB3_KEYWORD, ob3)


def animate(body: bytes) -> bytes:
    """Return our picture with an animation that would be shown instead."""
    head, *rest = png.read_chunks(body)
    control = png.Chunk(b"acTL", b"\0\0\0\1\0\0\0\0")
    return png.SIGNATURE + b"".join(chunk.to_bytes() for chunk in (head, control, *rest))


@pytest.mark.parametrize("kind", [".svg", ".png"])
def test_our_own_picture_is_as_we_draw_it_in_every_state(issued: Issued, kind: str) -> None:
    valid = export(issued, kind)
    suspend(code=issued.code, reason="x", actor=None, now=NOW)
    suspended = export(issued, kind)
    assert suspended != valid
    for body in (valid, suspended):
        verdict = verify_file(body, TODAY)
        assert (verdict.status, verdict.picture) == ("suspended", True)
        assert len(verdict.reasons) == 1
    assert verify_file(export(issued), TODAY).picture is None


def test_the_same_pixels_coded_otherwise_are_the_same_picture(issued: Issued) -> None:
    body = export(issued, ".png")
    assert resave(body) != body
    assert verify_file(resave(body), TODAY).picture is True


@pytest.mark.parametrize(
    ("kind", "alter"),
    [
        (".svg", lambda body: body.replace(b"Halden Data</text>", b"Halden Bank</text>")),
        (".svg", lambda body: body.replace(b"</svg>", b"<script>alert(1)</script></svg>")),
        (".png", repaint),
        (".png", lambda body: repaint(body, gamma=2.0)),
        (".png", animate),
    ],
    ids=["words", "script", "pixels", "gamma", "animation"],
)
def test_a_genuine_badge_in_another_picture_is_told(
    client: Client, issued: Issued, kind: str, alter: Any
) -> None:
    """The badge inside is ours and valid; whoever looks at the picture must learn it is not."""
    body = alter(export(issued, kind))
    assert body != export(issued, kind)
    verdict = verify_file(body, TODAY)
    assert (verdict.status, verdict.intact, verdict.picture) == ("valid", True, False)
    [reason] = verdict.reasons
    assert "Only the document inside was judged" in reason
    upload = {"file": SimpleUploadedFile(f"badge{kind}", body)}
    page = client.post("/verify/", upload).content.decode()
    assert "The picture around it differs" in page
    assert "Picture differs" in page
    upload["file"].seek(0)
    answer = client.post("/api/v1/verify", upload).json()
    assert (answer["picture"], answer["reasons"]) == (False, [reason])
