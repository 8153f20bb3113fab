"""Hours in which somebody may be written to, by their own clock: a workspace's, and those of a country's law."""

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

Windows = tuple[tuple[int, int], ...]
"""Parts of a day, each from a minute to another; 24 * 60 is its end."""
Week = tuple[Windows, ...]
"""What is open on each day, Monday first."""

_DAY = 24 * 60
_FAR = timedelta(days=14)
"""Hours that never meet are looked for no further: then somebody asks again."""


def awake(quiet_from: str, quiet_until: str) -> Week:
    """Return when it is not quiet, where that is from one time of day to another ('21:00', '08:00')."""
    begins, ends = minutes(quiet_from), minutes(quiet_until)
    parts = ((ends, begins),) if begins > ends else ((0, begins), (ends, _DAY))
    return (tuple((start, end) for start, end in parts if start < end),) * 7


def minutes(clock: str) -> int:
    """Return a time of day as minutes since midnight; raise ValueError for what is none."""
    read = datetime.strptime(clock, "%H:%M")  # noqa: DTZ007 (it is no moment)
    return read.hour * 60 + read.minute


def opens(weeks: Collection[Week], zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when all of some weeks are open next by the clock of a zone; None: they are now."""
    moment = now
    while moment < now + _FAR and (later := max(_opens(week, zone, moment) for week in weeks)) > moment:
        moment = later
    return moment if moment > now else None


def _opens(week: Week, zone: ZoneInfo, moment: datetime) -> datetime:
    return next((max(start, moment) for start, end in _parts(week, zone, moment) if moment < end), moment + _FAR)


def _parts(week: Week, zone: ZoneInfo, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open parts of the days from the one before a moment, as moments."""
    first = moment.astimezone(zone).date() - timedelta(days=1)
    for days in range(10):
        day = first + timedelta(days=days)
        midnight = datetime.combine(day, time())
        for start, end in week[day.weekday()]:
            both = (midnight + timedelta(minutes=one) for one in (start, end))
            begins, stops = (one.replace(tzinfo=zone).astimezone(moment.tzinfo) for one in both)
            yield begins, stops
