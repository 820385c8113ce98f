"""The kinds of items there are, by name."""

from courses.domain.items.choice import Hotspot, MultipleResponse, SingleChoice
from courses.domain.items.kind import Kind
from courses.domain.items.pairs import Dropdown, Matching, Ordering, Series
from courses.domain.items.typed import Numeric, ShortText

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        SingleChoice(),
        MultipleResponse(),
        Series(),
        Matching(),
        Ordering(),
        Numeric(),
        ShortText(),
        Dropdown(),
        Hotspot(),
    )
}
