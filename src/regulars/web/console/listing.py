"""What all lists have in common: what narrows them, how they are read on, and of what something is done.

What narrows a list stands in its address, as chips that can be taken off. What is done with many is done with those
that were ticked, or with all that the list shows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar.response import Redirect

from regulars.web import cursors
from regulars.web.console.desk import Desk
from regulars.web.numbers import number_in

PICK = "pick:"
ALL = "all"
PAGE = 50
FEW = 7
"""A list as short as this is seen at a glance and needs no search."""
_MOST = 1000
T = TypeVar("T")


class Chip(msgspec.Struct, frozen=True):
    """One thing that narrows a list, in words, and the address of the list without it."""

    text: str
    off: str


class Way(msgspec.Struct, frozen=True):
    """Where a list is, and what its address says."""

    path: str
    said: Mapping[str, str]

    def but(self, **other: str) -> str:
        """Return the address of the same list with something said otherwise; what is '' is left out.

        Whoever looks for something else begins at the beginning: places are left out unless they are said.
        """
        said = {key: value for key, value in {**self.said, **other}.items() if value}
        return f"{self.path}?{urlencode(said)}" if said else self.path

    def chip(self, text: str, *keys: str) -> Chip:
        """Return a chip that takes some of what is said off."""
        return Chip(text, self.but(**dict.fromkeys(keys, "")))


class Part(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list, and the addresses of its beginning and of what follows; '' where it is not read on."""

    items: list[T]
    earlier: str
    later: str


def part(way: Way, whole: Sequence[T], after: str, mark: Callable[[T], str], place: str = "after") -> Part[T]:
    """Return the part of a list behind a place, of a list short enough to be read whole.

    Where what stood there is gone the list begins anew. `place` is what the address calls it.
    """
    marks = [mark(one) for one in whole]
    start = cursors.behind(marks, after) or 0
    end = start + PAGE
    later = way.but(**{place: cursors.made(marks[end - 1])}) if end < len(whole) else ""
    return Part(list(whole[start:end]), way.but() if start else "", later)


def picked(desk: Desk) -> list[str]:
    """Return what was ticked, at most a page of any list."""
    return [key.removeprefix(PICK) for key in desk.form if key.startswith(PICK)][:_MOST]


def numbers_picked(desk: Desk) -> tuple[int, ...]:
    """Return the numbers that were ticked; what is no number is left out."""
    return numbers(picked(desk))


def numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Return texts as numbers that a row can have; what is none is left out."""
    return tuple(number for text in texts if (number := number_in(text)) is not None)


def nothing(desk: Desk, path: str) -> Redirect:
    """Go back to a list where nothing was ticked: nothing was done, and nothing is noted."""
    desk.slip.drop()
    return desk.go(path)


def all_wanted(desk: Desk) -> bool:
    """Return whether all that the list shows is meant, on whatever page."""
    return bool(desk.form.get(ALL))
