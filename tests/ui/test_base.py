from types import SimpleNamespace as Thing

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from lms.ui.context import ui
from tests.ui.rendering import page

ANA = Thing(is_authenticated=True, get_full_name="Ana Lima", get_username="ana@northwind.example")
without_urls = override_settings(ROOT_URLCONF=())


class TestContext:
    @override_settings(WAGTAIL_SITE_NAME="Halden")
    def test_gives_what_the_page_needs(self) -> None:
        context = ui(RequestFactory().get("/"))
        assert context == {"lms_site_name": "Halden", "lms_nav": [], "lms_company": ""}


class TestPage:
    @without_urls
    @pytest.mark.parametrize("user", [None, ANA])
    def test_stands_on_a_host_without_our_addresses(self, user: Thing | None) -> None:
        html = page("lms/base.html", user=user)
        assert "<main" in html
        assert "Sign in" not in html
        assert "Sign out" not in html
        assert "Language" not in html

    def test_a_visitor_may_sign_in(self) -> None:
        html = page("lms/base.html")
        assert 'href="/in/"' in html
        assert "/out/" not in html

    def test_a_person_sees_name_company_and_the_way_out(self) -> None:
        html = page("lms/base.html", user=ANA, lms_company="Northwind Data")
        assert "Ana Lima" in html
        assert "Northwind Data" in html
        assert '<form method="post" action="/out/">' in html
        assert 'href="/me/"' in html

    def test_a_person_without_a_name_is_shown_by_their_address(self) -> None:
        nameless = Thing(is_authenticated=True, get_full_name="", get_username="ana@x.example")
        assert "ana@x.example" in page("lms/base.html", user=nameless)

    def test_languages_are_offered_in_their_own_words(self) -> None:
        html = page("lms/base.html")
        assert 'value="pl" lang="pl"' in html
        assert "Polski" in html
        assert 'name="next" value="/where/"' in html

    def test_a_page_without_languages_needs_no_token(self) -> None:
        html = page("lms/base.html", lms_hide_languages=True)
        assert "csrfmiddlewaretoken" not in html

    def test_navigation_marks_where_we_are(self) -> None:
        nav = [Thing(label="Team", url="/team/", current=True), Thing(label="Tests", url="/t/")]
        html = page("lms/base.html", lms_nav=nav)
        assert '<a href="/team/" aria-current="page">Team</a>' in html
        assert '<a href="/t/">Tests</a>' in html

    def test_messages_are_announced(self) -> None:
        html = page("lms/base.html", messages=[Message("Saved.", "success")])
        assert '<div class="lms-messages" role="status">' in html
        assert "lms-notice--good" in html
        assert "Saved." in html

    def test_is_kept_out_of_search_unless_the_page_says_otherwise(self) -> None:
        assert 'content="noindex"' in page("lms/base.html")

    @override_settings(LANGUAGE_CODE="en")
    def test_names_its_language_and_direction(self) -> None:
        assert '<html lang="en" dir="ltr">' in page("lms/base.html")

    def test_an_unused_heading_leaves_nothing_behind(self) -> None:
        html = page("lms/base.html")
        assert "<h1></h1>" in html
        assert '<p class="lms-lead"></p>' in html

    def test_breadcrumbs_from_the_context(self) -> None:
        assert "lms-crumbs" in page("lms/base.html", breadcrumbs=[{"label": "Home", "url": "/"}])


class TestConfirm:
    def test_says_what_happens_and_lets_one_go(self) -> None:
        html = page(
            "lms/confirm.html",
            title="Withdraw it",
            text="It stops being valid at once.",
            submit="Withdraw the certificate",
            cancel_url="/back/",
            next="/list/",
        )
        assert "<h1>Withdraw it</h1>" in html
        assert '<button class="lms-button lms-button--danger">Withdraw the certificate' in html
        assert 'href="/back/"' in html
        assert 'name="next" value="/list/"' in html
        assert "csrfmiddlewaretoken" in html


class TestErrorPages:
    @pytest.mark.parametrize("name", ["404.html", "403.html"])
    @pytest.mark.parametrize("user", [None, ANA])
    def test_say_what_to_do(self, name: str, user: Thing | None) -> None:
        assert "lms-button--primary" in page(name, user=user)

    def test_500_needs_nothing(self) -> None:
        html = render_to_string("500.html")
        assert "Something failed on our side" in html
        assert "lms/tokens.css" in html


class Message(Thing):
    def __init__(self, text: str, level_tag: str) -> None:
        super().__init__(text=text, level_tag=level_tag)

    def __str__(self) -> str:
        return str(self.text)
