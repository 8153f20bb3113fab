"""The statements about what is bought together."""

from collections.abc import Collection, Generator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import Statement, load
from regulars.understand.baskets import Rule

SQL = load(__package__ or "regulars.understand", "baskets.sql")
_COUNT_RULES = Statement(f"select count(*) from ({SQL['list_rules'].decode()}) as wanted".encode())
"""Of the list itself: so they cannot differ in what they ask for."""
_AT_ONCE = 2_000


class Made(msgspec.Struct, frozen=True):
    """When it was found out what is bought together, in how many orders, and what was left out."""

    stand: str
    made_at: datetime
    orders: int
    fewest: int
    """Orders that every rule rests on."""
    cut: list[str]


class Kept(msgspec.Struct, frozen=True):
    """Of the orders with all that is given, `orders` have one product more."""

    id: str
    given: list[str]
    follows: str
    orders: int
    given_orders: int
    follows_orders: int
    all_orders: int
    customers: int
    support: float
    confidence: float
    lift: float
    rank: float
    """By what the list is sorted."""


class New(msgspec.Struct, frozen=True):
    """A rule to keep."""

    id: str
    rule: Rule
    strongest: bool


class Which(msgspec.Struct, frozen=True):
    """Which rules a list shows."""

    product: str = ""
    """Those that have it, wherever."""
    given: str = ""
    """Those in which it alone is given."""
    lift: float = 0.0
    confidence: float = 0.0
    orders: int = 0
    only: str = ""
    """'pairs': of two products; 'more': of more; '': all."""
    strongest: bool = False
    """Of the rules about the same products the surest alone."""


def stand(tx: Tx) -> str:
    """Return what the orders have come to, as a text that changes with them."""
    return tx.value(SQL["stand"])


def baskets(tx: Tx, most: int) -> Generator[list[str]]:
    """Yield the newest orders: whose each is, and its products."""
    for some in tx.stream(SQL["baskets"], _AT_ONCE, most=most):
        yield from some


def orders_in(stand: str) -> int:
    """Return how many orders there were to look at; more than were read, where some have nothing to read."""
    return int(stand.partition(" ")[0] or 0)


def write(tx: Tx, made: Made, rules: Sequence[New]) -> None:
    """Keep rules in the place of those before."""
    tx.run(SQL["note_made"], stand=made.stand, now=made.made_at, orders=made.orders, fewest=made.fewest, cut=made.cut)
    tx.run(SQL["drop_rules"])
    tx.run(
        SQL["add_rules"],
        ids=[one.id for one in rules],
        givens=[msgspec.json.encode(one.rule.given).decode() for one in rules],
        follows=[one.rule.then for one in rules],
        orders=[one.rule.together for one in rules],
        given_orders=[one.rule.given_in for one in rules],
        follows_orders=[one.rule.then_in for one in rules],
        customers=[one.rule.owners for one in rules],
        strongest=[one.strongest for one in rules],
        all_orders=made.orders,
    )


def made(tx: Tx) -> Made | None:
    """Return when it was made and of what; None before the first time."""
    return tx.one(SQL["made"], Made)


def list_rules(
    tx: Tx, which: Which, patterns: list[str], by: str, *, before: tuple[float, str] | None, limit: int
) -> list[Kept]:
    """Return rules, those first of which there is most by what they are sorted."""
    rank, place = before or (None, None)
    return tx.all(SQL["list_rules"], Kept, **_asked(which, patterns), by=by, rank=rank, id=place, limit=limit)


def count_rules(tx: Tx, which: Which, patterns: list[str]) -> int:
    """Return how many rules are wanted."""
    return tx.value(_COUNT_RULES, **_asked(which, patterns), by="", rank=None, id=None, limit=None)


def _asked(which: Which, patterns: list[str]) -> dict[str, Any]:
    return msgspec.structs.asdict(which) | {"patterns": patterns}


def most_bought_given(tx: Tx) -> str | None:
    """Return the product that is bought most of those that something is bought with; None where there is none."""
    return tx.value(SQL["most_bought_given"])


def called(tx: Tx, products: Collection[str]) -> dict[str, str]:
    """Return what some products are called, by number; those without a name are left out."""
    return dict(tx.rows(SQL["called"], products=list(products)))
