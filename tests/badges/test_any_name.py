"""Any name that can be printed issues and verifies in every form; any other says why not."""

import unicodedata
from io import BytesIO
from itertools import count

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from badges.actions.recipients import decide_visibility
from badges.domain.fonts import characters
from badges.domain.identity import NotPrintable
from badges.queries.verification import verify_file
from tests.factories.badges import NOW, make_credential, make_recipient

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
NUMBERS = count()
LATIN, CYRILLIC, MARKS = (0x41, 0x17F), (0x400, 0x45F), (0x300, 0x30C)


def letters(first: int, last: int) -> st.SearchStrategy[str]:
    known = [chr(code) for code in range(first, last + 1) if code in characters()]
    return st.sampled_from([letter for letter in known if letter.isalpha()])


words = st.one_of(
    *(
        st.text(letters(*script), min_size=1, max_size=14).map(str.capitalize)
        for script in (LATIN, CYRILLIC)
    ),
    st.tuples(letters(*LATIN), st.sampled_from([chr(code) for code in range(*MARKS)])).map("".join),
)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=names)
def test_any_name_issues_and_verifies_in_all_forms(name: str) -> None:
    email = f"person-{next(NUMBERS)}@baltwerk.example"
    try:
        recipient = make_recipient(email, name)
    except NotPrintable:
        composed = unicodedata.normalize("NFC", name)
        assert any(ord(c) not in characters() for c in composed if not c.isspace())
        return
    code = make_credential(recipient_id=recipient, source=email).code
    show = {"show_name": True, "show_company": False, "show_date": False}
    decide_visibility(recipient_id=recipient, actor=None, now=NOW, **show)
    client = Client()
    for form in (".json", ".jwt", ".png", ".svg", "/ob2.jws", "/ob2.json"):
        body = client.get(f"/c/{code}{form}").content
        assert verify_file(body, TODAY).intact, form
        assert name.encode() not in body or len(name) < 4  # documents name nobody
    pdf = client.get(f"/c/{code}.pdf").content
    assert client.get(f"/s/{code}.png").status_code == 200
    shown = unicodedata.normalize("NFC", " ".join(name.split()))
    if not any(unicodedata.combining(letter) for letter in shown):
        # The reader repeats a letter whose mark stands apart; the page does not.
        printed = PdfReader(BytesIO(pdf)).pages[0].extract_text()
        assert "".join(shown.split()) in "".join(printed.split())


@pytest.mark.parametrize(
    ("name", "code"),
    [("安娜", "U+5B89"), ("Ana 😀", "U+1F600"), ("أنا", "U+0623"), ("Ana\u0007", "U+0007")],
)
def test_a_character_that_cannot_be_printed_is_named(name: str, code: str) -> None:
    with pytest.raises(NotPrintable, match=code.replace("+", r"\+")):
        make_recipient("other@baltwerk.example", name)
