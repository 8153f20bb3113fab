"""Files to take along: a table for people's programs, such as of the audit log, or a line of JSON for each entry."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

import msgspec

from regulars.access.audit import Entry

_COLUMNS = tuple(field for field in Entry.__struct_fields__ if field != "id")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode().strip('"')
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def as_csv(pieces: Iterable[list[Entry]]) -> Iterator[bytes]:
    """Write entries as CSV (RFC 4180), in UTF-8."""
    yield rows([_COLUMNS])
    for entries in pieces:
        yield rows([[getattr(one, column) for column in _COLUMNS] for one in entries])


def as_lines(pieces: Iterable[list[Entry]]) -> Iterator[bytes]:
    """Write entries as lines of JSON."""
    encoder = msgspec.json.Encoder()
    for entries in pieces:
        yield encoder.encode_lines(entries)


def rows(lines: Iterable[Iterable[object]]) -> bytes:
    """Return lines of a table, in whose cells no spreadsheet finds a formula."""
    out = StringIO(newline="")
    csv.writer(out).writerows([cell(value) for value in line] for line in lines)
    return out.getvalue().encode()
