"""CSV: rows of cells with a separator between (RFC 4180), in any encoding, plain or packed."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper

from regulars.hear.imports.headers import named
from regulars.hear.imports.packing import MOST_EMPTY, Packed, broken, unbroken
from regulars.words.errors import Invalid

SEPARATORS = (",", ";", "\t", "|")
_LONGEST_LINE = 1_000_000
_LONGEST_ROW = 4_000_000
"""Characters of a line, and of a row whose cells go over several: a longer one is no table."""
_ANY_BYTE = "surrogateescape"
"""A byte that is none of the encoding stays as it is, so that its row alone is refused, and not the whole file."""


class Text:
    """An open CSV file."""

    def __init__(self, packed: Packed, encoding: str, separator: str) -> None:
        if len(separator) != 1 or separator in '"\r\n':
            raise Invalid("The separator is one character: a comma, a semicolon, a tab or a bar.")
        self._packed = packed
        wide = encoding.startswith("utf-16")
        self._text = TextIOWrapper(packed.bytes, encoding, "replace" if wide else _ANY_BYTE, newline="")
        self._since = 0
        self._number = 0
        self._rows = csv.reader(self._lines(), delimiter=separator)
        with self._said():
            self.columns = named(next(self._rows, []))

    @property
    def read(self) -> tuple[int, int]:
        """Bytes read, of so many."""
        return self._packed.done, self._packed.size

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of each row; empty lines are none."""
        with self._said():
            for cells in self._rows:
                self._since = 0
                if cells:
                    self._number += 1
                    yield cells

    def _lines(self) -> Iterator[str]:
        """Yield line by line, none longer than any table's, and no more empty ones in a row than any table has."""
        readline = self._text.readline
        first = readline(_LONGEST_LINE).removeprefix("\ufeff")
        line, empty = first, 0
        while line:
            self._since += len(line)
            empty = empty + 1 if line.isspace() else 0
            if empty > MOST_EMPTY:
                raise broken(self._number, "has more empty lines than any table")
            if len(line) >= _LONGEST_LINE or self._since > _LONGEST_ROW:
                raise broken(self._number, "has a row that is longer than any table's; is a quote missing?")
            yield line
            line = readline(_LONGEST_LINE)

    def _said(self) -> "_Said":
        return _Said(self)

    @property
    def number(self) -> int:
        """How many rows were read."""
        return self._number


class _Said:
    """Says in words why a file cannot be read on."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, csv.Error):
            raise broken(self._text.number, "is not CSV from there on") from error
        if isinstance(error, UnicodeError):
            raise broken(self._text.number, "is not written in the encoding that was chosen") from error
        if error is not None:
            with unbroken(self._text.number):
                raise error


def guess_separator(sample: str) -> str:
    """Return what stands between the cells: what splits the names of columns, and most lines after them alike."""
    lines = [line for line in sample.splitlines() if line.strip()][:50]
    best, most = ",", 0.0
    for separator in SEPARATORS:
        widths: list[int] = []
        with suppress(csv.Error):
            widths.extend(len(row) for row in csv.reader(lines, delimiter=separator) if row)
        if not widths:
            continue
        weight = (widths[0] - 1) * widths.count(widths[0]) / len(lines)
        if weight > most:
            best, most = separator, weight
    return best
