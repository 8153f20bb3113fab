"""What is bought together: the same rules as others find, and never more work than was allowed."""

import sys
from collections.abc import Callable, Iterator
from random import Random
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understand.market import GROCERIES, RETAIL, by_mlxtend, counted_one_by_one, groceries, retail, told

from regulars.understand.baskets import Found, Limits, Rule, mine

BASKETS = st.lists(st.frozensets(st.sampled_from("abcdefg"), max_size=6), max_size=30)
SHARES = st.sampled_from([(0, 1), (1, 3), (1, 2), (4, 5), (1, 1)])


@given(BASKETS, st.integers(1, 4), SHARES, st.integers(2, 5))
def test_every_rule_is_found_and_no_other(
    baskets: list[frozenset[str]], fewest: int, share: tuple[int, int], longest: int
):
    limits = Limits(fewest, confidence=share[0] / share[1], longest=longest)
    found = mine(baskets, limits)
    assert told(found.rules) == counted_one_by_one(baskets, fewest, share, longest)
    assert len(told(found.rules)) == len(found.rules)
    assert found.baskets == len(baskets)
    if "longer" not in found.cut:
        assert told(found.rules) == counted_one_by_one(baskets, fewest, share, longest + 1)


@given(BASKETS, st.integers(1, 3), st.integers(1, 4), st.data())
def test_what_too_few_have_bought_is_in_no_rule(
    baskets: list[frozenset[str]], fewest: int, owners: int, data: st.DataObject
):
    whose = data.draw(st.lists(st.integers(1, 4), min_size=len(baskets), max_size=len(baskets)))
    found = mine(baskets, Limits(fewest, owners), whose)
    every = {one: len({whose[n] for n, basket in enumerate(baskets) if one[0] | {one[1]} <= basket})
             for one in counted_one_by_one(baskets, fewest, (0, 1), 6)}  # fmt: skip
    assert told(found.rules) == {one for one, many in every.items() if many >= owners}
    for rule in found.rules:
        assert rule.owners == every[next(iter(told([rule])))]


@given(BASKETS, st.integers(0, 30))
def test_where_the_looks_are_used_up_what_is_said_is_true_and_pairs_are_whole(baskets: list[frozenset[str]], most: int):
    found, whole = mine(baskets, Limits(most_looks=most)), mine(baskets, Limits())
    assert told(found.rules) <= told(whole.rules)
    assert {one for one in told(whole.rules) if len(one[0]) == 1} <= told(found.rules)
    assert found.cut or told(found.rules) == told(whole.rules)


def test_owners_are_counted_without_stepping_through_their_baskets():
    """What Python does grows with what is read, not with how many baskets every one of very many sets is in."""
    products = [f"p{n}" for n in range(30)]

    def steps(baskets: int) -> int:
        whose = [n % 5 for n in range(baskets)]
        return _calls(lambda: mine([products] * baskets, Limits(5, 5, longest=3), whose, lambda _: ([], False)))

    few, many = steps(40), steps(400)
    assert many - few <= 5 * len(products) * (400 - 40)


def test_of_very_many_rules_those_are_kept_that_are_picked():
    whose = [1, 2, 1, 1]
    seen: list[str] = []

    def pick(rules: Iterator[Rule]) -> tuple[list[Rule], bool]:
        first = next(rules)
        seen.extend(one.then for one in rules)
        return [first], True

    found = mine(["abc", "abc", "abc", "c"], Limits(), whose, pick)
    assert [(one.together, one.owners) for one in found.rules] == [(3, 2)]
    assert len(seen) == 8
    assert found.cut == ("rules",)


def test_of_too_many_products_those_are_looked_at_that_are_bought_most():
    found = mine(["ab", "ab", "ac", "bd"], Limits(most_products=2))
    assert told(found.rules) == {(frozenset("a"), "b", 2, 3, 3), (frozenset("b"), "a", 2, 3, 3)}
    assert found.cut == ("products",)


def test_a_rule_says_how_often():
    (rule,) = (one for one in mine(["ab", "ab", "a", "c"], Limits()).rules if one.then == "b")
    assert (rule.support, rule.confidence, rule.lift) == (0.5, 2 / 3, 4 / 3)


@pytest.mark.parametrize("by", ["apriori", "fpgrowth"])
def test_the_rules_are_mlxtends(by: str):
    chance = Random(1)
    baskets = [sorted({f"p{int(chance.expovariate(0.15))}" for _ in range(chance.randint(1, 9))}) for _ in range(400)]
    found = mine(baskets, Limits(6, confidence=0.4))
    assert len(found.rules) > 100
    assert told(found.rules) == by_mlxtend(baskets, 6, 0.4, by=by)


real = pytest.mark.skipif(not GROCERIES.exists() or not RETAIL.exists(), reason="the data are not beside the checkout")


@real
def test_groceries_has_the_rules_that_are_known():
    """The counts are those of R's arules; rule by rule, mlxtend's."""
    baskets = groceries()
    assert (len(baskets), sum(map(len, baskets))) == (9_835, 43_367)
    rare, usual = mine(baskets, Limits(10, confidence=0.8)), mine(baskets, Limits(60, confidence=0.25))
    assert _sizes(rare) == {3: 29, 4: 229, 5: 140, 6: 12}
    assert len(usual.rules) == 463
    best = max(usual.rules, key=lambda one: one.lift)
    assert (best.given, best.then, round(best.lift, 3)) == (("herbs",), "root vegetables", 3.956)
    assert told(rare.rules) == by_mlxtend(baskets, 10, 0.8)
    assert told(usual.rules) == by_mlxtend(baskets, 60, 0.25)


@real
def test_online_retail_has_the_rules_that_are_known():
    baskets = retail()
    found = mine(baskets, Limits(200, confidence=0.5))
    (teacup,) = (one for one in found.rules if (one.given, one.then) == (("22697",), "22699"))
    assert (found.baskets, round(teacup.support, 4), round(teacup.confidence, 3)) == (19_960, 0.0384, 0.757)
    assert round(teacup.lift, 2) == 14.19
    assert not found.cut


def _calls(run: Callable[[], object]) -> int:
    """How often a function is called, Python's own among them."""
    calls = 0

    def note(_frame: FrameType, event: str, _about: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


def _sizes(found: Found) -> dict[int, int]:
    sizes = [len(one.given) + 1 for one in found.rules]
    return {size: sizes.count(size) for size in sorted(set(sizes))}
