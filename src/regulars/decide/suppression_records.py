"""Addresses that nothing is sent to, and what came back from them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide", "suppressions.sql")

BOUNCED, SOFT, COMPLAINED = "bounced", "soft", "complained"
"""It came back for good; it came back for a while, on several days; whoever has it called a message spam."""


class Suppressed(msgspec.Struct, frozen=True):
    """An address that nothing may be sent to; `seq` is the event that says so."""

    identity_id: int
    reason: str
    at: datetime
    seq: int | None
    why: str = BOUNCED


class SuppressedAddress(msgspec.Struct, frozen=True):
    """An address of the list, and whose it is."""

    identity_id: int
    kind: str
    address: str
    customer_id: int | None
    why: str
    reason: str
    at: datetime
    seq: int | None


def suppress(tx: Tx, addresses: Sequence[Suppressed]) -> None:
    """Put addresses on the list; those on it stay as they are."""
    tx.run(
        SQL["suppress"],
        identities=[one.identity_id for one in addresses],
        reasons=[one.reason for one in addresses],
        ats=[one.at for one in addresses],
        seqs=[one.seq for one in addresses],
        whys=[one.why for one in addresses],
    )


def note_soft(tx: Tx, came: Sequence[tuple[int, datetime]]) -> None:
    """Keep on which days mail to addresses came back for a while."""
    tx.run(SQL["note_soft"], identities=[one for one, _ in came], ats=[at for _, at in came])


def soft_days(tx: Tx, came: Sequence[tuple[int, datetime]], within: int) -> dict[int, int]:
    """Return on how many of the last days mail to each address came back for a while; the most of what is asked."""
    rows = tx.rows(SQL["soft_days"], identities=[one for one, _ in came], ats=[at for _, at in came], within=within)
    found: dict[int, int] = {}
    for identity, days in rows:
        found[identity] = max(days, found.get(identity, 0))
    return found


def forget_bounces(tx: Tx) -> None:
    """Forget what was learned from what came back."""
    tx.run(SQL["forget_bounces"])
    tx.run(SQL["forget_soft"])


def list_suppressed(
    tx: Tx, *, why: str | None, patterns: Sequence[str], place: tuple[datetime, int] | None, limit: int
) -> list[SuppressedAddress]:
    """Return a part of the list, the newest first."""
    at, identity = place or (None, None)
    given = {"why": why, "patterns": list(patterns), "limit": limit}
    return tx.all(SQL["list_suppressed"], SuppressedAddress, at=at, identity=identity, **given)


def count_suppressed(tx: Tx, *, why: str | None, patterns: Sequence[str]) -> int:
    """Return how long the list is."""
    return tx.value(SQL["count_suppressed"], why=why, patterns=list(patterns))


def of_customer(tx: Tx, customer: int) -> list[SuppressedAddress]:
    """Return the addresses of a customer that are on the list."""
    return tx.all(SQL["of_customer"], SuppressedAddress, customer=customer)


def hold_suppressed(tx: Tx, identity: int) -> SuppressedAddress | None:
    """Return one address of the list, and hold it."""
    return tx.one(SQL["hold_suppressed"], SuppressedAddress, identity=identity)


def lift(tx: Tx, identity: int, now: datetime) -> None:
    """Take an address off the list; what came back before counts no more."""
    tx.run(SQL["lift"], identity=identity)
    tx.run(SQL["drop_soft"], identity=identity)
    tx.run(SQL["note_lifted"], identity=identity, now=now)


def lift_complaint(tx: Tx, identity: int, now: datetime) -> None:
    """Take an address off the list that stands there for a complaint."""
    if tx.run(SQL["lift_complaint"], identity=identity):
        tx.run(SQL["note_lifted"], identity=identity, now=now)
