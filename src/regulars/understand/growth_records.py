"""The statements of how segments grow."""

from datetime import date, datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "growth.sql")


class Made(msgspec.Struct, frozen=True):
    """A segment, and when it was made; nobody is counted."""

    id: int
    created_at: datetime


class Grown(msgspec.Struct, frozen=True):
    """A day on which a segment became another."""

    day: date
    joined: int
    left: int
    anew: int
    size: int


def made(tx: Tx, name: str) -> Made | None:
    """Return when a segment was made."""
    return tx.one(SQL["made"], Made, name=name)


def growth(tx: Tx, segment: int, since: date) -> list[Grown]:
    """Return on which days a segment became another since a day, and on the last one before."""
    return tx.all(SQL["growth"], Grown, segment=segment, since=since)


def rules(tx: Tx, segment: int) -> dict[date, int]:
    """Return on which days a segment was given another rule, with the last version of the day."""
    return dict(tx.rows(SQL["rules"], segment=segment))
