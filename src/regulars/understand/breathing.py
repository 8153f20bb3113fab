"""A round that works through everybody rests between its pieces, so that what follows the log is not held up by it."""

from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic, sleep

_LONGEST = 0.5


@contextmanager
def breath() -> Generator[None]:
    """Do one piece of a round, then rest for as long as it took, up to half a second.

    Whoever waited for a lock, or for the processor, has it meanwhile.
    """
    began = monotonic()
    yield
    sleep(min(monotonic() - began, _LONGEST))
