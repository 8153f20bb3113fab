"""What is bought together: beside one product as a chart, and everything as a list that the address narrows."""

from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from regulars.store.database import Tx
from regulars.understand import together
from regulars.understand.together import Kept, Named, Which
from regulars.web import cursors
from regulars.web.console.desk import AtDesk
from regulars.web.console.listing import PAGE, Way

BESIDE = 8
"""How many products a chart shows beside one."""
TIMES = ("2", "5", "10", "20")
"""From how many times as often as by chance a list may begin."""
_ONLY = ("pairs", "more")


class Beside(msgspec.Struct, frozen=True):
    """A product beside another: in which share of the orders with that one, and in which of all."""

    product: Named
    share: float
    chance: float
    lift: float


class Chart(msgspec.Struct, frozen=True):
    """What is bought with one product, the most first."""

    product: Named
    orders: int
    beside: list[Beside]


class Told(msgspec.Struct, frozen=True):
    """A rule, with what its products are called."""

    rule: Kept
    given: list[Named]
    follows: Named


def chart(tx: Tx, product: str) -> Chart | None:
    """Return what is bought with a product; None where that is nothing."""
    found = together.find(tx, Which(given=product), by="confidence", limit=BESIDE) if product else []
    if not found:
        return None
    names = together.called(tx, found, product)
    beside = [
        Beside(names[one.follows], one.confidence, one.follows_orders / one.all_orders, one.lift) for one in found
    ]
    return Chart(names[product], found[0].given_orders, beside)


def _told(rules: Sequence[Kept], names: Mapping[str, Named]) -> list[Told]:
    return [Told(one, [names[product] for product in one.given], names[one.follows]) for one in rules]


@get("/together", sync_to_thread=True)
def what_goes_together(
    desk: AtDesk,
    q: FromQuery[str] = "",
    product: FromQuery[str] = "",
    only: FromQuery[str] = "",
    by: FromQuery[str] = "",
    lift: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show what is bought together, the surest of each group of products; `after` is a place in the list."""
    words = q.strip()
    only, by, lift = (one if one in known else "" for one, known in
                      ((only, _ONLY), (by, together.ORDERS_BY), (lift, TIMES)))  # fmt: skip
    way = Way(f"{desk.home}/together", {"q": words, "product": product, "only": only, "by": by, "lift": lift})
    which = Which(product=product, only=only, lift=float(lift or 0), strongest=True)
    with desk.tx() as tx:
        before = cursors.read(after, tuple[float, str])
        found = together.find(tx, which, words, by or "lift", before=before, limit=PAGE + 1)
        total, made = together.count(tx, which, words), together.made(tx)
        shown = found[:PAGE]
        names = together.called(tx, shown, product)
        chips = [way.chip(desk.quoted(words), "q")] if words else []
        chips += [way.chip(names[product].name, "product")] if product else []
        drawn = None if after else chart(tx, product or (together.most_bought(tx) if not words else ""))
    return desk.page(
        "together.html",
        q=words,
        way=way,
        made=made,
        least=together.FEWEST,
        chart=drawn,
        chosen=names[product] if product else None,
        only=only,
        by=by,
        lift=lift,
        times_offered=TIMES,
        chips=chips,
        rules=_told(shown, names),
        total=total,
        narrowed=bool(words or product or only or lift),
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(shown[-1].rank, shown[-1].id)) if len(found) > PAGE else "",
    )


ROUTES = [what_goes_together]
