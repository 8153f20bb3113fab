"""The statements about links and pictures of messages that were asked for."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from regulars.speak.context import Context
from regulars.speak.rows import Utm, utm_of
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.speak", "touches.sql")


class Touch(msgspec.Struct, frozen=True):
    """That somebody, or something, asked for a link of a message, or for its picture."""

    message_id: int
    at: datetime
    sign: str
    """By which sign it is told to be a machine; nothing where it may be a person."""
    link: str = ""
    """Where the link leads; nothing for the picture."""
    position: int = 0
    """The how-manieth link of the message it is; 0 where that is not known."""


class Touched(msgspec.Struct, frozen=True):
    """A touch, with what its message was."""

    message_id: int
    link: str
    position: int
    sign: str
    at: datetime
    identity_id: int | None
    """To which address the message went; None where its customer was forgotten."""
    customer_id: int | None
    tracked: bool
    sent_at: datetime | None
    campaign: str | None
    template: str | None
    version: int | None
    channel: str | None


class Written(msgspec.Struct, frozen=True):
    """What a message was written from, and what is added to its links."""

    template: Template
    context: Context
    """Of who was forgotten since, nothing."""
    utm: Utm


def add_touches(tx: Tx, touches: Sequence[Touch]) -> None:
    """Keep what was touched, until it is told who did it."""
    tx.run(
        SQL["add_touches"],
        messages=[one.message_id for one in touches],
        links=[one.link for one in touches],
        positions=[one.position for one in touches],
        signs=[one.sign for one in touches],
        ats=[one.at for one in touches],
    )


def take_touches(tx: Tx, before: datetime, limit: int) -> list[Touched]:
    """Take the touches of messages of which one is older than a moment, oldest first."""
    return tx.all(SQL["take_touches"], Touched, before=before, limit=limit)


def written_from(tx: Tx, message_id: int) -> Written | None:
    """Return what a message was written from; None where there is no such message, or it was written from nothing."""
    for *template, used, campaign, channel, utm in tx.rows(SQL["written_from"], id=message_id):
        context = msgspec.convert(used or {}, Context)
        return Written(Template(*template), context, utm_of(campaign, channel or "", utm))
    return None
