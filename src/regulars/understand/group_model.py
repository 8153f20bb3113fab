"""What tells groups of customers apart: facts as numbers, each of the same weight, and the middle of each group.

A *feature* is a fact that is looked at: a number, a number of days since, or a choice of few values. `read` makes the
facts of a customer a row of plain numbers, `place` puts such a row where distances mean something, and `nearest` says
in which group it is. Nothing here needs a library, so whoever has a model can use it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import inf, isnan, log1p, nan
from operator import mul
from typing import Any

import msgspec

_LARGEST = 1e12
_FARTHEST = 3.0
"""How many standard deviations from the middle something counts at most: one whale makes no group."""
_MOST_ENTRIES = 100


class Amount(msgspec.Struct, frozen=True, tag=True):
    """A fact that is a number, or a date (`days`: the days since). `counted`: not known means none."""

    fact: str
    days: bool = False
    counted: bool = False
    logged: bool = False
    """Ten and twenty are as far apart as a hundred and two hundred."""
    middle: float = 0.0
    spread: float = 1.0
    weight: float = 1.0

    @property
    def columns(self) -> int:
        """How many numbers it is."""
        return 1

    def read(self, value: Any, today: date) -> list[float]:
        """Return what is known as a number; NaN for what is not known, and no number."""
        number = _days_since(value, today) if self.days else _number(value)
        return [0.0 if self.counted and isnan(number) else number]

    def place(self, row: Sequence[float]) -> list[float]:
        """Return where it is: how far from the middle, and whether it is not known."""
        (number,) = row
        if isnan(number):
            return [0.0, self.weight]
        told = log1p(max(number, 0.0)) if self.logged else number
        far = (told - self.middle) / self.spread
        return [min(max(far, -_FARTHEST), _FARTHEST) * self.weight, 0.0]


class Choice(msgspec.Struct, frozen=True, tag=True):
    """A fact of few values; of a list, which entries it has."""

    fact: str
    values: tuple[str, ...]
    weight: float = 1.0

    @property
    def columns(self) -> int:
        """How many numbers it is: one a value, and one for what is not known."""
        return len(self.values) + 1

    def read(self, value: Any, today: date) -> list[float]:
        """Return which of the values it has, or that it is not known."""
        del today
        said = words_of(value)
        return [*(float(one in said) for one in self.values), float(not said)]

    def place(self, row: Sequence[float]) -> list[float]:
        """Return where it is."""
        return [one * self.weight for one in row]


Feature = Amount | Choice


class Model(msgspec.Struct, frozen=True):
    """How somebody's group is told: on a day, by features, from the middles of the groups with these numbers."""

    today: date
    features: list[Feature]
    numbers: list[int]
    middles: list[list[float]]

    def group_of(self, known: Mapping[str, Any]) -> int:
        """Return the number of the group that somebody is in, by what is known of them."""
        at = place(self.features, read(self.features, known, self.today))
        return self.numbers[nearest(at, self.middles)]


def read(features: Sequence[Feature], known: Mapping[str, Any], today: date) -> list[float]:
    """Return the facts of a customer as a row of numbers."""
    return [number for one in features for number in one.read(known.get(one.fact), today)]


def place(features: Sequence[Feature], row: Sequence[float]) -> list[float]:
    """Return where a row is."""
    found, at = list[float](), 0
    for one in features:
        found += one.place(row[at : at + one.columns])
        at += one.columns
    return found


def nearest(at: Sequence[float], middles: Sequence[Sequence[float]]) -> int:
    """Return which middle is nearest, the first of equals."""
    best, least = 0, inf
    for number, middle in enumerate(middles):
        far = sum(map(mul, middle, middle)) - 2 * sum(map(mul, at, middle))
        if far < least:
            best, least = number, far
    return best


def words_of(value: Any) -> set[str]:
    """Return which values something is: the entries of a list; nothing of what is no choice."""
    match value:
        case bool():
            return {"true" if value else "false"}
        case str():
            return {value} if value else set()
        case list():
            entries: list[Any] = value
            return {one for one in entries[:_MOST_ENTRIES] if isinstance(one, str) and one}
        case _:
            return set()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return nan
    return float(min(max(value, -_LARGEST), _LARGEST))


def _days_since(value: Any, today: date) -> float:
    try:
        return float(max((today - date.fromisoformat(value)).days, 0))
    except (TypeError, ValueError):
        return nan
