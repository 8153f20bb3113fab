"""The statements about what runs on schedule: when each round began, and since when one fails."""

from datetime import datetime, timedelta

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.store", "rounds.sql")


class Failing(msgspec.Struct, frozen=True):
    """A round that fails, since when, and the kind of error it ended by last."""

    name: str
    since: datetime
    error: str


def begin(tx: Tx, name: str, every: timedelta, now: datetime) -> bool | None:
    """Begin a round and return whether it failed last; None where another worker began it less than `every` ago."""
    return tx.value(SQL["begin_round"], name=name, every=every, now=now)


def fail(tx: Tx, name: str, error: str, now: datetime) -> None:
    """Keep that a round failed, and by which kind of error."""
    tx.run(SQL["fail_round"], name=name, error=error, now=now)


def mend(tx: Tx, name: str) -> None:
    """Keep that a round which failed was held."""
    tx.run(SQL["mend_round"], name=name)


def failing(tx: Tx, since: datetime) -> list[Failing]:
    """Return the rounds that fail, of those that began since a moment: what began long ago is no round any more."""
    return tx.all(SQL["failing_rounds"], Failing, began_since=since)
