"""The API's orders. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Literal

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """An order in a list; money in minor units of its currency. `customer` is what whoever ordered is called."""

    id: str
    identity_id: int
    seq: int
    placed_at: datetime | None
    changed_at: datetime
    state: Literal["cancelled", "credit", "partly_refunded", "placed", "refunded"]
    currency: str
    total: int
    total_known: bool
    refunded: int
    net: int
    coupon: str
    customer_id: int | None
    customer: str


class OrderEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event that spoke of an order."""

    seq: int
    identity_id: int
    at: datetime
    what: Literal["cancelled", "completed", "refunded", "updated"]


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order; `price` is for one piece in minor units, None where nobody said."""

    product: str
    name: str
    category: str
    price: int | None
    quantity: int
    refunded: int = 0
    public: bool = False


class Product(msgspec.Struct, frozen=True, kw_only=True):
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


class WholeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order, its lines, and the events that spoke of it."""

    order: Bought
    lines: list[OrderLine]
    events: list[OrderEvent]


class OrdersApi:
    """What can be asked and done about orders."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self,
        *,
        number: str | None = None,
        only: str | None = None,
        product: str | None = None,
        customer: str | None = None,
        limit: int | None = None,
    ) -> Pages[Bought]:
        """List orders, those that changed last first. `total` stops at 10,001."""
        return self._line.pages(
            "/api/orders",
            Bought,
            {"number": number, "only": only, "product": product, "customer": customer, "limit": limit},
        )

    def get(self, number: str) -> WholeOrder:
        """Return an order with its lines, what of them came back, and the events that spoke of it."""
        return self._line.ask(f"/api/orders/{place(number)}", WholeOrder)

    def products(
        self, *, q: str | None = None, category: str | None = None, limit: int | None = None
    ) -> Pages[Product]:
        """List products, those seen last first; `q` is words of the name, category, brand or number."""
        return self._line.pages("/api/products", Product, {"q": q, "category": category, "limit": limit})

    def product(self, number: str) -> Product:
        """Return a product as events named it last, how often it was looked at, and how often it was sold."""
        return self._line.ask(f"/api/products/{place(number)}", Product)
