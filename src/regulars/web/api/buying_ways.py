"""Purchase stages and kinds of product, at `/api/buying`."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from regulars.understand import staging
from regulars.understand.staging import AtStages, KindCount, Person, ProductKind, Stage
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, opened
from regulars.web.api.telling import told
from regulars.web.noting import notes

At = Annotated[Stage, QueryParameter()]


class PersonAtStage(msgspec.Struct, frozen=True):
    """A customer at a stage, and when the last thing was that shows it."""

    customer_id: int
    name: str
    at: datetime


class PeopleAtStage(msgspec.Struct, frozen=True):
    """A part of the customers at a stage in a category, and the cursor of what follows."""

    items: list[PersonAtStage]
    next: str | None


class PurchaseStages(msgspec.Struct, frozen=True):
    """How many customers are at each stage, category by category, those first in which most are."""

    categories: list[AtStages]


class ProductKinds(msgspec.Struct, frozen=True):
    """How many products are of each kind, and the products in most orders.

    A kind is standard (bought again and again), compared, at_sight (known brand or impulse), or '' where that is not
    known yet. Of a product's `orders` of the last year `again` were not the first; of `watched` others it is known what
    was looked at before, and in `compared` of these products were compared.
    """

    kinds: list[KindCount]
    products: list[ProductKind]


@get("/buying/stages", sync_to_thread=True, opt=told(query={"limit": 20}))
def list_stages(request: AnyRequest, limit: Limit = 50) -> PurchaseStages:
    """List how many customers are at which purchase stage: intent, evaluation, purchase or after_sale.

    What somebody is at stands in the facts `stage_intent`, `stage_evaluation`, `stage_purchase` and `stage_after_sale`,
    each a list of categories; a rule asks it by {"stage": "evaluation", "category": "Tea"}.
    """
    with opened(request) as tx:
        return PurchaseStages(staging.counts(tx, limit))


@get(
    "/buying/stages/people",
    sync_to_thread=True,
    opt=told(query={"stage": "purchase", "category": "Candles"}) | notes("customers.listed"),
)
def list_people_at_stage(
    request: AnyRequest,
    stage: At,
    category: FromQuery[str],
    q: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> PeopleAtStage:
    """List who is at a purchase stage in a category: all, or whom a search (`q`) finds."""
    (after,) = cursors.read(cursor, tuple[int]) or (0,)
    with opened(request) as tx:
        found = staging.people(tx, category, stage, after, limit + 1, q=q.strip())
    following = cursors.made(found[limit - 1].customer_id) if len(found) > limit else None
    return PeopleAtStage([_person(one) for one in found[:limit]], following)


def _person(one: Person) -> PersonAtStage:
    return PersonAtStage(one.customer_id, one.name, one.at)


@get("/buying/products", sync_to_thread=True, opt=told(query={"limit": 20}))
def list_product_kinds(
    request: AnyRequest,
    only: FromQuery[Literal["standard", "compared", "at_sight", "unknown", ""]] = "",
    limit: Limit = 50,
) -> ProductKinds:
    """List what kind each product is by how it is bought; `only` those of one kind."""
    with opened(request) as tx:
        kind = {"": None, "unknown": ""}.get(only, only)
        return ProductKinds(staging.kind_counts(tx), staging.kinds(tx, kind, limit))


HANDLERS = [list_stages, list_people_at_stage, list_product_kinds]
