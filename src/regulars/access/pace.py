"""How often something may be tried: two rules about a tally, as plain arithmetic."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

_NOW = timedelta(0)


class Tally(msgspec.Struct, frozen=True):
    """How often somebody tried, and when that was counted last. A rule reads its own tallies only."""

    tries: int
    at: datetime


class Pace(Protocol):
    """A rule: how long somebody must wait, and what is noted of a try and of one that turned out to be right."""

    def wait(self, tally: Tally, now: datetime) -> timedelta:
        """Return how long they must wait before the next try; nothing where it may be now."""
        ...

    def counted(self, tally: Tally, now: datetime) -> Tally:
        """Return the tally after one try more."""
        ...

    def forgiven(self, tally: Tally) -> Tally:
        """Return the tally after a try that was counted was right."""
        ...

    def forgotten_at(self, tally: Tally) -> datetime:
        """Return from when on the tally says nothing any more."""
        ...


class Growing(msgspec.Struct, frozen=True):
    """Some tries are free; then each waits twice as long as the one before. Who was right begins anew."""

    free: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta
    """After how long without a try all is forgotten: more than the longest wait."""

    def wait(self, tally: Tally, now: datetime) -> timedelta:
        """Return how long is left of the wait that the tries so far have earned."""
        over = tally.tries - self.free
        if over < 0 or now >= self.forgotten_at(tally):
            return _NOW
        doublings = min(over, (self.longest // self.first).bit_length())
        return max(_NOW, tally.at + min(self.first * 2**doublings, self.longest) - now)

    def counted(self, tally: Tally, now: datetime) -> Tally:
        """Return the tally after one try more."""
        before = 0 if now >= self.forgotten_at(tally) else tally.tries
        return Tally(before + 1, max(tally.at, now))

    def forgiven(self, tally: Tally) -> Tally:
        """Return an empty tally."""
        return Tally(0, tally.at)

    def forgotten_at(self, tally: Tally) -> datetime:
        """Return when the tries are forgotten."""
        return tally.at + self.forgotten


class Steady(msgspec.Struct, frozen=True):
    """Some tries at once, then one each so often (the generic cell rate algorithm: ITU-T I.371)."""

    free: int
    every: timedelta

    def wait(self, tally: Tally, now: datetime) -> timedelta:
        """Return how long it is until there is room for one more; `at` is when all is room again."""
        return max(_NOW, tally.at - self.every * (self.free - 1) - now)

    def counted(self, tally: Tally, now: datetime) -> Tally:
        """Return the tally after one try more."""
        return Tally(tally.tries + 1, max(tally.at, now) + self.every)

    def forgiven(self, tally: Tally) -> Tally:
        """Return the tally as if that one try had not been."""
        return Tally(tally.tries, tally.at - self.every)

    def forgotten_at(self, tally: Tally) -> datetime:
        """Return when all is room again."""
        return tally.at
