"""Files to take along: a table for people's programs, such as of the audit log, or a line of JSON for each entry."""

from collections.abc import Iterable, Iterator

import msgspec

from regulars.access.audit import Entry
from regulars.web import table

_COLUMNS = tuple(field for field in Entry.__struct_fields__ if field != "id")


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
    """Return lines of a table, in UTF-8."""
    return table.rows(lines).encode()
