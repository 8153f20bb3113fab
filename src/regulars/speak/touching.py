"""Touches: that a link of a message was asked for, or its picture. Whoever asks does not wait for it to be written.

What is not written within moments is lost with its process: a click that is not counted is no harm, a slow link is.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock

import structlog

from regulars.speak import touch_records as records
from regulars.speak.touch_records import Touch
from regulars.store.database import Database

__all__ = ["Touch", "Touches"]

log = structlog.get_logger()

MOST_WAITING = 20_000
"""Touches of a workspace that may wait in one process; more are not counted."""
_EVERY = 0.25
"""Seconds from one writing to the next."""


class Touches:
    """Takes touches from many threads, and writes them a few times a second."""

    def __init__(self, database: Database, *, every: float = _EVERY) -> None:
        self._database = database
        self._every = every
        self._lock = Lock()
        self._waiting: dict[str, list[Touch]] = {}
        self._closing = Event()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="touches")

    def note(self, workspace: str, touch: Touch) -> None:
        """Write a touch, in a while."""
        with self._lock:
            first = not self._waiting
            waiting = self._waiting.setdefault(workspace, [])
            if len(waiting) < MOST_WAITING:
                waiting.append(touch)
        if first:
            with suppress(RuntimeError):  # the house is closing
                self._writer.submit(self._write)

    def settle(self) -> None:
        """Write what waits, now."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for workspace, touches in waiting.items():
            try:
                with self._database.workspace(workspace) as tx:
                    records.add_touches(tx, touches)
            except Exception as error:  # another workspace's are written all the same
                log.info("touches are not counted", workspace=workspace, count=len(touches), exc_info=error)

    def close(self) -> None:
        """Write what waits, and take no more."""
        self._closing.set()
        self._writer.shutdown()
        self.settle()

    def _write(self) -> None:
        self._closing.wait(self._every)
        self.settle()
