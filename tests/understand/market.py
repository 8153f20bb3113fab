"""Real baskets with known figures, where they are beside the checkout; and rules that are found by other ways."""

import csv
import gzip
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from regulars.understand.baskets import Rule

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
GROCERIES = DATA / "groceries_baskets.csv.gz"
RETAIL = DATA / "online_retail.csv.gz"
Told = tuple[frozenset[str], str, int, int, int]
"""A rule: what is given, what follows, and in how many baskets all, the given and the other are."""


def groceries() -> list[list[str]]:
    """The Groceries of R's arules: 9,835 baskets."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(GROCERIES):
        found[row["basket_id"]].append(row["item"])
    return list(found.values())


def retail() -> list[list[str]]:
    """The sales of Online Retail: 19,960 invoices."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows(RETAIL):
        if int(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0:
            found[row["InvoiceNo"]].add(row["StockCode"])
    return [sorted(one) for one in found.values()]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def told(rules: Iterable[Rule]) -> set[Told]:
    """Rules as others tell them, too."""
    return {(frozenset(one.given), one.then, one.together, one.given_in, one.then_in) for one in rules}


def counted_one_by_one(
    baskets: list[frozenset[str]], fewest: int, confidence: tuple[int, int], longest: int
) -> set[Told]:
    """Every rule, by looking at every set in every basket. The confidence is a fraction."""
    products = sorted(set[str]().union(*baskets))
    found: set[Told] = set()
    for size in range(2, longest + 1):
        for some in map(frozenset, combinations(products, size)):
            together = sum(some <= basket for basket in baskets)
            for then in some if together >= fewest else ():
                given_in, then_in = sum(some - {then} <= one for one in baskets), sum(then in one for one in baskets)
                if together * confidence[1] >= confidence[0] * given_in:
                    found.add((some - {then}, then, together, given_in, then_in))
    return found


def by_mlxtend(baskets: list[list[str]], fewest: int, confidence: float, *, by: str = "fpgrowth") -> set[Told]:
    """The rules that mlxtend finds, of those with one product as the consequence."""
    from mlxtend import frequent_patterns
    from mlxtend.preprocessing import TransactionEncoder
    from pandas import DataFrame

    encoder = TransactionEncoder()
    table = DataFrame(encoder.fit(baskets).transform(baskets), columns=encoder.columns_)
    number = len(baskets)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sets = getattr(frequent_patterns, by)(table, min_support=(fewest - 0.5) / number, use_colnames=True)
        rules = frequent_patterns.association_rules(sets, metric="confidence", min_threshold=confidence - 1e-9)
    return in_common(rules, number)


def in_common(rules: Any, baskets: int) -> set[Told]:
    """Those rules of mlxtend's that have one product as the consequence, as others tell them, too."""
    columns = ("antecedents", "consequents", "support", "antecedent support", "consequent support")
    return {
        (given, *then, *(round(share * baskets) for share in shares))
        for given, then, *shares in rules[list(columns)].itertuples(index=False)
        if len(then) == 1
    }
