"""Intents: decisions as data. Each is made once by its key, and carried out by the room that takes it over."""

from collections.abc import Sequence
from datetime import datetime

from regulars.decide import records
from regulars.decide.records import FIRST, HIGH, LOW, NORMAL, ONCE, Intent, NewIntent
from regulars.store.database import Tx

__all__ = [
    "FIRST",
    "HIGH",
    "LOW",
    "NORMAL",
    "ONCE",
    "Intent",
    "NewIntent",
    "intend",
    "intend_for_segment",
    "put_priority",
    "take",
]


def intend(tx: Tx, intents: Sequence[NewIntent]) -> int:
    """Decide something for customers. What was decided before, for the same occasion, stays as it was.

    Return how many decisions are new.
    """
    return records.add_intents(tx, intents) if intents else 0


def intend_for_segment(
    tx: Tx, *, verb: str, name: str, segment: str, now: datetime, occasion: str = ONCE, priority: int = NORMAL
) -> int:
    """Decide something for everybody who is in a segment now, in one statement; return how many are new."""
    given = {"verb": verb, "name": name, "segment": segment, "occasion": occasion}
    return records.add_for_segment(tx, **given, not_before=now, priority=priority)


def put_priority(tx: Tx, verb: str, name: str, priority: int) -> int:
    """Let what was decided and nobody has taken over have another priority; return how many decisions that are."""
    return records.put_priority(tx, verb, name, priority)


def take(tx: Tx, verb: str, limit: int, now: datetime) -> list[Intent]:
    """Take over decisions that are due; when this transaction commits they are this room's to carry out."""
    return records.take_intents(tx, verb, limit, now)
