"""What all lists have in common: what narrows them, how they are read on, and of what something is done.

What narrows a list stands in its address, as chips that can be taken off. What is done with many is done with those
that were ticked, or with all that the list shows.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import msgspec
from litestar.response import Redirect

from regulars.remember.folding import fold
from regulars.web.console.desk import Desk
from regulars.web.numbers import number_in

PICK = "pick:"
ALL = "all"
_MOST = 1000


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


def holds(q: str, *texts: str) -> bool:
    """Return whether texts contain every word of a search, as the list of customers finds: for lists read whole."""
    folded = " ".join(fold(text) for text in texts)
    return all(word in folded for word in fold(q).split())


def all_wanted(desk: Desk) -> bool:
    """Return whether all that the list shows is meant, on whatever page."""
    return bool(desk.form.get(ALL))
