"""The statements about who buys."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from regulars.remember.folding import patterns, sought
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.understand", "buyers.sql")


class Bound(msgspec.Struct, frozen=True):
    """From which value on somebody is in one more fifth."""

    what: str
    currency: str
    value: int


class Walk(msgspec.Struct, frozen=True):
    """How far a walk is: what the orders had come to, whose clock counts, and the last customer who is ranked."""

    stand: str
    zone: str
    after: int
    bounds: list[dict[str, Any]]


class Bought(msgspec.Struct, frozen=True):
    """What a customer's orders in a currency come to, in its minor units; `day` is that of the last, as a number."""

    customer_id: int
    currency: str
    orders: int
    net: int
    first_at: datetime
    last_at: datetime
    day: int
    seq: int


class Buyer(msgspec.Struct, frozen=True):
    """A customer who buys, and in which fifth they are: how lately, how often, for how much; None where few buy."""

    customer_id: int
    first_at: datetime
    last_at: datetime
    orders: int
    currency: str
    net: int
    recency: int | None
    frequency: int | None
    money: int | None
    seq: int


class Month(msgspec.Struct, frozen=True):
    """What was bought in a month: in one currency, in its minor units; or of all (None), in which there is no money."""

    month: date
    currency: str | None
    new_customers: int
    returning_customers: int
    new_orders: int
    returning_orders: int
    new_net: int
    returning_net: int


class Totals(msgspec.Struct, frozen=True):
    """How many customers buy, in how many orders with how many lines."""

    customers: int
    orders: int
    lines: int


class Made(msgspec.Struct, frozen=True):
    """When it was found out who buys, and of what."""

    stand: str
    made_at: datetime
    customers: int
    orders: int
    lines: int


class Money(msgspec.Struct, frozen=True):
    """What orders in a currency come to, in its minor units."""

    currency: str
    orders: int
    net: int


class Cell(msgspec.Struct, frozen=True):
    """Customers of a cell and all their orders; `net` is what those in the currency of most of a customer's come to.

    It is said by currency, in minor units.
    """

    recency: int
    frequency: int
    customers: int
    orders: int
    net: dict[str, int]
    last_at: datetime


class Person(msgspec.Struct, frozen=True):
    """A customer who buys; `net` and `money`, its fifth, are in the currency of most of their orders.

    `money` is null where fewer than five mostly pay in it.
    """

    customer_id: int
    name: str
    orders: int
    currency: str
    net: int
    last_at: datetime
    money: int | None


def bounds(tx: Tx, zone: str, fewest: int) -> list[Bound]:
    """Return from which value on each fifth begins, the first first; nothing of what fewer have."""
    return tx.all(SQL["bounds"], Bound, zone=zone, fewest=fewest)


def walks(tx: Tx) -> bool:
    """Return whether a walk has been begun and not ended."""
    return tx.one(SQL["walk"], Walk) is not None


def hold_walk(tx: Tx) -> Walk | None:
    """Return how far a walk is; nobody else walks on until the transaction ends."""
    return tx.one(SQL["hold_walk"], Walk)


def begin_walk(tx: Tx, stand: str, zone: str, bounds: Sequence[Bound]) -> None:
    """Begin a walk, where none is under way."""
    tx.run(SQL["begin_walk"], stand=stand, zone=zone, bounds=msgspec.json.encode(bounds).decode())


def step(tx: Tx, after: int) -> None:
    """Note the last customer who is ranked."""
    tx.run(SQL["step"], after=after)


def end_walk(tx: Tx) -> None:
    """End a walk."""
    tx.run(SQL["end_walk"])


def next_customers(tx: Tx, after: int, limit: int) -> list[int]:
    """Return the next customers who buy or bought."""
    return tx.values(SQL["next_customers"], after=after, limit=limit)


def bought(tx: Tx, customers: Collection[int], zone: str) -> list[Bought]:
    """Return what the orders of some customers come to."""
    return tx.all(SQL["bought"], Bought, customers=list(customers), zone=zone)


def put(tx: Tx, buyers: Sequence[Buyer], gone: Collection[int]) -> None:
    """Keep who buys, and let go of who does no more."""
    if gone:
        tx.run(SQL["drop_buyers"], customers=list(gone))
    tx.run(
        SQL["put_buyers"],
        customers=[one.customer_id for one in buyers],
        firsts=[one.first_at for one in buyers],
        lasts=[one.last_at for one in buyers],
        orders=[one.orders for one in buyers],
        currencies=[one.currency for one in buyers],
        nets=[one.net for one in buyers],
        recencies=[one.recency for one in buyers],
        frequencies=[one.frequency for one in buyers],
        moneys=[one.money for one in buyers],
    )


def by_month(tx: Tx, zone: str) -> list[Month]:
    """Return what was bought in each month, as the orders say."""
    return tx.all(SQL["by_month"], Month, zone=zone)


def how_many(tx: Tx) -> Totals:
    """Return how much is bought, as the orders say."""
    return tx.all(SQL["how_many"], Totals)[0]


def note_made(tx: Tx, made: Made, months: Sequence[Month]) -> None:
    """Note when it was made and of what; keep months in the place of those before."""
    tx.run(
        SQL["note_buyers_made"],
        stand=made.stand,
        now=made.made_at,
        customers=made.customers,
        orders=made.orders,
        lines=made.lines,
    )
    tx.run(SQL["drop_months"])
    tx.run(
        SQL["put_months"],
        months=[one.month for one in months],
        currencies=[one.currency for one in months],
        new_customers=[one.new_customers for one in months],
        returning_customers=[one.returning_customers for one in months],
        new_orders=[one.new_orders for one in months],
        returning_orders=[one.returning_orders for one in months],
        new_nets=[one.new_net for one in months],
        returning_nets=[one.returning_net for one in months],
    )


def made(tx: Tx) -> Made | None:
    """Return when it was made and of what; None before the first time."""
    return tx.one(SQL["buyers_made"], Made)


def months(tx: Tx) -> list[Month]:
    """Return what was bought in each month, the last first, of each the row of all first."""
    return tx.all(SQL["months"], Month)


def money(tx: Tx) -> list[Money]:
    """Return what all orders come to, currency by currency."""
    return tx.all(SQL["money"], Money)


def cells(tx: Tx) -> list[Cell]:
    """Return the cells in which somebody is, the best first."""
    return tx.all(SQL["cells"], Cell)


def people(tx: Tx, recency: int, frequency: int, folded: str, after: int, limit: int) -> list[Person]:
    """Return who is in a cell; of those whom the words of a search find, if there are any."""
    words = {"grams": sought(folded), "patterns": patterns(folded)}
    return tx.all(SQL["people"], Person, recency=recency, frequency=frequency, **words, after=after, limit=limit)
