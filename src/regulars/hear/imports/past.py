"""What a row becomes: events of the past, whose identifiers have no numbers yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from regulars.hear.identities import LONGEST as LONGEST_ID
from regulars.hear.identities import Pair, tidy
from regulars.hear.imports.fields import IDENTIFIERS
from regulars.hear.imports.plan import Unreadable
from regulars.hear.imports.values import Values
from regulars.hear.phones import e164
from regulars.store.log import NewEvent
from regulars.words.cells import MARK, unmarked
from regulars.words.errors import Invalid

_ENDS_IN_ZERO = ".0"
NO_PHONE = Unreadable("taken without its phone number: it needs a country, as in +371").text
"""As an error it is a text of the catalogue."""
MOST_BYTES = 32_768
"""Bytes of one event's properties, as `/v1` takes them."""
MOST_OF_ORDER = 2_000_000


class Past(msgspec.Struct, frozen=True, gc=False):
    """An event of the past. `links` are other identifiers of the same person; None where it is no `identify`."""

    identity: Pair
    kind: str
    at: datetime
    mid: int
    props: bytes
    links: tuple[Pair, ...] | None = None
    whenever: bool = False
    """Whether the same statement counts as known at whatever time it was made: the file does not say when."""

    def event(self, numbers: Mapping[Pair, int]) -> NewEvent:
        """Return the event, given the numbers of its identifiers."""
        props = self.props
        if self.links is not None:
            links = ",".join(str(numbers[pair]) for pair in self.links)
            props = b'{"traits":%b,"links":[%b],"verified":true}' % (props, links.encode())
        return NewEvent(numbers[self.identity], self.at, self.kind, props, mid=self.mid, historical=True)


Item = tuple[int, int, list[Sequence[Any]]]
"""What is taken whole or not at all: the numbers of its first row and of its last, and its rows."""


class Broken(list[Any]):
    """A row that cannot be taken, whatever its columns are; what could be read of it stands in it."""

    def __init__(self, cells: Iterable[Any], problem: Unreadable) -> None:
        super().__init__(cells)
        self.problem = problem


Made = tuple[list[Past], str]
"""The events of an item, and what it says that could not be taken; '' mostly."""


class Maker(Protocol):
    """Makes events of the rows of one kind of file."""

    def items(self, rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Item]:
        """Put rows together that belong together."""
        ...

    def make(self, item: Item) -> Made:
        """Return the events of an item; raise Unreadable where it cannot be taken."""
        ...


class Columns:
    """Where the targets stand in a row, and how cells are read."""

    def __init__(self, names: Sequence[str], mapping: Mapping[str, str], values: Values) -> None:
        self.names = names
        self.values = values
        self.lost = ""
        """What of the row asked of last could not be taken, while the rest of it can."""
        self.places: dict[str, int] = {}
        self.targets = [mapping.get(name, "") for name in names]
        for place, target in enumerate(self.targets):
            self.places.setdefault(target, place)

    def place(self, target: str) -> int | None:
        """Return in which column a target stands."""
        return self.places.get(target)

    def cell(self, row: Sequence[Any], target: str) -> Any:
        """Return a cell, tidied; '' where there is no such column."""
        place = self.places.get(target)
        return "" if place is None else tidied(row[place])

    def text(self, row: Sequence[Any], target: str) -> str:
        """Return a cell as text."""
        cell = self.cell(row, target)
        return cell if isinstance(cell, str) else self.values.text(cell)

    def read(self, row: Sequence[Any], target: str, how: Callable[[Any], Any]) -> Any:
        """Return a cell as `how` reads it; an error names the column."""
        return self.at(row, self.places[target], how)

    def at(self, row: Sequence[Any], place: int, how: Callable[[Any], Any]) -> Any:
        """Return the cell at a place as `how` reads it; an error names the column."""
        try:
            return how(tidied(row[place]))
        except Unreadable as error:
            error.field = self.names[place]
            raise

    def who(self, row: Sequence[Any]) -> list[Pair]:
        """Return the identifiers of a row, the one that says most first; raise Unreadable where it has none."""
        found: list[Pair] = []
        self.lost = ""
        problem: Unreadable | None = None
        for kind in IDENTIFIERS:
            place = self.places.get(kind)
            if place is not None and (text := self.values.text(tidied(row[place]))):
                try:
                    found.append(self._identifier(kind, text, place))
                except Unreadable as error:
                    if kind != "phone":
                        raise
                    problem, self.lost = error, NO_PHONE
        if problem and not found:
            raise problem
        if not found:
            raise Unreadable("it does not say who it is: no e-mail address, number or id")
        return found

    def _identifier(self, kind: str, text: str, place: int) -> Pair:
        if text.endswith(_ENDS_IN_ZERO) and text[:-2].isdecimal():  # what a spreadsheet makes of 17850
            text = text[:-2]
        try:
            return _checked(kind, text)
        except Unreadable as error:
            error.field = self.names[place]
            raise


def _checked(kind: str, text: str) -> Pair:
    if len(text) > LONGEST_ID:
        raise Unreadable("an identifier longer than 320 characters")
    if kind == "email" and "@" not in text[1:-1]:
        raise Unreadable("no e-mail address")
    if kind == "phone" and e164(text) is None:
        raise Unreadable("no phone number with its country")
    check_text(text)
    try:
        return tidy(kind, text)
    except Invalid as error:
        raise Unreadable("an identifier that cannot be one") from error


def tidied(cell: Any) -> Any:
    """Return a cell without spaces around, zero characters, and the mark of what would be a formula."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if "\0" in text:
        text = text.replace("\0", "").strip()
    return unmarked(text) if text[:1] == MARK else text


def check_text(text: str) -> None:
    """Raise Unreadable where a text has bytes that were none of the file's encoding."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Unreadable("written in another encoding than the rest of the file") from error


def encoded(props: Any, most: int = MOST_BYTES) -> bytes:
    """Return properties as JSON; raise Unreadable where they are none, or too many."""
    try:
        text = msgspec.json.encode(props)
    except UnicodeEncodeError as error:
        raise Unreadable("written in another encoding than the rest of the file") from error
    except TypeError as error:
        raise Unreadable("a value of a kind that no event has") from error
    if len(text) > most:
        raise Unreadable("more than an event may hold")
    if b"\\u0000" in text:
        raise Unreadable("a zero character inside a value")
    return text
