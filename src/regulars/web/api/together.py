"""What is bought together, at `/api/together`: rules with how many orders they rest on."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from regulars.understand import together
from regulars.understand.together import Kept, Named, Which
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, opened
from regulars.web.api.telling import told

_MOST = 10**9


class Together(msgspec.Struct, frozen=True):
    """Of the orders with all that is `given`, `orders` have `follows`, too.

    `support` is their share of all orders, `confidence` their share of those with what is given, and `lift` how many
    times as often that is as in all orders: 1 is chance.
    """

    given: list[Named]
    follows: Named
    orders: int
    given_orders: int
    follows_orders: int
    all_orders: int
    customers: int
    support: float
    confidence: float
    lift: float


class Rules(msgspec.Struct, frozen=True):
    """A part of the rules, how many there are in all, and the cursor of what follows.

    `made_at` is when they were found in the orders, null before the first time; `fewest` is how many orders each rests
    on at least. `cut` is what was left out to keep the work within bounds: orders (the older ones), products (those
    that are bought least), looks (some rules of three products) or rules (those that rest on fewest orders).
    """

    items: list[Together]
    total: int
    next: str | None
    made_at: datetime | None
    fewest: int
    cut: list[str]


@get("/together", sync_to_thread=True, opt=told(query={"by": "lift", "lift": 2, "limit": 10}))
def list_together(
    request: AnyRequest,
    q: FromQuery[str] = "",
    product: FromQuery[str] = "",
    given: FromQuery[str] = "",
    only: FromQuery[Literal["pairs", "more", ""]] = "",
    by: FromQuery[Literal["lift", "confidence", "orders"]] = "lift",
    lift: FromQuery[float] = 0.0,
    confidence: FromQuery[float] = 0.0,
    orders: Annotated[int, QueryParameter(ge=0, le=_MOST)] = 0,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Rules:
    """List what is bought together more often than by chance, sorted by `by`, the most first.

    `q` is words of a product, `product` the number of one that has a part in it, `given` of one that is all that is
    given. `only` is pairs, or more (rules of three products). `lift`, `confidence` and `orders` are the least there
    must be. Nothing is listed that rests on orders of fewer than five customers.
    """
    which = Which(product, given, lift, confidence, orders, only)
    with opened(request) as tx:
        found = together.find(tx, which, q, by, before=cursors.read(cursor, tuple[float, str]), limit=limit + 1)
        shown, more = found[:limit], len(found) > limit
        names, made = together.called(tx, shown), together.made(tx)
        total = together.count(tx, which, q)
    return Rules(
        [_said(one, names) for one in shown],
        total,
        cursors.made(shown[-1].rank, shown[-1].id) if more else None,
        made.made_at if made else None,
        made.fewest if made else together.FEWEST,
        made.cut if made else [],
    )


def _said(one: Kept, names: dict[str, Named]) -> Together:
    return Together(
        [names[product] for product in one.given],
        names[one.follows],
        one.orders,
        one.given_orders,
        one.follows_orders,
        one.all_orders,
        one.customers,
        one.support,
        one.confidence,
        one.lift,
    )


HANDLERS = [list_together]
