"""Funnels: how many customers did one thing after another, who stopped where, and how long each step took.

    {"steps": [{"event": "Product Viewed"},
               {"event": "Order Completed", "where": [{"property": "total", "at_least": 20}]}],
     "window_days": 14, "within_days": 90, "segment": "for-mothers"}

The first step is done on the days that are named, of the workspace's clock; what follows it may come later, until
`window_days` times 24 hours after the first step. Steps follow one another in the order in which they happened: the
same event is never two steps. A customer reached a step if any chain of theirs did; how long it took is told of the
chain that goes furthest, the first of those (chains.py). What a kind of event says must hold as in rules.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec

from regulars.store.database import Tx
from regulars.understand import funnels_records as records
from regulars.understand.chains import compile_chains
from regulars.understand.compile import Question
from regulars.understand.operands import DAYS, ROOT, days_in, name_in, nearest, number_of_days, only
from regulars.understand.reading import check_kept
from regulars.understand.reading_events import MOST_STEPS as MOST_OF_RULE
from regulars.understand.reading_events import step_in
from regulars.understand.reckoning import PATIENCE, Found, look, zone_of
from regulars.understand.rules import Days, EventRule, Known, Step
from regulars.understand.segments import get_segment
from regulars.understand.walking import Behind, Looked, walk
from regulars.understand.writing import days_written, step_written
from regulars.words.errors import Invalid

__all__ = [
    "FEWEST_STEPS", "KIND", "MOST_STEPS", "PATIENCE", "WINDOW", "Funnel", "StepFound", "check_event", "find", "parse",
    "people", "range_of", "reckon", "rule_of", "written",
]  # fmt: skip

KIND = "funnel"
FEWEST_STEPS, MOST_STEPS = 2, 10
WINDOW = 14
"""Days within which a funnel is walked, where it does not say."""
_EXAMPLE = '{"steps": [{"event": "page"}, {"event": "Order Completed"}], "window_days": 14}'


class Funnel(msgspec.Struct, frozen=True):
    """Steps, within how many days of the first, on which days that one is done, and in which segment; '' is all."""

    steps: tuple[Step, ...]
    window: int
    days: Days = Days()
    segment: str = ""


class StepFound(msgspec.Struct, frozen=True):
    """How many customers reached a step, and the middle (median) of the times since the step before, in seconds."""

    customers: int
    seconds: float | None


def parse(data: Any, known: Known | None) -> Funnel:
    """Read a funnel. Raise Invalid, with place and mend, where it is not one; without `known` names are trusted."""
    if not isinstance(data, dict):
        raise Invalid("{place}: must be an object such as {example}", place="funnel", example=_EXAMPLE)
    given = cast("dict[str, Any]", data)
    keys = only(given, ("steps", "window_days", "segment", *DAYS), ROOT)
    listed: Any = given.get("steps")
    if not isinstance(listed, list) or not FEWEST_STEPS <= len(cast("list[Any]", listed)) <= MOST_STEPS:
        raise Invalid(
            "{place}: must be a list of {fewest} to {most} events", place="steps", fewest=FEWEST_STEPS, most=MOST_STEPS
        )
    steps = tuple(step_in(one, f"steps[{n}]") for n, one in enumerate(cast("list[Any]", listed)))
    window = number_of_days(given.get("window_days", WINDOW), "window_days")
    segment = name_in(given["segment"], "segment") if "segment" in keys else ""
    funnel = Funnel(steps, window, days_in(given, ROOT), segment)
    if known is not None:
        _check(funnel, known)
    return funnel


def _check(funnel: Funnel, known: Known) -> None:
    for n, step in enumerate(funnel.steps):
        check_event(step.kind, known, f"steps[{n}].event")
        check_kept(EventRule(step.kind, "count", days=_reach(funnel), where=step.where), f"steps[{n}]", known)
    if funnel.segment and funnel.segment not in known.segments:
        near = " / ".join(nearest(funnel.segment, known.segments))
        if near:
            raise Invalid(
                "{place}: there is no segment '{name}'. Did you mean {near}?",
                place="segment",
                name=funnel.segment,
                near=near,
            )
        raise Invalid("{place}: there is no segment '{name}'", place="segment", name=funnel.segment)


def check_event(kind: str, known: Known, place: str) -> None:
    """Raise Invalid for a kind of event that nobody ever did."""
    if kind in known.events:
        return
    if near := " / ".join(nearest(kind, known.events)):
        raise Invalid(
            "{place}: nobody has ever done '{event}'. Did you mean {near}?", place=place, event=kind, near=near
        )
    raise Invalid("{place}: nobody has ever done '{event}'", place=place, event=kind)


def _reach(funnel: Funnel) -> Days:
    """Return days that reach back as far as what a funnel reads, a day more by the workspace's clock."""
    days = funnel.days
    if days.within is not None:
        return Days(within=days.within + 1)
    return Days(between=(0, days.between[1] + 1)) if days.between else Days()


def written(funnel: Funnel) -> dict[str, Any]:
    """Return a funnel as JSON; read again, it is the same."""
    return {
        "steps": [step_written(one.kind, one.where) for one in funnel.steps],
        "window_days": funnel.window,
        **days_written(funnel.days),
        **({"segment": funnel.segment} if funnel.segment else {}),
    }


def find(tx: Tx, funnel: Funnel, now: datetime, *, patience: int = 0) -> tuple[list[StepFound] | None, Found]:
    """Return what a funnel comes to, as it was reckoned last; at once where the log is small, or with `patience`."""
    if funnel.segment:
        get_segment(tx, funnel.segment)
    found = look(tx, KIND, written(funnel), reckon, now, segment=funnel.segment, patience=patience)
    return (None if found.answer is None else msgspec.convert(found.answer, list[StepFound])), found


def reckon(tx: Tx, question: Any, now: datetime) -> list[StepFound]:
    """Reckon how many customers reach each step of a funnel, given as JSON."""
    funnel = parse(question, None)
    if funnel.segment:
        get_segment(tx, funnel.segment)
    compiled = _compiled(funnel, now, zone_of(tx), "funnel", everybody=True)
    there = {one.step: StepFound(one.customers, one.seconds) for one in records.reached_by_all(tx, compiled)}
    return [there.get(n, StepFound(0, None)) for n in range(1, len(funnel.steps) + 1)]


def _compiled(funnel: Funnel, now: datetime, zone: ZoneInfo, statement: str, *, everybody: bool) -> Question:
    since, until = range_of(funnel.days, now, zone)
    text = records.SQL[statement].decode()
    return compile_chains(funnel.steps, funnel.window, since, until, funnel.segment, text, everybody=everybody)


def range_of(days: Days, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return from when until before when some days of a clock last; None is ever."""
    today = now.astimezone(zone).date()

    def ago(number: int) -> date:
        return today - timedelta(days=number)

    first, last = None, None
    match days:
        case Days(within=int() as n):
            first, last = ago(n - 1), today
        case Days(older_than=int() as n):
            last = ago(n + 1)
        case Days(between=(int() as low, int() as high)):
            first, last = ago(high), ago(low)
        case Days(since=since, until=until):
            first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    return (
        None if first is None else datetime.combine(first, time(), zone).astimezone(UTC),
        None if last is None or last == date.max
        else datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC),
    )  # fmt: skip


def people(
    tx: Tx, funnel: Funnel, step: int, now: datetime, *, stopped: bool, after: int = 0, limit: int = 50
) -> tuple[list[Behind], int | None]:
    """Return who reached a step, the first being 1, or who went no further, by number, behind one.

    Besides it stands behind which customer to go on; None at the end (walking.py).
    """
    if not 1 <= step <= len(funnel.steps):
        raise Invalid("{place}: must be from 1 to {most}", place="step", most=len(funnel.steps))
    compiled = _compiled(funnel, now, zone_of(tx), "reached", everybody=False)
    since, until = range_of(funnel.days, now, zone_of(tx))
    days = (since.date() if since else date(1, 1, 1)), (until.date() if until else date.max)

    def near(behind: int, many: int) -> Sequence[Looked]:
        some = records.near(tx, funnel.steps[0].kind, days, behind, many)
        reached = records.reached_by(tx, compiled, [one.customer_id for one in some])
        return [
            Looked(one.customer_id, one.name, reached.get(one.customer_id, 0) == step
                   or (not stopped and reached.get(one.customer_id, 0) > step))
            for one in some
        ]  # fmt: skip

    return walk(tx, near, after, limit)


def rule_of(funnel: Funnel, step: int, *, stopped: bool) -> dict[str, Any] | None:
    """Return a segment's rule for who reached a step, or went no further; None where no rule can say it.

    A rule's days are UTC, and hold for each step; and its days between steps are counted from step to step.
    """
    last = step < len(funnel.steps) and stopped
    if step + last > MOST_OF_RULE:
        return None
    segment = [{"segment": funnel.segment}] if funnel.segment else []
    gone_on = [{"none": [_reaching(funnel, step + 1)]}] if last else []
    return {"all": [_reaching(funnel, step), *gone_on, *segment]}


def _reaching(funnel: Funnel, step: int) -> dict[str, Any]:
    steps, days = [step_written(one.kind, one.where) for one in funnel.steps[:step]], days_written(funnel.days)
    if step == 1:
        return {**steps[0], **days}
    return {"sequence": steps, "apart_days": funnel.window, **days}
