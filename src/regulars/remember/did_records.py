"""The statements of what customers did, counted."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from regulars.remember.heard import FactKind
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.money import MOST_UNITS

SQL = load(__package__ or "regulars.remember", "did.sql")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

OVERHEARD = "browser"
"""The origin of what only browser keys said: no message quotes it."""


class Count(msgspec.Struct):
    """How often an identity did something, first, last, and by which event last."""

    identity_id: int
    what: str
    about: str
    count: int
    first_at: datetime
    last_at: datetime
    seq: int


class Counted(msgspec.Struct, frozen=True):
    """How often a customer did something."""

    customer_id: int
    what: str
    about: str
    count: int
    first_at: datetime
    last_at: datetime
    seq: int
    overheard: bool


class Spent(msgspec.Struct, frozen=True):
    """What a customer's orders in a currency come to, in its minor units; no moments where only refunds are known."""

    customer_id: int
    currency: str
    orders: int
    priced: int
    """How many of them it is known of what they came to."""
    net: int
    first_at: datetime | None
    last_at: datetime | None
    changed_at: datetime
    seq: int


class Favourite(msgspec.Struct, frozen=True):
    """What a customer bought most of."""

    customer_id: int
    fact: str
    text: str
    at: datetime
    seq: int
    overheard: bool


class Last(msgspec.Struct, frozen=True):
    """The last event that went into something, and its moment."""

    at: datetime
    seq: int


class Computed(msgspec.Struct, frozen=True):
    """A computed fact of a customer; `json` is its value, `seq` the last event that went into it."""

    customer_id: int
    name: str
    kind: FactKind
    label: str
    json: str
    words: str
    at: datetime
    seq: int
    origin: str = ""
    """OVERHEARD where its words are those of a browser key alone; else empty."""


def count(tx: Tx, counts: Collection[Count], most_categories: int) -> None:
    """Count what identities did, in the order in which they did it; of categories so many an identity."""
    tx.run(
        SQL["count"],
        identities=[one.identity_id for one in counts],
        whats=[one.what for one in counts],
        abouts=[one.about for one in counts],
        counts=[one.count for one in counts],
        firsts=[one.first_at for one in counts],
        lasts=[one.last_at for one in counts],
        seqs=[one.seq for one in counts],
        most_categories=most_categories,
    )


def spoke_of_orders(tx: Tx, seqs: Collection[int]) -> list[int]:
    """Return the identities that ever spoke of the orders that some events speak of."""
    return tx.values(SQL["spoke_of_orders"], seqs=list(seqs))


def share_orders(tx: Tx, customers: Collection[int]) -> list[int]:
    """Return the identities that ever spoke of the orders that customers spoke of."""
    return tx.values(SQL["share_orders"], customers=list(customers))


def counted(tx: Tx, customers: Collection[int]) -> list[Counted]:
    """Return what customers did."""
    return tx.all(SQL["counted"], Counted, customers=list(customers))


def bought(tx: Tx, customers: Collection[int]) -> list[Spent]:
    """Return what customers' orders come to."""
    return tx.all(SQL["bought"], Spent, customers=list(customers), most=MOST_UNITS)


def favourites(tx: Tx, customers: Collection[int]) -> list[Favourite]:
    """Return what customers bought most of."""
    return tx.all(SQL["favourites"], Favourite, customers=list(customers))


def withheld(tx: Tx, customers: Collection[int]) -> set[tuple[int, str]]:
    """Return the (customer, fact) pairs that were withdrawn."""
    return {(row[0], row[1]) for row in tx.rows(SQL["withheld"], customers=list(customers))}


def computed_names(tx: Tx) -> set[str]:
    """Return the names of the computed facts that the catalogue has."""
    return set(tx.values(SQL["computed_names"]))


def declare(tx: Tx, facts: Collection[Computed]) -> None:
    """Enter computed facts into the catalogue: what others said by their names does not hold from then on."""
    tx.run(SQL["hold_facts"])
    names = [one.name for one in facts]
    tx.run(SQL["declare"], names=names, kinds=[one.kind for one in facts], labels=[one.label for one in facts])
    tx.run(SQL["hush"], names=names)


def write(tx: Tx, customers: Collection[int], facts: Sequence[Computed], besides: Collection[str]) -> None:
    """Write the computed facts of some customers: these, and of those `besides` what they have of them."""
    owned = _owned(facts)
    if bare := [customer for customer in customers if customer not in owned]:
        tx.run(SQL["drop_stale"], customers=bare)
    if owned:
        tx.run(SQL["write"], **_rows(owned), besides=list(besides))


def write_understood(
    tx: Tx, customers: Collection[int], names: Collection[str], facts: Collection[Computed]
) -> set[int]:
    """Write those computed facts of customers that have some names: these and no others; return who has others now."""
    owned: dict[int, dict[str, list[Any]]] = {one: {} for one in customers} | _owned(facts)
    return set(tx.values(SQL["write_understood"], **_rows(owned), names=list(names)))


def hold_customers(tx: Tx, customers: Collection[int]) -> list[int]:
    """Return those of some customers who are there; nobody lets them go until the transaction ends."""
    return tx.values(SQL["hold_customers"], customers=list(customers))


def _owned(facts: Collection[Computed]) -> dict[int, dict[str, list[Any]]]:
    owned: dict[int, dict[str, list[Any]]] = defaultdict(dict)
    for one in facts:
        owned[one.customer_id][one.name] = _kept(one)
    return owned


def _rows(owned: Mapping[int, Mapping[str, list[Any]]]) -> dict[str, Any]:
    return {"owners": list(owned), "facts": [msgspec.json.encode(one).decode() for one in owned.values()]}


def _kept(one: Computed) -> list[Any]:
    """Return a fact as it stands in its customer's row: what says nothing is left away at the end."""
    plain = one.json in (one.words, f'"{one.words}"') or one.words == msgspec.json.decode(one.json)
    words = None if plain else one.words
    kept = [msgspec.Raw(one.json.encode()), one.seq, (one.at - _EPOCH) // timedelta(microseconds=1), words, one.origin]
    while not kept[-1]:
        kept.pop()
    return kept


def forget(tx: Tx, besides: Collection[str]) -> None:
    """Forget what was counted and what was computed from it, but the facts of some names."""
    tx.run(SQL["forget_counts"])
    tx.run(SQL["forget_computed"], besides=list(besides))
