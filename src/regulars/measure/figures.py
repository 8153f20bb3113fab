"""Figures that fell or rose suddenly against their usual week: of every kind of event that there is enough of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from regulars.measure import hours_records as records
from regulars.measure.hours_records import Figure
from regulars.measure.usual import HOUR, LEAST_WEEKS, WEEKS, Series, look
from regulars.store.database import Tx
from regulars.words import kinds
from regulars.words.errors import Unknown

__all__ = ["FOLLOWER", "Figure"]

FOLLOWER = "hours"
"""The follower that counts."""
_MOST_KINDS = 100
_LEAST = 60
"""Events in six weeks: of what is rarer, no silence would be unusual."""
_BACK = timedelta(weeks=WEEKS + 1, days=1)
_KEPT = timedelta(weeks=WEEKS + 2)
_DAYS = 7
_OURS = frozenset(
    {
        kinds.MESSAGE_SENT,
        kinds.MESSAGE_OPENED,
        kinds.MESSAGE_CLICKED,
        kinds.MESSAGE_SCANNED,
        kinds.SEGMENT_ENTERED,
        kinds.SEGMENT_LEFT,
        kinds.LIST_CHANGED,
        kinds.FACT_STATED,
        kinds.FACT_FORGOTTEN,
        kinds.CUSTOMER_MERGED,
        kinds.CUSTOMER_JOINED,
        kinds.CUSTOMER_SPLIT,
        kinds.CUSTOMER_APART,
        kinds.IDENTITY_RULES,
        kinds.PAUSE_CHANGED,
        kinds.RESTRICTION_CHANGED,
    }
)
"""What we do ourselves, by plan, and what follows at once: that there is suddenly more of it is no news."""


class Point(msgspec.Struct, frozen=True):
    """An hour of a figure: how many events it had, and how many are usual; None where that is not known."""

    hour: datetime
    seen: int
    usual: float | None


class Week(msgspec.Struct, frozen=True):
    """The last seven days of one kind of event, hour by hour, and when the last one was taken."""

    kind: str
    last: datetime | None
    points: list[Point]
    watched: bool


def look_around(tx: Tx, now: datetime, zone: ZoneInfo) -> list[Figure]:
    """Look at every figure, and keep what is unusual for whoever asks until the next look."""
    at = min(now, records.counted_upto(tx, FOLLOWER) or now)
    busy = records.busy_kinds(tx, since=at - _BACK, least=_LEAST, limit=_MOST_KINDS)
    awake = records.awake_hours(tx, at - _BACK)
    hours = records.hours_of(tx, [one.kind for one in busy], at - _BACK)
    figures: list[Figure] = []
    for one in busy:
        series = Series(hours[one.kind], zone, one.last)
        if found := look(series, awake, at, rises=one.name not in _OURS):
            figures.append(Figure(one.name, found))
    records.keep_figures(tx, figures)
    records.forget_old_hours(tx, now - _KEPT)
    return figures


def unusual(tx: Tx) -> list[Figure]:
    """Return what the last look found."""
    return records.list_figures(tx)


def last_week(tx: Tx, kind: str, now: datetime, zone: ZoneInfo) -> Week:
    """Return the last seven days of a kind of event, against what is usual; raise Unknown for one there is not."""
    known = records.number_of(tx, kind)
    if known is None:
        raise Unknown("There is no kind of event '{name}'.", name=kind[:100])
    number, last = known
    full = now.replace(minute=0, second=0, microsecond=0)
    series = Series(records.hours_of(tx, [number], now - _BACK)[number], zone, last)
    hours = [full - back * HOUR for back in range(_DAYS * 24 - 1, -1, -1)]
    points = [
        Point(hour, series.count(hour), series.usual(hour) if series.weeks(hour) >= LEAST_WEEKS else None)
        for hour in hours
    ]
    return Week(kind, last, points, kind not in records.list_unwatched(tx))


def busiest(tx: Tx, now: datetime, limit: int) -> Sequence[str]:
    """Return the kinds of event that are looked at, the busiest first."""
    found = records.busy_kinds(tx, since=now - _BACK, least=_LEAST, limit=limit)
    return [one.name for one in found]


def unwatched(tx: Tx) -> list[str]:
    """Return the kinds of event that nobody wants to hear of."""
    return records.list_unwatched(tx)


def set_watched(tx: Tx, kind: str, *, watched: bool) -> None:
    """Hear of a kind of event from now on, or no more; raise Unknown for one there is not."""
    if records.number_of(tx, kind) is None:
        raise Unknown("There is no kind of event '{name}'.", name=kind[:100])
    (records.watch if watched else records.unwatch)(tx, kind)
