"""Work processes go on with what was asked for many customers at once, one after the other, a piece at a time."""

from collections.abc import Callable
from datetime import datetime
from threading import Event
from uuid import uuid4

import structlog

from regulars.access.audit import Audit
from regulars.engage import stopping
from regulars.store.database import Database
from regulars.store.waking import Waker
from regulars.words.errors import Unavailable

log = structlog.get_logger()

_LOOK = 2.0
"""Seconds between two looks for work."""


def hold_stops(database: Database, waker: Waker, audit: Audit, clock: Callable[[], datetime], stop: Event) -> None:
    """Do what is asked for, until told to stop."""
    while not stop.wait(_LOOK):
        try:
            while not stop.is_set() and stop_next(database, waker, audit, clock, stop):
                pass
        except Unavailable:
            log.info("stopping to write waits for the database")
        except Exception as error:
            log.exception("stopping to write broke off; it is tried again", exc_info=error)


def stop_next(database: Database, waker: Waker, audit: Audit, clock: Callable[[], datetime], stop: Event) -> bool:
    """Do the next that was asked for, to its end or until told to stop; return whether there was one."""
    worker = uuid4().hex
    row = stopping.claim(database, worker, clock())
    if row is None:
        return False
    what = (database, row.workspace, row.number, worker)
    try:
        while stopping.piece(*what, audit, clock()):
            waker.poke(row.workspace)
            if stop.is_set():
                stopping.leave(*what)
                return True
    except Unavailable:
        raise  # it stays ours until we have been silent too long; then another goes on
    except Exception as error:
        log.exception("stopping to write failed", workspace=row.workspace, number=row.number, exc_info=error)
        stopping.fail(*what, clock())
    waker.poke(row.workspace)
    return True
