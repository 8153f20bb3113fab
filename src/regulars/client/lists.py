"""Lists that are read part by part: iterate over them, and what follows is fetched when it is wanted."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Listing(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list: some items, how many there are in all, and the cursor of what follows (None at the end)."""

    items: list[T]
    total: int
    next: str | None = None


class Pages(Generic[T]):
    """A whole list: iterating yields its items, part after part."""

    def __init__(self, fetch: Callable[[str], Listing[T]]) -> None:
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        """Yield every item."""
        for part in self.parts():
            yield from part.items

    def parts(self, cursor: str = "") -> Iterator[Listing[T]]:
        """Yield part after part, from a cursor on."""
        part = self.part(cursor)
        yield part
        while part.next is not None:
            part = self.part(part.next)
            yield part

    def part(self, cursor: str = "") -> Listing[T]:
        """Return one part: the first, or the one behind a cursor."""
        return self._fetch(cursor)

    @property
    def total(self) -> int:
        """How many items there are in all, as of now."""
        return self._fetch("").total
