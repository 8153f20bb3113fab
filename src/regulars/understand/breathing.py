"""A round that works through everybody rests between its pieces, so that what follows the log is not held up by it."""

from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic, sleep

from regulars.store.database import Database
from regulars.store.follow import far_behind

_LONGEST = 0.5
_PATIENT = 5
"""How many times as long it rests while what follows the log is far behind."""


@contextmanager
def breath(database: Database, workspace: str) -> Generator[None]:
    """Do one piece of a round, then rest for as long as it took, up to half a second; longer where others are behind.

    Whoever waited for a lock, or for the processor, has it meanwhile.
    """
    began = monotonic()
    yield
    rest = min(monotonic() - began, _LONGEST)
    with database.workspace(workspace) as tx:
        rest *= _PATIENT if far_behind(tx) else 1
    sleep(rest)
