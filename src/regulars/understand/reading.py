"""Reading a rule from JSON. What cannot be taken is refused with its place in the rule and the mend."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal, cast

from regulars.remember.heard import FactKind
from regulars.understand.rules import (
    Bounds,
    EventRule,
    FactRule,
    FactTest,
    Group,
    Known,
    Rule,
    Scalar,
    leaves,
    mentions,
)
from regulars.words.errors import Invalid

DEEPEST = 10
"""The most groups inside one another."""
MOST_CLAUSES = 200
LONGEST_TEXT = 200
LONGEST_LIST = 1000
MOST_DAYS = 3650
_LARGEST = 10**15
_ROOT = "rule"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GROUPS = ("all", "any", "none")
_FACT_TESTS = ("is", "is_not", "in", "at_least", "at_most", "contains", "known")
_BOUNDS = ("at_least", "at_most", "exactly")
_TESTS_OF: dict[FactKind, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "contains", "known"),
    "number": ("is", "is_not", "in", "at_least", "at_most", "known"),
    "date": ("is", "is_not", "in", "at_least", "at_most", "known"),
    "boolean": ("is", "is_not", "known"),
    "list": ("contains", "known"),
}


def parse(data: Any, known: Known | None) -> Rule:
    """Read a rule. Raise Invalid, with place and mend, where it is not one.

    Without `known` the facts' names and kinds are taken on trust: for a rule that was read with them before.
    """
    rule = _Reader(known).clause(data, _ROOT, 1)
    if sum(1 for _ in leaves(rule)) > MOST_CLAUSES:
        raise Invalid("A rule may have at most {most} conditions: split it into two segments.", most=MOST_CLAUSES)
    return rule


def _nearest(name: str, names: Collection[str]) -> tuple[str, ...]:
    folded = {one.casefold(): one for one in names}
    return tuple(folded[near] for near in get_close_matches(name.casefold(), list(folded), n=3))


def unheard(rule: Rule, known: Known) -> dict[str, tuple[str, ...]]:
    """Return the events a rule speaks of and nobody has ever done, each with the names of known ones that are near."""
    return {kind: _nearest(kind, known.events) for kind in sorted(mentions(rule).events - known.events)}


class _Reader:
    """Reads clauses, knowing where it is."""

    def __init__(self, known: Known | None) -> None:
        self._known = known
        self._clauses = 0

    def clause(self, data: Any, place: str, depth: int) -> Rule:
        self._clauses += 1
        if self._clauses > 2 * MOST_CLAUSES:
            raise Invalid("A rule may have at most {most} conditions: split it into two segments.", most=MOST_CLAUSES)
        if not isinstance(data, dict):
            raise Invalid('{place}: must be an object such as {{"fact": "gift_for", "is": "mother"}}', place=place)
        given = cast("dict[str, Any]", data)
        heads = [head for head in (*_GROUPS, "fact", "answer", "event") if head in given]
        if len(heads) != 1:
            raise Invalid("{place}: must have exactly one of all, any, none, fact, answer, event", place=place)
        match heads[0]:
            case "all" | "any" | "none" as need:
                return self._group(given, need, place, depth)
            case "event":
                return _event(given, place)
            case head:
                return self._fact(given, head, place)

    def _group(self, given: dict[str, Any], need: Literal["all", "any", "none"], place: str, depth: int) -> Rule:
        _only(given, (need,), place)
        here = _at(place, need)
        if depth > DEEPEST:
            raise Invalid("{place}: is more than {deepest} groups deep: make it flatter", place=here, deepest=DEEPEST)
        clauses = given[need]
        if not isinstance(clauses, list):
            raise Invalid("{place}: must be a list of conditions", place=here)
        if not clauses and need != "all":
            raise Invalid('{place}: must have at least one condition (everybody is {{"all": []}})', place=here)
        return Group(need, tuple(self.clause(one, f"{here}[{n}]", depth + 1) for n, one in enumerate(clauses)))

    def _fact(self, given: dict[str, Any], head: str, place: str) -> Rule:
        name = _name(given[head], _at(place, head))
        kind = self._kind(name, _at(place, head))
        tests = _only(given, (head, *_FACT_TESTS), place) - {head}
        bounded = bool(tests) and tests <= {"at_least", "at_most"}
        if len(tests) != 1 and not bounded:
            raise Invalid(
                "{place}: must have exactly one test of {tests}",
                place=place,
                tests=", ".join(_TESTS_OF[kind] if kind else _FACT_TESTS),
            )
        for test in sorted(tests):
            if kind is not None and test not in _TESTS_OF[kind]:
                raise Invalid(
                    "{place}: does not suit '{name}', which is a {kind}: use {tests}",
                    place=_at(place, test),
                    name=name,
                    kind=kind,
                    tests=", ".join(_TESTS_OF[kind]),
                )
        if bounded:
            return FactRule(name, "bounds", _fact_bounds(given, kind, place))
        test = cast("FactTest", next(iter(tests)))
        return FactRule(name, test, _operand(given[test], test, kind, _at(place, test)))

    def _kind(self, name: str, place: str) -> FactKind | None:
        if self._known is None:
            return None
        if kind := self._known.facts.get(name):
            return kind
        if near := _nearest(name, self._known.facts):
            raise Invalid(
                "{place}: no fact '{name}' is known. Did you mean {near}?",
                place=place,
                name=name,
                near=" / ".join(near),
            )
        raise Invalid(
            "{place}: no fact '{name}' is known yet: ask for it in a form, or declare it first", place=place, name=name
        )


def _event(given: dict[str, Any], place: str) -> Rule:
    kind = _name(given["event"], _at(place, "event"))
    keys = _only(given, ("event", "count", "sum", "within_days"), place)
    if {"count", "sum"} <= keys:
        raise Invalid("{place}: must have count or sum, not both: put two conditions into an all", place=place)
    days: Any = given.get("within_days")
    if "within_days" in keys and not (_whole(days) and 1 <= days <= MOST_DAYS):
        raise Invalid(
            "{place}: must be a whole number of 1 or more, {most} at most",
            place=_at(place, "within_days"),
            most=MOST_DAYS,
        )
    if "sum" in keys:
        return EventRule(kind, "sum", _event_bounds(given["sum"], _at(place, "sum"), whole=False), days)
    bounds = _event_bounds(given["count"], _at(place, "count"), whole=True) if "count" in keys else Bounds(at_least=1)
    return EventRule(kind, "count", bounds, days)


def _event_bounds(data: Any, place: str, *, whole: bool) -> Bounds:
    if not isinstance(data, dict) or not data:
        raise Invalid('{place}: must be an object such as {{"at_least": 3}}', place=place)
    given = cast("dict[str, Any]", data)
    _only(given, _BOUNDS, place)
    for key, value in given.items():
        if whole and not (_whole(value) and 0 <= value <= _LARGEST):
            raise Invalid("{place}: must be a whole number of 0 or more", place=_at(place, key))
        if not _numeric(value):
            raise Invalid("{place}: must be a number", place=_at(place, key))
    if "exactly" in given:
        if len(given) > 1:
            raise Invalid("{place}: must have exactly alone, without at_least or at_most", place=place)
        return Bounds(given["exactly"], given["exactly"])
    return _possible(given, place)


def _fact_bounds(given: dict[str, Any], kind: FactKind | None, place: str) -> Bounds:
    kinds = {type(_scalar(given[key], kind, _at(place, key))) is str for key in ("at_least", "at_most") if key in given}
    for key in ("at_least", "at_most"):
        if isinstance(given.get(key), str):
            _date(given[key], _at(place, key))
        elif isinstance(given.get(key), bool):
            raise Invalid("{place}: must be a number or a date such as 2026-05-31", place=_at(place, key))
    if len(kinds) > 1:
        raise Invalid("{place}: at_least and at_most must both be numbers or both be dates", place=place)
    return _possible(given, place)


def _possible(given: Mapping[str, Any], place: str) -> Bounds:
    bounds = Bounds(given.get("at_least"), given.get("at_most"))
    low: Any = bounds.at_least
    high: Any = bounds.at_most
    if low is not None and high is not None and low > high:
        raise Invalid(
            "{place}: at_least {low} and at_most {high} leave nothing between them", place=place, low=low, high=high
        )
    return bounds


def _operand(data: Any, test: FactTest, kind: FactKind | None, place: str) -> Scalar | tuple[Scalar, ...]:
    if test == "known":
        if not isinstance(data, bool):
            raise Invalid("{place}: must be true or false", place=place)
        return data
    if test == "in":
        if not isinstance(data, list) or not 0 < len(cast("list[Any]", data)) <= LONGEST_LIST:
            raise Invalid("{place}: must be a list of 1 to {most} values", place=place, most=LONGEST_LIST)
        return tuple(_scalar(one, kind, f"{place}[{n}]") for n, one in enumerate(cast("list[Any]", data)))
    if test == "contains" and data == "":
        raise Invalid("{place}: must not be empty", place=place)
    return _scalar(data, kind, place)


def _scalar(data: Any, kind: FactKind | None, place: str) -> Scalar:
    match kind:
        case "text" if not isinstance(data, str):
            raise Invalid("{place}: must be a text", place=place)
        case "number" if not _numeric(data):
            raise Invalid("{place}: must be a number", place=place)
        case "boolean" if not isinstance(data, bool):
            raise Invalid("{place}: must be true or false", place=place)
        case "date":
            return _date(data, place)
        case _ if not isinstance(data, str | int | float):
            raise Invalid("{place}: must be a text, a number, or true or false", place=place)
        case _:
            pass
    if isinstance(data, str):
        return _text(data, place)
    if not isinstance(data, bool) and not _numeric(data):
        raise Invalid("{place}: must be a number of at most 15 digits before the point", place=place)
    return cast("Scalar", data)


def _date(data: Any, place: str) -> str:
    if isinstance(data, str) and _DATE.fullmatch(data):
        with suppress(ValueError):
            return date.fromisoformat(data).isoformat()
    raise Invalid("{place}: must be a date such as 2026-05-31", place=place)


def _text(data: str, place: str) -> str:
    if len(data) > LONGEST_TEXT:
        raise Invalid("{place}: must be at most {longest} characters long", place=place, longest=LONGEST_TEXT)
    if any(one == "\0" or "\ud800" <= one <= "\udfff" for one in data):
        raise Invalid("{place}: has a character that no text can hold", place=place)
    return data


def _name(data: Any, place: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise Invalid("{place}: must be a name", place=place)
    return _text(data, place)


def _whole(data: Any) -> bool:
    return isinstance(data, int) and not isinstance(data, bool)


def _numeric(data: Any) -> bool:
    """Whether it is a number we can compare: neither true nor false, and neither infinite nor not a number."""
    return isinstance(data, int | float) and not isinstance(data, bool) and abs(data) <= _LARGEST


def _only(given: dict[str, Any], allowed: Collection[str], place: str) -> set[str]:
    for key in given:
        if key not in allowed:
            raise Invalid(
                "{place}: is not known here: use {allowed}", place=_at(place, key[:60]), allowed=", ".join(allowed)
            )
    return set(given)


def _at(place: str, key: str) -> str:
    return key if place == _ROOT else f"{place}.{key}"
