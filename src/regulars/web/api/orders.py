"""Orders and products, as they were read from a shop's events. Money is in whole minor units (pence, cents)."""

from datetime import datetime

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from regulars.remember import commerce
from regulars.remember.commerce import Bought, OrderEvent, OrderLine, Product, Which
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.noting import notes, slip_of


class WholeOrder(msgspec.Struct, frozen=True):
    """An order, its lines, and the events that spoke of it."""

    order: Bought
    lines: list[OrderLine]
    events: list[OrderEvent]


@get("/orders", sync_to_thread=True, opt=told(query={"only": "placed"}) | notes("orders.listed"))
def list_orders(
    request: AnyRequest,
    number: FromQuery[str] = "",
    only: FromQuery[str] = "",
    product: FromQuery[str] = "",
    customer: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Bought]:
    """List orders, those that changed last first. `total` stops at 10,001.

    `only` is placed, partly_refunded, refunded, cancelled, or credit (a refund whose order is not known).
    """
    before = cursors.read(cursor, tuple[datetime, str])
    with opened(request) as tx:
        mine = commerce.of_customer(tx, customer_in(request, tx, customer)).identities if customer else None
        which = Which(mine, only, number, product)
        found = commerce.orders(tx, which, before=before, limit=limit + 1)
        slip_of(request).tell(after={"shown": min(len(found), limit)})
        return part(found, commerce.orders_count(tx, which), limit, lambda one: (one.changed_at, one.id))


@get("/orders/{number:str}", sync_to_thread=True, opt=told(number="A-1") | notes("order.seen", "order", by="number"))
def get_order(request: AnyRequest, number: FromPath[str]) -> WholeOrder:
    """Return an order with its lines, what of them came back, and the events that spoke of it."""
    with opened(request) as tx:
        return WholeOrder(*commerce.get_order(tx, number))


@get("/products", sync_to_thread=True, opt=told(query={"q": "lantern"}))
def list_products(
    request: AnyRequest,
    q: FromQuery[str] = "",
    category: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Product]:
    """List products, those seen last first; `q` is words of the name, category, brand or number."""
    before = cursors.read(cursor, tuple[datetime, str])
    with opened(request) as tx:
        found = commerce.products(tx, q, category, before=before, limit=limit + 1)
        return part(found, commerce.products_count(tx, q, category), limit, lambda one: (one.last_seen, one.id))


@get("/products/{number:str}", sync_to_thread=True, opt=told(number="L-7"))
def get_product(request: AnyRequest, number: FromPath[str]) -> Product:
    """Return a product as events named it last, how often it was looked at, and how often it was sold."""
    with opened(request) as tx:
        return commerce.get_product(tx, number)


HANDLERS = [list_orders, get_order, list_products, get_product]
