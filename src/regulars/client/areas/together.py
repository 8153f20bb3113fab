"""The API's together. Made by tools/make_client.py: do not edit."""

from datetime import datetime
from typing import Literal

import msgspec

from regulars.client.line import Line


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A product and what it is called; its number where nobody has given it a name."""

    id: str
    name: str


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """Of the orders with all that is `given`, `orders` have `follows`, too."""

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


class TogetherRules(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the rules, how many there are in all, and the cursor of what follows."""

    items: list[Together]
    total: int
    next: str | None
    made_at: datetime | None
    fewest: int
    cut: list[str]


class TogetherApi:
    """What can be asked and done about together."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(
        self,
        *,
        q: str | None = None,
        product: str | None = None,
        given: str | None = None,
        only: Literal["", "more", "pairs"] | None = None,
        by: Literal["confidence", "lift", "orders"] | None = None,
        lift: float | None = None,
        confidence: float | None = None,
        orders: int | None = None,
        limit: int | None = None,
    ) -> TogetherRules:
        """List what is bought together more often than by chance, sorted by `by`, the most first."""
        return self._line.ask(
            "/api/together",
            TogetherRules,
            {
                "q": q,
                "product": product,
                "given": given,
                "only": only,
                "by": by,
                "lift": lift,
                "confidence": confidence,
                "orders": orders,
                "limit": limit,
            },
        )
