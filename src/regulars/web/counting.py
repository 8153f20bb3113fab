"""What a process counts of the requests it answers: how many of which kind, their status, and how long they took."""

import os
from bisect import bisect_left
from secrets import token_hex

import msgspec

BOUNDS = (0.005, 0.025, 0.1, 0.3, 1.0, 5.0)
"""Seconds: an answer is counted under the first bound that it did not exceed, or under none."""

_AREAS = {
    "v1": "events",
    "api": "api",
    "console": "console",
    "static": "static",
    **dict.fromkeys(("healthz", "readyz", "metrics"), "health"),
}


class Took(msgspec.Struct):
    """How long the answers of an area took: how many stayed within each bound and no lower one, and all seconds."""

    within: list[int]
    seconds: float = 0.0


class Figures(msgspec.Struct):
    """What one process has counted: answers by area and status, their times, and events that wait to be written."""

    answers: dict[str, dict[str, int]] = {}
    took: dict[str, Took] = {}
    waiting: int = 0


def area_of(path: str) -> str:
    """Return the kind of a path: whom it serves. Whatever is not known is a page of customers."""
    return _AREAS.get(path.lstrip("/").partition("/")[0], "pages")


class Counter:
    """Counts for one process; it is asked on the event loop only."""

    def __init__(self) -> None:
        self.process = f"{os.getpid()}-{token_hex(3)}"
        self.figures = Figures()

    def count(self, area: str, status: int, seconds: float) -> None:
        """Count one answer."""
        by_status = self.figures.answers.setdefault(area, {})
        by_status[str(status)] = by_status.get(str(status), 0) + 1
        took = self.figures.took.get(area)
        if took is None:
            took = self.figures.took[area] = Took([0] * (len(BOUNDS) + 1))
        took.within[bisect_left(BOUNDS, seconds)] += 1
        took.seconds += seconds

    def snapshot(self, waiting: int) -> Figures:
        """Return what was counted up to now, to be kept elsewhere."""
        self.figures.waiting = waiting
        return msgspec.convert(msgspec.to_builtins(self.figures), Figures)
