"""How customers buy: who lately, often and for much, and who is new, each with the people behind the number."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import msgspec
from babel.dates import format_skeleton
from litestar import Response, get
from litestar.params import FromQuery

from regulars.understand import buyers
from regulars.understand.buyers import Cell, Month
from regulars.web import cursors
from regulars.web.console.desk import AtDesk
from regulars.web.console.listing import FEW, PAGE, Way
from regulars.web.console.veil import hidden_from, refuse
from regulars.web.i18n import babel_locale
from regulars.web.noting import notes
from regulars.words.errors import Unknown

SHOWN = 24
"""How many months a page shows."""
_FIFTHS = range(1, 6)


class Square(msgspec.Struct, frozen=True):
    """One square of the grid: how many are in it, and how dark it is drawn, 1 to 5."""

    frequency: int
    customers: int
    heat: int


class Line(msgspec.Struct, frozen=True):
    """One line of the grid: those who bought equally lately, the seldom first."""

    recency: int
    cells: list[Square]


class Drawn(msgspec.Struct, frozen=True):
    """A month as it is drawn: its row of all, a row a currency, and how long its bars are, of a hundred."""

    called: str
    all: Month
    money: list[Month]
    width: float
    returning_width: float


@get("/buying", sync_to_thread=True)
def best_customers(desk: AtDesk) -> Response[str]:
    """Show who bought how lately and how often."""
    with desk.tx() as tx:
        made, money, cells = buyers.made(tx), buyers.money(tx), buyers.cells(tx)
    return desk.page("buying.html", made=made, money=money, grid=_grid(cells))


def _grid(cells: Sequence[Cell]) -> list[Line]:
    there = {(one.recency, one.frequency): one.customers for one in cells}
    most = max(there.values(), default=0)

    def square(recency: int, frequency: int) -> Square:
        customers = there.get((recency, frequency), 0)
        return Square(frequency, customers, -(-5 * customers // most))

    return [Line(one, [square(one, other) for other in _FIFTHS]) for one in reversed(_FIFTHS)] if there else []


@get("/buying/people", sync_to_thread=True, opt=notes("customers.listed"))
def people_in_a_cell(
    desk: AtDesk,
    recency: FromQuery[int],
    frequency: FromQuery[int],
    q: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show who bought equally lately and equally often: all, or whom a search finds; `after` is a place in the list."""
    q = q.strip()
    if recency not in _FIFTHS or frequency not in _FIFTHS:
        raise Unknown("There are fifths from 1 to 5.")
    way = Way(f"{desk.home}/buying/people", {"recency": str(recency), "frequency": str(frequency), "q": q})
    with desk.tx() as tx:
        refuse(buyers.NAMES, hidden_from(desk, tx))
        found = buyers.people(tx, recency, frequency, (cursors.read(after, tuple[int]) or (0,))[0], PAGE + 1, q=q)
    shown = found[:PAGE]
    return desk.page(
        "buying_people.html",
        recency=recency,
        frequency=frequency,
        people=shown,
        q=q,
        searched=bool(q or after) or len(shown) > FEW,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(shown[-1].customer_id)) if len(found) > PAGE else "",
    )


@get("/buying/months", sync_to_thread=True)
def new_and_returning(desk: AtDesk) -> Response[str]:
    """Show who was new and who returned, month by month."""
    with desk.tx() as tx:
        made, rows = buyers.made(tx), buyers.months(tx)
    months = drawn(rows, desk.locale)
    return desk.page("buying_months.html", made=made, months=months[:SHOWN], earlier=len(months) > SHOWN)


def drawn(rows: Sequence[Month], locale: str) -> list[Drawn]:
    """Return months as they are drawn, the last first."""
    most = max((one.new_customers + one.returning_customers for one in rows if one.currency is None), default=0)
    found: list[Drawn] = []
    for month, own in groupby(rows, lambda one: one.month):
        whole, *money = own
        both = whole.new_customers + whole.returning_customers
        shares = (round(100 * part / most, 1) for part in (both, whole.returning_customers))
        found.append(Drawn(_called(month, locale), whole, money, *shares))
    return found


def _called(month: date, locale: str) -> str:
    return format_skeleton("yMMM", month, locale=babel_locale(locale))


ROUTES = [best_customers, people_in_a_cell, new_and_returning]
