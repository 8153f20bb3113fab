"""How campaigns do: how many messages came to what, and to whom they went."""

from collections.abc import Iterable, Mapping

import msgspec

from regulars.measure import records
from regulars.measure.records import Addressed
from regulars.measure.results import CAME
from regulars.measure.results_records import reactions
from regulars.remember.folding import fold
from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.words.errors import Unknown

__all__ = ["CAME", "STATES", "Addressed", "Numbers", "count_people", "numbers", "people", "people_found"]

STATES: dict[str, tuple[str, ...]] = {
    "sent": ("sent",),
    "waiting": ("waiting", "claimed", "started"),
    "refused": ("refused",),
    "failed": ("failed",),
    "uncertain": ("uncertain",),
}
"""What can become of a message, as people look at it, by the states it has in the outbox."""


class Numbers(msgspec.Struct, frozen=True):
    """How many messages of a campaign came to what; the keys are those of STATES."""

    by_state: dict[str, int]

    @property
    def total(self) -> int:
        """How many customers were addressed."""
        return sum(self.by_state.values())


def numbers(tx: Tx, names: Iterable[str]) -> dict[str, Numbers]:
    """Return the numbers of campaigns, by name."""
    return {name: _numbers(counted) for name, counted in campaigns.counts(tx, names).items()}


def _numbers(counted: Mapping[str, int]) -> Numbers:
    return Numbers({shown: sum(counted.get(state, 0) for state in states) for shown, states in STATES.items()})


def people(
    tx: Tx, campaign: str, state: str | None = None, *, limit: int = 50, before: int | None = None
) -> list[Addressed]:
    """Return whom a campaign has addressed, newest first: in one of STATES, or of whom one of CAME came, if named.

    Before a message, if named. Raise Unknown where there is no such state.
    """
    return records.people_of(tx, campaign, *_wanted(state), limit=limit, before=before)


def people_found(
    tx: Tx, campaign: str, q: str, state: str | None = None, *, limit: int = 50, before: int | None = None
) -> tuple[list[Addressed], int]:
    """Return the same of those whom a search finds as it finds customers, and how many they are in all."""
    return records.people_found(tx, campaign, *_wanted(state), fold(q), limit=limit, before=before)


def count_people(tx: Tx, campaign: str, state: str | None = None) -> int:
    """Return how many `people` there are in all."""
    if state in CAME:
        return reactions(tx, campaign).get(state, 0)
    counted = numbers(tx, [campaign])[campaign]
    return counted.by_state.get(state, 0) if state else counted.total


def _wanted(state: str | None) -> tuple[tuple[str, ...] | None, str | None]:
    """Return the states in the outbox, and what came of the message."""
    if state is None or state in CAME:
        return None, state
    if state not in STATES:
        raise Unknown("There is no state '{state}' of a message.", state=state[:40])
    return STATES[state], None
