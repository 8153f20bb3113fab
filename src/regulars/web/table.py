"""Tables for people's programs: CSV (RFC 4180) in which no spreadsheet finds a formula."""

import csv
from collections.abc import Iterable
from io import StringIO

import msgspec

from regulars.words.cells import marked


def cell(value: object) -> str:
    """Return a value as a cell; a text that a spreadsheet would run begins with an apostrophe."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode().strip('"')
    number = isinstance(value, int | float)
    return text if number else marked(text)


def rows(lines: Iterable[Iterable[object]]) -> str:
    """Return lines of a table."""
    out = StringIO(newline="")
    csv.writer(out).writerows([cell(value) for value in line] for line in lines)
    return out.getvalue()
