"""How gateways call the messages that they took."""

from datetime import datetime

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.channels.sms", "records.sql")


def note_sent(tx: Tx, known_as: str, message_id: int, at: datetime) -> None:
    """Note how the gateway calls a message."""
    tx.run(SQL["note_sent"], known_as=known_as, message=message_id, at=at)


def sent_as(tx: Tx, known_as: str) -> int | None:
    """Return which message the gateway means."""
    return tx.value(SQL["sent_as"], known_as=known_as)


def forget_sent(tx: Tx, before: datetime) -> None:
    """Forget how messages of long ago were called."""
    tx.run(SQL["forget_sent"], before=before)
