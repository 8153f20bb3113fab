"""Orders and products: kept from a shop's events as they come, and read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from regulars.remember import commerce_records as records
from regulars.remember import records as people
from regulars.remember.commerce_records import Bought, OrderEvent, Product, Which
from regulars.remember.folding import fold as folded
from regulars.remember.folding import patterns
from regulars.remember.heard import whose_changed
from regulars.remember.ordering import OrderLine, fold
from regulars.remember.retention_records import products_before
from regulars.remember.shopping import SHOPPING, VIEWED, Heard, LineSaid, order_in, products_in
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.records import Event
from regulars.words.errors import Unknown
from regulars.words.kinds import CUSTOMER_MERGED, CUSTOMER_SPLIT
from regulars.words.money import units

__all__ = [
    "Bought",
    "OrderEvent",
    "OrderLine",
    "Product",
    "Which",
    "categories",
    "get_order",
    "get_product",
    "of_customer",
    "orders",
    "orders_count",
    "products",
    "products_count",
    "refold",
]  # fmt: skip

MOST_COUNTED = 10_001
"""Where a list is narrowed, it is counted up to here."""
MOST_OWN = 200
"""What one identity may say of an order by a browser key."""
MOST_SAID = 1_000
"""What all of them together may: everything that is kept of an order is read again with each word about it."""
MOST_PUBLIC_PRODUCTS = 100_000
"""Products that a catalogue may have for a browser key to add another."""
_FIELDS = ("name", "category", "brand", "price", "image", "url")


def keep(batch: Batch) -> None:
    """Keep what a batch says of orders and products."""
    said = [(event, spoken) for event in batch.events if (spoken := order_in(event))]
    touched = {spoken.order for _, spoken in said}
    if said:
        records.keep_said(batch.tx, said, most_own=MOST_OWN, most=MOST_SAID)
    if changed := set[int]().union(*map(whose_changed, batch.events)):
        customers = set(people.customers_of(batch.tx, changed).values())
        touched.update(records.orders_of_customers(batch.tx, customers))
    refold(batch.tx, touched)
    _keep_products(batch.tx, batch.events)


def refold(tx: Tx, orders: Iterable[str]) -> None:
    """Fold some orders anew from everything that was said of them."""
    heard: dict[str, list[Heard]] = defaultdict(list)
    for one in records.heard_of(tx, set(orders)):
        heard[one.order].append(one)
    if heard:
        records.write_orders(tx, [fold(said) for said in heard.values()])


def _keep_products(tx: Tx, events: Iterable[Event]) -> None:
    named = [(event, one) for event in events for one in products_in(event)]
    if not named:
        return
    known = records.hold_products(tx, {one.product for _, one in named})
    room = MOST_PUBLIC_PRODUCTS
    if any(one.product not in known for _, one in named):
        room -= records.count_all_products(tx, MOST_PUBLIC_PRODUCTS)
    for event, one in named:
        if one.product not in known:
            if event.public and room <= 0:
                continue
            room -= 1
        known[one.product] = _with(known.get(one.product), event, one)
    records.write_products(tx, [msgspec.structs.replace(one, folded=_found_by(one)) for one in known.values()])


def _with(known: records.Kept | None, event: Event, said: LineSaid) -> records.Kept:
    """Return a product with what an event says of it: of each field the newest word holds, whichever came first.

    What a browser key says holds only of fields that no server has said.
    """
    product = known or records.Kept(said.product, "", "", "", None, "", "", "", {}, {}, 0, event.at, event.at)
    moment = event.at.isoformat()
    changed: dict[str, object] = {}
    vouched, overheard = dict(product.said), dict(product.overheard)
    dates = overheard if event.public else vouched
    for field, value in _told(said).items():
        if event.public and field in vouched:
            continue
        if not event.public:
            overheard.pop(field, None)
        at = dates.get(field)
        before = (datetime.fromisoformat(at), str(getattr(product, field))) if at else None
        if before is None or (event.at, str(value)) > before:
            dates[field] = moment
            changed[field] = value
            if field == "price":
                changed["currency"] = said.currency
    return msgspec.structs.replace(
        product,
        **changed,
        said=vouched,
        overheard=overheard,
        views=product.views + (event.kind in VIEWED),
        first_seen=min(product.first_seen, event.at),
        last_seen=max(product.last_seen, event.at),
    )


def _told(said: LineSaid) -> dict[str, str | int]:
    """Return the fields that were said; a price without a currency is none."""
    found: dict[str, str | int] = {name: text for name in _FIELDS if name != "price" and (text := getattr(said, name))}
    if said.price is not None and said.currency:
        price = units(Decimal(said.price), said.currency)
        if price is not None:
            found["price"] = price
    return found


def _found_by(product: records.Kept) -> str:
    return " ".join(folded(text) for text in (product.id, product.name, product.category, product.brand) if text)


def orders(tx: Tx, which: Which, *, before: tuple[datetime, str] | None = None, limit: int = 50) -> list[Bought]:
    """Return orders, those that changed last first."""
    return records.list_orders(tx, which, before=before, limit=limit)


def orders_count(tx: Tx, which: Which) -> int:
    """Return how many orders there are; MOST_COUNTED where there are more."""
    return records.count_orders(tx, which, MOST_COUNTED)


def of_customer(tx: Tx, customer_id: int) -> Which:
    """Return which orders are a customer's, by any id they ever had."""
    return Which(identities=people.identity_ids(tx, customer_id))


def get_order(tx: Tx, number: str) -> tuple[Bought, list[OrderLine], list[OrderEvent]]:
    """Return an order with its lines and the events that spoke of it. Raise Unknown where there is none."""
    found = records.get_order(tx, number)
    if found is None:
        raise Unknown("There is no order '{number}'.", number=number[:80])
    return found, records.lines_of(tx, number), records.said_of_order(tx, number)


def products(
    tx: Tx, q: str = "", category: str = "", *, before: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Product]:
    """Return products whose name, category, brand or number contains every word, those seen last first."""
    return records.list_products(tx, patterns(folded(q)), category, before=before, limit=limit)


def products_count(tx: Tx, q: str = "", category: str = "") -> int:
    """Return how many products a search finds."""
    return records.count_products(tx, patterns(folded(q)), category)


def get_product(tx: Tx, number: str) -> Product:
    """Return a product. Raise Unknown where there is none."""
    found = records.get_product(tx, number)
    if found is None:
        raise Unknown("There is no product '{number}'.", number=number[:80])
    return found


def categories(tx: Tx) -> list[str]:
    """Return the categories of products, those with most products first."""
    return records.categories(tx)


def with_events(
    known: Mapping[str, records.Kept], events: Iterable[Event], among: Collection[str]
) -> list[records.Kept]:
    """Return those of some products that events name, with what the events say of them."""
    found = dict(known)
    for event in events:
        for one in products_in(event):
            if one.product in among:
                found[one.product] = _with(found.get(one.product), event, one)
    return [msgspec.structs.replace(one, folded=_found_by(one)) for one in found.values()]


def _begin_anew(tx: Tx) -> None:
    """Forget every order and product, but what events said of products that were let go of since."""
    records.forget(tx)
    products_before(tx)


ORDERS = Follower(
    "orders",
    "deriving",
    keep,
    kinds=SHOPPING | {CUSTOMER_MERGED, CUSTOMER_SPLIT},
    after=("identity",),
    reset=_begin_anew,
)
"""`orders`: keeps orders and products."""
