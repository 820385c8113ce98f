"""Learning a template: the canonicaliser's answer for a probe whose values can be told apart.

A template is kept only if it also gives the canonicaliser's own answer for probes of another
length, order and equality.
"""

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from badges.domain.contexts import Json
from badges.domain.outline import Outline, compose
from badges.domain.quads import Ends, Template
from badges.domain.terms import names_of

Canonicalizer = Callable[[Json], bytes]

_PROBE = "urn:x-laurel-probe:"


class NotTemplated(Exception):
    """The canonicaliser's answer for an outline does not follow from the values alone."""


def learn(outline: Outline, size: int, oracle: Canonicalizer) -> Template:
    """Return the template of an outline, tried on other probes; ``NotTemplated`` if there is none.

    The first probe's values are addresses, so that each comes out whole whether the contexts make
    an address or a text of it.
    """
    probes = [f"{_PROBE}{i:05}" for i in range(size)]
    document = compose(outline, probes)
    if any(name.startswith("@") for name in names_of(document) - {"@context"}):
        raise NotTemplated("a keyword may give a value another meaning")
    quads = parse(oracle(document), RdfFormat.N_QUADS)
    template = _Reader({probe: i for i, probe in enumerate(probes)}).read(quads)
    for values in _other_probes(template, size):
        filled = template.fill(values)
        if filled is None and len(set(values)) == size:
            raise NotTemplated("nodes without an address can never be told apart")
        if filled is not None and filled != oracle(compose(outline, values)):
            raise NotTemplated("another probe came out otherwise")
    return template


class _Reader:
    """Reads a probe's quads into a template."""

    def __init__(self, probes: dict[str, int]) -> None:
        self._probes = probes
        self._addresses: set[int] = set()
        self._texts: set[int] = set()
        self._holes: list[int] = []

    def read(self, quads: Iterable[Quad]) -> Template:
        # Blank nodes last, so that their lines are found at the end.
        ordered = sorted(quads, key=lambda quad: _ends(quad) != ("", ""))
        pattern = "\n".join(map(self._line, ordered))
        found = [*self._addresses, *self._texts]
        if sorted(found) != sorted(self._probes.values()):
            raise NotTemplated("a value is lost, or both an address and a text")
        return Template(
            pattern=pattern,
            holes=tuple(self._holes),
            ends=tuple(ends for ends in map(_ends, ordered) if ends != ("", "")),
            addresses=tuple(sorted(self._addresses)),
        )

    def _line(self, quad: Quad) -> str:
        if not isinstance(quad.graph_name, DefaultGraph):
            raise NotTemplated("there is more than one graph")
        words = [self._word(quad.subject), _constant(str(quad.predicate)), self._word(quad.object)]
        return " ".join(words) + ("" if any(_ends(quad)) else " .")

    def _word(self, term: object) -> str:
        if isinstance(term, BlankNode):
            return ""
        if isinstance(term, NamedNode) and term.value in self._probes:
            self._addresses.add(self._probes[term.value])
            self._holes.append(self._probes[term.value])
            return "<%s>"
        if isinstance(term, Literal) and term.value in self._probes:
            self._texts.add(self._probes[term.value])
            self._holes.append(self._probes[term.value])
            return '"%s"' + _constant(str(term)[len(term.value) + 2 :])
        return _constant(str(term))


def _ends(quad: Quad) -> Ends:
    """Return the labels of the blank nodes at a quad's ends; empty where there is none."""
    subject, target = (
        term.value if isinstance(term, BlankNode) else "" for term in (quad.subject, quad.object)
    )
    return subject, target


def _constant(word: str) -> str:
    if _PROBE in word:
        raise NotTemplated("a value comes out changed")
    return word.replace("%", "%%")


def _other_probes(template: Template, size: int) -> Iterator[list[str]]:
    """Values of other lengths in another order, full of what is escaped; then all of them equal."""
    addresses = set(template.addresses)
    yield [
        f"https://{'z' * (size - i)}.example/%41?{i}#x"
        if i in addresses
        else f'{"Ж" * (size - i)}\u0301 "{i}"\t\\\r\n🎖'
        for i in range(size)
    ]
    yield ["https://same.example/" if i in addresses else "%s" for i in range(size)]
