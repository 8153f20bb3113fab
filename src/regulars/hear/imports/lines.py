"""NDJSON: a JSON object a line. Objects inside become columns of their own, as `address.city`."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from regulars.hear.imports.headers import named
from regulars.hear.imports.packing import MOST_EMPTY, Packed, broken, unbroken
from regulars.hear.imports.plan import Unreadable
from regulars.words.errors import Invalid

_LOOKED_AT = 1_000
"""Rows that say which columns there are; a row with another one is told of, not cut short."""
_MUCH = 2_000_000
"""Bytes of them, at most, and a line more."""
_LONGEST_LINE = 1_000_000
_DEEPEST = 8

_OBJECT = msgspec.json.Decoder(dict[str, Any])


class Lines:
    """An open NDJSON file."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._number = self._size = 0
        self._objects = self._read()
        self._first = list(self._looked_at())
        found: dict[str, None] = {}
        for one in self._first:
            if isinstance(one, dict):
                found.update(dict.fromkeys(one))
        if not found:
            raise Invalid(
                "The file has no JSON object on a line of its own. NDJSON has one on each line, and no list around."
            )
        self.columns = named(found)
        self._places = {name: place for place, name in enumerate(found)}

    @property
    def read(self) -> tuple[int, int]:
        """Bytes read, of so many."""
        return self._packed.done, self._packed.size

    def rows(self) -> Iterator[Any]:
        """Yield the cells of each row, or Unreadable for a line that is no object or has columns of its own."""
        first, self._first = self._first, []
        for one in first:
            yield self._cells(one)
        for one in self._objects:
            yield self._cells(one)

    def _cells(self, one: "dict[str, Any] | Unreadable") -> Any:
        if isinstance(one, Unreadable):
            return one
        if one.keys() <= self._places.keys():
            return [one.get(name) for name in self._places]
        return Unreadable("a column that the first 1,000 rows do not have")

    def _looked_at(self) -> "Iterator[dict[str, Any] | Unreadable]":
        """Yield the first rows; fewer where they are long, for all are held at once."""
        for one in islice(self._objects, _LOOKED_AT):
            yield one
            if self._size >= _MUCH:
                return

    def _read(self) -> "Iterator[dict[str, Any] | Unreadable]":
        empty = 0
        with unbroken(self._number):
            while line := self._packed.bytes.readline(_LONGEST_LINE):
                if len(line) >= _LONGEST_LINE:
                    raise broken(self._number, "has a row that is longer than any table's")
                if not self._number:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                empty = 0 if line.strip() else empty + 1
                if empty > MOST_EMPTY:
                    raise broken(self._number, "has more empty lines than any table")
                if line.strip():
                    self._number += 1
                    self._size += len(line)
                    yield _object(line)


def _object(line: bytes) -> "dict[str, Any] | Unreadable":
    try:
        return dict(_flat(_OBJECT.decode(line)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unreadable("no JSON object")


def _flat(one: Mapping[str, Any], prefix: str = "", deep: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in one.items():
        if isinstance(value, dict) and deep < _DEEPEST:
            yield from _flat(value, f"{prefix}{name}.", deep + 1)
        else:
            yield f"{prefix}{name}", value
