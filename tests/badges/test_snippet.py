"""The signature snippet keeps the rules that mail clients enforce."""

import re

import pytest

from badges.domain.snippet import Share, compose_share

PAGE = "https://partners.halden.example/c/hb97p2s6ysttj6r7h/"
PICTURE = "https://partners.halden.example/s/hb97p2s6ysttj6r7h.png"


@pytest.fixture
def share() -> Share:
    return compose_share(
        title='Engineer "R&D" [1]', name="Ana", page=PAGE, picture=PICTURE, check="Check"
    )


def test_it_is_one_table_with_attributes(share: Share) -> None:
    assert share.html.count("<table") == 1
    assert 'width="300" height="80" border="0"' in share.html
    assert len(share.html) < 2000
    assert not re.search(r"class=|id=|<style|target=|srcset|margin|float|rgb\(|var\(", share.html)


def test_it_says_everything_with_pictures_blocked(share: Share) -> None:
    assert f'alt="Engineer &quot;R&amp;D&quot; [1] — Ana. Check: {PAGE}"' in share.html
    assert share.html.count(f'href="{PAGE}"') == 2


def test_links_are_clean(share: Share) -> None:
    assert set(re.findall(r'(?:href|src)="([^"]+)"', share.html)) == {PAGE, PICTURE}


def test_its_twins_carry_the_same(share: Share) -> None:
    assert share.plain == f'Engineer "R&D" [1] — {PAGE}'
    assert share.markdown.startswith('[![Engineer "R&D" \\[1\\] — Ana.')
    assert share.markdown.endswith(f"]({PICTURE})]({PAGE})")
    assert 'width="300"' in share.profile_html


def test_without_a_name_there_is_none() -> None:
    share = compose_share(title="T", name="", page=PAGE, picture=PICTURE, check="Sprawdź")
    assert f'alt="T. Sprawdź: {PAGE}"' in share.html
