"""The timeline: everything that happened with a customer, over all its identities, newest first."""

from collections.abc import Mapping
from datetime import datetime

from regulars.remember import records
from regulars.remember.shopping import ORDERS, PRODUCTS
from regulars.store.database import Tx
from regulars.store.records import Event, count_identities, read_identities
from regulars.words.errors import Invalid
from regulars.words.kinds import (
    CONSENT_CHANGED,
    FACT_FORGOTTEN,
    FACT_STATED,
    FORM_ANSWERED,
    FREQUENCY_CHANGED,
    MESSAGE_BOUNCED,
    MESSAGE_CLICKED,
    MESSAGE_COMPLAINED,
    MESSAGE_OPENED,
    MESSAGE_REFUSED,
    MESSAGE_REPLIED,
    MESSAGE_SCANNED,
    MESSAGE_SENT,
    MESSAGE_UNCERTAIN,
    PAGE,
    PAUSE_CHANGED,
    RESTRICTION_CHANGED,
    SCREEN,
)

SHOWN: Mapping[str, frozenset[str]] = {
    "said": frozenset(
        {
            FORM_ANSWERED,
            FACT_STATED,
            FACT_FORGOTTEN,
            CONSENT_CHANGED,
            PAUSE_CHANGED,
            FREQUENCY_CHANGED,
            RESTRICTION_CHANGED,
            MESSAGE_COMPLAINED,
            MESSAGE_REPLIED,
        }
    ),
    "spoken": frozenset({MESSAGE_SENT, MESSAGE_REFUSED, MESSAGE_BOUNCED, MESSAGE_UNCERTAIN, MESSAGE_SCANNED}),
    "bought": frozenset(ORDERS),
    "looked": frozenset({PAGE, SCREEN, MESSAGE_OPENED, MESSAGE_CLICKED}) | (PRODUCTS - ORDERS.keys()),
}
"""What a timeline can be narrowed to: what they said, what we said, what they bought, what they looked at."""


def timeline(
    tx: Tx,
    customer_id: int,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
    only: str = "",
    channel: str = "",
) -> list[Event]:
    """Return a customer's newest events, or those before a point: the (at, seq) of the last one already seen.

    `only` narrows them to one of SHOWN, `channel` to what names this channel.
    """
    return read_identities(
        tx,
        records.identity_ids(tx, customer_id),
        before=before,
        limit=limit,
        kinds=SHOWN.get(only),
        channel=channel,
    )


def count(tx: Tx, customer_id: int) -> int:
    """Return how many events a customer has."""
    return count_identities(tx, records.identity_ids(tx, customer_id))


def mark(event: Event) -> str:
    """Return the place of an event in a timeline as a text, from which `point` reads it again."""
    return f"{event.at.isoformat().replace('+00:00', 'Z')}~{event.seq}"


def point(text: str) -> tuple[datetime, int]:
    """Read a place in a timeline; raise Invalid for what is none."""
    moment, _, seq = text.partition("~")
    try:
        at, number = datetime.fromisoformat(moment), int(seq)
    except ValueError as error:
        raise Invalid("This place in a timeline cannot be read. Open the customer again, at the newest.") from error
    if at.tzinfo is None or not 0 <= number < 2**63:
        raise Invalid("This place in a timeline cannot be read. Open the customer again, at the newest.")
    return at, number
