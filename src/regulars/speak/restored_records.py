"""The statements about messages that a backup brought back."""

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.speak", "restored.sql")


def withdraw(tx: Tx, reason: str, limit: int) -> list[int]:
    """Refuse messages that waited or were claimed, up to so many; return which."""
    return tx.values(SQL["withdraw"], reason=reason, limit=limit)


def doubt_all(tx: Tx, reason: str) -> list[int]:
    """Mark every message as uncertain that was being handed over; return which."""
    return tx.values(SQL["doubt_all"], reason=reason)
