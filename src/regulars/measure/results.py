"""What came of a campaign: who got it, opened it, followed its links, answered, bought, and left."""

from collections.abc import Iterator
from typing import Any

import msgspec

from regulars.measure import results_records as records
from regulars.measure.results_records import Click, LinkFollowed, OrderedAfter, Reaction, ResultDay
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.records import Event
from regulars.words.errors import Invalid, concerning
from regulars.words.kinds import (
    CONSENT_CHANGED,
    FORM_ANSWERED,
    MESSAGE_BOUNCED,
    MESSAGE_CLICKED,
    MESSAGE_COMPLAINED,
    MESSAGE_OPENED,
    MESSAGE_SCANNED,
)

__all__ = ["CAME", "DAYS", "MOST_DAYS", "REACTIONS", "LinkFollowed", "OrderedAfter", "ResultDay", "Results", "results"]

DAYS = 7
"""How many days after a message an order counts as having come of it, where nobody says otherwise."""
MOST_DAYS = 90
_LINKS = 200
_WHAT = {
    MESSAGE_OPENED: "opened",
    MESSAGE_CLICKED: "clicked",
    FORM_ANSWERED: "answered",
    MESSAGE_BOUNCED: "bounced",
    MESSAGE_COMPLAINED: "complained",
    CONSENT_CHANGED: "unsubscribed",
}
CAME = tuple(_WHAT.values())
"""What can come of a message, beside what becomes of it in the outbox."""


class Results(msgspec.Struct, frozen=True):
    """What came of a campaign, in messages, which is customers: each gets one.

    `delivered` were sent and did not come back; of `counted` it is counted whether they are opened and their links
    followed. `bought` are customers who ordered within `days` after their message, `orders` what that was by currency.
    """

    sent: int
    delivered: int
    counted: int
    opened: int
    clicked: int
    answered: int
    bought: int
    unsubscribed: int
    complained: int
    bounced: int
    opened_by_machines: int
    clicked_by_machines: int
    days: int
    orders: list[OrderedAfter]
    links: list[LinkFollowed]
    by_day: list[ResultDay]
    forms: list[str]
    """The forms that were answered by its messages."""


def results(tx: Tx, campaign: str, zone: str, days: int = DAYS) -> Results:
    """Return what came of a campaign; of a large one, as it was up to a minute ago. Days are by the clock of `zone`."""
    with concerning("days"):
        if not 1 <= days <= MOST_DAYS:
            raise Invalid("Orders count within 1 to {most} days after a message.", most=MOST_DAYS)
    key = (tx.log_id, "results", campaign, zone, days)
    return tx.counts.get(key, lambda: _counted(tx, campaign, zone, days), lambda found: found.sent)


def _counted(tx: Tx, campaign: str, zone: str, days: int) -> Results:
    said, came = records.said_by(tx, campaign), records.reactions(tx, campaign)
    orders, buyers = records.bought(tx, campaign, days)
    return Results(
        sent=said.sent,
        delivered=said.delivered,
        counted=said.tracked,
        **{what: came.get(what, 0) for what in _WHAT.values()},
        opened_by_machines=came.get("scanned_opened", 0),
        clicked_by_machines=came.get("scanned_clicked", 0),
        bought=buyers,
        days=days,
        orders=orders,
        links=records.links_followed(tx, campaign, _LINKS),
        by_day=records.days_of(tx, campaign, zone),
        forms=records.forms_answered(tx, campaign),
    )


def _note(batch: Batch) -> None:
    """Note what came of messages, of those that say which it was."""
    records.note_reactions(batch.tx, [one for event in batch.events for one in _reaction(event)])
    records.note_clicks(batch.tx, [one for event in batch.events for one in _click(event)])


def _reaction(event: Event) -> Iterator[Reaction]:
    message = _message(event.props)
    if message is None or (event.kind == CONSENT_CHANGED and event.props.get("granted") is not False):
        return
    what = _WHAT.get(event.kind) or f"scanned_{event.props.get('touched')}"
    yield Reaction(message, what, event.at)


def _click(event: Event) -> Iterator[Click]:
    message, link = _message(event.props), event.props.get("link")
    if message is not None and isinstance(link, str) and event.kind in {MESSAGE_CLICKED, MESSAGE_SCANNED}:
        yield Click(message, link, event.kind == MESSAGE_SCANNED)


def _message(props: dict[str, Any]) -> int | None:
    message = props.get("message")
    return message if isinstance(message, int) else None


REACTIONS = Follower(
    "reactions",
    "deriving",
    _note,
    kinds=frozenset({*_WHAT, MESSAGE_SCANNED}),
    reset=records.forget_reactions,
)
