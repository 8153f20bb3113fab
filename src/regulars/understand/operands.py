"""What stands in a condition: values, bounds, days and names. What cannot be taken is refused with its place."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from typing import Any, cast

from regulars.remember.heard import FactKind
from regulars.understand.rules import EVER, Bounds, Days, Scalar, ValueTest
from regulars.words.errors import Invalid

ROOT = "rule"
LONGEST_TEXT = 200
LONGEST_LIST = 1000
MOST_DAYS = 3650
DAYS = ("within_days", "older_than_days", "between_days", "from", "until")
VALUE_TESTS = ("is", "is_not", "in", "at_least", "at_most", "contains", "known")
TESTS_OF: dict[FactKind, tuple[str, ...]] = {
    "text": ("is", "is_not", "in", "contains", "known"),
    "number": ("is", "is_not", "in", "at_least", "at_most", "known"),
    "date": ("is", "is_not", "in", "at_least", "at_most", "known"),
    "boolean": ("is", "is_not", "known"),
    "list": ("contains", "known"),
}
_LARGEST = 10**15
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOUNDS = ("at_least", "at_most", "exactly")
_RELATIVE = ("within_days", "older_than_days", "between_days")


def nearest(name: str, names: Collection[str]) -> tuple[str, ...]:
    """Return those of some names that are near to one."""
    folded = {one.casefold(): one for one in names}
    return tuple(folded[near] for near in get_close_matches(name.casefold(), list(folded), n=3))


def at(place: str, key: str) -> str:
    """Return the place of a key in an object at a place."""
    return key if place == ROOT else f"{place}.{key}"


def only(given: dict[str, Any], allowed: Collection[str], place: str) -> set[str]:
    """Return the keys of an object. Raise Invalid for one that is not allowed."""
    for key in given:
        if key not in allowed:
            raise Invalid(
                "{place}: is not known here: use {allowed}", place=at(place, key[:60]), allowed=", ".join(allowed)
            )
    return set(given)


def name_in(data: Any, place: str) -> str:
    """Return a name."""
    if not isinstance(data, str) or not data.strip():
        raise Invalid("{place}: must be a name", place=place)
    return _text(data, place)


def yes_or_no(data: Any, place: str) -> bool:
    """Return true or false."""
    if not isinstance(data, bool):
        raise Invalid("{place}: must be true or false", place=place)
    return data


def days_in(given: Mapping[str, Any], place: str) -> Days:
    """Return which days a condition names."""
    named = [key for key in DAYS if key in given]
    relative = [key for key in named if key in _RELATIVE]
    if not named:
        return EVER
    if len(relative) > 1 or (relative and len(named) > 1):
        raise Invalid(
            "{place}: must have one of {keys}, or from and until", place=at(place, named[1]), keys=", ".join(_RELATIVE)
        )
    if not relative:
        since, until = (_date(given[key], at(place, key)) if key in given else None for key in ("from", "until"))
        if since and until and since > until:
            raise Invalid(
                "{place}: from {since} until {until} is no day", place=at(place, "until"), since=since, until=until
            )
        return Days(since=since, until=until)
    key = relative[0]
    if key == "between_days":
        return Days(between=_two(given[key], at(place, key)))
    number = number_of_days(given[key], at(place, key))
    return Days(within=number) if key == "within_days" else Days(older_than=number)


def _two(data: Any, place: str) -> tuple[int, int]:
    match data:
        case [low, high] if all(_whole(one) and 0 <= one <= MOST_DAYS for one in (low, high)) and low <= high:
            return low, high
        case _:
            raise Invalid(
                "{place}: must be two whole numbers from 0 to {most}, the smaller first: [30, 60] is 30 to 60 days ago",
                place=place,
                most=MOST_DAYS,
            )


def number_of_days(data: Any, place: str) -> int:
    """Return a number of days that is not zero."""
    if not (_whole(data) and 1 <= data <= MOST_DAYS):
        raise Invalid("{place}: must be a whole number of 1 or more, {most} at most", place=place, most=MOST_DAYS)
    return data


def amounts(data: Any, place: str, *, whole: bool) -> Bounds:
    """Return the bounds of a count or a sum."""
    if not isinstance(data, dict) or not data:
        raise Invalid('{place}: must be an object such as {{"at_least": 3}}', place=place)
    given = cast("dict[str, Any]", data)
    only(given, _BOUNDS, place)
    for key, value in given.items():
        if whole and not (_whole(value) and 0 <= value <= _LARGEST):
            raise Invalid("{place}: must be a whole number of 0 or more", place=at(place, key))
        if not _numeric(value):
            raise Invalid("{place}: must be a number", place=at(place, key))
    if "exactly" in given:
        if len(given) > 1:
            raise Invalid("{place}: must have exactly alone, without at_least or at_most", place=place)
        return Bounds(given["exactly"], given["exactly"])
    return _possible(given, place)


def bounds_in(given: Mapping[str, Any], kind: FactKind | None, place: str) -> Bounds:
    """Return at_least and at_most of a value."""
    kinds = {type(_scalar(given[key], kind, at(place, key))) is str for key in ("at_least", "at_most") if key in given}
    for key in ("at_least", "at_most"):
        if isinstance(given.get(key), str):
            _date(given[key], at(place, key))
        elif isinstance(given.get(key), bool):
            raise Invalid("{place}: must be a number or a date such as 2026-05-31", place=at(place, key))
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


def operand(data: Any, test: ValueTest, kind: FactKind | None, place: str) -> Scalar | tuple[Scalar, ...]:
    """Return what a value is compared with."""
    if test == "known":
        return yes_or_no(data, place)
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


def _whole(data: Any) -> bool:
    return isinstance(data, int) and not isinstance(data, bool)


def _numeric(data: Any) -> bool:
    """Whether it is a number we can compare: neither true nor false, and neither infinite nor not a number."""
    return isinstance(data, int | float) and not isinstance(data, bool) and abs(data) <= _LARGEST
