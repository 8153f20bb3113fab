"""The statements of the sandbox."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from regulars.speak.channel import Envelope
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.channels.sandbox")
_KEPT = timedelta(days=1)


class MailLine(msgspec.Struct, frozen=True):
    """A mail in a list."""

    message_id: int
    recipient: str
    sender: str
    subject: str
    preview: str
    at: datetime


class Mail(msgspec.Struct, frozen=True):
    """A mail."""

    message_id: int
    recipient: str
    sender: str
    subject: str
    html: str
    text: str
    headers: dict[str, str]
    at: datetime


def add_mail(tx: Tx, envelope: Envelope) -> None:
    """Keep a mail, once."""
    fields = msgspec.structs.asdict(envelope) | {"headers": Jsonb(envelope.headers)}
    tx.run(SQL["add_mail"], **fields)


def list_mail(tx: Tx, *, recipient: str | None, limit: int, before: tuple[datetime, int] | None) -> list[MailLine]:
    """Return mail, newest first; what came before an (at, message_id), if named."""
    moment, than = before or (None, 0)
    return tx.all(SQL["list_mail"], MailLine, recipient=recipient, limit=limit, before=moment, than=than)


def count_mail(tx: Tx, *, recipient: str | None) -> int:
    """Return how much mail there is."""
    return tx.value(SQL["count_mail"], recipient=recipient)


def delete_mail(tx: Tx, ids: Collection[int], now: datetime) -> dict[int, str]:
    """Delete mail, and let go of what was deleted more than a day ago; return the subjects of what was there."""
    tx.run(SQL["drop_mail"], before=now - _KEPT)
    return dict(tx.rows(SQL["delete_mail"], ids=list(ids), now=now))


def restore_mail(tx: Tx, ids: Collection[int]) -> None:
    """Take the deleting of mail back."""
    tx.run(SQL["restore_mail"], ids=list(ids))


def get_mail(tx: Tx, message_id: int) -> Mail | None:
    """Return one mail."""
    return tx.one(SQL["get_mail"], Mail, message_id=message_id)
