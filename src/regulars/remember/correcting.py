"""What customers change in what is remembered, or the team for them: it is said anew, or forgotten.

Both are events like any other, and the facts follower takes them in: a correction is a statement they made, a
withdrawal ends whatever was stated under that name before, also what arrives later about earlier.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from regulars.remember import records
from regulars.remember.erasing import note_forgotten
from regulars.remember.facts import Fact
from regulars.remember.followers import FACTS
from regulars.remember.heard import Forgotten, Stated
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.kinds import FACT_FORGOTTEN, FACT_STATED

__all__ = ["THEMSELVES", "Care", "correct", "forget", "state", "unheard"]


class Care(msgspec.Struct, frozen=True):
    """Somebody of the team who acts for a customer: who, how it was learned, and whether the customer said it."""

    by: str = ""
    how: str = ""
    said: bool = True


THEMSELVES = Care()
"""The customer, on a page of their own."""


def correct(tx: Tx, identity_id: int, known: Collection[Fact], value: Any, words: str, now: datetime) -> None:
    """Append that somebody says these facts (one thing, under all its names) anew, on a page of their own.

    It is never older than what it replaces, whatever clock that came from. The last thing of its transaction.
    """
    state(tx, identity_id, {one.name: one.label for one in known}, value, words, max([now, *(one.at for one in known)]))


def state(
    tx: Tx, identity_id: int, labels: Mapping[str, str], value: Any, words: str, at: datetime, care: Care = THEMSELVES
) -> None:
    """Append that facts, each with its label, are so; said by their owner, or noted by the team.

    The last thing of its transaction.
    """
    said = [
        Stated(name, value, words, label, by=care.by, how=care.how, said=care.said) for name, label in labels.items()
    ]
    append(tx, [_event(identity_id, at, FACT_STATED, one) for one in said])


def forget(tx: Tx, identity_id: int, known: Collection[Fact], now: datetime, care: Care = THEMSELVES) -> None:
    """Append that somebody withdraws these facts. The last thing of its transaction.

    It is on the list of erasures before, so that no backup brings them back.
    """
    note_forgotten(tx, identity_id, {one.name for one in known}, now)
    beside = sorted(set(records.identity_ids(tx, identity_id)) - {identity_id})
    append(tx, [_event(identity_id, now, FACT_FORGOTTEN, Forgotten(one.name, care.by, beside)) for one in known])


def unheard(tx: Tx, identity_id: int) -> dict[str, Stated | None]:
    """Return what an identity corrected, or withdrew (None), that the facts follower has not taken in yet."""
    return {
        name: None if kind == FACT_FORGOTTEN else msgspec.convert(props, Stated)
        for name, kind, props in records.unheard_corrections(tx, identity_id, FACTS.name)
    }


def _event(identity_id: int, at: datetime, kind: str, props: Any) -> NewEvent:
    return NewEvent(identity_id, at, kind, msgspec.json.encode(props))
