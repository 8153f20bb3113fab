"""The statements of health: what can be seen of followers, mail, the database and its disks."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.measure", "health.sql")


class FollowerState(msgspec.Struct, frozen=True):
    """How a follower stands; `since` is when the first event that it has not taken was received."""

    name: str
    role: str
    paused: bool
    note: str
    behind: int
    since: datetime | None
    pace: float
    """Sequences that it takes in a second."""
    inflow: float
    """Events that come in a second."""


class QuarantineState(msgspec.Struct, frozen=True):
    """What a follower could not take."""

    follower: str
    count: int
    since: datetime


class Refusals(msgspec.Struct, frozen=True):
    """Events that were refused for being too deep."""

    count: int
    since: datetime | None
    last: datetime | None
    kind: str | None


class Queue(msgspec.Struct, frozen=True):
    """Messages that wait: those that are late, and those that were tried in vain."""

    late: int
    oldest: datetime | None
    tried: int
    since: datetime | None
    reason: str | None


class MailCount(msgspec.Struct, frozen=True):
    """Messages that came to the same: in the last hour, in the weeks before, today, and when the last was."""

    name: str
    recent: int
    before: int
    today: int
    last: datetime


class Server(msgspec.Struct, frozen=True):
    """The database's server; `folder` is where it lies, if we may know, and `here` whether it runs on this machine."""

    version: str
    most: int
    used: int
    size: int
    folder: str | None
    here: bool


class OpenTransaction(msgspec.Struct, frozen=True):
    """A transaction that is open, and whose it is."""

    since: datetime
    who: str


class Disk(msgspec.Struct, frozen=True):
    """How full a disk was in an hour."""

    place: str
    host: str
    hour: datetime
    free: int | None
    used: int


def follower_states(tx: Tx) -> list[FollowerState]:
    """Return how every follower stands."""
    return tx.all(SQL["follower_states"], FollowerState)


def keep_pace(tx: Tx, now: datetime) -> None:
    """Keep how fast each follower moves."""
    tx.run(SQL["keep_pace"], now=now)


def quarantine_states(tx: Tx) -> list[QuarantineState]:
    """Return what each follower could not take."""
    return tx.all(SQL["quarantine_states"], QuarantineState)


def refusals(tx: Tx, since: datetime) -> Refusals:
    """Return the events that were refused since a moment."""
    return tx.one(SQL["refusals"], Refusals, since=since) or Refusals(0, None, None, None)


def queue(tx: Tx, now: datetime) -> Queue:
    """Return the messages that wait."""
    return tx.one(SQL["queue"], Queue, now=now) or Queue(0, None, 0, None, None)


def mail_counts(
    tx: Tx, kinds: Collection[str], *, recent: datetime, today: datetime, since: datetime
) -> dict[str, MailCount]:
    """Return what became of messages, by kind of event."""
    found = tx.all(SQL["mail_counts"], MailCount, kinds=list(kinds), recent=recent, today=today, since=since)
    return {one.name: one for one in found}


def server_state(tx: Tx) -> Server:
    """Return what the database's server is, and how much of it is used."""
    found = tx.one(SQL["server_state"], Server)
    assert found is not None  # noqa: S101 (it selects one row)
    return found


def oldest_transaction(tx: Tx) -> OpenTransaction | None:
    """Return the transaction that is open for longest."""
    return tx.one(SQL["oldest_transaction"], OpenTransaction)


def keep_disk(tx: Tx, place: str, host: str, now: datetime, *, free: int | None, used: int) -> None:
    """Keep how full a disk is."""
    tx.run(SQL["keep_disk"], place=place, host=host, now=now, free=free, used=used)


def earlier_disks(tx: Tx, since: datetime) -> dict[tuple[str, str], Disk]:
    """Return how full each disk was at the beginning of the last days, by place and host."""
    return {(one.place, one.host): one for one in tx.all(SQL["earlier_disk"], Disk, since=since)}


def forget_disks(tx: Tx, before: datetime) -> None:
    """Forget how full disks were long ago."""
    tx.run(SQL["forget_disks"], before=before)


def begin_look(tx: Tx, name: str, every: timedelta, now: datetime) -> bool:
    """Begin to look at the installation; return False where another worker does."""
    return tx.value(SQL["begin_look"], name=name, every=every, now=now) is not None
