"""What several people are shown alike is made once: whoever asks for the same while it is being made waits for it.

What a key names must never change: so it holds where the log stands, whose role and language it is for, and whatever
else the thing depends on. Then nothing here can be stale, or be shown to somebody whom it is not for; what nobody asks
for any more is dropped.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 256
"""How many things a process keeps: home is 15 KB for each language, role and way to narrow it."""


class Shared(Generic[T]):
    """Things made for several requests of this process, the last asked for."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._things: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the thing of a key; make it where nobody has.

        What making raises reaches all who wait, and is not kept. Hold no transaction while calling: whoever
        waits would keep a connection from the one who makes.
        """
        mine = Future[T]()
        with self._lock:
            thing = self._things.setdefault(key, mine)
            self._things.move_to_end(key)
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        if thing is not mine:
            return thing.result()
        try:
            mine.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._things.get(key) is mine:
                    del self._things[key]
            mine.set_exception(error)
            raise
        return mine.result()
