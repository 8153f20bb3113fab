"""The log: appending is the last thing a transaction does, under one lock per workspace held to the commit.

So commit order is sequence order, and a follower that has seen sequence n has seen everything up to n. Identity
sequences alone would become visible out of order; a horizon by `pg_snapshot_xmin` is frozen by any long transaction.
Gaps after a rollback are stepped over.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Any

import msgspec
import psycopg
from psycopg import errors

from regulars.store import records
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.words.errors import Invalid
from regulars.words.kinds import DEEPEST, HOUSE

MOST_KINDS = 30_000
"""Names of events that a log takes from others: their numbers are small, and the house's own must find room."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TAIL = b"\xff\xff"
_NULL = -1


class NewEvent(msgspec.Struct, frozen=True, gc=False):
    """An event to append. `props` and `context` are JSON text; `mid` is the hash of the message id, if it has one."""

    identity_id: int
    at: datetime
    kind: str
    props: bytes = b"{}"
    mid: int | None = None
    cause: int | None = None
    depth: int = 0
    historical: bool = False
    context: bytes | None = None
    source: int | None = None
    """The number of the key that it came with."""
    public: bool = False
    """That key stands in page source."""


def caused_by(cause: Event | None, kind: str, identity_id: int, props: dict[str, Any], at: datetime) -> NewEvent:
    """Make an event that came from another (or from nothing): one deeper, historical if its cause is."""
    return NewEvent(
        identity_id=identity_id,
        at=at,
        kind=kind,
        props=msgspec.json.encode(props),
        cause=cause.seq if cause else None,
        depth=cause.depth + 1 if cause else 0,
        historical=cause.historical if cause else False,
    )


def _numbers(tx: Tx, names: set[str]) -> dict[str, int]:
    """Return the numbers of kinds, making those that are new.

    They never change, so what is found is remembered; one made here is not, for it goes if this is rolled back.
    """
    found = {name: number for name in names if (number := tx.kinds.get((tx.log_id, name)))}
    if missing := names - found.keys():
        known = records.known_kinds(tx, missing)
        tx.kinds.update({(tx.log_id, name): number for name, number in known.items()})
        found |= known
    if missing := names - found.keys():
        records.lock_log(tx)  # one at a time counts them, and none of the few numbers is lost to a rollback
        if not room_for(tx, missing - HOUSE, MOST_KINDS):
            raise Invalid("The log has {most} names of events, and takes no new one. Use fewer.", most=MOST_KINDS)
        records.make_kinds(tx, missing)
        found |= records.known_kinds(tx, missing)
    return found


def room_for(tx: Tx, names: Collection[str], most: int) -> bool:
    """Return whether the log knows these kinds, or would not have more than `most` with those that are new."""
    missing = {name for name in names if (tx.log_id, name) not in tx.kinds}
    missing -= records.known_kinds(tx, missing).keys() if missing else set()
    return not missing or records.count_kinds(tx) + len(missing) <= most


def append(tx: Tx, events: Sequence[NewEvent]) -> None:
    """Append events.

    Call it as the last thing of a transaction: it takes the workspace's lock and holds it to the commit. An event
    whose message id is known from the last seven days is left out; one that is too deep is refused and kept aside.
    """
    deep = [event for event in events if event.depth > DEEPEST]
    if deep:
        records.refuse(tx, deep, f"deeper than {DEEPEST} causes")
        events = [event for event in events if event.depth <= DEEPEST]
    if not events:
        return
    numbers = _numbers(tx, {event.kind for event in events})
    once = without_repeats(events)
    records.lock_and_mark(tx)
    try:
        _copy(tx.connection, once, numbers, records.COPY_LOG)
    except errors.UniqueViolation:
        records.back_to_mark(tx)
        records.make_staging(tx)
        _copy(tx.connection, once, numbers, records.COPY_STAGING)
        records.move_staged(tx)


def without_repeats(events: Sequence[NewEvent]) -> Sequence[NewEvent]:
    """Leave out what repeats a message id inside the group."""
    mids = [event.mid for event in events if event.mid is not None]
    if len(set(mids)) == len(mids):
        return events
    seen: set[int] = set()
    kept: list[NewEvent] = []
    for event in events:
        if event.mid is None or event.mid not in seen:
            kept.append(event)
            if event.mid is not None:
                seen.add(event.mid)
    return kept


def _copy(
    connection: psycopg.Connection[Any], events: Sequence[NewEvent], numbers: Mapping[str, int], statement: bytes
) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(encoded(events, numbers))


def encoded(events: Sequence[NewEvent], numbers: Mapping[str, int]) -> bytes:
    """Return rows as PostgreSQL's binary COPY has them (documentation, COPY, 'Binary Format'), received now."""
    received = _micros(datetime.now(UTC))
    rows = [_COPY_HEAD]
    rows += [_row(event, numbers[event.kind], received) for event in events]
    rows.append(_COPY_TAIL)
    return b"".join(rows)


def _micros(moment: datetime) -> int:
    return round((moment.timestamp() - _EPOCH) * 1_000_000)


_FIXED = Struct(">hiqiqiqiqih")  # fields; identity_id, at, received_at, mid, kind
_FIXED_NO_MID = Struct(">hiqiqiqiih")
_LENGTH = Struct(">i")
_SOURCE = Struct(">ii")
_CAUSED = Struct(">ihiBiq")  # depth, historical, cause
_SOURCELESS = _LENGTH.pack(_NULL)
_PUBLIC = Struct(">iB").pack(1, 1)
_NOT_PUBLIC = _LENGTH.pack(_NULL)
_UNCAUSED = _LENGTH.pack(_NULL) * 3
_IMPORTED = _LENGTH.pack(_NULL) + Struct(">iB").pack(1, 1) + _LENGTH.pack(_NULL)
_FIELDS = 12


def _row(event: NewEvent, kind: int, received: int) -> bytes:
    at = _micros(event.at)
    if event.mid is None:
        head = _FIXED_NO_MID.pack(_FIELDS, 8, event.identity_id, 8, at, 8, received, _NULL, 2, kind)
    else:
        head = _FIXED.pack(_FIELDS, 8, event.identity_id, 8, at, 8, received, 8, event.mid, 2, kind)
    if event.cause is not None:
        middle = _CAUSED.pack(2, event.depth, 1, event.historical, 8, event.cause)
    else:
        middle = _IMPORTED if event.historical else _UNCAUSED
    props = _LENGTH.pack(len(event.props)) + event.props
    context = _LENGTH.pack(_NULL) if event.context is None else _LENGTH.pack(len(event.context)) + event.context
    source = _SOURCELESS if event.source is None else _SOURCE.pack(4, event.source)
    return head + middle + props + context + source + (_PUBLIC if event.public else _NOT_PUBLIC)
