import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.test import RequestFactory
from django.utils import translation

from lms.ui.icons import PATHS
from lms.ui.seal import SIGNS, hexagon, laurel, seal_svg
from lms.ui.templatetags import lms_ui
from tests.ui.rendering import render


class TestIcon:
    @pytest.mark.parametrize("name", PATHS)
    def test_every_icon_is_silent_by_itself(self, name: str) -> None:
        assert 'aria-hidden="true"' in render(f'{{% icon "{name}" %}}')

    def test_alone_it_says_its_label(self) -> None:
        html = render("{% icon 'tick' label=label %}", label='Passed "well"')
        assert 'role="img" aria-label="Passed &quot;well&quot;"' in html
        assert "aria-hidden" not in html

    def test_an_unknown_name_lists_the_known_ones(self) -> None:
        with pytest.raises(ValueError, match="No icon called 'star'; there are: arrow"):
            render("{% icon 'star' %}")

    @pytest.mark.parametrize("path", PATHS.values())
    def test_paths_are_paths(self, path: str) -> None:
        assert re.fullmatch(r"M[\d\s.,MLHVCSQTAZmlhvcsqtaz-]+", path)


class TestSeal:
    @pytest.mark.parametrize("state", SIGNS)
    def test_each_state_has_its_own_class_and_sign(self, state: str) -> None:
        html = render("{% seal state=state size=40 %}", state=state)
        assert f"lms-seal--{state}" in html
        assert SIGNS[state].path in html

    def test_state_is_told_by_shape(self) -> None:
        shapes = {SIGNS[state].path for state in ("valid", "expired", "withdrawn", "quiet")}
        assert len(shapes) == 4

    def test_the_laurel_needs_room_and_an_honour(self) -> None:
        assert laurel() in seal_svg("valid", 96)
        assert laurel() not in seal_svg("valid", 40)
        assert laurel() not in seal_svg("withdrawn", 96)

    def test_small_ones_leave_the_ring_out(self) -> None:
        assert "stroke-opacity" in seal_svg("valid", 24)
        assert "stroke-opacity" not in seal_svg("valid", 20)

    def test_an_own_colour_stands_above_the_states(self) -> None:
        html = render("{% seal colour='#0f766e' %}")
        assert 'color="#0f766e"' in html
        assert "lms-seal--own" in html

    @pytest.mark.parametrize("colour", ["red", '#fff" onload="x', "#12345", "var(--x)"])
    def test_a_colour_is_a_colour(self, colour: str) -> None:
        with pytest.raises(ValueError, match="must be #rgb or #rrggbb"):
            seal_svg(colour=colour)

    def test_an_unknown_state_is_refused(self) -> None:
        with pytest.raises(ValueError, match="No seal state called 'gold'"):
            seal_svg("gold")

    def test_ids_are_unique_on_a_page_and_the_same_next_time(self) -> None:
        source = (
            "{% seal %}{% include 'lms/components/seal.html' %}"
            "{% include 'lms/components/seal.html' with state='expired' only %}{% seal %}"
        )
        ids = re.findall(r' id="([^"]+)"', render(source))
        assert len(ids) == len(set(ids)) == 4
        assert ids == re.findall(r' id="([^"]+)"', render(source))

    def test_with_a_label_it_speaks(self) -> None:
        assert 'role="img" aria-label="Valid"' in render("{% seal label='Valid' %}")

    def test_a_hexagon_has_six_arcs_and_touches_its_radius_nowhere_outside(self) -> None:
        path = hexagon(49, 14)
        assert path.count("A14 14") == 6
        numbers = [float(n) for n in re.findall(r"\d+\.\d+", path)]
        assert min(numbers) >= 1
        assert max(numbers) <= 99


class TestMeter:
    @pytest.mark.parametrize(
        ("value", "total", "text"),
        [
            (4, 6, "4 of 6, two missing"),
            (5, 6, "5 of 6, one missing"),
            (0, 3, "0 of 3, three missing"),
            (37, 60, "37 of 60, 23 missing"),
            (6, 6, "6 of 6, complete"),
            (7, 6, "7 of 6, complete"),
            (2.5, 4, "2.5 of 4, 1.5 missing"),
            (0, 0, "0 of 0, complete"),
        ],
    )
    def test_says_what_is_missing(self, value: float, total: float, text: str) -> None:
        assert lms_ui.meter_text(value, total) == text

    def test_few_are_segments(self) -> None:
        html = render("{% meter 4 6 'Engineers' %}")
        assert html.count('<i class="done">') == 4
        assert html.count("<i") == 6
        assert "Engineers" in html

    def test_many_are_a_bar_without_inline_style(self) -> None:
        html = render("{% meter 37 60 %}")
        assert 'width="61.67%"' in html
        assert "style=" not in html

    def test_the_bar_keeps_a_point_in_every_language(self) -> None:
        with translation.override("ru"):
            assert 'width="61.67%"' in render("{% meter 37 60 %}")

    def test_too_many_fill_it(self) -> None:
        assert lms_ui.meter(90, 60)["percent"] == 100

    def test_nothing_counts_as_zero(self) -> None:
        assert "0 of 3" in render("{% meter missing 3 %}")

    def test_quiet_keeps_the_words_for_screen_readers(self) -> None:
        assert "lms-hidden" in render("{% meter 1 3 quiet=True %}")


class TestChip:
    @pytest.mark.parametrize("kind", lms_ui.CHIP_ICONS)
    def test_a_shape_and_a_word(self, kind: str) -> None:
        html = render("{% chip kind 'Valid' %}", kind=kind)
        assert f"lms-chip--{kind}" in html
        assert "<svg" in html
        assert "<span>Valid</span>" in html

    def test_another_shape(self) -> None:
        assert PATHS["lock"] in render("{% chip 'quiet' 'Locked' icon='lock' %}")

    def test_the_label_is_escaped(self) -> None:
        assert "&lt;b&gt;" in render("{% chip 'good' label %}", label="<b>")

    def test_an_unknown_kind_is_refused(self) -> None:
        with pytest.raises(ValueError, match="No chip kind called 'red'"):
            render("{% chip 'red' 'x' %}")


class Choice(forms.Form):
    name = forms.CharField()
    agree = forms.BooleanField()
    role = forms.ChoiceField(choices=[("e", "Engineer")], widget=forms.RadioSelect)


class TestHelpers:
    @pytest.mark.parametrize(
        ("name", "kind", "anchor"),
        [
            ("name", "input", "id_name"),
            ("agree", "checkbox", "id_agree"),
            ("role", "group", "id_role_0"),
        ],
    )
    def test_fields_take_one_of_three_layouts(self, name: str, kind: str, anchor: str) -> None:
        assert lms_ui.widget_kind(Choice()[name]) == kind
        assert lms_ui.anchor(Choice()[name]) == anchor

    def test_languages_in_their_own_words(self) -> None:
        assert lms_ui.language_name("de") == "Deutsch"
        assert lms_ui.language_name("xx") == "xx"

    def test_message_levels_become_kinds(self) -> None:
        assert [lms_ui.notice_kind(level) for level in ("success", "error", "odd")] == [
            "good",
            "bad",
            "accent",
        ]

    def test_kinds_have_shapes(self) -> None:
        assert lms_ui.notice_icon("warn") == "warning"
        assert lms_ui.notice_icon("odd") == "info"

    def test_pages_with_gaps(self) -> None:
        assert lms_ui.elided(Paginator(range(300), 10).page(7)) == [1, "…", 6, 7, 8, "…", 30]

    def test_a_page_keeps_the_filters(self) -> None:
        request = RequestFactory().get("/", {"q": "Bo & Ana", "page": "2"})
        html = render("{% lms_page 3 %}", request=request)
        assert html == "?q=Bo+%26+Ana&amp;page=3"

    def test_cells_know_their_column(self) -> None:
        assert lms_ui.with_columns(["Ana", 3], ["Name", "Tests"]) == [("Name", "Ana"), ("Tests", 3)]

    def test_a_row_of_another_length_is_a_mistake(self) -> None:
        with pytest.raises(ValueError, match="shorter"):
            lms_ui.with_columns(["Ana"], ["Name", "Tests"])
