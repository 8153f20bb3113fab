"""The statements about what is reckoned of everybody."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "reckoning.sql")


class Stand(msgspec.Struct, frozen=True):
    """What an answer rests on: how far it is derived, where the log ends, and the day, clock and segment."""

    moved: int
    head: int
    about: str


class Reckoned(msgspec.Struct, frozen=True):
    """A question, what it came to, and whether somebody waits for it."""

    key: str
    kind: str
    question: Any
    looked_at: datetime
    wanted_at: datetime | None
    begun_at: datetime | None
    made_at: datetime | None
    answer: Any
    about: str
    moved: int
    head: int
    too_long: bool


def stand(tx: Tx, names: Collection[str], day: str, segment: str) -> Stand:
    """Return what an answer would rest on now; `names` are the followers that derive it."""
    return tx.all(SQL["standing_of"], Stand, names=list(names), day=day, segment=segment)[0]


def reckoned(tx: Tx, key: str) -> Reckoned | None:
    """Return a question; None where nobody asked it."""
    return tx.one(SQL["reckoned"], Reckoned, key=key)


def keep(tx: Tx, key: str, kind: str, question: Any, answer: Any, stand: Stand, now: datetime) -> None:
    """Keep what a question came to."""
    given = {"key": key, "kind": kind, "question": Jsonb(question), "answer": Jsonb(answer)}
    tx.run(SQL["keep_reckoned"], **given, **msgspec.structs.asdict(stand), now=now)


def keep_too_long(tx: Tx, key: str, stand: Stand) -> None:
    """Note that a question took too long."""
    tx.run(SQL["keep_too_long"], key=key, **msgspec.structs.asdict(stand))


def want(tx: Tx, key: str, kind: str, question: Any, now: datetime) -> None:
    """Have a question reckoned."""
    tx.run(SQL["want_reckoned"], key=key, kind=kind, question=Jsonb(question), now=now)


def look_at(tx: Tx, key: str, now: datetime) -> None:
    """Note that somebody looks at a question."""
    tx.run(SQL["look_at_reckoned"], key=key, now=now)


def forget(tx: Tx, most: int) -> None:
    """Let go of questions beyond so many, those that nobody looked at for longest first."""
    tx.run(SQL["forget_reckoned"], most=most)


def drop(tx: Tx, key: str) -> None:
    """Drop a question."""
    tx.run(SQL["drop_reckoned"], key=key)


def claim(tx: Tx, now: datetime, since: datetime) -> Reckoned | None:
    """Take the next question that waits; None where nobody waits."""
    return tx.one(SQL["claim_reckoned"], Reckoned, now=now, since=since)
