"""Reading conditions on events, sequences of them, and what became of messages."""

from typing import Any, cast

from regulars.understand.operands import (
    DAYS,
    VALUE_TESTS,
    amounts,
    at,
    bounds_in,
    days_in,
    name_in,
    number_of_days,
    only,
    operand,
)
from regulars.understand.rules import (
    TOLD_BY,
    Became,
    Bounds,
    EventRule,
    Measure,
    MessageRule,
    SequenceRule,
    Step,
    ValueTest,
    Where,
)
from regulars.words.errors import Invalid
from regulars.words.kinds import GROUP, HOUSE, SEEN, SEGMENT_ENTERED, SEGMENT_LEFT

_CIRCLING = frozenset({SEGMENT_ENTERED, SEGMENT_LEFT})
"""What segments say themselves: one that rested on its order could send somebody in and out again and again."""
_UNTOLD = HOUSE - SEEN - {GROUP}
"""Kinds of event whose properties are kept as facts, consents and messages, and are held there to what they are for."""
MOST_STEPS = 5
MOST_PROPERTIES = 10
_MEASURES = ("count", "sum", "min", "max", "distinct", "first", "last")
_ABOUT = ("campaign", "template", "channel")


def event_in(given: dict[str, Any], place: str) -> EventRule:
    """Return a condition on events of one kind."""
    keys = only(given, ("event", *_MEASURES, "where", *DAYS), place)
    step = step_in({key: given[key] for key in ("event", "where") if key in given}, place)
    measures = [measure for measure in _MEASURES if measure in keys]
    if len(measures) > 1:
        raise Invalid(
            "{place}: must have {one} or {other}, not both: put two conditions into an all",
            place=place,
            one=measures[0],
            other=measures[1],
        )
    days = days_in(given, place)
    if not measures:
        return EventRule(step.kind, "count", Bounds(at_least=1), days, step.where)
    measure = cast("Measure", measures[0])
    here, data = at(place, measure), given[measure]
    if measure in ("first", "last"):
        told = _value_of(data, "of", here)
        _check_told(step.kind, here)
        return EventRule(step.kind, measure, Bounds(), days, step.where, told.property, told)
    if measure == "count" or (measure == "sum" and not (isinstance(data, dict) and "of" in data)):
        bounds = amounts(data, here, whole=measure == "count")
        return EventRule(step.kind, measure, bounds, days, step.where)
    _check_told(step.kind, here)
    return EventRule(step.kind, measure, _measured(data, measure, here), days, step.where, _property(data, "of", here))


def _check_told(kind: str, place: str) -> None:
    """Raise Invalid where the properties of a kind of event are not for rules."""
    if kind in _UNTOLD:
        raise Invalid(
            "{place}: what '{kind}' says is kept as facts, consents and messages: ask for those", place=place, kind=kind
        )


def _measured(data: Any, measure: Measure, place: str) -> Bounds:
    """Return the bounds of a measure of a property."""
    given = _object(data, '{"of": "total", "at_least": 3}', place)
    bounds = {key: value for key, value in given.items() if key != "of"}
    if measure in ("sum", "distinct"):
        return amounts(bounds, place, whole=measure == "distinct")
    only(given, ("of", "at_least", "at_most"), place)
    if not bounds:
        raise Invalid("{place}: must have at_least or at_most", place=place)
    return bounds_in(bounds, None, place)


def _property(data: Any, key: str, place: str) -> str:
    given = _object(data, f'{{"{key}": "total", "at_least": 3}}', place)
    return name_in(given.get(key), at(place, key))


def _object(data: Any, example: str, place: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Invalid("{place}: must be an object such as {example}", place=place, example=example)
    return cast("dict[str, Any]", data)


def _value_of(data: Any, key: str, place: str) -> Where:
    """Return what the property that stands at a key must be."""
    name = _property(data, key, place)
    given = cast("dict[str, Any]", data)
    tests = only(given, (key, *VALUE_TESTS), place) - {key}
    if tests and tests <= {"at_least", "at_most"}:
        return Where(name, "bounds", bounds_in(given, None, place))
    if len(tests) != 1:
        raise Invalid("{place}: must have exactly one test of {tests}", place=place, tests=", ".join(VALUE_TESTS))
    test = cast("ValueTest", next(iter(tests)))
    return Where(name, test, operand(given[test], test, None, at(place, test)))


def step_in(data: Any, place: str) -> Step:
    """Return an event of a kind, with what its properties must be."""
    given = _object(data, '{"event": "page"}', place)
    only(given, ("event", "where"), place)
    kind = name_in(given.get("event"), at(place, "event"))
    listed, here = given.get("where", []), at(place, "where")
    if not isinstance(listed, list) or len(cast("list[Any]", listed)) > MOST_PROPERTIES:
        raise Invalid("{place}: must be a list of at most {most} properties", place=here, most=MOST_PROPERTIES)
    if listed:
        _check_told(kind, here)
    where = (_value_of(one, "property", f"{here}[{n}]") for n, one in enumerate(cast("list[Any]", listed)))
    return Step(kind, tuple(where))


def sequence_in(given: dict[str, Any], place: str) -> SequenceRule:
    """Return a condition on events that follow one another."""
    keys = only(given, ("sequence", "apart_days", "never_since", *DAYS), place)
    listed: Any = given["sequence"]
    here = at(place, "sequence")
    fewest = 1 if "never_since" in keys else 2
    if not isinstance(listed, list) or not fewest <= len(cast("list[Any]", listed)) <= MOST_STEPS:
        raise Invalid(
            "{place}: must be a list of {fewest} to {most} events", place=here, fewest=fewest, most=MOST_STEPS
        )
    steps = tuple(step_in(one, f"{here}[{n}]") for n, one in enumerate(cast("list[Any]", listed)))
    apart = number_of_days(given["apart_days"], at(place, "apart_days")) if "apart_days" in keys else None
    if apart is not None and len(steps) == 1:
        raise Invalid("{place}: there is nothing to be apart from: name two events", place=at(place, "apart_days"))
    since = step_in(given["never_since"], at(place, "never_since")) if "never_since" in keys else None
    if any(step.kind in _CIRCLING for step in (*steps, since) if step):
        raise Invalid('{place}: who is in a segment is asked by {{"segment": "name"}}', place=place)
    return SequenceRule(steps, apart, since, days_in(given, place))


def message_in(given: dict[str, Any], place: str) -> MessageRule:
    """Return a condition on what became of messages."""
    keys = only(given, ("message", *_ABOUT, "count", *DAYS), place)
    what: Any = given["message"]
    if not isinstance(what, str) or what not in TOLD_BY:
        raise Invalid("{place}: must be one of {words}", place=at(place, "message"), words=", ".join(TOLD_BY))
    about = {key: name_in(given[key], at(place, key)) for key in _ABOUT if key in keys}
    became = cast("Became", what)
    bounds = amounts(given["count"], at(place, "count"), whole=True) if "count" in keys else Bounds(at_least=1)
    return MessageRule(became, bounds, **about, days=days_in(given, place))
