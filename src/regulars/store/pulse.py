"""Whether a workspace moves: what a page that is open is told, so that it looks again only where something is new."""

from collections.abc import Collection

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.kinds import HEARD, HOUSE

SQL = load(__package__ or "regulars.store", "pulse.sql")

_FAR = 1_000
"""Events a follower may be behind before somebody should look: fewer is a breath."""


class Pulse(msgspec.Struct, frozen=True):
    """How a workspace's log stands at one moment."""

    head: int
    told: int
    """The newest event of the kinds that were asked for, as far as it is known; else where the log stood at first."""
    reached: int
    """How far all followers that run have come."""
    steps: int
    paused: int
    set_aside: int
    rejected: int = 0
    """The newest event that was sent and not taken; whoever knows of these fills it in."""

    @property
    def settled(self) -> bool:
        """Whether the followers have taken in what was told: what pages show of it is whole."""
        return self.reached >= self.told

    @property
    def shown(self) -> int:
        """The sequence up to which pages that are made now show all there is."""
        return min(self.head, self.reached)

    @property
    def ill(self) -> bool:
        """Whether somebody should look at a follower."""
        return bool(self.paused or self.set_aside or self.reached < self.head - _FAR)


def pulse(tx: Tx, kinds: Collection[str] = (), before: Pulse | None = None) -> Pulse:
    """Return how the log stands; `told` is the newest event of these kinds, looked for since it stood as `before`."""
    since, known = (before.head, before.told) if before else (0, None)
    found = tx.one(SQL["pulse"], Pulse, kinds=list(kinds if before else ()), since=since, known=known)
    assert found is not None  # noqa: S101 (it asks for aggregates: there is always one row)
    return found


def position(tx: Tx) -> int:
    """Return the sequence up to which pages show all there is. A page asks before it reads anything else."""
    return pulse(tx).shown


class Beginnings(msgspec.Struct, frozen=True):
    """How a workspace began: with what happened before, from a file, and with what its shop sends."""

    imported: bool
    heard: bool


def beginnings(tx: Tx) -> Beginnings:
    """Return how a workspace began."""
    found = tx.one(SQL["beginnings"], Beginnings, ours=sorted(HOUSE - HEARD))
    assert found is not None  # noqa: S101 (it asks for aggregates: there is always one row)
    return found
