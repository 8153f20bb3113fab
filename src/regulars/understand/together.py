"""What is bought together: found in the orders by a round, kept as counts, and read.

It is made anew when the orders have changed, from orders alone, so it can be dropped at any time. A rule rests on
orders of five customers at least: what fewer bought together is about them, and is not said. The work has bounds, and
what they leave out is said with the rules.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from math import isqrt

import msgspec

from regulars.remember.folding import fold, patterns
from regulars.store.database import Database, Tx
from regulars.understand import baskets_records as records
from regulars.understand.baskets import Limits, Rule, mine
from regulars.understand.baskets_records import Kept, Made, New, Which

__all__ = [
    "FEWEST",
    "ORDERS_BY",
    "Kept",
    "Made",
    "Named",
    "Which",
    "called",
    "count",
    "find",
    "made",
    "make_anew",
    "most_bought",
]

FEWEST = 5
"""Customers on whose orders a rule rests, at least."""
ORDERS_BY = ("lift", "confidence", "orders")
"""By what rules are sorted."""
_ONE_IN = 2_000
"""A rule rests on one in so many orders, at least: of very many orders five are chance."""
_LONGEST = 3
_MOST_PRODUCTS = 2_000
_MOST_LOOKS = 3_000_000
_MOST_WORK = 5 * 10**10
"""Pairs of products, times orders, and sets of three, times orders: each takes some seconds."""
_MOST_ORDERS = 100_000
_MOST_LINES = 2_000_000
_MOST_PAIRS = 15_000
_MOST_LONGER = 5_000
_SURE = 0.2
"""The confidence of a rule in which several products are given: it must say more than its pairs do."""
_USUALLY = timedelta(hours=1)
_GROWN = 1.1
_WORDS = 200


class Named(msgspec.Struct, frozen=True):
    """A product and what it is called; its number where nobody has given it a name."""

    id: str
    name: str


def make_anew(database: Database, workspace: str, now: datetime) -> None:
    """Find out what is bought together, where the orders have changed since: a round.

    Orders are read in a transaction of their own that holds nothing up, and looked at outside of any.
    """
    with database.workspace(workspace) as tx:
        before = records.made(tx)
        if before is not None and not _due(before, records.stand(tx), now):
            return
    with database.snapshot(workspace) as tx:
        stand = records.stand(tx)
        owners, orders, whole = _read(records.baskets(tx, _MOST_ORDERS))
    fewest = max(FEWEST, -(-len(orders) // _ONE_IN))
    most = min(_MOST_PRODUCTS, isqrt(2 * _MOST_WORK // max(len(orders), 1)))
    looks = min(_MOST_LOOKS, _MOST_WORK // max(len(orders), 1))
    limits = Limits(fewest, FEWEST, longest=_LONGEST, most_products=most, most_looks=looks)
    found = mine(orders, limits, owners, _pick)
    cut = set(found.cut) - {"longer"}
    if records.orders_in(stand) > _MOST_ORDERS or not whole:
        cut.add("orders")
    with database.workspace(workspace) as tx:
        records.write(tx, Made(stand, now, found.baskets, fewest, sorted(cut)), _new(found.rules))


def _due(before: Made, stand: str, now: datetime) -> bool:
    """Return whether the orders have changed; within the hour only by a tenth, as when a file of them is taken in."""
    if before.stand == stand:
        return False
    return now - before.made_at >= _USUALLY or records.orders_in(stand) > records.orders_in(before.stand) * _GROWN


def _read(told: Iterable[list[str]]) -> tuple[list[int], list[list[str]], bool]:
    """Return whose orders there are, what is in each, and whether that is all of them."""
    owners: list[int] = []
    orders: list[list[str]] = []
    lines = 0
    known: dict[str, str] = {}
    for owner, *products in told:
        lines += len(products)
        if lines > _MOST_LINES:
            return owners, orders, False
        owners.append(int(owner))
        orders.append([known.setdefault(one, one) for one in products])  # each number of a product once in memory
    return owners, orders, True


class _Room:
    """Has room for so many rules, and keeps those in most orders; it never holds more than twice as many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rules: list[Rule] = []
        self.left_out = False

    def take(self, rule: Rule) -> None:
        """Keep a rule while there are no better ones."""
        self._rules.append(rule)
        if len(self._rules) > 2 * self._most:
            self.best()

    def best(self) -> list[Rule]:
        """Return what is kept, the best first."""
        self._rules.sort(key=lambda one: (-one.together, one.given, one.then))
        self.left_out = self.left_out or len(self._rules) > self._most
        del self._rules[self._most :]
        return self._rules


def _pick(rules: Iterable[Rule]) -> tuple[list[Rule], bool]:
    """Return what is together more often than by chance, and whether there was more; pairs have a room of their own."""
    pairs, longer = _Room(_MOST_PAIRS), _Room(_MOST_LONGER)
    for one in rules:
        if one.together * one.baskets > one.given_in * one.then_in:
            if len(one.given) == 1:
                pairs.take(one)
            elif one.confidence >= _SURE:
                longer.take(one)
    return [*pairs.best(), *longer.best()], pairs.left_out or longer.left_out


def _new(rules: Collection[Rule]) -> list[New]:
    surest: dict[frozenset[str], Rule] = {}
    for one in rules:
        products = frozenset((*one.given, one.then))
        best = surest.get(products)
        if best is None or (one.confidence, one.then) > (best.confidence, best.then):
            surest[products] = one
    return [New(_id(one), one, surest[frozenset((*one.given, one.then))] is one) for one in rules]


def _id(rule: Rule) -> str:
    return blake2b(msgspec.json.encode((sorted(rule.given), rule.then)), digest_size=12).hexdigest()


def made(tx: Tx) -> Made | None:
    """Return when it was last found out what is bought together, and in what; None before the first time."""
    return records.made(tx)


def find(
    tx: Tx, which: Which, q: str = "", by: str = "lift", *, before: tuple[float, str] | None = None, limit: int = 50
) -> list[Kept]:
    """Return rules about products that are found by words, sorted by one of ORDERS_BY, the most first."""
    return records.list_rules(tx, which, _patterns(q), by, before=before, limit=limit)


def count(tx: Tx, which: Which, q: str = "") -> int:
    """Return how many rules that are."""
    return records.count_rules(tx, which, _patterns(q))


def _patterns(q: str) -> list[str]:
    return patterns(fold(q[:_WORDS]))


def most_bought(tx: Tx) -> str:
    """Return the product that is bought most of those with which something is bought; '' where there is none."""
    return records.most_bought_given(tx) or ""


def called(tx: Tx, rules: Iterable[Kept], *more: str) -> dict[str, Named]:
    """Return what the products of some rules are called, and some more."""
    ids = {*more, *(product for one in rules for product in (*one.given, one.follows))}
    names = records.called(tx, ids)
    return {one: Named(one, names.get(one, one)) for one in ids}
