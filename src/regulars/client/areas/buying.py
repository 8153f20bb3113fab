"""The API's buying. Made by tools/make_client.py: do not edit."""

from datetime import date, datetime

import msgspec

from regulars.client.line import Line


class BuyingFound(msgspec.Struct, frozen=True, kw_only=True):
    """When it was found, in the orders of how many customers, and how many lines these have."""

    made_at: datetime
    customers: int
    orders: int
    lines: int


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Customers of a cell and all their orders; `net` is what those in the currency of most of a customer's come to."""

    recency: int
    frequency: int
    customers: int
    orders: int
    net: dict[str, int]
    last_at: datetime


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """What orders in a currency come to, in its minor units."""

    currency: str
    orders: int
    net: int


class BuyingCells(msgspec.Struct, frozen=True, kw_only=True):
    """Customers by how lately (`recency`) and how often (`frequency`) they bought, in fifths: 5 is the best."""

    found: BuyingFound | None
    money: list[Money]
    cells: list[Cell]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What was bought in a month: in one currency, in its minor units; or of all (None), in which there is no money."""

    month: date
    currency: str | None
    new_customers: int
    returning_customers: int
    new_orders: int
    returning_orders: int
    new_net: int
    returning_net: int


class BuyingMonths(msgspec.Struct, frozen=True, kw_only=True):
    """Months, the last first; of each one row of all customers, then one a currency."""

    found: BuyingFound | None
    months: list[Month]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A customer who buys; `net` and `money`, its fifth, are in the currency of most of their orders."""

    customer_id: int
    name: str
    orders: int
    currency: str
    net: int
    last_at: datetime
    money: int | None


class BuyingPeople(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the customers of a cell, and the cursor of what follows."""

    items: list[Person]
    next: str | None


class BuyingApi:
    """What can be asked and done about buying."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def cells(self) -> BuyingCells:
        """List how many customers bought how lately and how often."""
        return self._line.ask("/api/buying/cells", BuyingCells)

    def people_of_cell(
        self,
        *,
        recency: int | None = None,
        frequency: int | None = None,
        q: str | None = None,
        limit: int | None = None,
    ) -> BuyingPeople:
        """List who is in a cell: all, or whom a search (`q`) finds."""
        return self._line.ask(
            "/api/buying/people", BuyingPeople, {"recency": recency, "frequency": frequency, "q": q, "limit": limit}
        )

    def months(self) -> BuyingMonths:
        """List who bought in which month: new customers, in the month of their first order, and those who returned."""
        return self._line.ask("/api/buying/months", BuyingMonths)
