"""The statements by which segments are compared."""

from collections.abc import Collection

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

Groups = tuple[list[int], list[int]]
"""Customers of one segment, and of the other."""

SQL = load(__package__ or "regulars.understand", "comparing.sql")


class Overlap(msgspec.Struct, frozen=True):
    """Another segment, and how many of the first one's members are in it, too."""

    name: str
    title: str
    shared: int


class Share(msgspec.Struct, frozen=True):
    """A value of a fact, and how many of each group have it."""

    fact: str
    value: str
    mine: int
    theirs: int


class Middle(msgspec.Struct, frozen=True):
    """A fact that is a number: its middle in each group, of so many who have one; None where nobody has."""

    fact: str
    mine: float | None
    theirs: float | None
    of_mine: int
    of_theirs: int


def overlaps(tx: Tx, name: str) -> list[Overlap]:
    """Return with which segments one shares members, those with the most first."""
    return tx.all(SQL["overlaps"], Overlap, name=name)


def shared(tx: Tx, name: str, other: str) -> int:
    """Return how many customers are in both."""
    return tx.value(SQL["shared"], name=name, other=other)


def drawn(tx: Tx, name: str, most: int) -> list[int]:
    """Return members of a segment, drawn by chance where there are more than `most`."""
    return tx.values(SQL["drawn"], name=name, most=most)


def values_of_both(tx: Tx, groups: Groups, facts: Collection[str], *, fewest: int, longest: int) -> list[Share]:
    """Return which values of facts two groups have: those that `fewest` have, up to `longest` characters."""
    mine, theirs = groups
    return tx.all(
        SQL["values_of_both"], Share, mine=mine, theirs=theirs, facts=list(facts), fewest=fewest, longest=longest
    )


def middles_of_both(tx: Tx, groups: Groups, facts: Collection[str], *, fewest: int) -> list[Middle]:
    """Return the middles of facts that are numbers."""
    mine, theirs = groups
    return tx.all(SQL["middles_of_both"], Middle, mine=mine, theirs=theirs, facts=list(facts), fewest=fewest)
