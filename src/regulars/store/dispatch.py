"""The dispatcher: wakes the followers of workspaces whose log has moved, in fair turns.

One pass over a workspace takes each follower one batch further, in the order in which they may not overtake each
other; a workspace that has more then goes to the back of the queue.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Condition, Event, Thread
from time import sleep

import structlog
from psycopg import sql

from regulars.store import records
from regulars.store.database import Database, schema_of
from regulars.store.follow import Follower, Runner, register
from regulars.store.waking import POLL, listen
from regulars.words.errors import Unavailable

log = structlog.get_logger()

_AT_ONCE = 2
"""Turns that one process takes at a time."""
_LOOK_AROUND = 20
"""After this many idle polls every workspace is looked at, moved or not: somebody may have been resumed."""


class Dispatcher:
    """One worker's share of following all logs. Any number of processes may run one."""

    def __init__(
        self,
        database: Database,
        followers: Sequence[Follower],
        workspaces: Callable[[], Sequence[str]],
        clock: Callable[[], datetime],
        *,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._followers = in_order(followers)
        self._workspaces = workspaces
        self._clock = clock
        self._told = told
        self._runner = Runner(database)
        self._heads: dict[str, int] = {}
        self._lined_up = Condition()
        self._waiting: dict[str, None] = {}
        """The workspaces that are to have a turn, the first of them first."""
        self._broken: Exception | None = None
        self._over = False

    def run(self, stop: Event) -> None:
        """Follow until told to stop, through restarts of the database.

        Two turns may be taken at a time, of one workspace, too: while a follower is at work those before it go on.
        """
        hands = [Thread(target=self._lend_a_hand, args=(stop,), name=f"following-{n}") for n in range(_AT_ONCE)]
        for hand in hands:
            hand.start()
        idle = 0
        try:
            for named in listen(self._database):
                if stop.is_set() or self._broken:
                    break
                try:
                    idle = 0 if named else idle + 1
                    self._line_up(named or self._moved(everyone=idle % _LOOK_AROUND == 1))
                except Unavailable:
                    log.info("waiting for the database")
                    sleep(0.1)
        finally:
            self._over = True
            for hand in hands:
                hand.join()
        if self._broken:
            raise self._broken

    def _lend_a_hand(self, stop: Event) -> None:
        while not (stop.is_set() or self._over or self._broken):
            if (workspace := self._next()) is None:
                continue
            try:
                if self.turn(workspace):
                    self._line_up([workspace])
            except Unavailable:
                log.info("following waits for the database")
                sleep(0.1)
                self._line_up([workspace])
            except Exception as error:  # noqa: BLE001 (it is raised where it is seen: this process cannot go on)
                self._broken = error

    def _line_up(self, workspaces: Iterable[str]) -> None:
        """Let workspaces have a turn, each behind those that wait already."""
        with self._lined_up:
            self._waiting.update(dict.fromkeys(sorted(workspaces)))
            self._lined_up.notify_all()

    def _next(self) -> str | None:
        """Wait a moment for a workspace that is to have a turn."""
        with self._lined_up:
            if not self._waiting:
                self._lined_up.wait(POLL)
            first = next(iter(self._waiting), None)
            if first is not None:
                del self._waiting[first]
            return first

    def catch_up(self, workspaces: Iterable[str]) -> None:
        """Take these workspaces' followers as far as they can go, in turns."""
        turns = deque(sorted(workspaces))
        while turns:
            workspace = turns.popleft()
            if self.turn(workspace):
                turns.append(workspace)

    def turn(self, workspace: str) -> bool:
        """Take each follower of a workspace one batch further (new ones begin); return whether there is more to do."""
        with self._database.workspace(workspace) as tx:
            states = {state.name: state for state in records.list_followers(tx)}
            if any(follower.name not in states for follower in self._followers):
                register(tx, self._followers)
                states = {state.name: state for state in records.list_followers(tx)}
            head = records.head(tx)
        more = moved = False
        for follower in self._followers:
            state = states[follower.name]
            if state.paused or (state.cursor >= head and not moved):
                continue
            step = self._runner.step(workspace, follower, self._clock())
            moved = moved or step.moved
            more = more or step.more or step.emitted
        if moved:
            self._told(workspace)
        return more

    def _moved(self, *, everyone: bool) -> Sequence[str]:
        names = self._workspaces()
        heads = heads_of(self._database, names)
        moved = [name for name in names if everyone or heads.get(name) != self._heads.get(name)]
        self._heads = heads
        return moved


def heads_of(database: Database, workspaces: Sequence[str]) -> dict[str, int]:
    """Return the last sequence of each workspace's log, in one query."""
    if not workspaces:
        return {}
    part = sql.SQL("select {name} as workspace, (select coalesce(max(seq), 0) from {schema}.store_event) as head")
    query = sql.SQL(" union all ").join(
        part.format(name=sql.Literal(name), schema=sql.Identifier(schema_of(name))) for name in workspaces
    )
    with database.shared() as tx:
        return dict(tx.connection.execute(query).fetchall())


def in_order(followers: Sequence[Follower]) -> list[Follower]:
    """Sort followers so that each stands after those it must not overtake; raise ValueError on a circle."""
    waiting = {follower.name: follower for follower in followers}
    done: list[Follower] = []
    while waiting:
        free = [f for f in waiting.values() if not any(name in waiting for name in f.after)]
        if not free:
            raise ValueError(f"these followers wait for each other: {', '.join(waiting)}")
        done += free
        for follower in free:
            del waiting[follower.name]
    return done
