"""Counts of very many, kept for a minute: nobody waits for all to be counted anew each time that somebody looks.

What is few is counted whenever it is asked for, so it is right at once. Only numbers are kept, and nothing of a person,
so nothing that was forgotten meanwhile stays here. A process keeps its own.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")

MANY = 5_000
"""From how many on a count is kept."""
KEPT = 60.0
"""For how many seconds."""
_MOST = 512


class Counts:
    """What this process counted last. `clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, key: Hashable, count: Callable[[], T], many: Callable[[T], int]) -> T:
        """Return a count: as it was up to a minute ago where it comes to `many`, else as it is.

        The key says of which log (`Tx.log_id`) and what was counted. Whoever comes while it is being counted counts
        too: nobody waits with a transaction open.
        """
        now = self._clock()
        with self._lock:
            at, kept = self._kept.get(key, (now - KEPT, None))
        if now - at < KEPT:
            return kept
        counted = count()
        if many(counted) >= MANY:
            with self._lock:
                self._kept[key] = now, counted
                self._kept.move_to_end(key)
                if len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        return counted
