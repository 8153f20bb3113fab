"""The statements of lists."""

from collections.abc import Collection

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "lists.sql")


class Listing(msgspec.Struct, frozen=True):
    """A list: its key, and the segment that it is. `name` is '' of one that is deleted."""

    key: str
    name: str
    title: str
    stands: bool


def lists(tx: Tx) -> list[Listing]:
    """Return every list that a segment is or was."""
    return tx.all(SQL["lists"], Listing)


def to_change(tx: Tx, segment: int, customers: Collection[int], *, on: bool) -> list[int]:
    """Return those of some customers whom it changes to be put into a segment, or taken out."""
    return tx.values(SQL["to_change"], segment=segment, customers=list(customers), on=on)
