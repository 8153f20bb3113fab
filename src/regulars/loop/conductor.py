"""The conductor of one work process: it follows the logs, sends what is due, and holds the rounds.

Any number of work processes may run, on any number of machines: what they share, they share through the database.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import structlog

from regulars.access.audit import Audit
from regulars.access.workspaces import Workspace, list_workspaces
from regulars.loop.export_rounds import hold_exports
from regulars.loop.followers import FOLLOWERS
from regulars.loop.forgetting import Forgetting
from regulars.loop.import_rounds import hold_imports
from regulars.loop.leaving import sweep_house
from regulars.loop.mirror_rounds import hold_mirrors
from regulars.loop.rounds import Round, hold_rounds
from regulars.loop.sending import Outlets, Sending
from regulars.loop.stop_rounds import hold_stops
from regulars.store.database import Database
from regulars.store.dispatch import Dispatcher
from regulars.store.follow import Follower
from regulars.store.waking import Waker
from regulars.words.clock import utc_now
from regulars.words.errors import Unavailable

log = structlog.get_logger()


class Conductor:
    """Everything that one work process does."""

    def __init__(
        self,
        database: Database,
        waker: Waker,
        open_sender: Callable[[Workspace, str], Sending],
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
        self._sending = Outlets(database, waker, open_sender, clock)
        self._clock = clock
        self._rounds = more_rounds
        self._exports = exports
        self._imports = imports
        self._mirrors = mirrors
        self._archives = archives
        self._audit = audit
        self._forgetting = forgetting
        followers = (*FOLLOWERS, *more_followers)
        self._dispatcher = Dispatcher(database, followers, self._names, clock, told=self._moved)

    def run(self, stop: Event) -> None:
        """Work until told to stop."""
        house = (self._database, self._waker, self._names, self._clock, stop, self._rounds, [self._sweep])
        threads = [
            Thread(target=self._sending.run, args=(stop,), name="sending"),
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
        self._sending.wake()
        for thread in threads:
            thread.join()

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
        """Look for messages in a workspace whose followers have moved, and wake the other processes."""
        self._sending.look(workspace)
        self._waker.poke(workspace)
