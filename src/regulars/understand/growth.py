"""How a segment grows: how many came in and left on each day (UTC), and how many were in it at its end.

It is counted where membership changes, so looking at it costs a row a day, however many customers there are.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec

from regulars.store.database import Tx
from regulars.understand import growth_records as records
from regulars.words.errors import Unknown

LONGEST = 3650
"""The most days that are looked back."""


class GrowthDay(msgspec.Struct, frozen=True):
    """What became of a segment on a day."""

    day: date
    joined: int
    """How many came in."""
    left: int
    """How many left, those who were forgotten with them."""
    anew: int
    """How many more, or fewer, it had as everybody was asked without a word: it was made, or its rule changed."""
    size: int
    """How many were in it at the end of the day."""
    version: int | None
    """The version by which its rule became another on that day."""


def growth(tx: Tx, name: str, now: datetime, days: int = LONGEST) -> list[GrowthDay]:
    """Return the days of a segment since it was made, at most so many of the last; the oldest first."""
    segment, today = records.made(tx, name), now.astimezone(UTC).date()
    if segment is None:
        raise Unknown("There is no segment '{name}'.", name=name[:80])
    first = max(segment.created_at.astimezone(UTC).date(), today - timedelta(days=min(days, LONGEST) - 1))
    grown = {one.day: one for one in records.growth(tx, segment.id, first)}
    changed = records.rules(tx, segment.id)
    size = next((one.size for day, one in grown.items() if day < first), 0)
    found: list[GrowthDay] = []
    for day in (first + timedelta(days=n) for n in range((today - first).days + 1)):
        one = grown.get(day) or records.Grown(day, 0, 0, 0, size)
        size = one.size
        found.append(GrowthDay(day, one.joined, one.left, one.anew, size, changed.get(day)))
    return found
