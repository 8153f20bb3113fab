"""Who has complained."""

from collections.abc import Collection

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide", "complaints.sql")


def complaining(tx: Tx, customers: Collection[int], opened: str, resolved: str) -> set[int]:
    """Return which of some customers were heard of last by the event that opens a complaint."""
    return set(tx.values(SQL["complaining"], customers=list(customers), opened=opened, resolved=resolved))
