"""Reading the sandbox."""

from collections.abc import Collection
from datetime import datetime

from regulars.channels.sandbox import records
from regulars.channels.sandbox.records import Mail, MailLine
from regulars.store.database import Tx
from regulars.words.errors import Unknown

__all__ = ["Mail", "MailLine", "count_mail", "delete", "get_mail", "list_mail", "restore"]


def list_mail(
    tx: Tx,
    *,
    recipient: str | None = None,
    limit: int = 50,
    before: tuple[datetime, int] | None = None,
) -> list[MailLine]:
    """Return mail, newest first; of one address, if named; what came before an (at, message_id), if named."""
    return records.list_mail(tx, recipient=recipient, limit=limit, before=before)


def count_mail(tx: Tx, *, recipient: str | None = None) -> int:
    """Return how much mail there is."""
    return records.count_mail(tx, recipient=recipient)


def delete(tx: Tx, ids: Collection[int], now: datetime) -> dict[int, str]:
    """Delete mail; return the subjects of what was there. For a day it can be taken back."""
    return records.delete_mail(tx, ids, now)


def restore(tx: Tx, ids: Collection[int]) -> None:
    """Take the deleting of mail back."""
    records.restore_mail(tx, ids)


def get_mail(tx: Tx, message_id: int) -> Mail:
    """Return one mail; raise Unknown where there is none."""
    mail = records.get_mail(tx, message_id)
    if mail is None:
        raise Unknown("There is no mail {id} in the sandbox.", id=message_id)
    return mail
