"""The statements by which it is found out why customers entered segments or left them."""

from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "reasoning.sql")


class Counted(msgspec.Struct, frozen=True):
    """What is counted: a kind of event, on days from one to another, both included."""

    kind: str
    first: date
    last: date


class Amount(msgspec.Struct, frozen=True):
    """How often a customer did what a condition counts, and for how much."""

    customer_id: int
    number: int
    count: int
    total: float


class Learned(msgspec.Struct, frozen=True):
    """From which event a fact of a customer was learned, and how."""

    customer_id: int
    name: str
    source: str
    seq: int


def amounts(tx: Tx, customers: Collection[int], counted: Mapping[int, Counted]) -> list[Amount]:
    """Return what customers did of what some conditions count, by the numbers of these; nothing where it is none."""
    return tx.all(
        SQL["amounts"],
        Amount,
        customers=list(customers),
        numbers=list(counted),
        kinds=[one.kind for one in counted.values()],
        firsts=[one.first for one in counted.values()],
        lasts=[one.last for one in counted.values()],
    )


def learned(tx: Tx, customers: Collection[int], names: Collection[str]) -> list[Learned]:
    """Return from where some facts of customers are known."""
    return tx.all(SQL["learned"], Learned, customers=list(customers), names=list(names))


def words_said(tx: Tx, customers: Collection[int], seqs: Collection[int]) -> dict[tuple[str, int], str]:
    """Return what customers said of facts at some events, by fact and event, where it may still be known."""
    rows = tx.rows(SQL["words_said"], customers=list(customers), seqs=list(seqs))
    return {(name, seq): words for name, seq, words in rows}
