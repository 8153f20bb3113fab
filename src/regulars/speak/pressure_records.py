"""What customers were sent lately."""

from collections.abc import Collection
from datetime import datetime

from regulars.decide.policy import NEEDED
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.ids import hash64

SQL = load(__package__ or "regulars.speak", "pressure.sql")


def hold_customers(tx: Tx, customers: Collection[int]) -> None:
    """Let nobody else claim messages to some customers before this transaction ends."""
    keys = sorted(hash64(f"speak_customer:{tx.log_id}:{one}") for one in customers)
    tx.run(SQL["hold_customers"], keys=keys)


def sent_lately(tx: Tx, customers: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """Return when customers were sent something since a moment, but for what somebody waited for."""
    found: dict[int, list[datetime]] = {}
    for customer, at in tx.rows(SQL["sent_lately"], customers=list(customers), since=since, needed=sorted(NEEDED)):
        found.setdefault(customer, []).append(at)
    return found


def look_again(tx: Tx, now: datetime, reasons: Collection[str], most: int) -> int:
    """Let messages that are held for some reasons be due now, so many at most."""
    return tx.run(SQL["look_again"], now=now, reasons=list(reasons), most=most)


def look_again_of(tx: Tx, identities: Collection[int], now: datetime, reason: str) -> None:
    """Let what is held for a reason be due now for the customers of some identities."""
    tx.run(SQL["look_again_of"], identities=list(identities), now=now, reason=reason)
