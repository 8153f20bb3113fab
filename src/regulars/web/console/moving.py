"""What moves, told to the pages that are open: one thread and one connection a process, however many look on.

The thread listens to the log's notices (store/waking.py). At most once a second it asks how a workspace that
somebody looks at stands, and wakes those whose page shows something else now. Without notices it asks every few
seconds.
"""

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread, current_thread, main_thread
from time import monotonic
from typing import Any

import msgspec
import structlog

from regulars.hear.arrivals import newest_rejected
from regulars.store.database import Database
from regulars.store.pulse import Pulse, pulse
from regulars.store.waking import listen
from regulars.words.errors import RegularsError
from regulars.words.kinds import (
    FACT_FORGOTTEN,
    FACT_STATED,
    FORM_ANSWERED,
    MESSAGE_BOUNCED,
    MESSAGE_CLICKED,
    MESSAGE_OPENED,
    MESSAGE_REFUSED,
    MESSAGE_SENT,
    MESSAGE_UNCERTAIN,
)

log = structlog.get_logger()

TALK = (
    FACT_FORGOTTEN, FACT_STATED, FORM_ANSWERED, MESSAGE_BOUNCED, MESSAGE_CLICKED, MESSAGE_OPENED, MESSAGE_REFUSED,
    MESSAGE_SENT, MESSAGE_UNCERTAIN,
)  # fmt: skip
"""What customers say, put right and take back, and what we say: what home and campaigns show."""
_AT_MOST_EVERY = 1.0
_BREATH = 0.2
"""Seconds that followers are given to take in what was told, before those who look are: once, and not twice."""
_WITHOUT_NOTICE = 5.0


def _talk(now: Pulse) -> tuple[int, Any]:
    return (now.told if now.settled else now.told - 1), (now.told, now.settled, now.ill)


def _log(now: Pulse) -> tuple[int, Any]:
    return now.reached, (now.head, now.steps, now.paused, now.set_aside)


def _heard(now: Pulse) -> tuple[int, Any]:
    return now.head, (now.head, now.rejected)


TOPICS: dict[str, Callable[[Pulse], tuple[int, Any]]] = {"talk": _talk, "log": _log, "heard": _heard}
"""What a page can look at: up to which sequence there is something to show, and what must differ to look again."""


class Onlooker:
    """Somebody whose page is open; awoken in their own event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self.pulse: Pulse | None = None
        self.over = False
        """Whether the process ends."""

    def tell(self, now: Pulse) -> None:
        """Wake the onlooker, from any thread."""
        self._loop.call_soon_threadsafe(self._take, now)

    def end(self) -> None:
        """Wake the onlooker for the last time, from any thread."""
        self.over = True
        self._loop.call_soon_threadsafe(self._woken.set)

    def _take(self, now: Pulse) -> None:
        self.pulse = now
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Return when told, or when the time is over."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return
        self._woken.clear()


@dataclass
class _Place:
    onlookers: set[Onlooker] = field(default_factory=set[Onlooker])
    pulse: Pulse | None = None
    looked: float = 0.0
    due: bool = True
    breath: bool = False

    def is_due(self) -> bool:
        waited = monotonic() - self.looked
        return waited >= _WITHOUT_NOTICE or (self.due and waited >= (_BREATH if self.breath else _AT_MOST_EVERY))


class Moving:
    """Who looks at which workspace, and the thread that looks for them; it ends when nobody does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._places: dict[str, _Place] = {}
        self._thread: Thread | None = None

    @contextmanager
    def looking(self, workspace: str) -> Generator[Onlooker]:
        """Look at a workspace for the length of a block."""
        onlooker = Onlooker()
        with self._lock:
            place = self._places.setdefault(workspace, _Place())
            place.onlookers.add(onlooker)
            if place.pulse:
                onlooker.tell(place.pulse)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="moving", daemon=True)
                self._thread.start()
        try:
            yield onlooker
        finally:
            with self._lock:
                place.onlookers.discard(onlooker)
                if not place.onlookers:
                    self._places.pop(workspace, None)

    def onlookers(self, workspace: str) -> int:
        """Return how many look at a workspace through this process."""
        with self._lock:
            place = self._places.get(workspace)
            return len(place.onlookers) if place else 0

    def told(self, workspace: str) -> int | None:
        """Return up to which event those who look on were told to look again; None where nobody looks, or was told."""
        with self._lock:
            place = self._places.get(workspace)
            return place.pulse.told if place and place.pulse else None

    def heed_signals(self) -> None:
        """End all looking when the process is told to end: its server waits for answers, and a stream has no end.

        The event loop hears of a signal by its own way (signal.set_wakeup_fd) and keeps doing so.
        """
        if current_thread() is not main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)

            def ended(number: int, frame: Any, before: Any = before) -> None:
                self.end()
                if callable(before):
                    before(number, frame)

            signal.signal(number, ended)

    def end(self) -> None:
        """Tell everybody that it is over."""
        for place in list(self._places.values()):
            for onlooker in list(place.onlookers):
                onlooker.end()

    def _run(self) -> None:
        for named in listen(self._database):
            with self._lock:
                if not self._places:
                    self._thread = None
                    return
                places = list(self._places.items())
            for workspace, place in places:
                place.due = place.due or workspace in named
                if place.is_due():
                    self._look(workspace, place)

    def _look(self, workspace: str, place: _Place) -> None:
        place.looked = monotonic()
        before = place.pulse
        try:
            with self._database.workspace(workspace) as tx:
                now = pulse(tx, TALK, before)
                now = msgspec.structs.replace(now, rejected=newest_rejected(tx))
        except RegularsError:  # the database is away, or the workspace is no more: who looks finds that out
            return
        except Exception as error:  # noqa: BLE001 (a workspace that is dropped just now; the others go on)
            log.warning("could not look whether a workspace moves", workspace=workspace, error=str(error))
            return
        place.due = not now.settled
        place.breath = not (now.settled or place.breath)
        if now == before or place.breath:
            return
        with self._lock:
            place.pulse = now
            for onlooker in place.onlookers:
                onlooker.tell(now)
