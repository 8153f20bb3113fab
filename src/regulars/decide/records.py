"""The statements of `decide`."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide")

ONCE = "once"
"""The occasion of what happens to a customer at most once."""
LOW, NORMAL, HIGH, FIRST = 1, 2, 3, 4
"""How much a decision matters beside others about the same customer; FIRST: somebody waits for it."""


class Intent(msgspec.Struct, frozen=True):
    """A decision that a room has taken over to carry it out."""

    id: int
    customer_id: int
    verb: str
    name: str
    cause: int | None
    not_before: datetime
    valid_until: datetime | None
    priority: int


class NewIntent(msgspec.Struct, frozen=True):
    """A decision: for this customer do `verb` with `name` (the campaign), once for each `occasion`."""

    customer_id: int
    verb: str
    name: str
    not_before: datetime
    occasion: str = ONCE
    cause: int | None = None
    valid_until: datetime | None = None
    """From this moment on it is not carried out any more; without one it is good for ever."""
    priority: int = NORMAL
    """What matters more is carried out first."""


class Address(msgspec.Struct, frozen=True):
    """Where a customer can be written to; nulls where there is no address."""

    asked: int
    customer_id: int
    identity_id: int | None
    address: str | None
    suppressed: str | None
    why: str | None


class Reach(msgspec.Struct, frozen=True):
    """What the gate says of many customers."""

    asked: int
    allowed: int
    """They have consented, and there is an address to write to."""
    unwilling: int
    """They have not consented; or they have, and are restricted, or had all forgotten and have not asked anew."""
    paused: int
    """They have consented, and want a pause."""
    unreachable: int
    """They have consented, and there is no address that mail may go to."""
    held_out: int = 0
    """They would get it, and do not, to compare."""
    complaining: int = 0
    """They have consented, and complained, and it has not been resolved yet."""
    waiting: int = 0
    """They would get it, and not at once: the contact policy holds it until its time comes."""


class Asked(msgspec.Struct, frozen=True):
    """What is foreseen: a campaign, or one that is being made, which has no name yet."""

    segment: str
    purpose: str
    channel: str
    campaign: str = ""
    held_out: int = 0
    """The share of customers, in percent, who are held out of it."""


class Foreseen(msgspec.Struct, frozen=True):
    """What is asked of the gate about many: of those who came into a segment last, `most` at the most."""

    segment: str
    most: int
    purpose: str
    channel: str
    kind: str
    """The kind of address to which the channel goes."""
    follower: str
    """The one that keeps consent: who has a statement in its quarantine is not written to."""
    heeded: bool
    """Pauses count."""
    now: datetime


def add_intents(tx: Tx, intents: Sequence[NewIntent]) -> int:
    """Keep decisions; return how many are new."""
    return tx.run(
        SQL["add_intents"],
        names=[one.name for one in intents],
        customers=[one.customer_id for one in intents],
        occasions=[one.occasion for one in intents],
        verbs=[one.verb for one in intents],
        causes=[one.cause for one in intents],
        not_before=[one.not_before for one in intents],
        valid_until=[one.valid_until for one in intents],
        priorities=[one.priority for one in intents],
    )


def add_for_segment(
    tx: Tx, *, verb: str, name: str, segment: str, occasion: str, not_before: datetime, priority: int
) -> int:
    """Keep a decision for each member of a segment; return how many are new."""
    given = {"verb": verb, "name": name, "segment": segment, "occasion": occasion}
    return tx.run(SQL["add_for_segment"], **given, not_before=not_before, priority=priority)


def put_priority(tx: Tx, verb: str, name: str, priority: int) -> int:
    """Let open decisions have another priority."""
    return tx.run(SQL["put_priority"], verb=verb, name=name, priority=priority)


def take_intents(tx: Tx, verb: str, limit: int, now: datetime) -> list[Intent]:
    """Take over what is due."""
    taken = tx.all(SQL["take_intents"], Intent, verb=verb, limit=limit, now=now)
    return sorted(taken, key=lambda one: (-one.priority, one.id))


def addresses(tx: Tx, customers: Collection[int], kind: str, *, heeded: bool = True) -> list[Address]:
    """Return each customer's address of a kind; unless complaints are `heeded`, also one that complained."""
    return tx.all(SQL["addresses"], Address, kind=kind, customers=list(customers), heeded=heeded)


def foresee(tx: Tx, asked: Foreseen, unwanted: Collection[int]) -> Reach:
    """Return what the gate says of those who came into a segment last; of those `unwanted` that it refuses."""
    found = tx.one(SQL["foresee"], Reach, unwanted=list(unwanted), **msgspec.structs.asdict(asked))
    assert found is not None  # noqa: S101 (it asks for aggregates: there is always one row)
    return found


def newest_in(tx: Tx, segment: str, most: int) -> list[int]:
    """Return who came into a segment last."""
    return tx.values(SQL["newest_in"], segment=segment, most=most)


def addresses_in(tx: Tx, segment: str, kind: str, most: int) -> list[tuple[int, str]]:
    """Return every address of a kind of those who came into a segment last, with its customer."""
    return [(row[0], row[1]) for row in tx.rows(SQL["addresses_in"], segment=segment, kind=kind, most=most)]


def blocked(tx: Tx, addresses: Collection[str]) -> set[str]:
    """Return to which of these addresses nothing goes at all."""
    return set(tx.values(SQL["blocked"], addresses=list(addresses)))
