"""Questions of every kind, made up: with every sign that means something to some format."""

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from courses.domain.formats.checks import NotAQuestion, check
from courses.domain.formats.question import (
    FORMATS,
    FULL,
    NONE,
    File,
    Format,
    Gap,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    Text,
    Unit,
    clean,
    one_line,
)

quick = settings(derandomize=True, deadline=None, max_examples=20, database=None)

SIGNS = "\\~=#{}:%[]$/>-<&\"'|*,;()!?@._ \n\t\u00a0ab1ЖżéЩ漢𝒳\u2028\x85"
WORDS = ("TRUE", "[html]", "[[1]]", "//", "::", "->", "####", "%50%", "$CATEGORY:", "\\n", "]]>",
         "{1:MC:=a~b}", "a", "Answer", "=1", "'")  # fmt: skip
pieces = st.sampled_from(SIGNS) | st.sampled_from(WORDS) | st.characters(codec="utf-8")
any_text = st.lists(pieces, max_size=12).map("".join)
prose = any_text.map(clean).filter(bool)
lines = any_text.map(one_line)
names = lines.filter(bool)
formats = st.sampled_from(FORMATS)
credits = st.sampled_from(
    [NONE, FULL, Decimal(50), Decimal("33.33333"), Decimal("-33.3"), Decimal("12.34567"), -FULL]
)
numbers = st.decimals(-(10**9), 10**9, allow_nan=False, places=5) | st.integers(-99, 99).map(
    Decimal
)
margins = st.decimals(0, 1000, allow_nan=False, places=3)
files = st.builds(File, names, st.binary(max_size=20), st.just("/"))


def texts(form: st.SearchStrategy[Format] = formats) -> st.SearchStrategy[Text]:
    return st.builds(Text, prose, form)


def feedback(form: st.SearchStrategy[Format] = formats) -> st.SearchStrategy[Text | None]:
    return st.none() | texts(form)


def options(
    text: st.SearchStrategy[Text],
    told: st.SearchStrategy[Text | None],
    credit: st.SearchStrategy[Decimal],
) -> st.SearchStrategy[Option]:
    return st.builds(Option, text, credit, told)


def several(
    text: st.SearchStrategy[Text],
    told: st.SearchStrategy[Text | None] | None = None,
    *,
    least: int = 2,
) -> st.SearchStrategy[tuple[Option, ...]]:
    """Return options of which at least one is right."""
    said = feedback() if told is None else told
    right = options(text, said, credits.filter(lambda credit: credit > 0))
    rest = st.lists(options(text, said, credits), min_size=least - 1, max_size=3)
    return st.tuples(rest, right, st.booleans()).map(
        lambda found: (found[1], *found[0]) if found[2] else (*found[0], found[1])
    )


@st.composite
def dropdowns(draw: st.DrawFn) -> dict[str, object]:
    form = draw(formats)
    ready = texts(st.just(form))
    simple = st.builds(Option, ready)
    gaps = []
    for _ in range(draw(st.integers(1, 3))):
        chosen = draw(st.lists(simple, min_size=1, max_size=3))
        right = draw(st.integers(0, len(chosen)))
        chosen.insert(right, Option(draw(ready), FULL))
        gaps.append(Gap(tuple(chosen)))
    before = draw(st.lists(lines, min_size=len(gaps), max_size=len(gaps)))
    marks = [f"{text.replace('[', '')}[[{n}]]" for n, text in enumerate(before, start=1)]
    return {"stem": Text(clean(" ".join(marks)), draw(formats)), "gaps": tuple(gaps)}


@st.composite
def embedded(draw: st.DrawFn) -> dict[str, object]:
    html: st.SearchStrategy[Format] = st.just("html")
    right = Option(draw(texts(html)), FULL, draw(feedback(html)))
    gap = Gap((*draw(several(texts(html), feedback(html))), right))
    return {"stem": Text(f"Take [[1]] {draw(st.sampled_from('abc'))}", "html"), "gaps": (gap,)}


statements = st.builds(Option, texts(), st.sampled_from([NONE, FULL]), feedback())
things = st.builds(Option, texts(), st.just(NONE), st.none())
pair = st.builds(Pair, texts(), names)
distractor = st.builds(Pair, st.just(Text("", "html")), names)
accepted = st.builds(Number, numbers | st.none(), margins, credits, feedback()).map(
    lambda each: each if each.value is not None else Number(None, NONE, each.credit, each.feedback)
)
plain: st.SearchStrategy[Format] = st.just("plain")
wordings = texts(plain)

DETAILS: dict[Kind, st.SearchStrategy[Any]] = {
    "single": st.fixed_dictionaries({"options": several(texts())}),
    "multiple": st.fixed_dictionaries({"options": several(texts())}),
    "series": st.fixed_dictionaries(
        {"options": st.lists(statements, min_size=1, max_size=4).map(tuple)}
    ),
    "matching": st.fixed_dictionaries({"pairs": st.tuples(pair, pair, pair | distractor)}),
    "ordering": st.fixed_dictionaries(
        {"options": st.lists(things, min_size=2, max_size=4).map(tuple)}
    ),
    "numeric": st.fixed_dictionaries(
        {"numbers": st.lists(accepted, min_size=1, max_size=3).map(tuple)}
    ),
    "text": st.fixed_dictionaries({"options": several(wordings, least=1)}),
    "dropdown": dropdowns() | embedded(),
    "essay": st.just({}),
    "description": st.just({}),
}
RICH_DETAILS: dict[Kind, st.SearchStrategy[Any]] = {
    "single": st.fixed_dictionaries({"shuffle": st.none() | st.booleans()}),
    "multiple": st.fixed_dictionaries({"shuffle": st.none() | st.booleans()}),
    "text": st.fixed_dictionaries({"case_sensitive": st.booleans()}),
    "numeric": st.fixed_dictionaries(
        {"units": st.lists(st.builds(Unit, names, margins.filter(bool)), max_size=2).map(tuple)}
    ),
}


def is_sound(question: Question) -> bool:
    try:
        check(question)
    except NotAQuestion:
        return False
    return True


@st.composite
def questions(draw: st.DrawFn, kind: Kind, *, rich: bool = False) -> Question:
    """Return a question; a rich one has what only some formats can hold."""
    values: dict[str, object] = {
        "stem": draw(texts()),
        "title": draw(lines),
        "code": draw(lines),
        "category": draw(lines),
        "tags": tuple(draw(st.lists(names, max_size=2))),
        "feedback": None if kind == "description" and not rich else draw(feedback()),
        **draw(DETAILS[kind]),
    }
    if rich:
        values |= {
            "grade": draw(st.none() | margins),
            "penalty": draw(st.none() | margins),
            **draw(RICH_DETAILS.get(kind, st.just({}))),
        }
    return Question(kind=kind, **values)  # type: ignore[arg-type]


def sound(kind: Kind, *, rich: bool = False) -> st.SearchStrategy[Question]:
    return questions(kind, rich=rich).filter(is_sound)
