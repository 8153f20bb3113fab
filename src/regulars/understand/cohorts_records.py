"""The statements about who comes back."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.understand.walking import Looked

SQL = load(__package__ or "regulars.understand", "cohorts.sql")


class Done(msgspec.Struct, frozen=True):
    """What is counted: orders, or events of some kinds; by a clock; of everybody, or of a segment."""

    orders: bool
    kinds: list[int]
    every: str
    zone: str
    segment: str


class Square(msgspec.Struct, frozen=True):
    """How many customers who did it first in one month or week did it in another, or in the same one."""

    first: date
    began: date
    customers: int


def kinds_of(tx: Tx, names: Collection[str], *, named: bool) -> list[int]:
    """Return the numbers of kinds of event that are named, or of all others."""
    return tx.values(SQL["kinds_of"], names=list(names), named=named)


def squares(tx: Tx, done: Done, since: date) -> list[Square]:
    """Return how many came back, of those who came first since a day."""
    return tx.all(SQL["cohorts"], Square, **msgspec.structs.asdict(done), since=since)


def people(
    tx: Tx, done: Done, first: date, began: date, within: tuple[datetime, datetime], after: int, many: int
) -> list[Looked]:
    """Return the next customers who did it within some time, each with whether they belong into a square."""
    days: dict[str, Any] = dict(zip(("from", "to"), within, strict=True))
    asked = {**msgspec.structs.asdict(done), **days, "first": first, "began": began}
    return tx.all(SQL["cohort_people"], Looked, **asked, after=after, limit=many)
