"""The statements of orders and products."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.remember.ordering import Order, OrderLine, State
from regulars.remember.shopping import Heard, OrderSaid, What
from regulars.store.database import Jsonb, Tx
from regulars.store.records import Event
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "commerce.sql")


class Bought(msgspec.Struct, frozen=True):
    """An order in a list; money in minor units of its currency. `customer` is what whoever ordered is called."""

    id: str
    identity_id: int
    seq: int
    placed_at: datetime | None
    changed_at: datetime
    state: State
    currency: str
    total: int
    total_known: bool
    """Whether anybody said what it came to; else its total is 0."""
    refunded: int
    net: int
    coupon: str
    customer_id: int | None
    customer: str


class OrderEvent(msgspec.Struct, frozen=True):
    """One event that spoke of an order."""

    seq: int
    identity_id: int
    at: datetime
    what: What


class Kept(msgspec.Struct, frozen=True):
    """A product as it is kept, with when a server said each of its fields."""

    id: str
    name: str
    category: str
    brand: str
    price: int | None
    currency: str
    image: str
    url: str
    said: dict[str, str]
    overheard: dict[str, str]
    """The same of the fields that only browser keys said."""
    views: int
    first_seen: datetime
    last_seen: datetime
    folded: str = ""


class Product(msgspec.Struct, frozen=True):
    """A product of the catalogue; `price` in minor units of its currency, `sold` without what came back."""

    id: str
    name: str
    category: str
    brand: str
    price: int | None
    currency: str
    image: str
    url: str
    views: int
    first_seen: datetime
    last_seen: datetime
    sold: int


class Which(msgspec.Struct, frozen=True):
    """Which orders are meant: those of some identities (None: of anybody), in a state, by number, with a product."""

    identities: list[int] | None = None
    state: str = ""
    q: str = ""
    product: str = ""


def keep_said(tx: Tx, heard: Collection[tuple[Event, OrderSaid]], *, most_own: int, most: int) -> None:
    """Keep what events said of orders; of public events so many of an order by an identity, and of an order at all."""
    tx.run(
        SQL["keep_said"],
        orders=[said.order for _, said in heard],
        seqs=[event.seq for event, _ in heard],
        identities=[event.identity_id for event, _ in heard],
        ats=[event.at for event, _ in heard],
        saids=[msgspec.json.encode(said).decode() for _, said in heard],
        publics=[event.public for event, _ in heard],
        most_own=most_own,
        most=most,
    )


def orders_of_customers(tx: Tx, customers: Collection[int]) -> list[str]:
    """Return the orders of which some customers have spoken."""
    return tx.values(SQL["orders_of_customers"], customers=list(customers))


def heard_of(tx: Tx, orders: Collection[str]) -> list[Heard]:
    """Return everything that was said of some orders."""
    rows = tx.rows(SQL["heard_of"], orders=list(orders))
    return [
        Heard(order, seq, identity, at, known, customer, msgspec.convert(said, OrderSaid), public)
        for order, seq, identity, at, known, customer, said, public in rows
    ]


def write_orders(tx: Tx, orders: Sequence[Order]) -> None:
    """Write orders with their lines."""
    tx.run(SQL["forget_lines"], orders=[one.id for one in orders])
    fields = [field for field in Order.__struct_fields__ if field != "lines"]
    tx.run(
        SQL["write_orders"],
        rows=Jsonb([{field: getattr(one, field) for field in fields} | {"net": one.net} for one in orders]),
    )
    lines = [(one.id, n, line) for one in orders for n, line in enumerate(one.lines, start=1)]
    tx.run(
        SQL["write_lines"],
        orders=[order for order, _, _ in lines],
        ns=[n for _, n, _ in lines],
        products=[line.product for _, _, line in lines],
        names=[line.name for _, _, line in lines],
        categories=[line.category for _, _, line in lines],
        prices=[line.price for _, _, line in lines],
        quantities=[line.quantity for _, _, line in lines],
        refunded=[line.refunded for _, _, line in lines],
        publics=[line.public for _, _, line in lines],
    )


def forget(tx: Tx) -> None:
    """Forget every order and product."""
    for name in ("forget_said", "forget_orders", "forget_products"):
        tx.run(SQL[name])


def hold_products(tx: Tx, ids: Collection[str]) -> dict[str, Kept]:
    """Return some products by id, held to the end of the transaction."""
    return {one.id: one for one in tx.all(SQL["hold_products"], Kept, ids=list(ids))}


def count_all_products(tx: Tx, most: int) -> int:
    """Return how many products there are, `most` where there are more."""
    return tx.value(SQL["count_all_products"], most=most)


def write_products(tx: Tx, products: Sequence[Kept]) -> None:
    """Write products."""
    tx.run(SQL["write_products"], rows=Jsonb(products))


def list_orders(tx: Tx, which: Which, *, before: tuple[datetime, str] | None, limit: int) -> list[Bought]:
    """Return orders, those that changed last first."""
    at, number = before or (None, None)
    asked: dict[str, Any] = msgspec.structs.asdict(which)
    return tx.all(SQL["list_orders"], Bought, **asked, at=at, id=number, limit=limit)


def count_orders(tx: Tx, which: Which, most: int) -> int:
    """Return how many orders there are, `most` where there are more."""
    return tx.value(SQL["count_orders"], **msgspec.structs.asdict(which), most=most)


def get_order(tx: Tx, number: str) -> Bought | None:
    """Return an order, or None."""
    return tx.one(SQL["get_order"], Bought, id=number)


def lines_of(tx: Tx, number: str) -> list[OrderLine]:
    """Return the lines of an order."""
    return tx.all(SQL["lines_of"], OrderLine, id=number)


def said_of_order(tx: Tx, number: str) -> list[OrderEvent]:
    """Return the events that spoke of an order."""
    return tx.all(SQL["said_of_order"], OrderEvent, id=number)


def list_products(
    tx: Tx, patterns: list[str], category: str, *, before: tuple[datetime, str] | None, limit: int
) -> list[Product]:
    """Return products, those seen last first."""
    at, number = before or (None, None)
    return tx.all(SQL["list_products"], Product, patterns=patterns, category=category, at=at, id=number, limit=limit)


def count_products(tx: Tx, patterns: list[str], category: str) -> int:
    """Return how many products there are."""
    return tx.value(SQL["count_products"], patterns=patterns, category=category)


def get_product(tx: Tx, number: str) -> Product | None:
    """Return a product, or None."""
    return tx.one(SQL["get_product"], Product, id=number)


def categories(tx: Tx) -> list[str]:
    """Return the categories of products."""
    return tx.values(SQL["categories"])
