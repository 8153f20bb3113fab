"""The store's own statements: the log, its followers, quarantine."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import Statement, load

if TYPE_CHECKING:
    from regulars.store.log import NewEvent

SQL = load(__package__ or "regulars.store")
_COLUMNS = "identity_id, at, received_at, mid, kind, depth, historical, cause, props, context, source, public"
COPY_LOG = f"copy store_event ({_COLUMNS}) from stdin (format binary)".encode()
COPY_STAGING = f"copy store_staging ({_COLUMNS}) from stdin (format binary)".encode()
LOCK_LOG = SQL["lock_log"]
_LOCK_AND_MARK = LOCK_LOG + b"; savepoint appending"
_MOVE_STAGED = f"""insert into store_event ({_COLUMNS}) select {_COLUMNS} from store_staging order by n
on conflict do nothing""".encode()


class Event(msgspec.Struct, frozen=True, gc=False):
    """An event of the log."""

    seq: int
    identity_id: int
    at: datetime
    kind: str
    props: dict[str, Any]
    cause: int | None
    depth: int
    historical: bool
    public: bool = False
    """It came with a key that stands in page source: anybody could have said it."""


class Refusal(msgspec.Struct, frozen=True):
    """An event that was not appended, and why."""

    at: datetime
    kind: str
    identity_id: int
    cause: int | None
    reason: str


class FollowerState(msgspec.Struct, frozen=True):
    """A follower's row: how far it is and whether it stands still."""

    name: str
    role: str
    cursor: int
    replay_until: int
    paused: bool
    note: str


class Quarantined(msgspec.Struct, frozen=True):
    """An event that a follower could not take."""

    follower: str
    seq: int
    identity_id: int
    error: str
    at: datetime


def known_kinds(tx: Tx, names: Collection[str]) -> dict[str, int]:
    """Return the numbers of those kinds that exist."""
    return dict(tx.rows(SQL["known_kinds"], names=list(names)))


def make_kinds(tx: Tx, names: Collection[str]) -> None:
    """Make kinds; those that exist already stay as they are. Whoever calls it holds the log's lock."""
    tx.value(SQL["number_kinds_on"])
    tx.run(SQL["make_kinds"], names=sorted(names))


def count_kinds(tx: Tx) -> int:
    """Return how many kinds of event the workspace knows."""
    return tx.value(SQL["count_kinds"])


def list_kinds(tx: Tx) -> list[str]:
    """Return the names of all kinds of event."""
    return tx.values(SQL["list_kinds"])


def refuse(tx: Tx, events: "Sequence[NewEvent]", reason: str) -> None:
    """Keep events aside that are not appended."""
    tx.many(
        SQL["refuse"],
        [{"kind": e.kind, "identity_id": e.identity_id, "cause": e.cause, "reason": reason} for e in events],
    )


def list_refusals(tx: Tx) -> list[Refusal]:
    """Return the newest refused events."""
    return tx.all(SQL["list_refusals"], Refusal)


def lock_log(tx: Tx) -> None:
    """Take the workspace's append lock to the end of the transaction."""
    tx.run(LOCK_LOG)


def lock_and_mark(tx: Tx) -> None:
    """Take the append lock, and mark where to go back to should an event turn out to be known: one trip for both."""
    tx.connection.execute(_LOCK_AND_MARK, prepare=False)


def back_to_mark(tx: Tx) -> None:
    """Undo what was written since the mark; the lock stays."""
    tx.connection.execute(b"rollback to savepoint appending")


def make_staging(tx: Tx) -> None:
    """Make the temporary table for rows that may repeat what the log has."""
    tx.run(SQL["make_staging"])


def move_staged(tx: Tx) -> None:
    """Move staged rows into the log, leaving out repeats."""
    tx.run(Statement(_MOVE_STAGED))


def head(tx: Tx) -> int:
    """Return the log's last sequence."""
    return tx.value(SQL["head"])


def read_events(
    tx: Tx,
    *,
    after: int,
    upto: int,
    kinds: Collection[str] | None,
    besides: Collection[str] = (),
    historical: bool,
    cut: bool,
    limit: int,
) -> list[Event]:
    """Return the next events for a follower, in order."""
    which = {"after": after, "upto": upto, "historical": historical, "cut": cut, **_named(kinds, besides)}
    return tx.all(SQL["read_events"], Event, **which, limit=limit)


def next_event(
    tx: Tx,
    *,
    after: int,
    upto: int,
    kinds: Collection[str] | None,
    besides: Collection[str] = (),
    historical: bool,
    cut: bool,
) -> tuple[int, int] | None:
    """Return the next event for a follower as its sequence and identity, without reading what is in it."""
    which = {"after": after, "upto": upto, "historical": historical, "cut": cut, **_named(kinds, besides)}
    rows = tx.rows(SQL["next_event"], **which)
    return (rows[0][0], rows[0][1]) if rows else None


def _named(kinds: Collection[str] | None, besides: Collection[str]) -> dict[str, list[str] | None]:
    return {"kinds": None if kinds is None else sorted(kinds), "besides": sorted(besides) or None}


def read_by_seq(tx: Tx, seqs: Collection[int]) -> dict[int, Event]:
    """Return some events by their sequences, oldest first; those that are not there are left out."""
    return {event.seq: event for event in tx.all(SQL["read_by_seq"], Event, seqs=list(seqs))}


def read_identities(
    tx: Tx, identities: Sequence[int], *, before: tuple[datetime, int] | None, limit: int,
    kinds: Collection[str] | None = None, channel: str = "",
) -> list[Event]:  # fmt: skip
    """Return the newest events of some identities, before a point (at, seq); of some kinds, and by one channel."""
    at, seq = before or (None, None)
    about = {"kinds": None if kinds is None else list(kinds), "channel": channel, "limit": limit}
    return tx.all(SQL["read_identities"], Event, identities=list(identities), before_at=at, before_seq=seq, **about)


def count_identities(tx: Tx, identities: Sequence[int]) -> int:
    """Return how many events some identities have."""
    return tx.value(SQL["count_identities"], identities=list(identities))


def list_events(tx: Tx, *, kind: str | None, before: int | None, limit: int) -> list[Event]:
    """Return the newest events, of one kind if named, before a sequence."""
    return tx.all(SQL["list_events"], Event, kind=kind, before=before, limit=limit)


def count_events(tx: Tx, *, kind: str | None) -> int:
    """Return how many events the log holds, of one kind if named."""
    return tx.value(SQL["count_events"], kind=kind)


def add_follower(tx: Tx, name: str, role: str) -> None:
    """Register a follower: deriving and exporting ones at zero, acting ones at now."""
    tx.run(SQL["add_follower"], name=name, role=role)


def list_followers(tx: Tx) -> list[FollowerState]:
    """Return all followers and how far they are."""
    return tx.all(SQL["list_followers"], FollowerState)


def hold_follower(tx: Tx, name: str, after: Collection[str]) -> tuple[int, int, int] | None:
    """Lock a follower for a step; return its cursor, where its replay ends, and how far it may go behind `after`.

    None where it is taken or paused.
    """
    rows = tx.rows(SQL["hold_follower"], name=name, after=sorted(after))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def hold_still(tx: Tx, name: str) -> int | None:
    """Lock a follower, paused or not, so that it stands still; return its cursor, or None where it is at work."""
    return tx.value(SQL["hold_still"], name=name)


def wait_for_follower(tx: Tx, name: str) -> int | None:
    """Lock a follower, waiting for it; return its cursor."""
    return tx.value(SQL["wait_for_follower"], name=name)


def bound(tx: Tx, after: Collection[str]) -> int:
    """Return how far a follower that stays behind `after` may go."""
    return tx.value(SQL["bound"], after=sorted(after))


def move_follower(tx: Tx, name: str, cursor: int, *, waiting: bool = True) -> None:
    """Set a follower's cursor; the commit waits for the disk, or whatever was lost with it is derived again."""
    tx.run(SQL["move_follower"], name=name, cursor=cursor, waiting=waiting)


def pause_follower(tx: Tx, name: str, *, paused: bool, note: str) -> int:
    """Pause or resume a follower; return 0 where there is none of this name."""
    return tx.run(SQL["pause_follower"], name=name, paused=paused, note=note)


def rewind_follower(tx: Tx, name: str) -> int:
    """Start a deriving follower over; return 0 where there is none of this name."""
    return tx.run(SQL["rewind_follower"], name=name)


def quarantine(tx: Tx, follower: str, events: Sequence[tuple[int, int]], error: str) -> None:
    """Keep events, each by its sequence and identity, that a follower could not take."""
    seqs, identities = [event[0] for event in events], [event[1] for event in events]
    tx.run(SQL["quarantine"], follower=follower, seqs=seqs, identities=identities, error=error)


def list_quarantine(tx: Tx) -> list[Quarantined]:
    """Return everything in quarantine."""
    return tx.all(SQL["list_quarantine"], Quarantined)


def quarantine_page(
    tx: Tx, *, follower: str | None, limit: int, after: tuple[str, int] | None = None, patterns: Sequence[str] = ()
) -> list[Quarantined]:
    """Return a part of it after a (follower, seq), oldest first: whose number and error match all LIKE patterns."""
    name, than = after or (None, 0)
    some = {"follower": follower, "patterns": list(patterns), "after": name, "than": than}
    return tx.all(SQL["quarantine_page"], Quarantined, **some, limit=limit)


def count_quarantine(tx: Tx, *, follower: str | None, patterns: Sequence[str] = ()) -> int:
    """Return how much is in quarantine, as `quarantine_page` finds it."""
    return tx.value(SQL["count_quarantine"], follower=follower, patterns=list(patterns))


def quarantined_identities(tx: Tx, follower: str, identities: Collection[int]) -> set[int]:
    """Return which identities have an event in a follower's quarantine."""
    return set(tx.values(SQL["quarantined_identities"], follower=follower, identities=list(identities)))


def quarantined_beside(tx: Tx, follower: str, seq: int) -> list[int]:
    """Return an event and all others of its identity in a follower's quarantine, oldest first; none if it is not."""
    return tx.values(SQL["quarantined_beside"], follower=follower, seq=seq)


def release(tx: Tx, follower: str, seqs: Collection[int]) -> None:
    """Take events out of quarantine."""
    tx.run(SQL["release"], follower=follower, seqs=list(seqs))


def notify(tx: Tx, workspaces: Collection[str]) -> None:
    """Tell every process which workspaces have something new."""
    tx.run(SQL["notify"], workspaces=sorted(workspaces))
