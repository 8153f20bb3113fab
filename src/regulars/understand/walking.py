"""Who is behind a number that was reckoned: customers by their numbers, of whom some are looked at a page."""

from collections.abc import Callable, Sequence
from time import monotonic

import msgspec

from regulars.store.database import Tx

FIRST, MOST = 100, 1_000
"""Customers who are looked at in one statement: few in the first, for a part is often full then, and ever more."""
_SECONDS = 0.08
"""How long customers are looked at for one part of a list, before the next part goes on from there."""
_PATIENCE = 10


class Looked(msgspec.Struct, frozen=True):
    """A customer who was looked at, and whether they are among those who are sought."""

    customer_id: int
    name: str
    holds: bool


class Behind(msgspec.Struct, frozen=True):
    """A customer behind a number."""

    customer_id: int
    name: str


def walk(
    tx: Tx, look: Callable[[int, int], Sequence[Looked]], after: int, limit: int
) -> tuple[list[Behind], int | None]:
    """Return customers who are sought, by number, behind one; and behind which one to go on, None at the end.

    `look` returns the next customers behind one who may be sought, up to so many. There may be fewer than `limit` in a
    part that has something behind it: then nobody else was found among those who were looked at in a moment.
    """
    found: list[Behind] = []
    until, many = monotonic() + _SECONDS, FIRST
    with tx.within(_PATIENCE):
        while True:
            some = look(after, many)
            for one in some:
                after = one.customer_id
                if one.holds:
                    found.append(Behind(one.customer_id, one.name))
                    if len(found) == limit:
                        return found, after
            if len(some) < many:
                return found, None
            if monotonic() >= until:
                return found, after
            many = min(2 * many, MOST)
