"""The statements of what comes back of messages."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.engage", "returns.sql")


def note_returns(tx: Tx, keys: Collection[UUID], now: datetime) -> set[UUID]:
    """Keep what was told; return what of it is new."""
    return set(tx.values(SQL["note_returns"], keys=list(keys), now=now))


def forget_returns(tx: Tx, before: datetime) -> None:
    """Keep no longer what was told long ago."""
    tx.run(SQL["forget_returns"], before=before)


def to_address(tx: Tx, address: str) -> int | None:
    """Return the message that was sent to an address last."""
    return tx.value(SQL["to_address"], address=address)


def answered(tx: Tx, identity: int, since: datetime, channel: str) -> int | None:
    """Return the message of a channel that was sent last to an address, and can be what it answers."""
    return tx.value(SQL["answered"], identity=identity, since=since, channel=channel)


def sent_among(tx: Tx, ids: Collection[int]) -> set[int]:
    """Return which of some messages went out, perhaps."""
    return set(tx.values(SQL["sent_among"], ids=list(ids)))
