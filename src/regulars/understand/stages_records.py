"""The statements about purchase stages and kinds of product."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from regulars.remember.folding import patterns, sought
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.store.statements import load
from regulars.understand.stages import At, Stage, Way

SQL = load(__package__ or "regulars.understand", "stages.sql")
Kind = Literal["standard", "compared", "at_sight", ""]


class Made(msgspec.Struct, frozen=True):
    """How far the events are read; when the kinds of product were made, and how far they were read then."""

    seq: int
    kinds_at: datetime | None
    kinds_seq: int


class _Sign(msgspec.Struct, frozen=True):
    customer_id: int
    seq: int
    identity_id: int
    at: datetime
    kind: str
    props: dict[str, Any]
    public: bool


class Ordered(msgspec.Struct, frozen=True):
    """A product of an order."""

    customer_id: int
    at: datetime
    seq: int
    product: str
    category: str


class AtStages(msgspec.Struct, frozen=True):
    """How many customers are at each stage in a category."""

    category: str
    customers: int
    intent: int
    evaluation: int
    purchase: int
    after_sale: int


class Person(msgspec.Struct, frozen=True):
    """A customer at a stage, and the last thing that shows it."""

    customer_id: int
    name: str
    at: datetime


class KindCount(msgspec.Struct, frozen=True):
    """How many products are of a kind, and in how many orders they are."""

    kind: Kind
    products: int
    orders: int


class ProductKind(msgspec.Struct, frozen=True):
    """A product and its kind; `again` of its orders were not the first, of others `watched` were seen to look."""

    product: str
    name: str
    kind: Kind
    customers: int
    orders: int
    again: int
    watched: int
    compared: int


def made(tx: Tx) -> Made | None:
    """Return how far the events are read; None before the first time."""
    return tx.one(SQL["stages_made"], Made)


def hold(tx: Tx) -> int:
    """Return how far the events are read; nobody else reads on until the transaction ends."""
    return tx.value(SQL["hold_stages"]) or 0


def note(tx: Tx, seq: int) -> None:
    """Note how far the events are read."""
    tx.run(SQL["note_stages"], seq=seq)


def followed_to(tx: Tx, names: Collection[str]) -> int:
    """Return up to which event some followers are."""
    return tx.value(SQL["followed_to"], names=list(names))


def due_customers(tx: Tx, today: date, limit: int) -> list[int]:
    """Return whom time may have moved."""
    return tx.values(SQL["due_customers"], today=today, limit=limit)


def signs(
    tx: Tx, customers: Collection[int], kinds: Collection[str], since: datetime, most: int
) -> list[tuple[int, Event]]:
    """Return what customers looked at, each event with whose it is."""
    rows = tx.all(SQL["signs"], _Sign, customers=list(customers), kinds=list(kinds), since=since, most=most)
    return [
        (
            one.customer_id,
            Event(one.seq, one.identity_id, one.at, one.kind, one.props, None, 0, historical=False, public=one.public),
        )
        for one in rows
    ]


def placed(tx: Tx, customers: Collection[int]) -> list[Ordered]:
    """Return what customers ordered and kept."""
    return tx.all(SQL["placed"], Ordered, customers=list(customers))


def categories_of(tx: Tx, products: Collection[str]) -> dict[str, str]:
    """Return the categories of products."""
    return dict(tx.rows(SQL["categories_of"], products=list(products)))


def vouched(tx: Tx, categories: Collection[str]) -> set[str]:
    """Return those of some categories that a server said."""
    return set(tx.values(SQL["vouched"], categories=list(categories)))


def put(
    tx: Tx,
    customers: Collection[int],
    stages: Mapping[int, Mapping[str, At]],
    ways: Mapping[int, Mapping[str, Way]],
) -> None:
    """Keep at which stages customers are and how they bought, in the place of what was there."""
    for name in ("drop_stages", "drop_due", "drop_ways"):
        tx.run(SQL[name], customers=list(customers))
    at = [(who, category, one) for who, found in stages.items() for category, one in found.items()]
    tx.run(
        SQL["put_stages"],
        customers=[who for who, *_ in at],
        categories=[category for _, category, _ in at],
        stages=[one.stage for *_, one in at],
        ats=[one.at for *_, one in at],
    )
    due = {who: min(one.due for one in found.values()) for who, found in stages.items() if found}
    tx.run(SQL["put_due"], customers=list(due), dues=list(due.values()))
    bought = [(who, product, one) for who, found in ways.items() for product, one in found.items()]
    tx.run(
        SQL["put_ways"],
        customers=[who for who, *_ in bought],
        products=[product for _, product, _ in bought],
        orders=[one.orders for *_, one in bought],
        agains=[one.again for *_, one in bought],
        watcheds=[one.watched for *_, one in bought],
        compareds=[one.compared for *_, one in bought],
        lasts=[one.last_at for *_, one in bought],
    )


def make_kinds(tx: Tx, since: datetime, fewest: int, now: datetime) -> None:
    """Say anew of each product what kind it is."""
    tx.run(SQL["note_kinds"], now=now)
    tx.run(SQL["drop_kinds"])
    tx.run(SQL["make_kinds"], since=since, fewest=fewest)


def stage_counts(tx: Tx, limit: int) -> list[AtStages]:
    """Return how many customers are at each stage, category by category."""
    return tx.all(SQL["stage_counts"], AtStages, limit=limit)


def people_at(tx: Tx, category: str, stage: Stage, folded: str, after: int, limit: int) -> list[Person]:
    """Return who is at a stage in a category; of those whom the words of a search find, if there are any."""
    words = {"grams": sought(folded), "patterns": patterns(folded)}
    return tx.all(SQL["people_at"], Person, category=category, stage=stage, **words, after=after, limit=limit)


def kind_counts(tx: Tx) -> list[KindCount]:
    """Return how many products are of each kind."""
    return tx.all(SQL["kind_counts"], KindCount)


def kinds(tx: Tx, kind: str | None, limit: int) -> list[ProductKind]:
    """Return products with their kinds, or those of one."""
    return tx.all(SQL["kinds"], ProductKind, kind=kind, limit=limit)
