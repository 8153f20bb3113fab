"""Who comes back: customers by the month or week in which they first did something, and who did it again in which.

Months and weeks are those of the workspace's clock; a week begins on Monday. A customer is in one cohort, that of the
first time ever, whichever of their identities it was; what was imported counts at the time at which it happened.
Orders count that were placed and not cancelled. Who is kept and not used is left out. With a segment, only those are
asked who are in it now.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from regulars.remember.did import SIGNS
from regulars.store import records as store
from regulars.store.database import Tx
from regulars.understand import cohorts_records as records
from regulars.understand.cohorts_records import Done, Square
from regulars.understand.operands import nearest
from regulars.understand.reckoning import Found, look, zone_of
from regulars.understand.segments import get_segment
from regulars.understand.walking import Behind, walk
from regulars.words.errors import Invalid, concerning
from regulars.words.kinds import HOUSE, SEEN

__all__ = [
    "ANYTHING",
    "EVENT",
    "KIND",
    "ORDERS",
    "VISITS",
    "Asked",
    "Behind",
    "Cohort",
    "Cohorts",
    "Stayed",
    "curve",
    "find",
    "following",
    "people",
    "reckon",
    "rule_of",
    "settled",
]  # fmt: skip

KIND = "cohorts"
Every = Literal["month", "week"]
ORDERS, VISITS, ANYTHING, EVENT = "orders", "visits", "anything", "event:"
"""What can be asked for: orders, pages and screens, any sign of somebody, or a kind of event behind `event:`."""
_SHOWN = {"month": 24, "week": 26}
"""How many months or weeks before the one under way there are cohorts of."""
_LONGEST = 200


class Asked(msgspec.Struct, frozen=True):
    """What the first time is of, whether months or weeks are counted, and in which segment; '' is everybody."""

    of: str = ORDERS
    every: Every = "month"
    segment: str = ""


class Cohort(msgspec.Struct, frozen=True):
    """Customers who did it first in the month or week that began on a day; how many did it again in each next one.

    The last of `back` is the one under way.
    """

    began: date
    customers: int
    back: list[int]


class Cohorts(msgspec.Struct, frozen=True):
    """Cohorts, the last first; `until` is when the month or week began that is under way."""

    until: date
    cohorts: list[Cohort]


class Stayed(msgspec.Struct, frozen=True):
    """Of the customers of all cohorts whose time has come, how many came back after so many months or weeks."""

    after: int
    customers: int
    back: int


def find(tx: Tx, asked: Asked, now: datetime) -> tuple[Cohorts | None, Found]:
    """Return the cohorts as they were reckoned last, and when that was; at once where the log is small.

    Raise Invalid for a kind of event that nobody ever did, Unknown where there is no such segment.
    """
    _done(tx, asked)
    found = look(tx, KIND, asked, reckon, now, segment=asked.segment)
    return (None if found.answer is None else msgspec.convert(found.answer, Cohorts)), found


def reckon(tx: Tx, question: Any, now: datetime) -> Cohorts:
    """Reckon the cohorts that a question asks for."""
    asked = msgspec.convert(question, Asked)
    done = _done(tx, asked)
    until = _began(now.astimezone(ZoneInfo(done.zone)).date(), asked.every)
    squares = records.squares(tx, done, following(until, asked.every, -_SHOWN[asked.every]))
    return Cohorts(until, _cohorts(squares, until, asked.every))


def _done(tx: Tx, asked: Asked) -> Done:
    if asked.segment:
        get_segment(tx, asked.segment)
    zone = str(zone_of(tx))
    match asked.of:
        case "orders":
            kinds = list[int]()
        case "visits":
            kinds = records.kinds_of(tx, SEEN, named=True)
        case "anything":
            kinds = records.kinds_of(tx, HOUSE - SIGNS, named=False)
        case of:
            kinds = _kind(tx, of)
    return Done(asked.of == ORDERS, kinds, asked.every, zone, asked.segment)


def _kind(tx: Tx, of: str) -> list[int]:
    name = of.removeprefix(EVENT)
    found = records.kinds_of(tx, [name], named=True) if of.startswith(EVENT) and len(name) <= _LONGEST else []
    if not found:
        near = " / ".join(nearest(name[:_LONGEST], store.list_kinds(tx)))
        with concerning("of"):
            if near:
                raise Invalid("Nobody has ever done '{event}'. Did you mean {near}?", event=name[:80], near=near)
            raise Invalid("Nobody has ever done '{event}'.", event=name[:80])
    return found


def _cohorts(squares: Sequence[Square], until: date, every: Every) -> list[Cohort]:
    there = {(one.first, one.began): one.customers for one in squares}
    found: list[Cohort] = []
    for first in sorted({one.first for one in squares if one.first <= until}, reverse=True):
        began, back = following(first, every, 1), list[int]()
        while began <= until:
            back.append(there.get((first, began), 0))
            began = following(began, every, 1)
        found.append(Cohort(first, there[first, first], back))
    return found


def settled(cohorts: Cohorts, cohort: Cohort) -> int:
    """Return how many of the months or weeks after a cohort's first are over."""
    return len(cohort.back) - 1 if cohort.began < cohorts.until else 0


def curve(cohorts: Cohorts) -> list[Stayed]:
    """Return which share came back after one month or week, two, and so on: of those for whom it is over."""
    longest = max((settled(cohorts, one) for one in cohorts.cohorts), default=0)
    found: list[Stayed] = []
    for n in range(longest):
        old = [one for one in cohorts.cohorts if settled(cohorts, one) > n]
        found.append(Stayed(n + 1, sum(one.customers for one in old), sum(one.back[n] for one in old)))
    return found


def people(
    tx: Tx, asked: Asked, began: date, after_periods: int, after: int = 0, limit: int = 50
) -> tuple[list[Behind], int | None]:
    """Return who is in a cohort, or of them who came back after so many months or weeks, by number, behind one.

    Besides it stands behind which customer to go on; None at the end (walking.py).
    """
    with concerning("began"):
        if began != _began(began, asked.every) or not _EARLIEST <= began <= _LATEST:
            raise Invalid("This is no day on which a month or a week begins.")
    with concerning("after"):
        if not 0 <= after_periods <= _SHOWN[asked.every]:
            raise Invalid("Send 0 to {most}.", most=_SHOWN[asked.every])
    done = _done(tx, asked)
    then, end = following(began, asked.every, after_periods), following(began, asked.every, 1)
    zone = ZoneInfo(done.zone)
    within = datetime.combine(began, time(), zone), datetime.combine(end, time(), zone)
    return walk(tx, lambda behind, many: records.people(tx, done, began, then, within, behind, many), after, limit)


_EARLIEST, _LATEST = date(1970, 1, 1), date(9000, 1, 1)


def _began(day: date, every: Every) -> date:
    return day.replace(day=1) if every == "month" else day - timedelta(days=day.weekday())


def following(began: date, every: Every, n: int) -> date:
    """Return on which day the month or week begins that is so many after one."""
    if every == "week":
        return began + timedelta(weeks=n)
    months = began.year * 12 + began.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def rule_of(asked: Asked, began: date, after_periods: int) -> dict[str, Any] | None:
    """Return a segment's rule that says the same by UTC days; None where no rule can."""
    first = _days(began, asked.every)
    again = _days(following(began, asked.every, after_periods), asked.every)
    before = {"until": (began - timedelta(days=1)).isoformat()}
    segment = [{"segment": asked.segment}] if asked.segment else []
    if asked.of == ORDERS:
        days = {"at_least": first["from"], "at_most": first["until"]}
        came = [{"event": "Order Completed", **again}] if after_periods else []
        return {"all": [{"fact": "first_order", **days}, *came, *segment]}
    kinds = sorted(SEEN) if asked.of == VISITS else [asked.of.removeprefix(EVENT)] if asked.of != ANYTHING else []
    if not kinds:
        return None
    never = {"none": [{"event": kind, **before} for kind in kinds]}
    return {"all": [_any(kinds, first), never, *([_any(kinds, again)] if after_periods else []), *segment]}


def _any(kinds: Sequence[str], days: dict[str, str]) -> dict[str, Any]:
    done = [{"event": kind, **days} for kind in kinds]
    return done[0] if len(done) == 1 else {"any": done}


def _days(began: date, every: Every) -> dict[str, str]:
    return {"from": began.isoformat(), "until": (following(began, every, 1) - timedelta(days=1)).isoformat()}
