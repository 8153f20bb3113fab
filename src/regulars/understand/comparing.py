"""Segments beside one another: who is in both, and what sets the members of one apart from those of the other."""

from collections.abc import Collection

import msgspec

from regulars.remember.facts import catalogue
from regulars.store.database import Tx
from regulars.understand import comparing_records as records
from regulars.understand.comparing_records import Middle, Overlap
from regulars.understand.segments import Segment, get_segment
from regulars.words.errors import Invalid

__all__ = ["Compared", "Difference", "Middle", "Overlap", "compare", "overlaps"]

_PATIENCE = 20
"""Seconds that are spent on comparing."""
_FEWEST = 5
"""Customers who have a value, together, for it to be said: what fewer have says more of them than of a segment."""
_LONGEST = 80
DRAWN = 2_000
"""Members of each segment that are compared, drawn by chance: shares of so many are right to about two of a hundred."""
_LEAST = 0.02
"""Less than this the shares of those who are drawn differ by chance."""
_MOST = 30


class Difference(msgspec.Struct, frozen=True):
    """A value of a fact, and which share of each segment's members has it, from 0 to 1, as far as they were drawn."""

    fact: str
    value: str
    mine: float
    theirs: float


class Compared(msgspec.Struct, frozen=True):
    """Two segments: how many are in both, which values set them apart most, and the middles of their numbers."""

    mine: Segment
    theirs: Segment
    shared: int
    differences: list[Difference]
    middles: list[Middle]


def overlaps(tx: Tx, name: str) -> list[Overlap]:
    """Return with which segments one shares members, those with the most first."""
    segment = get_segment(tx, name)
    key = (tx.log_id, "overlaps", segment.id, segment.version)
    with tx.within(_PATIENCE):
        return tx.counts.get(key, lambda: records.overlaps(tx, name), lambda found: sum(one.shared for one in found))


def compare(tx: Tx, name: str, other: str, hidden: Collection[str] = ()) -> Compared:
    """Compare two segments on every fact that is not hidden and no date: one day sets no customers apart.

    Raise Invalid where they are the same one.
    """
    mine, theirs = get_segment(tx, name), get_segment(tx, other)
    if mine.id == theirs.id:
        raise Invalid("Choose another segment: this is the same one.")
    facts = sorted({fact.name for fact in catalogue(tx).values() if fact.kind != "date"} - set(hidden))
    key = (tx.log_id, "compared", mine.id, mine.version, theirs.id, theirs.version, tuple(facts))
    with tx.within(_PATIENCE):
        return tx.counts.get(
            key, lambda: _compared(tx, mine, theirs, facts), lambda found: found.mine.size + found.theirs.size
        )


def _compared(tx: Tx, mine: Segment, theirs: Segment, facts: list[str]) -> Compared:
    groups = records.drawn(tx, mine.name, DRAWN), records.drawn(tx, theirs.name, DRAWN)
    of_mine, of_theirs = (max(len(group), 1) for group in groups)
    found = records.values_of_both(tx, groups, facts, fewest=_FEWEST, longest=_LONGEST)
    differences = [Difference(one.fact, one.value, one.mine / of_mine, one.theirs / of_theirs) for one in found]
    differences = [one for one in differences if abs(one.mine - one.theirs) >= _LEAST]
    differences.sort(key=lambda one: (-abs(one.mine - one.theirs), one.fact, one.value))
    middles = records.middles_of_both(tx, groups, facts, fewest=_FEWEST)
    return Compared(
        mine,
        theirs,
        records.shared(tx, mine.name, theirs.name),
        differences[:_MOST],
        sorted(middles, key=lambda one: one.fact),
    )
