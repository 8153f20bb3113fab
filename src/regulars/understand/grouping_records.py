"""The statements about groups of customers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.understand.group_learning import GroupDifference

SQL = load(__package__ or "regulars.understand", "grouping.sql")


class Standing(msgspec.Struct, frozen=True):
    """How the finding of groups stands: what is wanted, how far a walk is, and what came of the last one.

    `problem` says why there are none: the extra is not there, there are too few customers, nothing tells them apart, or
    it failed.
    """

    wished: int | None
    asked_at: datetime | None
    begun_at: datetime | None
    tried_at: datetime | None
    problem: str
    walking: bool
    done: int
    whole: int
    made_at: datetime | None
    newest: int
    customers: int
    drawn: int
    apart: float
    facts: list[str]


class Walk(msgspec.Struct, frozen=True):
    """How far a walk is, and by what it goes."""

    model: dict[str, Any]
    after: int


class KnownOf(msgspec.Struct, frozen=True):
    """What is known of a customer, by fact, and the last event that went into it."""

    customer_id: int
    known: dict[str, Any]
    seq: int
    at: datetime


class Group(msgspec.Struct, frozen=True):
    """A group of customers: its number, what the team calls it, its size, and what sets it apart, the most first."""

    number: int
    title: str
    size: int
    differences: list[GroupDifference]


class Grouped(msgspec.Struct, frozen=True):
    """Somebody in a group."""

    customer_id: int
    name: str


def standing(tx: Tx, *, hold: bool = False) -> Standing:
    """Return how the finding of groups stands."""
    return tx.all(SQL["hold_standing" if hold else "standing"], Standing)[0]


def ask(tx: Tx, wished: int | None, now: datetime) -> None:
    """Want groups found now."""
    tx.run(SQL["ask"], wished=wished, now=now)


def begin(tx: Tx, now: datetime) -> None:
    """Note that somebody learns groups."""
    tx.run(SQL["begin"], now=now)


def fail(tx: Tx, problem: str, now: datetime) -> None:
    """Note why there are none."""
    tx.run(SQL["fail"], problem=problem, now=now)


def begin_walk(tx: Tx, model: bytes, whole: int, now: datetime) -> None:
    """Begin to put everybody into a group."""
    tx.run(SQL["begin_walk"], model=model.decode(), whole=whole, now=now)


def hold_walk(tx: Tx) -> Walk | None:
    """Return how far a walk is; nobody else walks on until the transaction ends."""
    return tx.one(SQL["hold_walk"], Walk)


def step(tx: Tx, after: int, more: int) -> None:
    """Note the last customer who is in a group."""
    tx.run(SQL["step"], after=after, more=more)


def end_walk(tx: Tx, now: datetime, newest: int, drawn: int, apart: float, facts: Sequence[str]) -> None:
    """End a walk."""
    tx.run(SQL["end_walk"], now=now, newest=newest, drawn=drawn, apart=apart, facts=list(facts))


def newest(tx: Tx) -> int:
    """Return the number of the newest customer."""
    return tx.value(SQL["newest"])


def how_many(tx: Tx) -> int:
    """Return how many customers there are."""
    return tx.value(SQL["how_many"])


def drawn(tx: Tx, most: int) -> list[int]:
    """Return customers drawn by chance."""
    return tx.values(SQL["drawn"], most=most)


def known_of(tx: Tx, customers: Collection[int], names: Collection[str]) -> list[KnownOf]:
    """Return what is known of some customers, of some facts."""
    return tx.all(SQL["known_of"], KnownOf, customers=list(customers), names=list(names))


def twins(tx: Tx, names: Collection[str]) -> set[str]:
    """Return under which other names the same was said as what some facts say."""
    return set(tx.values(SQL["twins"], names=list(names)))


def numbers_of(tx: Tx, customers: Collection[int]) -> dict[int, int]:
    """Return in which group some customers are."""
    return {row[0]: row[1] for row in tx.rows(SQL["numbers_of"], customers=list(customers))}


def last_number(tx: Tx) -> int:
    """Return the highest number that a group ever had."""
    return tx.value(SQL["last_number"])


def next_customers(tx: Tx, after: int, limit: int) -> list[int]:
    """Return the next customers."""
    return tx.values(SQL["next_customers"], after=after, limit=limit)


def leave(tx: Tx, customers: Collection[int], after: int, upto: int) -> list[int]:
    """Let those between two numbers be in no group who are not among some customers; return who was in one."""
    return tx.values(SQL["leave"], after=after, upto=upto, customers=list(customers))


def leave_restricted(tx: Tx) -> list[int]:
    """Let those who are restricted be in no group; return who was in one."""
    return tx.values(SQL["leave_restricted"])


def put(tx: Tx, numbers: Mapping[int, int]) -> None:
    """Put customers into groups."""
    tx.run(SQL["put"], customers=list(numbers), numbers=list(numbers.values()))


def put_groups(tx: Tx, differences: Mapping[int, Sequence[GroupDifference]]) -> None:
    """Keep the groups that are found, in place of those before."""
    tx.run(SQL["end_groups"])
    told = [msgspec.json.encode(one).decode() for one in differences.values()]
    tx.run(SQL["put_groups"], numbers=list(differences), differences=told)


def groups(tx: Tx) -> list[Group]:
    """Return the groups that are found, the largest first."""
    return [_group(row) for row in tx.rows(SQL["groups"])]


def hold_group(tx: Tx, number: int) -> Group | None:
    """Return one of them; nobody else changes it until the transaction ends."""
    return next((_group(row) for row in tx.rows(SQL["hold_group"], number=number)), None)


def _group(row: tuple[Any, ...]) -> Group:
    number, title, size, differences = row
    return Group(number, title, size, msgspec.convert(differences, list[GroupDifference]))


def call(tx: Tx, number: int, title: str) -> None:
    """Call a group something."""
    tx.run(SQL["call"], number=number, title=title)


def people(tx: Tx, number: int, after: int, limit: int) -> list[Grouped]:
    """Return who is in a group."""
    return tx.all(SQL["people"], Grouped, number=number, after=after, limit=limit)
