"""Customers who may be one: found by a round, looked at by the team, who says join, not the same, or later."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from regulars.hear.identities import Identity
from regulars.remember import duplicate_records, merging, records
from regulars.remember.duplicate_records import Place, Sign, Suspect
from regulars.remember.folding import fold, patterns
from regulars.remember.rows import Customer
from regulars.store.database import Database, Tx
from regulars.words.errors import Conflict, Unknown

__all__ = ["START", "Duplicate", "Side", "count", "decide_apart", "join", "look", "postpone", "seek", "take_back"]

_MOST = 2_000
_BIRTHDAYS = ("birthday", "birth_date", "date_of_birth", "birthdate")
_POSTCODES = ("postcode", "postal_code", "zip", "address.postalCode", "address.postal_code", "address.postcode")
_TELLING = ("email", "phone", "city", "address.city", *_BIRTHDAYS, *_POSTCODES)
LATER = timedelta(days=30)
"""When somebody is asked again who wants to be asked later."""
START: Place = (0, 0, 0)
"""The place before every pair."""


class Side(msgspec.Struct, frozen=True):
    """One of two customers, with what tells who it is."""

    customer: Customer
    identities: list[Identity]
    facts: list[Sign]


class Duplicate(msgspec.Struct, frozen=True):
    """Two customers who may be one, with the reasons, the strongest first.

    They share an e-mail address (email), a phone number (phone), name and birthday (birthday), name and post code
    (postcode), name and beginning of the address (namesake), or a link between them was refused (link); or one of them
    has typed an address or number of the other, which anybody can who knows it (typed).
    """

    one: Side
    other: Side
    reasons: list[str]
    place: Place


def seek(database: Database, workspace: str, now: datetime) -> None:
    """Find who may be one: a round."""
    del now
    with database.workspace(workspace) as tx:
        duplicate_records.find(tx, _BIRTHDAYS, _POSTCODES, _MOST)


def look(
    tx: Tx, now: datetime, after: Place = START, limit: int = 20, hidden: Collection[str] = (), *, q: str = ""
) -> list[Duplicate]:
    """Return pairs to look at, the strongest reasons first, after a place; without facts that are hidden.

    With `q`, those of whom one has all its words in name, addresses or numbers.
    """
    found = duplicate_records.suspects(tx, after, limit, now, patterns(fold(q)))
    ids = {customer for one in found for customer in (one.one, one.other)}
    customers = {one.id: one for one in duplicate_records.described(tx, ids)}
    known = duplicate_records.telling(tx, ids, [one for one in _TELLING if one not in hidden])
    beside = records.everyone_beside(tx, ids)

    def side(customer: int) -> Side:
        return Side(customers[customer], beside[customer], [one for one in known if one.customer_id == customer])

    return [
        Duplicate(side(one.one), side(one.other), one.reasons, _place(one))
        for one in found
        if one.one in customers and one.other in customers
    ]


def _place(one: Suspect) -> Place:
    return one.rank, one.one, one.other


def count(tx: Tx, now: datetime, *, q: str = "") -> int:
    """Return how many pairs wait to be looked at."""
    return duplicate_records.count_suspects(tx, now, patterns(fold(q)))


def join(
    tx: Tx, pairs: Sequence[tuple[int, int]], now: datetime, *, unseen: bool = False
) -> list[tuple[int, int]]:  # fmt: skip
    """Make each pair one customer; return those that were two until now. The last thing of its transaction.

    `unseen`: many were ticked at once. Then those stay who are suspected only by what somebody typed.
    """
    if unseen:
        pairs = duplicate_records.found_by_more(tx, pairs)
    duplicate_records.set_joined(tx, pairs)
    return [pair for pair in pairs if _decided(tx, pair, now, together=True)]


def take_back(tx: Tx, pairs: Collection[tuple[int, int]], now: datetime) -> None:
    """Take back that pairs are one: who was found by a round is asked about again. The last thing of its transaction.

    Raise Unknown where it does not hold any more.
    """
    duplicate_records.ask_again(tx, pairs)
    for one, other in pairs:
        merging.unjoin(tx, one, other, now)


def decide_apart(tx: Tx, pairs: Sequence[tuple[int, int]], now: datetime) -> list[tuple[int, int]]:
    """Say of each pair that they are not the same; return those that are two. The last thing of its transaction."""
    duplicate_records.drop_suspects(tx, pairs)
    return [pair for pair in pairs if _decided(tx, pair, now, together=False)]


def _decided(tx: Tx, pair: tuple[int, int], now: datetime, *, together: bool) -> bool:
    try:
        (merging.join if together else merging.tell_apart)(tx, *pair, now)
    except (Conflict, Unknown):  # somebody else was faster
        return False
    return True


def postpone(tx: Tx, pairs: Collection[tuple[int, int]], until: datetime | None) -> None:
    """Ask about pairs again at another time; None: now."""
    duplicate_records.postpone(tx, pairs, until)
