"""The statements about what came of campaigns."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.measure", "results.sql")


class Reaction(msgspec.Struct, frozen=True):
    """That something came of a message."""

    message_id: int
    what: str
    at: datetime


class Click(msgspec.Struct, frozen=True):
    """That a link of a message was followed."""

    message_id: int
    link: str
    machine: bool


class Sent(msgspec.Struct, frozen=True):
    """How many messages were sent, did not come back, and are counted when they are opened."""

    sent: int
    delivered: int
    tracked: int


class OrderedAfter(msgspec.Struct, frozen=True):
    """What was ordered in one currency ('' where nobody said which): `net` is in its minor units."""

    currency: str
    orders: int
    customers: int
    net: int


class LinkFollowed(msgspec.Struct, frozen=True):
    """A link: how many people followed it, how often they did, and of how many messages machines did."""

    link: str
    people: int
    times: int
    by_machines: int


class ResultDay(msgspec.Struct, frozen=True):
    """What came of a campaign on one day; a message is counted on the day on which it was opened first."""

    day: date
    sent: int
    opened: int
    clicked: int
    answered: int


def note_reactions(tx: Tx, found: Sequence[Reaction]) -> None:
    """Keep what came of messages."""
    if found:
        tx.run(
            SQL["note_reactions"],
            messages=[one.message_id for one in found],
            whats=[one.what for one in found],
            ats=[one.at for one in found],
        )


def note_clicks(tx: Tx, found: Sequence[Click]) -> None:
    """Keep which links were followed."""
    if found:
        tx.run(
            SQL["note_clicks"],
            messages=[one.message_id for one in found],
            links=[one.link for one in found],
            machines=[one.machine for one in found],
        )


def forget_reactions(tx: Tx) -> None:
    """Forget what came of messages, for a replay."""
    tx.run(SQL["forget_reactions"])


def said_by(tx: Tx, campaign: str) -> Sent:
    """Return how many messages of a campaign were sent."""
    return tx.one(SQL["said_by"], Sent, campaign=campaign) or Sent(0, 0, 0)


def reactions(tx: Tx, campaign: str) -> dict[str, int]:
    """Return of how many messages of a campaign what came."""
    return dict(tx.rows(SQL["reactions"], campaign=campaign))


def bought(tx: Tx, campaign: str, days: int) -> tuple[list[OrderedAfter], int]:
    """Return what was ordered within some days after a message, and by how many customers, whatever the currency."""
    rows = tx.rows(SQL["bought"], campaign=campaign, days=days)
    buyers = next((customers for whole, _, _, customers, _ in rows if whole), 0)
    return [OrderedAfter(*row) for whole, *row in rows if not whole], buyers


def links_followed(tx: Tx, campaign: str, limit: int) -> list[LinkFollowed]:
    """Return the links that were followed, the one of most people first."""
    return tx.all(SQL["links_followed"], LinkFollowed, campaign=campaign, limit=limit)


def days_of(tx: Tx, campaign: str, zone: str) -> list[ResultDay]:
    """Return the days on which something came of a campaign."""
    return tx.all(SQL["days_of"], ResultDay, campaign=campaign, zone=zone)


def forms_answered(tx: Tx, campaign: str) -> list[str]:
    """Return the forms that were answered by messages of a campaign."""
    return tx.values(SQL["forms_answered"], campaign=campaign)
