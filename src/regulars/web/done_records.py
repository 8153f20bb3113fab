"""The statements of what somebody has just done, and may take back."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.web", "done.sql")
LASTS = timedelta(hours=1)


class Done(msgspec.Struct, frozen=True):
    """What somebody has done: how many, what it was called where it was one, and what taking it back needs."""

    id: int
    kind: str
    count: int
    label: str
    kept: Any
    undone_at: datetime | None


def add_done(tx: Tx, person: int, kind: str, count: int, label: str, kept: Any, now: datetime) -> int:
    """Keep what somebody has done, and forget what is too old to be taken back; return its number."""
    tx.run(SQL["forget_done"], before=now - LASTS)
    what = None if kept is None else Jsonb(kept)
    return tx.value(SQL["add_done"], person=person, kind=kind, count=count, label=label, kept=what, now=now)


def get_done(tx: Tx, person: int, number: int, now: datetime) -> Done | None:
    """Return what somebody has done, unless it is too old or somebody else's."""
    return tx.one(SQL["get_done"], Done, person=person, id=number, since=now - LASTS)


def take_back(tx: Tx, person: int, number: int, now: datetime) -> Done | None:
    """Say that somebody takes it back, and return what it was; None where that is over, done, or not theirs."""
    return tx.one(SQL["take_back"], Done, person=person, id=number, now=now, since=now - LASTS)
