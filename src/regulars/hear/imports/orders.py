"""Rows of orders: lines of one order, which follow each other, become one event. It is taken whole or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import msgspec

from regulars.hear.imports.past import MOST_OF_ORDER, Broken, Columns, Item, Made, Past, encoded, tidied
from regulars.hear.imports.plan import Unreadable
from regulars.words.errors import Invalid
from regulars.words.ids import hash64

COMPLETED = "Order Completed"
REFUNDED = "Order Refunded"
LONGEST = 10_000
"""The most lines of one order. A longer one is a file without order numbers rather than an order."""
_HUGE = 1_000_000_000
_PENNY = Decimal("0.01")
_CURRENCY = 3
_SHORT = 9


class Product(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What was ordered, or taken back: `quantity` times at `price` each; of a category, where the file says one."""

    sku: str
    name: str
    quantity: int | float
    price: float
    category: str = ""


class Orders:
    """Makes orders. An order whose number starts with C, or whose total is below zero, takes goods back."""

    def __init__(self, columns: Columns, currency: str) -> None:
        for needed in ("order", "at"):
            if columns.place(needed) is None:
                raise Invalid("A file of orders needs a column for '{needed}'. Say which one it is.", needed=needed)
        if columns.place("total") is None and columns.place("price") is None:
            raise Invalid("A file of orders needs a column for '{needed}'. Say which one it is.", needed="price")
        self._columns = columns
        self._currency = currency
        self._lines = columns.place("price") is not None
        self._price = columns.places.get("price", 0)
        self._quantity_at, self._sku, self._name, self._category = (
            columns.place(one) for one in ("quantity", "sku", "name", "category")
        )
        self._plain = columns.values.plain
        self._order = columns.places["order"]
        self._whose = [place for kind, place in columns.places.items() if kind in _WHOSE]

    def items(self, rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Item]:
        """Put lines together that have the same number and follow each other."""
        place = self._order
        first, last, lines, number = 0, 0, list[Sequence[Any]](), object()
        for at, row in rows:
            belongs = row[place] == number or (isinstance(row, Broken) and not row[place])
            if lines and not belongs:
                yield first, last, lines
                lines = []
            if not lines:
                first, number = at, row[place]
            last = at
            if len(lines) <= LONGEST:
                lines.append(row)
        if lines:
            yield first, last, lines

    def make(self, item: Item) -> Made:
        """Make an order of its lines."""
        lines = item[2]
        columns = self._columns
        if len(lines) > LONGEST:
            raise Unreadable("more than 10,000 lines in one order")
        first = lines[0]
        number = columns.text(first, "order")
        if not number:
            raise Unreadable("no order number")
        if len(lines) > 1 and any(line[place] != first[place] for line in lines for place in self._whose):
            raise Unreadable("more than one customer in one order")
        identity = columns.who(first)[0]
        refund = number[0] in "Cc"
        products, total = self._products(lines, -1 if refund else 1)
        if columns.place("total") is not None and (given := self._total(first)) is not None:
            total = -given if refund and given < 0 else given
        if total < 0 and not refund:
            refund, total = True, -total
        props = {
            "order_id": number,
            "total": float(total.quantize(_PENNY, ROUND_HALF_UP)),
            "currency": self._currency_of(first),
            "country": columns.text(first, "country"),
            "products": products,
        }
        if not props["country"]:
            del props["country"]
        kind = REFUNDED if refund else COMPLETED
        return [Past(identity, kind, self._moment(lines), hash64(f"order:{number}"), encoded(props, MOST_OF_ORDER))], ""

    def _products(self, lines: list[Sequence[Any]], sign: int) -> tuple[list[Product], Decimal]:
        if not self._lines:
            return [], Decimal()
        total = Decimal()
        products: list[Product] = []
        for line in lines:
            price = self._priced(line)
            quantity = sign * self._counted(line)
            total += quantity * price
            sku = "" if self._sku is None else self._said(line[self._sku])
            name = "" if self._name is None else self._said(line[self._name])
            category = "" if self._category is None else self._said(line[self._category])
            products.append(Product(sku, name, quantity, float(price), category))
        return products, total

    def _said(self, cell: Any) -> str:
        return tidied(cell) if isinstance(cell, str) else self._columns.values.text(cell)

    def _priced(self, line: Sequence[Any]) -> Decimal:
        """Return the price of a line; what needs no thought is read at once, for there are many."""
        price = None
        if self._plain:
            with suppress(InvalidOperation, TypeError, ValueError):
                price = Decimal(line[self._price])
        if price is None or not price.is_finite():
            price = self._columns.read(line, "price", self._columns.values.number)
        if abs(price) >= _HUGE:
            raise Unreadable("no number")
        return price

    def _counted(self, line: Sequence[Any]) -> int:
        if self._quantity_at is None:
            return 1
        cell = line[self._quantity_at]
        if isinstance(cell, str) and cell.isdecimal() and len(cell) < _SHORT:
            return int(cell)
        return self._columns.read(line, "quantity", self._quantity)

    def _quantity(self, cell: Any) -> int:
        try:
            number = int(cell)
        except (ValueError, TypeError):
            number = self._columns.values.number(cell)
            if number != int(number):
                raise Unreadable("no whole number") from None
        if abs(number) >= _HUGE:
            raise Unreadable("no whole number")
        return int(number)

    def _total(self, first: Sequence[Any]) -> Decimal | None:
        return self._columns.read(
            first, "total", lambda cell: None if cell == "" else self._columns.values.number(cell)
        )

    def _currency_of(self, first: Sequence[Any]) -> str:
        code = self._columns.text(first, "currency").upper()
        return code if len(code) == _CURRENCY and code.isalpha() else self._currency

    def _moment(self, lines: list[Sequence[Any]]) -> datetime:
        columns, place = self._columns, self._columns.places["at"]
        if len({line[place] for line in lines}) == 1:
            lines = lines[:1]
        return min(columns.read(line, "at", columns.values.moment) for line in lines)


_WHOSE = frozenset({"user", "customer", "email", "phone", "anonymous"})
