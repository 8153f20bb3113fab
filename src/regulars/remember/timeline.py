"""The timeline: everything that happened with a customer, over all its identities, newest first."""

from datetime import datetime

from regulars.remember import records
from regulars.store.database import Tx
from regulars.store.records import Event, read_identities


def timeline(tx: Tx, customer_id: int, *, before: tuple[datetime, int] | None = None, limit: int = 50) -> list[Event]:
    """Return a customer's newest events, or those before a point: the (at, seq) of the last one already seen."""
    return read_identities(tx, records.identity_ids(tx, customer_id), before=before, limit=limit)
