"""What is usual at this time of the week, and whether what we see is so far from it that chance does not explain it.

Usual is the median of the same local hour of the week over the last six weeks, so one holiday or one outage among them
changes nothing. Chance has two parts. How much whole hours and days swing by themselves is read off those weeks, by the
median absolute deviation of the logarithm: from it comes the lowest (and highest) rate that is still plausible. Around
such a rate events arrive as a Poisson process at worst, whose tails Chernoff's bound limits:
P(X <= o) <= exp(-(m - o + o ln(o / m))), and the same for X >= o. What is in the exponent we call surprise.

Silence is looked at in pieces of five minutes, for events often come in bunches: a shop that hands in its orders once
an hour is not silent in between.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import exp, log
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

WEEKS = 6
"""Weeks that are looked back."""
LEAST_WEEKS = 3
"""Weeks of a figure's own history without which nothing is said about it."""
HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_SLOT = timedelta(minutes=5)
_SLOTS = 12
_AWAKE = 6
"""Pieces of an hour in which the house must have been awake for the hour to be judged."""

SURPRISE = 16.1
"""One in ten million: a figure is looked at hundreds of thousands of times a year."""
_LEAST = 20.0
"""Events that are usual in the time looked at: below, a shop is too small for hours and is judged by more of them."""
_LEAST_RISE = 50
_HALF, _DOUBLE, _TOP = 0.5, 3.0, 1.5
_WINDOWS = (1, 2, 4, 8, 24)
_RECENT = 8.0
"""Events usual in the newest hours that show whether it is still so."""
_STILL_LOW, _STILL_HIGH = 0.6, 1.5
_SWING = 0.1
"""The least swing that any figure is granted: a standard deviation of a tenth."""
_UNKNOWN_SWING = 0.3
_NORMAL = 1.4826
_SMALL_SAMPLE = 1.25
_PLAUSIBLE = 4.2
"""Standard deviations that a swing may have: with as many hours as a year has, chance hardly goes further."""
_MANY = 10
"""Events in an hour or day from which its swing can be read."""

Shape = Literal["stopped", "fell", "rose"]
_NEVER = datetime.min.replace(tzinfo=UTC)


class Hour(msgspec.Struct, frozen=True):
    """How many events of a kind an hour had, and in which of its twelve pieces (bits) some came."""

    count: int
    slots: int


class Unusual(msgspec.Struct, frozen=True):
    """A figure that is not as usual: since when, the last event, and the usual and the real rate an hour."""

    shape: Shape
    since: datetime
    last: datetime | None
    usual: float
    seen: float


class Swings(msgspec.Struct, frozen=True):
    """How much a figure swings by itself, as the standard deviation of the logarithm of its rate."""

    hourly: float
    daily: float


class Series:
    """The hours of one kind of event, in the time of a place."""

    def __init__(self, hours: Mapping[datetime, Hour], zone: ZoneInfo, last: datetime | None) -> None:
        self.hours = hours
        self.zone = zone
        self.last = last
        self.first = min(hours, default=None)

    def weeks(self, hour: datetime) -> int:
        """Return how many weeks before an hour this figure has a history for."""
        if self.first is None:
            return 0
        return min(WEEKS, (hour - self.first) // _WEEK)

    def count(self, hour: datetime) -> int:
        """Return how many events an hour had."""
        found = self.hours.get(hour)
        return found.count if found else 0

    def before(self, hour: datetime) -> list[Hour]:
        """Return the same hour of the weeks before."""
        nothing = Hour(0, 0)
        return [self.hours.get(same_hour(hour, back, self.zone), nothing) for back in range(1, self.weeks(hour) + 1)]

    def usual(self, hour: datetime) -> float:
        """Return how many events are usual in an hour."""
        known = self.before(hour)
        return median(one.count for one in known) if known else 0.0


@lru_cache(maxsize=100_000)
def same_hour(hour: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """Return the hour that had the same local time some weeks before; a change of the clocks in between counts."""
    local = hour.astimezone(zone).replace(tzinfo=None) - weeks * _WEEK
    return local.replace(tzinfo=zone).astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def surprise(seen: float, expected: float) -> float:
    """Return how little chance explains a count: the exponent of Chernoff's bound."""
    if seen <= 0:
        return expected
    if expected <= 0:
        return 0.0
    return expected - seen + seen * log(seen / expected)


def swings(series: Series, full: datetime) -> Swings:
    """Read off a figure's past how much it swings by itself; the week before the full hour is not looked at."""
    pairs: list[tuple[float, float]] = []
    days: dict[tuple[int, int], list[float]] = {}
    for back in range(7 * 24):
        counts = [one.count for one in series.before(full - (back + 1) * HOUR)]
        expected = median(counts) if counts else 0.0
        for week, seen in enumerate(counts):
            pairs.append((seen, expected))
            day = days.setdefault((week, back // 24), [0.0, 0.0])
            day[0] += seen
            day[1] += expected
    daily = _swing([(one[0], one[1]) for one in days.values()]) or _UNKNOWN_SWING
    return Swings(_swing(pairs) or daily, daily)


def _swing(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Return the robust spread of counts around what was expected, without chance; None for too few."""
    known = [(log((seen + 0.5) / (expected + 0.5)), 1 / expected) for seen, expected in pairs if expected >= _MANY]
    if len(known) < 2 * _MANY:
        return None
    middle = median(one[0] for one in known)
    spread = _NORMAL * median(abs(one[0] - middle) for one in known)
    chance = sum(one[1] for one in known) / len(known)
    return max(_SWING, _SMALL_SAMPLE * max(0.0, spread**2 - chance) ** 0.5)


def look(series: Series, awake: Mapping[datetime, int], now: datetime, *, rises: bool = True) -> Unusual | None:
    """Return how a figure is unusual now, or None: also where its history is too short to tell.

    `awake` has the pieces of each hour in which the house could take events at all.
    """
    full = now.replace(minute=0, second=0, microsecond=0)
    if series.last is None or series.weeks(full) < LEAST_WEEKS:
        return None
    swing = swings(series, full)
    return _silence(series, awake, now, swing) or _windows(series, awake, full, swing, rises=rises)


def _silence(series: Series, awake: Mapping[datetime, int], now: datetime, swing: Swings) -> Unusual | None:
    last = series.last or now
    lowest = exp(-_PLAUSIBLE * max(swing.hourly, swing.daily))
    slot, hour, rate, often = _start(max(last + _SLOT, now - 2 * _WEEK)), _NEVER, 0.0, 0.0
    total = missed = 0.0
    looked = 0
    while slot + _SLOT <= now:
        if (this := slot.replace(minute=0)) != hour:
            hour, rate, often = this, _lively(series, this), series.usual(this)
        if rate and awake.get(hour, 0) >> (slot.minute // 5) & 1:
            total += rate * lowest
            missed += often / _SLOTS
            looked += 1
        slot += _SLOT
    if total < SURPRISE:
        return None
    return Unusual("stopped", last, last, missed / looked * _SLOTS, 0.0)


def _start(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def _lively(series: Series, hour: datetime) -> float:
    """Return how surprising it is that five minutes of an hour stay empty, as the logarithm."""
    known = series.before(hour)
    if not known:
        return 0.0
    share = median(one.slots.bit_count() for one in known) / _SLOTS
    most = 1 - 1 / (_SLOTS * len(known) + 2)
    return -log(1 - min(share, most))


def _windows(
    series: Series, awake: Mapping[datetime, int], full: datetime, swing: Swings, *, rises: bool
) -> Unusual | None:
    """Look at the last whole hours: one, two, four, eight and a day of them."""
    hours = [
        hour for back in range(1, _WINDOWS[-1] + 1) if awake.get(hour := full - back * HOUR, 0).bit_count() >= _AWAKE
    ]
    usual = {hour: series.usual(hour) for hour in hours}
    found: list[tuple[float, Unusual]] = []
    for size in _WINDOWS:
        window = hours[:size]
        if len(window) < size:
            break
        seen = sum(series.count(hour) for hour in window)
        sums = [sum(week) for week in zip(*(_counts(series, hour) for hour in window), strict=False)]
        expected = median(sums) if sums else 0.0
        factor = exp(_PLAUSIBLE * (swing.daily if size == _WINDOWS[-1] else max(swing.hourly, swing.daily)))
        shape: Shape | None = None
        if expected >= _LEAST and seen <= _HALF * expected and _still(series, usual, _STILL_LOW, below=True):
            low, shape = surprise(seen, expected / factor) if seen < expected / factor else 0.0, "fell"
        elif rises and seen >= max(_LEAST_RISE, _DOUBLE * expected) and _still(series, usual, _STILL_HIGH, below=False):
            top = max(expected * factor, _TOP * _highest(series, size, window[-1]), 1.0)
            low, shape = surprise(seen, top) if seen > top else 0.0, "rose"
        else:
            continue
        if low >= SURPRISE:
            found.append((low, Unusual(shape, window[-1], series.last, expected / size, seen / size)))
    return max(found, key=lambda one: one[0])[1] if found else None


def _counts(series: Series, hour: datetime) -> list[int]:
    return [one.count for one in series.before(hour)]


def _still(series: Series, usual: Mapping[datetime, float], share: float, *, below: bool) -> bool:
    """Return whether the newest hours, as many as it takes to tell, are still as unusual."""
    seen = expected = 0.0
    for hour, often in usual.items():
        seen += series.count(hour)
        expected += often
        if max(expected, 0.0 if below else seen) >= _RECENT:
            break
    return seen <= share * expected if below else seen >= share * expected


def _highest(series: Series, size: int, before: datetime) -> int:
    """Return the most that so many hours had in the weeks before: what comes in bunches does not alarm anybody."""
    hours = [before - back * HOUR for back in range(1, series.weeks(before) * 7 * 24 + 1)]
    counts = [series.count(hour) for hour in hours]
    rolling = highest = sum(counts[:size])
    for place in range(size, len(counts)):
        rolling += counts[place] - counts[place - size]
        highest = max(highest, rolling)
    return highest
