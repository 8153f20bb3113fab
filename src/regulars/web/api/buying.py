"""How customers buy, at `/api/buying`: who lately, often and for much; who is new. Money is in whole minor units."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from regulars.understand import buyers
from regulars.understand.buyers import Cell, Made, Money, Month, Person
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, opened
from regulars.web.api.telling import told
from regulars.web.noting import notes

Fifth = Annotated[int, QueryParameter(ge=1, le=5)]


class BuyingFound(msgspec.Struct, frozen=True):
    """When it was found, in the orders of how many customers, and how many lines these have."""

    made_at: datetime
    customers: int
    orders: int
    lines: int


class BuyingCells(msgspec.Struct, frozen=True):
    """Customers by how lately (`recency`) and how often (`frequency`) they bought, in fifths: 5 is the best.

    `money` is what all orders come to; `net` what those of a cell do, of each customer in the currency of most of their
    orders: by currency, never added. `found` is null before the first time. There are no cells where fewer than five
    buy.
    """

    found: BuyingFound | None
    money: list[Money]
    cells: list[Cell]


class BuyingPeople(msgspec.Struct, frozen=True):
    """A part of the customers of a cell, and the cursor of what follows."""

    items: list[Person]
    next: str | None


class BuyingMonths(msgspec.Struct, frozen=True):
    """Months, the last first; of each one row of all customers, then one a currency."""

    found: BuyingFound | None
    months: list[Month]


@get("/buying/cells", sync_to_thread=True, opt=told())
def list_cells(request: AnyRequest) -> BuyingCells:
    """List how many customers bought how lately and how often.

    What each is in stands in the facts `rfm`, `rfm_recency`, `rfm_frequency` and `rfm_money`, so segments may ask it.
    """
    with opened(request) as tx:
        return BuyingCells(_found(buyers.made(tx)), buyers.money(tx), buyers.cells(tx))


@get("/buying/people", sync_to_thread=True, opt=told(query={"recency": 5, "frequency": 5}) | notes("customers.listed"))
def list_people_of_cell(
    request: AnyRequest,
    recency: Fifth,
    frequency: Fifth,
    q: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> BuyingPeople:
    """List who is in a cell: all, or whom a search (`q`) finds."""
    (after,) = cursors.read(cursor, tuple[int]) or (0,)
    with opened(request) as tx:
        found = buyers.people(tx, recency, frequency, after, limit + 1, q=q.strip())
    more = len(found) > limit
    return BuyingPeople(found[:limit], cursors.made(found[limit - 1].customer_id) if more else None)


@get("/buying/months", sync_to_thread=True, opt=told())
def list_months(request: AnyRequest) -> BuyingMonths:
    """List who bought in which month: new customers, in the month of their first order, and those who returned."""
    with opened(request) as tx:
        months = buyers.months(tx)
        return BuyingMonths(_found(buyers.made(tx)), months)


def _found(made: Made | None) -> BuyingFound | None:
    return BuyingFound(made.made_at, made.customers, made.orders, made.lines) if made else None


HANDLERS = [list_cells, list_people_of_cell, list_months]
