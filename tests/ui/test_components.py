from datetime import UTC, date, datetime
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.test import RequestFactory

from tests.ui.rendering import component


class Request(forms.Form):
    name = forms.CharField(help_text="As in the passport.")
    email = forms.EmailField(required=False)
    role = forms.ChoiceField(choices=[("e", "Engineer")], widget=forms.RadioSelect)
    agree = forms.BooleanField(required=False, help_text="At any time.")
    office = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if self.data.get("name") == "Cy":
            raise forms.ValidationError("The request is closed.")


class Upload(forms.Form):
    roster = forms.FileField()


class TestForm:
    def test_labels_help_and_input_belong_together(self) -> None:
        html = component("field", field=Request()["name"])
        assert '<label class="lms-label" for="id_name">' in html
        assert 'aria-describedby="id_name_helptext"' in html
        assert 'id="id_name_helptext"' in html

    def test_an_error_is_tied_to_its_input(self) -> None:
        html = component("field", field=Request({})["name"])
        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'id="id_name_error"' in html
        assert 'aria-invalid="true"' in html

    def test_optional_is_said_in_words(self) -> None:
        assert "(optional)" in component("field", field=Request()["email"])
        assert "(optional)" not in component("field", field=Request()["name"])

    def test_a_group_has_a_legend(self) -> None:
        html = component("field", field=Request({})["role"])
        assert '<fieldset aria-describedby="id_role_error">' in html
        assert "<legend" in html

    def test_a_box_comes_before_its_label(self) -> None:
        html = component("field", field=Request()["agree"])
        assert html.index("<input") < html.index("<label")

    def test_the_summary_names_and_links_each_field(self) -> None:
        html = component("errors", form=Request({}))
        assert '<a href="#id_name">Name: This field is required.</a>' in html
        assert '<a href="#id_role_0">Role: This field is required.</a>' in html
        assert 'role="alert"' in html

    def test_an_error_of_the_whole_form_stands_in_the_summary(self) -> None:
        html = component("errors", form=Request({"name": "Cy", "role": "e"}))
        assert "<li>The request is closed.</li>" in html

    def test_no_errors_no_summary(self) -> None:
        assert component("errors", form=Request()).strip() == ""

    def test_a_form_says_what_it_does(self) -> None:
        html = component("form", form=Request(), submit="Send", cancel_url="/", unsaved=True)
        assert "data-lms-unsaved" in html
        assert "novalidate" in html
        assert ">Send</button>" in html
        assert html.count('name="office"') == 1

    def test_a_form_with_a_file_says_so(self) -> None:
        assert 'enctype="multipart/form-data"' in component("form", form=Upload(), submit="x")
        assert "enctype" not in component("form", form=Request(), submit="x")

    def test_a_post_carries_its_token_and_a_get_does_not(self) -> None:
        request = RequestFactory().get("/")
        post = component("form", request=request, form=Request(), submit="x")
        get = component("form", request=request, form=Request(), submit="x", method="get")
        assert "csrfmiddlewaretoken" in post
        assert "csrfmiddlewaretoken" not in get

    def test_filters_offer_clearing_once_there_is_something_to_clear(self) -> None:
        bare = component("filter_bar", request=RequestFactory().get("/p/"), form=Request())
        used = component("filter_bar", request=RequestFactory().get("/p/?name=A"), form=Request())
        assert "Clear" not in bare
        assert 'href="/p/"' in used


class TestLists:
    columns = ("Name", {"label": "Score", "numeric": True}, "State")

    def test_each_cell_carries_its_column(self) -> None:
        row = [{"text": "Ana", "url": "/ana/"}, 26, {"text": "Valid", "chip": "good"}]
        html = component("table", caption="Team", columns=self.columns, rows=[row])
        assert '<th scope="row" data-label="Name"><a href="/ana/">Ana</a>' in html
        assert '<td data-label="Score" class="lms-number">26' in html
        assert "lms-chip--good" in html
        assert '<th scope="col" class="lms-number">Score</th>' in html

    def test_one_page_needs_no_pages(self) -> None:
        assert component("pagination", page=Paginator([1], 10).page(1)).strip() == ""

    def test_pages(self) -> None:
        html = component(
            "pagination",
            request=RequestFactory().get("/?q=a"),
            page=Paginator(range(30), 10).page(2),
        )
        assert 'rel="prev" href="?q=a&amp;page=1"' in html
        assert 'rel="next" href="?q=a&amp;page=3"' in html
        assert '<span aria-current="page">2</span>' in html
        assert "2 of 3" in html

    def test_breadcrumbs_end_where_we_are(self) -> None:
        items = [{"label": "Home", "url": "/"}, {"label": "Team", "url": "/team/"}]
        html = component("breadcrumbs", items=items)
        assert '<a href="/">Home</a>' in html
        assert '<span aria-current="page">Team</span>' in html

    def test_steps_are_told_in_words(self) -> None:
        steps = [Thing(label="Read", done=True), Thing(label="Test", current=True)]
        html = component("stepper", steps=steps)
        assert "Read<" in html
        assert "(done)" in html
        assert 'aria-current="step"' in html

    def test_a_timeline_knows_days_and_moments(self) -> None:
        entries = [
            Thing(at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC), title="Issued", kind="good"),
            Thing(on=date(2026, 11, 1), title="Enrolled", text="By Bo."),
        ]
        html = component("timeline", entries=entries)
        assert "data-lms-local" in html
        assert '<time datetime="2026-11-01">1 November 2026</time>' in html
        assert "lms-timeline__item--good" in html

    @pytest.mark.parametrize("show", ["datetime", "date", "time"])
    def test_a_time_names_its_moment_for_machines(self, show: str) -> None:
        html = component("time", at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC), show=show)
        assert 'datetime="2026-11-12T' in html
        assert f'data-lms-local="{show}"' in html
        assert ("2026</time>" in html) == (show == "date")


class TestPieces:
    def test_a_card_shows_what_it_was_given(self) -> None:
        html = component("card", title="Backup", url="/b/", meter_value=1, meter_total=4, level=2)
        assert '<h2 class="lms-card__title"><a href="/b/">Backup</a></h2>' in html
        assert "1 of 4, three missing" in html

    def test_a_card_with_the_seal(self) -> None:
        assert "lms-seal--expired" in component("card", title="x", seal_state="expired")

    def test_a_notice_is_as_loud_as_told(self) -> None:
        assert 'role="alert"' in component("notice", kind="bad", text="x", role="alert")
        assert "role=" not in component("notice", kind="good", text="x", title="y")

    def test_an_empty_state_offers_one_thing(self) -> None:
        html = component("empty_state", title="Nothing yet", text="x", action="Find", url="/t/")
        assert html.count("<a ") == 1
        assert ">Find</a>" in html

    def test_a_dialog_leads_to_its_page_without_javascript(self) -> None:
        html = component(
            "dialog", id="d", label="Withdraw", confirm_url="/w/", title="T", submit="W"
        )
        assert 'href="/w/" data-lms-dialog="d"' in html
        assert '<dialog class="lms-dialog" id="d" aria-labelledby="d-title"' in html
        assert 'action="/w/"' in html

    def test_what_is_copied_is_never_markup_of_the_page(self) -> None:
        html = component("copy_button", text="T & U", html='<p style="x">T</p>', label="Copy")
        assert "&lt;p style=" in html
        assert "T &amp; U" in html
        assert 'type="button" hidden' in html

    def test_the_honour(self) -> None:
        html = component("honour", title="Ana", chip_label="Valid", meta="to 2028", new=True)
        assert "lms-honour--new" in html
        assert "<h1>Ana</h1>" in html
        assert 'width="128"' in html

    @pytest.mark.parametrize(
        ("name", "given", "expected"),
        [
            ("icon", {"name": "tick", "label": "Done"}, 'aria-label="Done"'),
            ("chip", {"kind": "warn", "label": "Soon"}, "lms-chip--warn"),
            ("meter", {"value": 2, "total": 3}, "2 of 3, one missing"),
            ("seal", {"state": "withdrawn", "size": 40}, "lms-seal--withdrawn"),
        ],
    )
    def test_tags_as_includes(self, name: str, given: dict[str, Any], expected: str) -> None:
        assert expected in component(name, **given)
