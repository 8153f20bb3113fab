"""What was said: messages of a customer or of a campaign, and each shown exactly as it was sent."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

import msgspec

from regulars.speak import records
from regulars.speak.context import Context, Rendered
from regulars.speak.rows import Message, Notice
from regulars.speak.templates import Template, render
from regulars.store.database import Tx
from regulars.store.log import NewEvent, caused_by
from regulars.store.records import read_by_seq
from regulars.words.errors import RegularsError, Unknown
from regulars.words.reasons import read

__all__ = [
    "Message",
    "all_shown",
    "count_of_customer",
    "events_of",
    "get_message",
    "of_customer",
    "props_of",
    "shown",
]


def of_customer(tx: Tx, customer_id: int, *, before: int | None = None, limit: int = 50) -> list[Message]:
    """Return a customer's messages, newest first. An old id of a merged customer will do."""
    return records.list_messages(tx, customer_id, before=before, limit=limit)


def count_of_customer(tx: Tx, customer_id: int) -> int:
    """Return how many messages a customer has, those that were refused among them."""
    return records.count_messages(tx, customer_id)


def get_message(tx: Tx, message_id: int) -> Message:
    """Return a message; raise Unknown where there is none."""
    found = records.get_messages(tx, [message_id])
    if not found:
        raise Unknown("There is no message {id}.", id=message_id)
    return found[0]


def shown(tx: Tx, message_id: int) -> Rendered:
    """Return a message exactly as it was sent.

    Raise Unknown for one that was not written, because it still waits or was refused.
    """
    found = all_shown(tx, [message_id])
    if message_id not in found:
        raise Unknown("Message {id} has not been written.", id=message_id)
    return found[message_id]


def all_shown(tx: Tx, ids: Collection[int]) -> dict[int, Rendered]:
    """Return messages exactly as they were sent, from the template's version and the values each was written from.

    Those that were not written, or cannot be any more, are left out.
    """
    if not ids:
        return {}
    templates = records.templates_of(tx, ids)
    found: dict[int, Rendered] = {}
    for message in records.get_messages(tx, ids):
        with suppress(RegularsError):
            if (rendered := _shown(message, templates.get(message.id))) is not None:
                found[message.id] = rendered
    return found


def _shown(message: Message, template: Template | None) -> Rendered | None:
    if message.notice is not None:
        notice = msgspec.convert(message.notice, Notice)
        return Rendered(notice.subject, notice.html, notice.text, Context())
    if template is None or message.used is None:
        return None
    return render(template, msgspec.convert(message.used, Context))


def events_of(tx: Tx, ids: Collection[int], kind: str, reason: str, now: datetime, **more: object) -> list[NewEvent]:
    """Return an event about each of some messages, as their sender would have made it; it says `more`, too."""
    found = records.get_messages(tx, ids)
    causes = read_by_seq(tx, {one.cause for one in found if one.cause is not None})
    written = all_shown(tx, ids)
    plans = records.plans(tx, {one.campaign for one in found})
    return [
        caused_by(
            causes.get(one.cause or 0),
            kind,
            one.identity_id or one.customer_id,
            props_of(
                one.id,
                one.campaign,
                template=one.template,
                version=one.version,
                channel=plans[one.campaign].channel if one.campaign in plans else None,
                subject=written[one.id].subject if one.id in written else "",
            )
            | read(reason).told
            | more,
            now,
        )
        for one in found
    ]


def props_of(
    message_id: int, campaign: str, *, template: str | None, version: int | None, channel: str | None, subject: str
) -> dict[str, object]:
    """Return what every event about a message says of it; a notice is of no campaign, template and channel."""
    return {
        "message": message_id,
        "campaign": campaign,
        "template": template,
        "version": version,
        "channel": channel,
        "subject": subject,
    }
