"""The statements that find whom time may have moved, and keep them until they are asked."""

from collections.abc import Collection
from datetime import date

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "turning.sql")


class Span(msgspec.Struct, frozen=True):
    """For a segment, days, both included, on which events of a kind happened or a fact was learned; the other is ''."""

    segment: int
    kind: str
    fact: str
    first: date
    last: date


def write_down(tx: Tx, spans: Collection[Span]) -> None:
    """Write down whoever did or learned something on some days."""
    done, learned = [one for one in spans if one.kind], [one for one in spans if one.fact]
    tx.run(
        SQL["write_down"],
        kinds_for=[one.segment for one in done],
        kinds=[one.kind for one in done],
        kinds_first=[one.first for one in done],
        kinds_last=[one.last for one in done],
        facts_for=[one.segment for one in learned],
        facts=[one.fact for one in learned],
        facts_first=[one.first for one in learned],
        facts_last=[one.last for one in learned],
    )


def any_turned(tx: Tx) -> bool:
    """Return whether anybody was written down who was not asked yet."""
    return bool(tx.value(SQL["any_turned"]))


def take(tx: Tx, limit: int) -> list[tuple[int, int]]:
    """Take some of those who were written down, and return them as (segment, customer)."""
    return tx.rows(SQL["take"], limit=limit)
