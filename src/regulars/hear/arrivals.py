"""What machines sent lately, taken or not, as it came: for whoever connects a shop and wants to see it work.

It looks back over the last events only, so that it costs the same however long the log is.
"""

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from typing import Any

import msgspec

from regulars.hear import arrival_records as records
from regulars.hear import rejected_records
from regulars.hear.arrival_records import HeardEvent, TakenRow
from regulars.hear.rejected_records import KeptRejected
from regulars.store.database import Tx
from regulars.words.errors import Unknown

__all__ = ["FIRST", "Arrival", "HeardEvent", "Place", "Wanted"]

WINDOW = 5_000
"""How many events back one looks."""

Place = tuple[int, int]
"""Where a list of arrivals is read on: before this event and this rejected one."""
FIRST: Place = (2**62, 2**62)


class Arrival(msgspec.Struct, frozen=True):
    """An event as it arrived: taken into the log, where `number` is its sequence, or not, and why."""

    taken: bool
    number: int
    at: datetime
    """When it arrived."""
    kind: str
    who: str
    """The identifier that it came with; '' where it was not taken."""
    source: int | None
    """The number of the key that it came with."""
    library: str
    historical: bool
    reason: str
    """Why it was not taken; '' where it was."""
    more: int
    """How many more were not taken right before, of which only the number is kept."""


class Wanted(msgspec.Struct, frozen=True):
    """Which arrivals are asked for; None: all."""

    kind: str | None = None
    source: int | None = None
    library: str | None = None
    taken: bool | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What both kinds of arrival are narrowed by."""
        return {"kind": self.kind, "source": self.source, "library": self.library}


def list_arrivals(tx: Tx, wanted: Wanted, *, before: Place = FIRST, limit: int) -> list[Arrival]:
    """Return the newest arrivals before a place."""
    taken: Sequence[Arrival] = ()
    rejected: Sequence[Arrival] = ()
    if wanted.taken is not False:
        rows = records.list_taken(tx, wanted.said, window=WINDOW, before=before[0], limit=limit)
        taken = [_of_row(one) for one in rows]
    if wanted.taken is not True:
        kept = rejected_records.list_rejected(tx, **wanted.said, before=before[1], limit=limit)
        rejected = [_of_rejected(one) for one in kept]
    return list(merge(taken, rejected, key=lambda one: one.at, reverse=True))[:limit]


def place_after(shown: Sequence[Arrival], before: Place) -> Place:
    """Return where a list goes on behind what was shown."""
    event = min((one.number for one in shown if one.taken), default=before[0])
    return event, min((one.number for one in shown if not one.taken), default=before[1])


def count_arrivals(tx: Tx, wanted: Wanted) -> int:
    """Return how many arrivals there are, as far back as one looks."""
    taken = 0 if wanted.taken is False else records.count_taken(tx, wanted.said, window=WINDOW)
    return taken + (0 if wanted.taken is True else rejected_records.count_rejected(tx, **wanted.said))


def seen(tx: Tx) -> tuple[list[str], list[str]]:
    """Return of which kinds the arrivals are, and by which libraries."""
    rows = records.seen(tx, window=WINDOW)
    return sorted({kind for kind, _ in rows if kind}), sorted({library for _, library in rows if library})


def get_taken(tx: Tx, seq: int) -> HeardEvent:
    """Return an event as it was taken. Raises Unknown."""
    found = records.get_taken(tx, seq)
    if found is None:
        raise Unknown("There is no event {number}.", number=seq)
    return found


def get_rejected(tx: Tx, number: int) -> KeptRejected:
    """Return an event that was not taken. Raises Unknown."""
    found = rejected_records.get_rejected(tx, number)
    if found is None:
        raise Unknown("Event {number}, which was not taken, is kept no more: it goes after a week.", number=number)
    return found


def newest_rejected(tx: Tx) -> int:
    """Return the number of the newest event that was not taken, 0 for none."""
    return rejected_records.newest(tx)


def _of_row(one: TakenRow) -> Arrival:
    return Arrival(
        True, one.number, one.at, one.kind, one.who or "", one.source, one.library, one.historical, reason="", more=0
    )


def _of_rejected(one: KeptRejected) -> Arrival:
    return Arrival(False, one.id, one.at, one.kind, "", one.source, one.library, False, one.reason, one.more)
