"""Followers: everything that reacts to the log.

A follower is a name, a cursor, the kinds it wants, the followers it must not overtake, and one function over a batch.
Its effects and its cursor move in one transaction: a crash neither loses nor repeats an effect.

- *deriving* (facts, rollups, segments) starts at zero and can be replayed at any time;
- *acting* (campaigns, sends) starts at now, never sees historical events and never rewinds;
- *exporting* writes outside under deterministic names, notes it, and then moves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec
import structlog

from regulars.store import records
from regulars.store.database import Database, Tx
from regulars.store.log import NewEvent, append, caused_by
from regulars.store.records import Event
from regulars.tracing import span
from regulars.words.errors import Conflict, Unavailable, Unknown

log = structlog.get_logger()

Role = Literal["deriving", "acting", "exporting"]


@dataclass
class Batch:
    """What a follower gets: its next events in order, inside the transaction that will move its cursor."""

    tx: Tx
    events: Sequence[Event]
    now: datetime
    span: tuple[int, int]
    """The first and last sequence this batch accounts for, whether or not the follower wants what lies between."""
    replaying: bool = False
    emitted: list[NewEvent] = field(default_factory=list[NewEvent])

    def emit(self, kind: str, identity_id: int, props: dict[str, Any], *, cause: Event) -> None:
        """Append an event when this batch commits. During a replay it was appended long ago: nothing happens."""
        if not self.replaying:
            self.emitted.append(caused_by(cause, kind, identity_id, props, self.now))


def _nothing(_: Tx) -> None:
    """Forget nothing: the follower overwrites what it derives."""


@dataclass(frozen=True)
class Follower:
    """One reaction to the log."""

    name: str
    role: Role
    handle: Callable[[Batch], None]
    kinds: frozenset[str] | None = None
    """The kinds it wants; None is all."""
    besides: frozenset[str] = frozenset()
    """The kinds it passes over, but in a replay: what came before them may have been let go of since."""
    after: tuple[str, ...] = ()
    """The followers it must not overtake."""
    reset: Callable[[Tx], None] = _nothing
    """Forget what was derived, for a replay from zero."""
    holds: bool = False
    """After a poison event, hold the identity's later events too (consent, ledger) instead of skipping the one."""
    size: int = 1000
    """The most events in one batch."""
    cut: bool = False
    """It takes events, too, that were cut down to their kind, time and money: it asks for nothing else of them."""
    spans: bool = False
    """It asks the log itself what lies between two sequences, and is handed no events."""


@dataclass(frozen=True)
class Step:
    """What one step of a follower came to."""

    moved: bool
    more: bool = False
    emitted: bool = False


STILL = Step(moved=False)


class Runner:
    """Moves followers, one batch in one transaction at a time. Several runners may share the work."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._size: dict[tuple[str, str], int] = {}

    def step(self, workspace: str, follower: Follower, now: datetime) -> Step:
        """Take a follower's next batch.

        A batch that fails is halved down to the one event, which goes into quarantine; the follower moves on.
        Raises Unavailable when it was the database that failed.
        """
        place = (workspace, follower.name)
        size = self._size.get(place, follower.size)
        try:
            step = self._try(workspace, follower, now, size)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 (whatever a follower raises, its events are halved and set aside)
            if size > 1:
                self._size[place] = size // 2
            else:
                self._set_aside(workspace, follower, error)
            return Step(moved=True, more=True)
        if size < follower.size:
            self._size[place] = min(size * 2, follower.size)
        return step

    def _try(self, workspace: str, follower: Follower, now: datetime, size: int) -> Step:
        with self._database.workspace(workspace) as tx:
            held = records.hold_follower(tx, follower.name, follower.after)
            if held is None:
                return STILL
            cursor, replay_until, bound = held
            upto = min(bound, replay_until) if cursor < replay_until else bound
            if upto <= cursor:
                return STILL
            replaying = cursor < replay_until
            events, upto = _read(tx, follower, cursor, upto, size, replaying=replaying)
            batch = Batch(tx, _hold(tx, follower, events), now, (cursor + 1, upto), replaying=replaying)
            with span("follow", workspace=workspace, follower=follower.name, events=len(events)):
                if batch.events or follower.spans:
                    follower.handle(batch)
                records.move_follower(
                    tx, follower.name, upto, waiting=bool(batch.emitted) or follower.role == "exporting"
                )
                append(tx, batch.emitted)
            return Step(moved=True, more=upto < bound, emitted=bool(batch.emitted))

    def _set_aside(self, workspace: str, follower: Follower, error: Exception) -> None:
        with self._database.workspace(workspace) as tx:
            held = records.hold_follower(tx, follower.name, follower.after)
            if held is None:
                return
            cursor, replay_until, bound = held
            event = records.next_event(
                tx,
                after=cursor,
                upto=bound,
                kinds=follower.kinds,
                besides=_besides(follower, replaying=cursor < replay_until),
                historical=follower.role != "acting",
                cut=follower.cut,
            )
            if event is None:
                return
            log.error("quarantined", workspace=workspace, follower=follower.name, seq=event[0], exc_info=error)
            records.quarantine(tx, follower.name, [event], f"{type(error).__name__}: {error}"[:500])
            records.move_follower(tx, follower.name, event[0])


def _read(tx: Tx, follower: Follower, cursor: int, upto: int, size: int, *, replaying: bool) -> tuple[list[Event], int]:
    """Return a follower's next events, and up to which sequence there are no others."""
    if follower.spans:
        return [], min(upto, cursor + size)
    events = records.read_events(
        tx,
        after=cursor,
        upto=upto,
        kinds=follower.kinds,
        besides=_besides(follower, replaying=replaying),
        historical=follower.role != "acting",
        cut=follower.cut,
        limit=size,
    )
    return events, events[-1].seq if len(events) == size else upto


def _besides(follower: Follower, *, replaying: bool) -> frozenset[str]:
    return frozenset[str]() if replaying else follower.besides


def _hold(tx: Tx, follower: Follower, events: Sequence[Event]) -> Sequence[Event]:
    """Put events of quarantined identities into quarantine too, where the follower asks for it."""
    if not follower.holds or not events:
        return events
    held = records.quarantined_identities(tx, follower.name, {event.identity_id for event in events})
    if held:
        behind = [(event.seq, event.identity_id) for event in events if event.identity_id in held]
        records.quarantine(tx, follower.name, behind, "held behind an earlier event of this identity")
    return [event for event in events if event.identity_id not in held]


def register(tx: Tx, followers: Sequence[Follower]) -> None:
    """Make the rows of followers that are new: acting ones start at now, the others at zero."""
    for follower in followers:
        records.add_follower(tx, follower.name, follower.role)


def rewind(tx: Tx, follower: Follower, among: Sequence[Follower] = ()) -> None:
    """Forget what a deriving follower derived and start it over. It emits nothing until it is where it was.

    Those of `among` that derive from what it derived start over, too.
    """
    if follower.role != "deriving":
        raise Conflict("'{name}' acts on what it reads, so it cannot be run again.", name=follower.name)
    stale = [follower]
    for one in among:
        if one.role == "deriving" and one is not follower and not {each.name for each in stale}.isdisjoint(one.after):
            stale.append(one)
    for name in sorted(one.name for one in stale):  # whoever holds several holds them in this order (gone.sql, fence)
        if records.wait_for_follower(tx, name) is None:
            raise Unknown("There is no follower '{name}'.", name=name)
    for one in stale:
        one.reset(tx)
        records.rewind_follower(tx, one.name)


def run_again(tx: Tx, follower: Follower, seq: int, now: datetime) -> None:
    """Take a quarantined event once more; with a follower that holds, all of that identity's, in order.

    Whatever the follower raises goes through, and everything stays as it was.
    """
    records.wait_for_follower(tx, follower.name)
    seqs = records.quarantined_beside(tx, follower.name, seq)
    events = list(records.read_by_seq(tx, seqs if follower.holds else {seq}.intersection(seqs)).values())
    if not events:
        raise Unknown("Event {seq} is not in the quarantine of '{name}'.", seq=seq, name=follower.name)
    batch = Batch(tx, events, now, (events[0].seq, events[-1].seq))
    follower.handle(batch)
    records.release(tx, follower.name, [event.seq for event in events])
    append(tx, batch.emitted)


_BREATH = 1_000
"""Events a follower may be behind before it is spoken of: fewer is a breath."""


class Lag(msgspec.Struct, frozen=True):
    """How far a follower is behind the log."""

    name: str
    role: str
    behind: int
    paused: bool
    note: str


def lags(tx: Tx) -> list[Lag]:
    """Return every follower with how many sequences it is behind."""
    head = records.head(tx)
    return [
        Lag(state.name, state.role, max(head - state.cursor, 0), state.paused, state.note)
        for state in records.list_followers(tx)
    ]


def far_behind(tx: Tx) -> bool:
    """Whether a follower that is at work is far behind."""
    return any(lag.behind > _BREATH and not lag.paused for lag in lags(tx))


def wants_a_look(tx: Tx) -> bool:
    """Whether a follower stands still or is far behind, or has put something aside."""
    return any(lag.paused or lag.behind > _BREATH for lag in lags(tx)) or bool(records.list_quarantine(tx))
