"""Purchase stages and kinds of product: who is where in which category, and how each product is bought."""

from collections.abc import Callable, Sequence

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from regulars.understand import staging
from regulars.understand.staging import STAGES, AtStages, Stage
from regulars.web import cursors
from regulars.web.console.desk import AtDesk
from regulars.web.console.listing import FEW, PAGE, Way
from regulars.web.console.veil import hidden_from, refuse
from regulars.web.i18n import translator
from regulars.web.noting import notes

MOST = 100
"""How many categories or products a page shows: those with most customers or orders."""
_UNKNOWN = "unknown"


class Square(msgspec.Struct, frozen=True):
    """How many customers are at a stage, and how dark that is drawn, 1 to 5."""

    stage: Stage
    customers: int
    heat: int


class Line(msgspec.Struct, frozen=True):
    """One category."""

    category: str
    cells: list[Square]


def stages_called(_: Callable[[str], str]) -> dict[str, str]:
    """Return what the stages are called."""
    return {
        "intent": _("Intent"),
        "evaluation": _("Evaluation"),
        "purchase": _("Purchase"),
        "after_sale": _("After-sale"),
    }


def kinds_called(_: Callable[[str], str]) -> dict[str, str]:
    """Return what the kinds of product are called."""
    return {
        "standard": _("standard"),
        "compared": _("compared"),
        "at_sight": _("known brand or impulse"),
        "": _("not known yet"),
    }


@get("/buying/stages", sync_to_thread=True)
def purchase_stages(desk: AtDesk) -> Response[str]:
    """Show how many customers are at each purchase stage, category by category."""
    with desk.tx() as tx:
        counts = staging.counts(tx, MOST)
    called = stages_called(translator(desk.locale).gettext)
    return desk.page("buying_stages.html", counts=counts, rows=_rows(counts), stages=STAGES, called=called)


def _rows(counts: Sequence[AtStages]) -> list[Line]:
    there: list[list[tuple[Stage, int]]] = [[(stage, getattr(one, stage)) for stage in STAGES] for one in counts]
    most = max((number for row in there for _, number in row), default=0)
    return [
        Line(one.category, [Square(stage, number, -(-5 * number // most)) for stage, number in row])
        for one, row in zip(counts, there, strict=True)
    ]


@get("/buying/stage", sync_to_thread=True, opt=notes("customers.listed"))
def people_at_a_stage(
    desk: AtDesk,
    stage: FromQuery[Stage],
    category: FromQuery[str],
    q: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show who is at a stage in a category: all, or whom a search finds; `after` is a place in the list."""
    q = q.strip()
    way = Way(f"{desk.home}/buying/stage", {"stage": stage, "category": category, "q": q})
    with desk.tx() as tx:
        refuse([f"stage_{stage}"], hidden_from(desk, tx))
        found = staging.people(tx, category, stage, (cursors.read(after, tuple[int]) or (0,))[0], PAGE + 1, q=q)
    shown = found[:PAGE]
    return desk.page(
        "buying_stage.html",
        stage=stage,
        category=category,
        called=stages_called(translator(desk.locale).gettext),
        people=shown,
        q=q,
        searched=bool(q or after) or len(shown) > FEW,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(shown[-1].customer_id)) if len(found) > PAGE else "",
    )


@get("/buying/products", sync_to_thread=True)
def kinds_of_product(desk: AtDesk, kind: FromQuery[str] = "") -> Response[str]:
    """Show what kind each product is by how it is bought."""
    called = kinds_called(translator(desk.locale).gettext)
    chosen = "" if kind == _UNKNOWN else kind if kind in called and kind else None
    with desk.tx() as tx:
        counts, products = staging.kind_counts(tx), staging.kinds(tx, chosen, MOST)
    return desk.page(
        "buying_products.html",
        counts=counts,
        products=products,
        kind=chosen,
        called=called,
        most=MOST,
        bars_of=[(called[one.kind], one.products) for one in counts],
    )


ROUTES = [purchase_stages, people_at_a_stage, kinds_of_product]
