"""Rows of events: each becomes one, whose other columns are its properties."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from regulars.hear.imports.cells import objects, typed
from regulars.hear.imports.fields import PROP
from regulars.hear.imports.past import Columns, Item, Made, Past, check_text, encoded
from regulars.hear.imports.plan import Unreadable
from regulars.words.errors import Invalid
from regulars.words.ids import hash64
from regulars.words.kinds import HOUSE

_LONGEST_NAME = 200


class Events:
    """Makes events by the names that their source gave them."""

    def __init__(self, columns: Columns, name: str) -> None:
        if columns.place("at") is None:
            raise Invalid("A file of events needs a column for '{needed}'. Say which one it is.", needed="at")
        if columns.place("event") is None and not name:
            raise Invalid("A file of events needs a column for '{needed}'. Say which one it is.", needed="event")
        self._columns = columns
        self._name = name
        self._typed = typed(columns, PROP)

    def items(self, rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Item]:
        """Take every row by itself."""
        for number, row in rows:
            yield number, number, [row]

    def make(self, item: Item) -> Made:
        """Make the event of a row; one without a message id is known again by all that it says."""
        row, columns = item[2][0], self._columns
        name = columns.text(row, "event") or self._name
        if not name or len(name) > _LONGEST_NAME:
            raise Unreadable("no name of an event")
        if name in HOUSE:
            raise Unreadable("a name of an event that is the house's own")
        check_text(name)
        identity = columns.who(row)[0]
        at = columns.read(row, "at", columns.values.moment)
        props = objects(columns, row, "props") | {
            one: value for one, read in self._typed.items() if (value := read(row)) not in (None, "")
        }
        text = encoded(props)
        message = columns.text(row, "message")
        told = message or b"\0".join([msgspec.json.encode([*identity, name, at]), text])
        return [Past(identity, name, at, hash64(told), text)], ""
