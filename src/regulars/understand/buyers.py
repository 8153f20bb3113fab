"""Who buys: how lately, how often and for how much (RFM), and who is new; found in the orders by a round.

Each measure parts those who buy into five: 5 is the best fifth. Whoever has the same value is in the same fifth, so a
fifth may be larger than others, or empty. Money is ranked among those who mostly pay in the same currency, and is never
added to money of another. What somebody is in are facts of theirs, so segments and templates know it.

It is made anew when the orders have changed, some customers at a time, and keeps its place where that takes long; so it
can be dropped at any time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic

import msgspec

from regulars.access.brands import standing
from regulars.remember import understood
from regulars.remember.did_records import Computed, Last
from regulars.remember.folding import fold
from regulars.store.database import Database, Tx
from regulars.understand import buyers_records as records
from regulars.understand.baskets_records import orders_in, stand
from regulars.understand.breathing import breath
from regulars.understand.buyers_records import Bought, Bound, Buyer, Cell, Made, Money, Month, Person
from regulars.understand.changed import ask_about

__all__ = [
    "FEWEST",
    "Cell",
    "Made",
    "Money",
    "Month",
    "Person",
    "cells",
    "made",
    "make_anew",
    "money",
    "months",
    "people",
    "scores",
    "walk_on",
]

FEWEST = 5
"""Customers who must buy for fifths of them to say anything."""
NAMES = ("new_or_returning", "rfm", "rfm_recency", "rfm_frequency", "rfm_money")
_AT_ONCE = 1_000
_USUALLY = timedelta(hours=1)
_GROWN = 1.1
_SECONDS = 30.0
"""How long a round goes on before it lets others have their turn; what is left is for the next."""
Bounds = Mapping[tuple[str, str], Sequence[int]]
"""By measure and currency: from which value on each fifth begins."""


def make_anew(database: Database, workspace: str, now: datetime) -> None:
    """Begin to find out who buys, where the orders have changed since, and walk on: a round.

    From where on each fifth begins is read in a transaction that holds nothing up.
    """
    with database.workspace(workspace) as tx:
        zone, before = standing(tx, workspace).zone, records.made(tx)
        due = not records.walks(tx) and (before is None or _due(before, f"{stand(tx)} {zone}", now))
    if due:
        with database.snapshot(workspace) as tx:
            now_at, bounds = f"{stand(tx)} {zone}", records.bounds(tx, zone, FEWEST)
        with database.workspace(workspace) as tx:
            records.begin_walk(tx, now_at, zone, bounds)
    walk_on(database, workspace, now)


def walk_on(database: Database, workspace: str, now: datetime) -> None:
    """Rank on where a walk has been begun, some customers in a transaction; behind the last one it is made: a round."""
    until = monotonic() + _SECONDS
    while True:
        with breath(database, workspace), database.workspace(workspace) as tx:
            walk = records.hold_walk(tx)
            if walk is None:
                return
            customers = records.next_customers(tx, walk.after, _AT_ONCE)
            if customers:
                _rank(tx, customers, _bounds(msgspec.convert(walk.bounds, list[Bound])), walk.zone, now)
                records.step(tx, customers[-1])
        if not customers:
            break
        if monotonic() >= until:
            return
    with database.snapshot(workspace) as tx:
        total, by_month = records.how_many(tx), records.by_month(tx, walk.zone)
    with database.workspace(workspace) as tx:
        records.note_made(tx, Made(walk.stand, now, total.customers, total.orders, total.lines), by_month)
        records.end_walk(tx)


def _due(before: Made, now_at: str, now: datetime) -> bool:
    """Return whether the orders have changed; within the hour only by a tenth, as when a file of them is taken in."""
    if before.stand == now_at:
        return False
    return now - before.made_at >= _USUALLY or orders_in(now_at) > orders_in(before.stand) * _GROWN


def _bounds(told: Collection[Bound]) -> Bounds:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in told:
        found[one.what, one.currency].append(one.value)
    return found


def _rank(tx: Tx, customers: Collection[int], bounds: Bounds, zone: str, now: datetime) -> None:
    found = [_ranked(rows, bounds) for rows in _by_customer(records.bought(tx, customers, zone)).values()]
    there = set(understood.hold(tx, customers))  # only now, to write: others follow meanwhile
    buyers = [one for one in found if one.customer_id in there]
    records.put(tx, buyers, set(customers) - {one.customer_id for one in buyers})
    facts = [fact for one in buyers for fact in _facts(one)]
    ask_about(tx, understood.keep(tx, there, NAMES, facts), NAMES, now)


def _by_customer(rows: Collection[Bought]) -> Mapping[int, list[Bought]]:
    found: dict[int, list[Bought]] = defaultdict(list)
    for one in rows:
        found[one.customer_id].append(one)
    return found


def _ranked(rows: Sequence[Bought], bounds: Bounds) -> Buyer:
    most = min(rows, key=lambda one: (-one.orders, -one.net, one.currency))
    orders = sum(one.orders for one in rows)
    return Buyer(
        most.customer_id,
        min(one.first_at for one in rows),
        max(one.last_at for one in rows),
        orders,
        most.currency,
        most.net,
        _fifth(bounds, "recency", "", max(one.day for one in rows)),
        _fifth(bounds, "frequency", "", orders),
        _fifth(bounds, "money", most.currency, most.net),
        max(one.seq for one in rows),
    )


def _fifth(bounds: Bounds, what: str, currency: str, value: int) -> int | None:
    """Return in which fifth a value is, 5 the best; None where too few have one."""
    begins = bounds.get((what, currency))
    return max(1, sum(value >= one for one in begins)) if begins else None


def scores(one: Buyer) -> str:
    """Return the cell somebody is in, as 5-4-3; '' where one of the three is not known."""
    ranks = (one.recency, one.frequency, one.money)
    return "" if None in ranks else "-".join(map(str, ranks))


def _facts(one: Buyer) -> list[Computed]:
    last = Last(one.last_at, one.seq)
    told: dict[str, str | int | None] = {
        "new_or_returning": "returning" if one.orders > 1 else "new",
        "rfm": scores(one) or None,
        "rfm_recency": one.recency,
        "rfm_frequency": one.frequency,
        "rfm_money": one.money,
    }
    return [
        understood.fact(one.customer_id, name, msgspec.json.encode(value).decode(), str(value), last)
        for name, value in told.items()
        if value is not None
    ]


def made(tx: Tx) -> Made | None:
    """Return when it was last found out who buys, and of what; None before the first time."""
    return records.made(tx)


def money(tx: Tx) -> list[Money]:
    """Return what all orders come to in each currency, the one of most orders first."""
    return records.money(tx)


def cells(tx: Tx) -> list[Cell]:
    """Return the cells of how lately and how often in which somebody is, the best first."""
    return records.cells(tx)


def people(tx: Tx, recency: int, frequency: int, after: int = 0, limit: int = 50, *, q: str = "") -> list[Person]:
    """Return who is in a cell, by number, behind one: all, or whom a search finds as it finds customers."""
    return records.people(tx, recency, frequency, fold(q), after, limit)


def months(tx: Tx) -> list[Month]:
    """Return what was bought in each month, the last first; of each the row of all first, then one a currency."""
    return records.months(tx)
