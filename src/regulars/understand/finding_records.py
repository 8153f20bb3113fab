"""Statements of lists of customers: what is wanted is put together from named parts, so that each finds its index."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import Statement, load

SQL = load(__package__ or "regulars.understand", "finding.sql")
_BRACKETS = b"(true)"

Part = tuple[str, bool]
"""The name of a statement that finds customers, and whether those or all others are wanted."""


class Seen(msgspec.Struct, frozen=True):
    """A customer in a list, and the day of the last sign of them."""

    id: int
    name: str
    created_at: datetime
    seen: date | None
    address: str = ""
    """The e-mail address or else the phone number that tells them from their namesakes; '' where neither is known."""
    restricted: bool = False
    """What is known of them is kept and not used."""


class Told(msgspec.Struct, frozen=True):
    """What goes into a file about a customer: identifiers by kind, and what is known in words, by fact."""

    id: int
    identities: dict[str, str]
    facts: dict[str, str]


def is_computed(tx: Tx, fact: str) -> bool:
    """Tell whether a fact is one that the house computes."""
    return tx.value(SQL["is_computed"], fact=fact)


def count_wanted(tx: Tx, parts: Sequence[Part], values: Mapping[str, Any], most: int) -> int:
    """Return how many customers are wanted, or `most` where there are more."""
    tx.run(SQL["plan_for_values"])
    return tx.value(_filled("count_wanted", parts), most=most, **values)


def wanted(
    tx: Tx, parts: Sequence[Part], values: Mapping[str, Any], place: int | None, limit: int, *, rising: bool
) -> list[int]:
    """Return the wanted customers next to a place, by number: rising, or falling."""
    tx.run(SQL["plan_for_values"])
    statement = _filled("wanted_after" if rising else "wanted_before", parts)
    return tx.values(statement, place=place, limit=limit, **values)


def counted(
    tx: Tx, parts: Sequence[Part], values: Mapping[str, Any], place: int | None, limit: int, *, rising: bool, most: int
) -> tuple[int, list[int]]:
    """Return how many customers are wanted, or `most` where there are more, and the first of these after a place."""
    tx.run(SQL["plan_for_values"])
    filled = _filled("counted", parts)
    ((total, ids),) = tx.rows(filled, place=place, limit=limit, rising=rising, most=most, **values)
    return total, ids


def wanted_among(tx: Tx, ids: Collection[int], place: int, limit: int) -> list[int]:
    """Return those of some customers that are there, after a place, by number."""
    return tx.values(SQL["wanted_among"], ids=list(ids), place=place, limit=limit)


def seen_of(tx: Tx, ids: Collection[int]) -> dict[int, Seen]:
    """Return some customers with when each was last here."""
    return {one.id: one for one in tx.all(SQL["seen_of"], Seen, ids=list(ids))}


def told_of(tx: Tx, ids: Collection[int]) -> dict[int, Told]:
    """Return the identifiers of some customers, and what is known of them."""
    return {one.id: one for one in tx.all(SQL["told_of"], Told, ids=list(ids))}


def abouts(tx: Tx) -> list[tuple[str, str]]:
    """Return every (purpose, channel) that anybody ever said something about."""
    return [(row[0], row[1]) for row in tx.rows(SQL["abouts"])]


def forget_seen(tx: Tx) -> None:
    """Forget when anybody was here."""
    tx.run(SQL["forget_seen"])


def _filled(name: str, parts: Sequence[Part]) -> Statement:
    """Put what is wanted into a statement: semi-joins, which the planner may begin at whichever end is shorter."""
    conditions = [
        (b"" if held else b"not ") + b"exists (select from (" + SQL[part] + b") as x where x.customer_id = c.id)"
        for part, held in parts
    ]
    return Statement(SQL[name].replace(_BRACKETS, b"(" + (b" and ".join(conditions) or b"true") + b")", 1))
