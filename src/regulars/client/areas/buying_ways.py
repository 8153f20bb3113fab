"""The API's buying_ways. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Literal

import msgspec

from regulars.client.line import Line


class AtStages(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers are at each stage in a category."""

    category: str
    customers: int
    intent: int
    evaluation: int
    purchase: int
    after_sale: int


class KindCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many products are of a kind, and in how many orders they are."""

    kind: Literal["", "at_sight", "compared", "standard"]
    products: int
    orders: int


class PersonAtStage(msgspec.Struct, frozen=True, kw_only=True):
    """A customer at a stage, and when the last thing was that shows it."""

    customer_id: int
    name: str
    at: datetime


class PeopleAtStage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the customers at a stage in a category, and the cursor of what follows."""

    items: list[PersonAtStage]
    next: str | None


class ProductKind(msgspec.Struct, frozen=True, kw_only=True):
    """A product and its kind; `again` of its orders were not the first, of others `watched` were seen to look."""

    product: str
    name: str
    kind: Literal["", "at_sight", "compared", "standard"]
    customers: int
    orders: int
    again: int
    watched: int
    compared: int


class ProductKinds(msgspec.Struct, frozen=True, kw_only=True):
    """How many products are of each kind, and the products in most orders."""

    kinds: list[KindCount]
    products: list[ProductKind]


class PurchaseStages(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers are at each stage, category by category, those first in which most are."""

    categories: list[AtStages]


class BuyingWaysApi:
    """What can be asked and done about buying_ways."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def stages(self, *, limit: int | None = None) -> PurchaseStages:
        """List how many customers are at which purchase stage: intent, evaluation, purchase or after_sale."""
        return self._line.ask("/api/buying/stages", PurchaseStages, {"limit": limit})

    def people_at_stage(
        self,
        *,
        stage: Literal["after_sale", "evaluation", "intent", "purchase"] | None = None,
        category: str | None = None,
        q: str | None = None,
        limit: int | None = None,
    ) -> PeopleAtStage:
        """List who is at a purchase stage in a category: all, or whom a search (`q`) finds."""
        return self._line.ask(
            "/api/buying/stages/people", PeopleAtStage, {"stage": stage, "category": category, "q": q, "limit": limit}
        )

    def product_kinds(
        self,
        *,
        only: Literal["", "at_sight", "compared", "standard", "unknown"] | None = None,
        limit: int | None = None,
    ) -> ProductKinds:
        """List what kind each product is by how it is bought; `only` those of one kind."""
        return self._line.ask("/api/buying/products", ProductKinds, {"only": only, "limit": limit})
