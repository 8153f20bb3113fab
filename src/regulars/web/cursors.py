"""Cursors: the place of the last item that was read, as a text that nobody has to understand.

A list is read on from behind that item, so what arrives meanwhile moves nothing: nothing is told twice or left out.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec

from regulars.words.errors import Invalid, concerning

T = TypeVar("T")

_LARGEST = 2**63


def made(*place: Any) -> str:
    """Return the cursor of a place in a list."""
    return urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def read(cursor: str, kind: type[T]) -> T | None:
    """Return the place of a cursor, as a tuple of this kind; None for no cursor. Raise Invalid for what is none."""
    if not cursor:
        return None
    with concerning("cursor"):
        try:
            text = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            place = msgspec.json.decode(text, type=kind)
        except (Base64Error, UnicodeError, ValueError, msgspec.DecodeError) as error:
            raise _strange() from error
        if any(_out_of_bounds(one) for one in cast("tuple[object, ...]", place)):
            raise _strange()
        return place


def behind(marks: Sequence[str], cursor: str) -> int | None:
    """Return where a list goes on that is read whole, given the mark of each of its items; None where that is gone.

    Where the item of the cursor is gone meanwhile, a list in the order of its marks goes on behind where it was.
    """
    place = read(cursor, tuple[str])
    if place is None:
        return 0
    (last,) = place
    if last in marks:
        return marks.index(last) + 1
    return bisect_right(marks, last) if list(marks) == sorted(marks) else None


def _out_of_bounds(part: object) -> bool:
    if isinstance(part, datetime):
        return part.tzinfo is None
    return isinstance(part, int) and not -_LARGEST <= part < _LARGEST


def _strange() -> Invalid:
    return Invalid("This cursor is of no list like this. Send the 'next' of the part before, or begin without one.")
