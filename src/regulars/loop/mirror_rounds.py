"""Work processes fill the mirrors, where the house keeps them; what is changed in the log is soon changed there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

import structlog

from regulars.loop.mirroring import Told, fill_mirror, is_due, take_out
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
                if not stop.is_set():
                    _hold(database, Mirror(root, workspace), clock, told)
        except (_BrokenOffError, Unavailable):
            log.info("mirrors wait")
        except Exception as error:
            log.exception("mirrors stopped; they are tried again", exc_info=error)


def _hold(database: Database, mirror: Mirror, clock: Callable[[], datetime], told: Told) -> None:
    """Fill a mirror that is due; whatever is wrong with it, the others get their turn."""
    try:
        if is_due(database, mirror, clock()):
            fill_mirror(database, mirror, clock(), told=told)
    except _BrokenOffError:
        raise
    except (Unavailable, Unknown):
        log.info("a mirror waits", workspace=mirror.workspace)
    except Exception as error:
        log.exception("a mirror stopped; it is tried again", workspace=mirror.workspace, exc_info=error)


def leave_mirror(database: Database, root: Path | None, workspace: str, between: Callable[[], None]) -> None:
    """Let what the log and the rooms have let go of go from the files, too.

    `between` is called again and again; what it raises breaks it off. Raise Unavailable where the mirror is being
    written just now.
    """
    if root is not None and (mirror := Mirror(root, workspace)).there:
        take_out(database, mirror, between)
