"""The pieces of a GIFT file: what stands between blank lines, with its comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.domain.formats.escapes import Escapes

ESCAPES = Escapes("\\~=#{}:n", {"n": "\n"})
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)", re.IGNORECASE)
_LABEL = re.compile(r"\[(id|tag):((?:\\.|[^\\\]]){0,400})\]")


@dataclass
class Block:
    """A piece of the file with its escapes hidden; a category is a piece of its own."""

    line: int
    lines: list[str] = field(default_factory=list)
    category: str | None = None
    code: str = ""
    tags: list[str] = field(default_factory=list)
    comments: int = 0  # other than codes and tags

    @property
    def text(self) -> str:
        """Return its lines, but for comments."""
        return "\n".join(self.lines)

    def add(self, line: str, number: int) -> None:
        """Take one more line, which may be a comment."""
        if line.lstrip().startswith("//"):
            self._add_comment(line)
        else:
            self.line = self.line if self.lines else number
            self.lines.append(ESCAPES.hide(line))

    def _add_comment(self, line: str) -> None:
        labels = _LABEL.findall(line)
        for name, value in labels:
            label = re.sub(r"\\(.)", r"\1", value).strip()
            if name == "id":
                self.code = label
            else:
                self.tags.append(label)
        self.comments += not labels


def split(text: str) -> Iterator[Block]:
    """Yield the pieces of a file in order."""
    blocks = _paragraphs(text)
    place = 0
    while place < len(blocks):
        block, place = blocks[place], place + 1
        for more in blocks[place : place + _missing(blocks, place)]:
            block.lines += ["", *more.lines]
            block.comments += more.comments
            block.code = block.code or more.code
            block.tags += more.tags
            place += 1
        yield block


def _paragraphs(text: str) -> list[Block]:
    found, block = [], Block(1)
    for number, line in enumerate(text.split("\n"), start=1):
        category = _CATEGORY.match(line)
        if category or not line.strip():
            found.append(block)
            block = Block(number + 1)
        if category:
            found.append(Block(number, category=" ".join(category[1].split())))
        elif line.strip():
            block.add(line, number)
    found.append(block)
    return [each for each in found if each.lines or each.category is not None or _is_noted(each)]


def _is_noted(block: Block) -> bool:
    return bool(block.code or block.tags or block.comments)


def _missing(blocks: list[Block], place: int) -> int:
    """Count the paragraphs that belong to the answers begun in the one before ``place``.

    Answers may have blank lines within, as long as their brace is closed before another opens.
    """
    before = blocks[place - 1].text
    if before.rfind("{") <= before.rfind("}"):
        return 0
    for ahead in range(place, len(blocks)):
        brace = re.search(r"[{}]", blocks[ahead].text)
        if blocks[ahead].category is not None or (brace and brace[0] == "{"):
            return 0
        if brace:
            return ahead - place + 1
    return 0
