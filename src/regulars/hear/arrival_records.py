"""The statements of what machines sent lately and was taken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear", "arrivals.sql")


class TakenRow(msgspec.Struct, frozen=True):
    """An event that was taken, as a list shows it."""

    number: int
    at: datetime
    kind: str
    who: str | None
    source: int | None
    library: str
    historical: bool


class HeardEvent(msgspec.Struct, frozen=True):
    """An event of the log, as it was taken."""

    number: int
    received_at: datetime
    at: datetime
    """When it happened, by our clock."""
    kind: str
    who: str | None
    identity_id: int
    source: int | None
    historical: bool
    props: dict[str, Any]
    context: dict[str, Any] | None


def list_taken(tx: Tx, wanted: Mapping[str, Any], *, window: int, before: int, limit: int) -> list[TakenRow]:
    """Return the newest events before a sequence, no further back than `window`."""
    return tx.all(SQL["list_taken"], TakenRow, **wanted, window=window, before=before, limit=limit)


def count_taken(tx: Tx, wanted: Mapping[str, Any], *, window: int) -> int:
    """Return how many those are."""
    return tx.value(SQL["count_taken"], **wanted, window=window)


def seen(tx: Tx, *, window: int) -> list[tuple[str, str]]:
    """Return of which kinds, and by which libraries, they are, and what was not taken."""
    return [(kind, library) for kind, library in tx.rows(SQL["seen"], window=window)]


def get_taken(tx: Tx, seq: int) -> HeardEvent | None:
    """Return one event."""
    return tx.one(SQL["get_taken"], HeardEvent, seq=seq)
