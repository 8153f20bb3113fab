"""Waking: who has appended says so, once per 20 ms and process, after its commit; a poll is the fallback."""

from collections.abc import Iterator
from threading import Event, Lock, Thread
from time import sleep

import psycopg
import structlog

from regulars.store import records
from regulars.store.database import Database, Tx
from regulars.words.errors import Unavailable

log = structlog.get_logger()

_COALESCE = 0.02
POLL = 0.25
"""Seconds after which a listener looks around without having been woken."""


class Waker:
    """Tells all processes which workspaces have something new. A notice is a hint: losing one costs the poll."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._waiting: set[str] = set()
        self._due = Event()
        self._closed = False
        self._thread = Thread(target=self._run, name="waker", daemon=True)
        self._thread.start()

    def poke(self, workspace: str) -> None:
        """Say, after a commit, that a workspace has something new."""
        with self._lock:
            self._waiting.add(workspace)
        self._due.set()

    def close(self) -> None:
        """Stop; what is waiting is still said."""
        self._closed = True
        self._due.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._closed:
            self._due.wait()
            self._due.clear()
            self._say()
            sleep(_COALESCE)
        self._say()

    def _say(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        if not waiting:
            return
        try:
            with self._database.lent() as connection:
                records.notify(Tx(connection, None), waiting)
        except Unavailable:
            log.info("not woken: the database is away; the poll will find it")


def listen(database: Database) -> Iterator[frozenset[str]]:
    """Yield the workspaces that were named since the last time, or an empty set after each poll's pause.

    It goes on through restarts of the database.
    """
    while True:
        try:
            with database.direct() as connection:
                connection.execute("listen regulars")
                while True:
                    notices = connection.notifies(timeout=POLL, stop_after=1)
                    yield frozenset(notice.payload for notice in notices)
        except (Unavailable, psycopg.OperationalError):
            sleep(POLL)
            yield frozenset()
