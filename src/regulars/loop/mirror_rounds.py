"""Work processes fill the mirrors, where the house keeps them; what is changed in the log is soon changed there."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import structlog

from regulars.loop.mirroring import catch_up, fill_mirror, is_due
from regulars.store.database import Database
from regulars.store.mirror import Mirror
from regulars.words.errors import Unavailable, Unknown

log = structlog.get_logger()

_LOOK = 15.0
"""Seconds between two looks for work."""


class _BrokenOffError(Exception):
    """This process ends."""


def hold_mirrors(
    database: Database, root: Path, workspaces: Callable[[], Sequence[str]], clock: Callable[[], datetime], stop: Event
) -> None:
    """Fill the mirrors of all workspaces when there is something new, until told to stop."""

    def told(done: int, total: int) -> None:
        del done, total
        if stop.is_set():
            raise _BrokenOffError

    while not stop.wait(_LOOK):
        try:
            for workspace in workspaces():
                mirror = Mirror(root, workspace)
                if not stop.is_set() and is_due(database, mirror, clock()):
                    fill_mirror(database, mirror, clock(), told=told)
        except (_BrokenOffError, Unavailable, Unknown):
            log.info("mirrors wait")
        except Exception as error:
            log.exception("mirrors stopped; they are tried again", exc_info=error)


def leave_mirror(database: Database, root: Path | None, workspace: str, now: datetime) -> None:
    """Let what the log and the rooms have let go of go from the files, too.

    Raise Unavailable where the mirror is being written just now.
    """
    if root is not None and (mirror := Mirror(root, workspace)).there:
        catch_up(database, mirror, now, grace=timedelta(0))
