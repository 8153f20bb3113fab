"""Events whose time is over are let go of, piece by piece: nobody who writes or reads notices."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from time import perf_counter

from regulars.loop.rounds import Round
from regulars.remember.retention import AT_ONCE, cut_some
from regulars.store.database import Database

_PIECE = 0.1
"""Seconds that one piece, a transaction of its own, may take: the next is half as large where it took longer."""
_SMALLEST, _LARGEST = 50, 5_000
_AT_A_TIME = 5.0
"""Seconds of each minute: where much is over at once, it goes over hours."""
_BREATH = 0.02
"""Seconds between two pieces: others get their turn."""


def retention_round(archive: Path | None = None) -> Round:
    """Return the round that lets go of events whose time is over, also in the archive's files."""

    def hold(database: Database, workspace: str, now: datetime) -> None:
        let_go(database, workspace, now, archive)

    return Round("retention", timedelta(minutes=1), hold)


def let_go(
    database: Database, workspace: str, now: datetime, archive: Path | None = None, seconds: float = _AT_A_TIME
) -> bool:
    """Let go of events for so long; return whether there may be more."""
    pause, end, limit, more = Event(), perf_counter() + seconds, AT_ONCE, True
    while more and perf_counter() < end:
        began = perf_counter()
        with database.workspace(workspace) as tx:
            more = cut_some(tx, now, limit, archive)
        took = perf_counter() - began
        limit = (
            max(limit // 2, _SMALLEST) if took > _PIECE else min(limit * 2, _LARGEST) if took < _PIECE / 3 else limit
        )
        pause.wait(_BREATH)
    return more
