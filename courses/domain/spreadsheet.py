"""Tables as CSV that spreadsheet programs open as they are meant."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What those programs take for a formula where a cell begins with it.
_FORMULA = (*"=+-@＝＋－＠", "\t", "\r", "\n")


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a file line by line; no cell of it is a formula."""
    yield "\ufeff".encode()  # without it Excel reads UTF-8 as its own code page
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([_defuse(str(cell)) for cell in row])
        yield line.getvalue().encode()


def _defuse(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
