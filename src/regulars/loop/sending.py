"""Outlets: the messages of every workspace, each channel by itself, so that a slow one holds up no other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event, Lock
from time import monotonic
from typing import Protocol

import structlog

from regulars.access.workspaces import Workspace, find_workspace, list_workspaces
from regulars.decide.policy import EMAIL
from regulars.speak import ways
from regulars.store.database import Database
from regulars.store.waking import Waker
from regulars.words.errors import RegularsError, Unavailable

log = structlog.get_logger()

_AT_ONCE = 8
"""Channels, of all workspaces, whose messages go out at the same time."""
_LOOK_AROUND = 2.0
"""Seconds after which every workspace is asked for messages that have become due."""

Outlet = tuple[str, str]
"""A workspace and a channel."""
Stamp = tuple[str, int]
"""By which way messages leave: another one is another sender."""


class Sending(Protocol):
    """What sends the messages of one channel of a workspace."""

    def send_some(self, now: datetime) -> int:
        """Send what is due, up to some; return how many messages were handled."""
        ...

    def recover(self, now: datetime) -> None:
        """Take back what a dead sender had claimed."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class Outlets:
    """Senders of all workspaces and channels, opened when they are needed first."""

    def __init__(
        self,
        database: Database,
        waker: Waker,
        open_sender: Callable[[Workspace, str], Sending],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._waker = waker
        self._open_sender = open_sender
        self._clock = clock
        self._senders: dict[Outlet, tuple[Stamp, Sending]] = {}
        self._lock = Lock()
        self._told: set[str] = set()
        self._due = Event()
        self._busy: set[Outlet] = set()
        self._again: set[Outlet] = set()
        self._waiting: dict[Outlet, str] = {}

    def look(self, workspace: str) -> None:
        """Look for messages that are due in a workspace."""
        with self._lock:
            self._told.add(workspace)
        self._due.set()

    def wake(self) -> None:
        """Look around, or see that it is time to stop."""
        self._due.set()

    def close(self) -> None:
        """Let go of all connections."""
        for _, sender in list(self._senders.values()):
            sender.close()

    def run(self, stop: Event) -> None:
        """Give each channel that may have messages to a thread, unless one is at it, until told to stop."""
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sender") as pool:
            looked = 0.0
            while not stop.is_set():
                self._due.wait(_LOOK_AROUND)
                self._due.clear()
                everyone = monotonic() - looked >= _LOOK_AROUND  # however busy others are
                looked = monotonic() if everyone else looked
                try:
                    for workspace in self._asked(everyone=everyone):
                        for channel in self._free(workspace):
                            pool.submit(self._send_for, workspace, channel, stop)
                except Unavailable:
                    continue
                except Exception as error:
                    log.exception("messages could not be looked for; it is tried again", exc_info=error)
            self.close()

    def _asked(self, *, everyone: bool) -> list[Workspace]:
        with self._lock:
            told, self._told = self._told, set()
        return [one for one in list_workspaces(self._database) if everyone or one.name in told]

    def _free(self, workspace: Workspace) -> list[str]:
        """Take the channels of a workspace that nobody is at; the others are looked at again afterwards."""
        with self._database.workspace(workspace.name) as tx:
            outlets = {(workspace.name, channel) for channel in (EMAIL, *ways.spoken(tx))}
        with self._lock:
            free = outlets - self._busy
            self._again |= outlets & self._busy
            self._busy |= free
        return sorted(channel for _, channel in free)

    def _sender_of(self, workspace: Workspace, channel: str) -> Sending:
        """Return what sends messages of a channel; another one as soon as they are to leave another way."""
        outlet, stamp = (workspace.name, channel), self._stamp(workspace, channel)
        was, sender = self._senders.get(outlet, (None, None))
        if sender is not None and was == stamp:
            return sender
        if sender is not None:
            sender.recover(self._clock())
            del self._senders[outlet]
            sender.close()
        sender = self._open_sender(workspace, channel)
        self._senders[outlet] = (stamp, sender)
        sender.recover(self._clock())
        return sender

    def _stamp(self, workspace: Workspace, channel: str) -> Stamp:
        with self._database.workspace(workspace.name) as tx:
            way = ways.get_way(tx, channel)
        return workspace.delivery, way.version if way else 0

    def _is_still(self, workspace: Workspace, channel: str) -> bool:
        """Whether a workspace is open and messages leave as before: asked before each batch of a long campaign."""
        known = find_workspace(self._database, workspace.name)
        if known is None or known.closed_at is not None:
            return False
        return self._stamp(known, channel) == self._senders[workspace.name, channel][0]

    def _say_once(self, outlet: Outlet, why: str) -> None:
        """Say what keeps messages from leaving, as long as it is the same only once: it is tried every few seconds."""
        if self._waiting.get(outlet) != why:
            self._waiting[outlet] = why
            log.error("messages wait", workspace=outlet[0], channel=outlet[1], why=why)

    def _send_for(self, workspace: Workspace, channel: str, stop: Event) -> None:
        outlet = workspace.name, channel
        try:
            sender = self._sender_of(workspace, channel)
            sent = 0
            while (
                not stop.is_set() and self._is_still(workspace, channel) and (some := sender.send_some(self._clock()))
            ):
                sent += some
            if sent:
                self._waker.poke(workspace.name)
            self._waiting.pop(outlet, None)
        except Unavailable:
            log.info("sending waits for the database", workspace=workspace.name)
        except RegularsError as error:
            self._say_once(outlet, str(error))
        except Exception as error:
            log.exception("sending stopped; it is tried again", workspace=workspace.name, exc_info=error)
        finally:
            with self._lock:
                self._busy.discard(outlet)
                again = outlet in self._again
                self._again.discard(outlet)
                if again:
                    self._told.add(workspace.name)
            if again:
                self._due.set()
