"""What several people are shown alike is made once: whoever asks for the same while it is being made waits for it.

A key says for whom a thing is: which workspace, role, language. A stand says what it was made of: where the log stands,
and whatever else it depends on. Of each key only the thing of the last stand is kept, and nothing is shown to somebody
whom it is not for. Nothing here is older than things stand, unless whoever asks says what will do (`fits`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

S = TypeVar("S", bound=Hashable)
T = TypeVar("T")
MOST = 256
"""How many things a process keeps: home is 15 KB for each language, role and way to narrow it."""


class Shared(Generic[S, T]):
    """Things made for several requests of this process, the last asked for; S is the type of how things stand."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._things: OrderedDict[Hashable, tuple[S, Future[T]]] = OrderedDict()

    def get(
        self,
        key: Hashable,
        stand: S,
        make: Callable[[], T],
        fits: Callable[[S, S], bool] = lambda made, now: made == now,
    ) -> T:
        """Return the thing of a key as things stand; make it where nobody has.

        `fits` says whether what was made as things stood once will do now.
        What making raises reaches all who wait, and is not kept. Hold no transaction while calling: whoever
        waits would keep a connection from the one who makes.
        """
        mine = stand, Future[T]()
        with self._lock:
            there = self._things.get(key)
            if there is None or not fits(there[0], stand):
                there = self._things[key] = mine
            self._things.move_to_end(key)
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        if there is not mine:
            return there[1].result()
        try:
            mine[1].set_result(make())
        except BaseException as error:
            with self._lock:
                if self._things.get(key) is mine:
                    del self._things[key]
            mine[1].set_exception(error)
            raise
        return mine[1].result()
