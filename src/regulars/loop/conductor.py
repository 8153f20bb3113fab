"""The conductor of one work process: it follows the logs, sends what is due, and holds the rounds.

Any number of work processes may run, on any number of machines: what they share, they share through the database.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Protocol

import structlog

from regulars.access.audit import Audit
from regulars.access.workspaces import Workspace, find_workspace, list_workspaces
from regulars.loop.export_rounds import hold_exports
from regulars.loop.followers import FOLLOWERS
from regulars.loop.forgetting import Forgetting
from regulars.loop.import_rounds import hold_imports
from regulars.loop.leaving import sweep_house
from regulars.loop.mirror_rounds import hold_mirrors
from regulars.loop.rounds import Round, hold_rounds
from regulars.loop.stop_rounds import hold_stops
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.store.follow import Follower
from regulars.store.waking import Waker
from regulars.words.clock import utc_now
from regulars.words.errors import RegularsError, Unavailable

log = structlog.get_logger()

_SENDING = 4
"""Workspaces whose mail goes out at the same time, so that one slow mail server does not hold up the others."""
_LOOK_AROUND = 2.0
"""Seconds after which every workspace is asked for mail that has become due."""


class Sending(Protocol):
    """What sends the mail of one workspace."""

    def send_some(self, now: datetime) -> int:
        """Send what is due, up to some; return how many messages were handled."""
        ...

    def recover(self, now: datetime) -> None:
        """Take back what a dead sender had claimed."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class Conductor:
    """Everything that one work process does."""

    def __init__(
        self,
        database: Database,
        waker: Waker,
        open_sender: Callable[[Workspace], Sending],
        *,
        more_followers: Sequence[Follower] = (),
        more_rounds: Sequence[Round] = (),
        exports: Path | None = None,
        imports: Path | None = None,
        mirrors: Path | None = None,
        archives: Sequence[Path] = (),
        audit: Audit | None = None,
        forgetting: Forgetting | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._waker = waker
        self._open_sender = open_sender
        self._clock = clock
        self._rounds = more_rounds
        self._exports = exports
        self._imports = imports
        self._mirrors = mirrors
        self._archives = archives
        self._audit = audit
        self._forgetting = forgetting
        self._senders: dict[str, tuple[str, Sending]] = {}
        self._lock = Lock()
        self._told: set[str] = set()
        self._due = Event()
        self._busy: set[str] = set()
        self._waiting: dict[str, str] = {}
        followers = (*FOLLOWERS, *more_followers)
        self._dispatcher = Dispatcher(database, followers, self._names, clock, told=self._moved)

    def run(self, stop: Event) -> None:
        """Work until told to stop."""
        house = (self._database, self._waker, self._names, self._clock, stop, self._rounds, [self._sweep])
        threads = [
            Thread(target=self._send, args=(stop,), name="sending"),
            Thread(target=hold_rounds, args=house, name="rounds"),
        ]
        if self._exports is not None:
            writing = (self._database, self._exports, self._clock, stop)
            threads.append(Thread(target=hold_exports, args=writing, name="exports"))
        if self._imports is not None:
            taking = (self._database, self._waker, self._imports, self._clock, stop)
            threads.append(Thread(target=hold_imports, args=taking, name="imports"))
        if self._mirrors is not None:
            filling = (self._database, self._mirrors, self._names, self._clock, stop)
            threads.append(Thread(target=hold_mirrors, args=filling, name="mirrors"))
        if self._audit is not None:
            stopping = (self._database, self._waker, self._audit, self._clock, stop)
            threads.append(Thread(target=hold_stops, args=stopping, name="stops"))
        if self._forgetting is not None:
            threads.append(Thread(target=self._forgetting.hold, args=(self._names, stop), name="forgetting"))
        for thread in threads:
            thread.start()
        self._dispatcher.run(stop)
        self._due.set()
        for thread in threads:
            thread.join()
        for _, sender in self._senders.values():
            sender.close()

    def _sweep(self, now: datetime) -> None:
        try:
            sweep_house(self._database, now, self._exports, self._archives, self._imports)
        except Unavailable:
            raise
        except Exception as error:
            log.exception("sweeping failed; it is tried again", exc_info=error)

    def _names(self) -> list[str]:
        return [workspace.name for workspace in list_workspaces(self._database)]

    def _moved(self, workspace: str) -> None:
        """Look for mail in a workspace whose followers have moved, and wake the other processes."""
        with self._lock:
            self._told.add(workspace)
        self._due.set()
        self._waker.poke(workspace)

    def _send(self, stop: Event) -> None:
        """Give each workspace that may have mail to a thread, unless one is at it: a slow one holds up nobody else."""
        with ThreadPoolExecutor(_SENDING, thread_name_prefix="sender") as pool:
            while not stop.is_set():
                everyone = not self._due.wait(_LOOK_AROUND)
                self._due.clear()
                try:
                    workspaces = list_workspaces(self._database)
                except Unavailable:
                    continue
                with self._lock:
                    wanted = {w.name for w in workspaces if everyone or w.name in self._told} - self._busy
                    self._told -= wanted
                    self._busy |= wanted
                for workspace in workspaces:
                    if workspace.name in wanted:
                        pool.submit(self._send_for, workspace, stop)

    def _sender_of(self, workspace: Workspace) -> Sending:
        """Return what sends a workspace's mail; another one as soon as it is to leave another way."""
        way, sender = self._senders.get(workspace.name, ("", None))
        if sender is not None and way == workspace.delivery:
            return sender
        if sender is not None:
            del self._senders[workspace.name]
            sender.close()
        sender = self._open_sender(workspace)
        self._senders[workspace.name] = (workspace.delivery, sender)
        sender.recover(self._clock())
        return sender

    def _is_still(self, workspace: Workspace) -> bool:
        """Whether a workspace is open and its mail leaves as before: asked before each batch of a long campaign."""
        known = find_workspace(self._database, workspace.name)
        return known is not None and known.closed_at is None and known.delivery == workspace.delivery

    def _say_once(self, workspace: str, why: str) -> None:
        """Say what keeps mail from leaving, as long as it is the same only once: it is tried every few seconds."""
        if self._waiting.get(workspace) != why:
            self._waiting[workspace] = why
            log.error("mail waits", workspace=workspace, why=why)

    def _send_for(self, workspace: Workspace, stop: Event) -> None:
        try:
            sender = self._sender_of(workspace)
            sent = 0
            while not stop.is_set() and self._is_still(workspace) and (some := sender.send_some(self._clock())):
                sent += some
            if sent:
                self._waker.poke(workspace.name)
            self._waiting.pop(workspace.name, None)
        except Unavailable:
            log.info("sending waits for the database", workspace=workspace.name)
        except RegularsError as error:
            self._say_once(workspace.name, str(error))
        except Exception as error:
            log.exception("sending stopped; it is tried again", workspace=workspace.name, exc_info=error)
        finally:
            with self._lock:
                self._busy.discard(workspace.name)
                again = workspace.name in self._told
            if again:
                self._due.set()
