"""What is asked about customers who moved, so that it can be said why: only what the rules leave open."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from regulars.store.database import Tx
from regulars.understand import reasoning_records, records
from regulars.understand.looking import leaves
from regulars.understand.reasoning_records import Counted, Learned
from regulars.understand.records import Change
from regulars.understand.rules import EventRule, FactRule, Group, Leaf, MessageRule, Rule
from regulars.understand.writing import written

_FAR = 36_500


class Asked(msgspec.Struct, frozen=True):
    """What was asked about those who moved."""

    places: Mapping[Leaf, int]
    """The conditions, each with its number."""
    decided: Mapping[tuple[int, bool], Mapping[Leaf, bool] | None]
    """What of each rule's conditions must be where it says yes, or no; None where that leaves one of them open."""
    held: Collection[tuple[int, int]]
    """Which conditions held of whom, as far as the rules did not say it."""
    before: Collection[tuple[int, int]]
    """Which conditions held of whom the day before; nothing where something arrived."""
    amounts: Mapping[tuple[int, int], tuple[int, float]]
    learned: Mapping[tuple[int, str], Learned]


def ask(tx: Tx, trees: Mapping[int, Rule], changes: Sequence[Change], today: date, *, timed: bool) -> Asked:
    """Ask what the rules leave open of those who moved, how often they did what, and where their facts come from."""
    places = {end: n for n, end in enumerate(dict.fromkeys(end for tree in trees.values() for end in leaves(tree)))}
    decided = {(n, value): _decided(tree, value=value) for n, tree in trees.items() for value in (True, False)}
    unclear = {n for (n, _), ends in decided.items() if ends is None}
    asking = {one.customer_id for one in changes if decided[one.segment_id, one.entered] is None}
    customers = {one.customer_id for one in changes}
    held = before = frozenset[tuple[int, int]]()
    if asking:
        some = {end for n in unclear for end in leaves(trees[n])}
        held = records.ask(tx, _numbered(places, some), list(asking), today)
    if timed:
        before = records.ask(tx, _numbered(places, places), list(customers), today - timedelta(days=1))
    counted = {n: _counted(end, today) for end, n in places.items()}
    asked = {n: one for n, one in counted.items() if one is not None}
    amounts = reasoning_records.amounts(tx, customers, asked) if asked else []
    names = {end.name for end in places if isinstance(end, FactRule)}
    learned = reasoning_records.learned(tx, customers, names) if names else []
    return Asked(
        places,
        decided,
        held,
        before,
        {(one.number, one.customer_id): (one.count, one.total) for one in amounts},
        {(one.customer_id, one.name): one for one in learned},
    )


def _numbered(places: Mapping[Leaf, int], some: Collection[Leaf]) -> tuple[tuple[int, str], ...]:
    return tuple((n, msgspec.json.encode(written(end)).decode()) for end, n in places.items() if end in some)


@lru_cache(maxsize=16_384)
def _decided(rule: Rule, *, value: bool) -> Mapping[Leaf, bool] | None:
    """Return which of its conditions hold where a rule says yes, or no; None where that leaves one of them open."""
    if not isinstance(rule, Group):
        return {rule: value}
    each = value is not (rule.need == "none")
    if each is not (rule.need == "all") and len(rule.clauses) > 1:
        return None
    found = [_decided(clause, value=each) for clause in rule.clauses]
    return None if None in found else {end: held for one in found if one for end, held in one.items()}


def _counted(end: Leaf, today: date) -> Counted | None:
    """Return what the daily counts are asked for a condition; None where they do not say it."""
    asked = end.as_event if isinstance(end, MessageRule) else end
    if not isinstance(asked, EventRule) or not asked.counted:
        return None
    days, far = asked.days, timedelta(days=_FAR)
    first, last = today - far, today + far
    if days.within is not None:
        first = today - timedelta(days=days.within - 1)
    if days.older_than is not None:
        last = today - timedelta(days=days.older_than + 1)
    if days.between is not None:
        first, last = (today - timedelta(days=age) for age in reversed(days.between))
    first = date.fromisoformat(days.since) if days.since else first
    last = date.fromisoformat(days.until) if days.until else last
    return Counted(asked.kind, first, last)
