"""`baskets`: the rules of what is bought together, at least 5 times as fast as the better of mlxtend's two ways.

Real baskets at three pairs of thresholds. Ours begins with lists of products; mlxtend's table of yes and no is made
before its clock starts. In every round each has its turn, and the best of each counts; the rules must be the same. The
data are no part of the project: where they are not beside the checkout nothing is measured.
"""

import warnings
from collections.abc import Callable
from time import perf_counter

from mlxtend.frequent_patterns import apriori, association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder
from pandas import DataFrame
from tests.understand.market import GROCERIES, RETAIL, groceries, in_common, retail, told

from benchmarks.report import Result
from regulars.understand.baskets import Limits, mine

NAME = "baskets"
GOAL = 5.0
Baskets = list[list[str]]


def run() -> list[Result]:
    """Run it."""
    if not (GROCERIES.exists() and RETAIL.exists()):
        print(f"   nothing to measure: {GROCERIES.parent} is not there")
        return []
    warnings.simplefilter("ignore")
    market, shop = groceries(), retail()
    return sorted(
        [
            beside("baskets (Groceries, 0.001)", market, fewest=10, confidence=0.8),
            beside("baskets (Groceries, 0.006)", market, fewest=60, confidence=0.25),
            beside("baskets (Online Retail, 0.01)", shop, fewest=200, confidence=0.5, rounds=2),
        ],
        key=lambda one: -one.ratio,
    )


def beside(name: str, baskets: Baskets, *, fewest: int, confidence: float, rounds: int = 5) -> Result:
    """Measure ours and theirs in turns."""
    encoder = TransactionEncoder()
    table = DataFrame(encoder.fit(baskets).transform(baskets), columns=encoder.columns_)
    share = (fewest - 0.5) / len(baskets)

    def theirs(sets: Callable[..., DataFrame], *, slim: bool) -> DataFrame:
        # apriori's quick way takes a byte for every pair of products in every basket: gigabytes for a shop's
        more = {"low_memory": True} if slim else {}
        found = sets(table, min_support=share, use_colnames=True, **more)
        return association_rules(found, metric="confidence", min_threshold=confidence - 1e-9)

    slim = len(encoder.columns_) ** 2 * len(baskets) > 10**9
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: mine(baskets, Limits(fewest, confidence=confidence)),
        "fpgrowth": lambda: theirs(fpgrowth, slim=False),
        "apriori": lambda: theirs(apriori, slim=slim),
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for way, go in ways.items():
            began = perf_counter()
            go()
            best[way] = min(best[way], (perf_counter() - began) * 1000)
    rules = told(mine(baskets, Limits(fewest, confidence=confidence)).rules)
    if rules != in_common(theirs(fpgrowth, slim=False), len(baskets)):
        raise RuntimeError(f"{name}: the rules are not the same")
    print(f"   {name}: {len(rules)} rules; " + ", ".join(f"{way} {ms:,.1f} ms" for way, ms in best.items()))
    return Result.less(name, best["ours"], "ms", limit=min(best["fpgrowth"], best["apriori"]), goal=GOAL)
