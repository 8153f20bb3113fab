"""The statements of what was sent and not taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear", "rejected.sql")


class NewRejected(msgspec.Struct, frozen=True):
    """An event that was not taken, as it is kept."""

    at: datetime
    source: int | None
    kind: str
    library: str
    reason: str
    said: str
    bytes: int


class KeptRejected(msgspec.Struct, frozen=True):
    """An event that was sent and not taken: why, and the beginning of what was sent."""

    id: int
    at: datetime
    source: int | None
    """The number of the key that it came with."""
    kind: str
    library: str
    reason: str
    said: str
    bytes: int
    """How long it was: `said` is cut."""
    more: int
    """How many more were rejected right before, of which only the number is kept."""


def keep(tx: Tx, found: Sequence[NewRejected], *, more: int, most: int, kept_for: timedelta) -> None:
    """Keep some aside, of which the newest says how many more there were; let go of the oldest."""
    tx.run(
        SQL["keep"],
        ats=[one.at for one in found],
        sources=[one.source for one in found],
        kinds=[one.kind for one in found],
        libraries=[one.library for one in found],
        reasons=[one.reason for one in found],
        said=[one.said for one in found],
        bytes=[one.bytes for one in found],
        more=[0] * (len(found) - 1) + [more],
    )
    sweep(tx, found[-1].at - kept_for, most)


def sweep(tx: Tx, oldest: datetime, most: int) -> None:
    """Let go of what is older, and of all but the newest."""
    tx.run(SQL["sweep"], oldest=oldest, most=most)


def list_rejected(
    tx: Tx, *, kind: str | None, source: int | None, library: str | None, before: int | None, limit: int
) -> list[KeptRejected]:
    """Return the newest that was not taken, before a number."""
    return tx.all(
        SQL["list_rejected"], KeptRejected, kind=kind, source=source, library=library, before=before, limit=limit
    )


def count_rejected(tx: Tx, *, kind: str | None, source: int | None, library: str | None) -> int:
    """Return how many are kept aside."""
    return tx.value(SQL["count_rejected"], kind=kind, source=source, library=library)


def get_rejected(tx: Tx, number: int) -> KeptRejected | None:
    """Return one that was not taken."""
    return tx.one(SQL["get_rejected"], KeptRejected, id=number)


def newest(tx: Tx) -> int:
    """Return the number of the newest that was not taken, 0 for none."""
    return tx.value(SQL["newest"])
