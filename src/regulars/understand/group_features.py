"""By which facts customers are parted into groups: chosen from what is known of some of them, within bounds.

A fact that is sensitive, or whose use is limited to some purposes, stays out with whatever says the same: a group may
be used for anything, and its page says what sets it apart.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from regulars.remember import catalogue, understood
from regulars.remember.catalogue import FactEntry
from regulars.store.database import Tx
from regulars.understand import grouping_records as records
from regulars.understand.group_learning import FEWEST_IN
from regulars.understand.group_model import Amount, Choice, Feature, words_of

MOST_COLUMNS = 40
_MOST_AMOUNTS, _MOST_VALUES, _LONGEST = 10, 6, 80
_LOOKED_AT, _MOST_FACTS = 5_000, 200
_RARE = 0.05
"""What fewer have says too little of a group."""
_COUNTED = ("orders", "products_viewed", "pages_seen")
_DAYS = ("last_order", "first_order", "last_seen", "first_seen")
_FIRST = ("orders", "spent", "last_order", "days_between_orders", "average_order", "products_viewed", "pages_seen")
_OF_MONEY = ("spent", "average_order")
_WORKED_OUT = {"stage_intent", "stage_evaluation", "stage_purchase", "stage_after_sale"}
"""What other rounds worked out and is no cut through a number that is looked at."""


def choose(tx: Tx, customers: Sequence[int], at_once: int) -> list[Feature]:
    """Return what tells some customers apart, the numbers first; nothing where nothing may."""
    entries = _open(tx)
    known = catalogue.how_many(tx, entries.keys())
    names = _worth(entries, known)
    said = {name: Counter[str]() for name in names}
    there = Counter[str]()
    looked_at = customers[:_LOOKED_AT]
    for first in range(0, len(looked_at), at_once):
        for one in records.known_of(tx, looked_at[first : first + at_once], names):
            there.update(one.known.keys())
            for name, value in one.known.items():
                said[name].update(word for word in words_of(value) if len(word) <= _LONGEST)
    least = max(FEWEST_IN, round(_RARE * len(looked_at)))
    usual = [entries[name] for name in names if there[name] >= least]
    amounts: list[Feature] = [one for entry in usual if (one := _amount(entry))]
    return _within([*amounts[:_MOST_AMOUNTS], *_choices(usual, said, least)])


def _open(tx: Tx) -> dict[str, FactEntry]:
    """Return the facts that a group may rest on."""
    entries = catalogue.entries(tx)
    closed = {name for name, one in entries.items() if one.sensitive or one.purposes is not None}
    if closed:
        closed |= records.twins(tx, closed)
    closed |= understood.LABELS.keys() - _WORKED_OUT
    return {name: one for name, one in entries.items() if name not in closed}


def _worth(entries: Mapping[str, FactEntry], known: Mapping[str, int]) -> list[str]:
    """Return the facts that are known of most, those first that say most; of money only in the currency of most."""
    ranked = sorted(entries, key=lambda name: (-known.get(name, 0), name))
    spent = next((name for name in ranked if _money(entries[name]) == "spent"), "spent")
    own = spent.removeprefix("spent")
    worth = [name for name in ranked if name.removeprefix(_money(entries[name])) == own or not _money(entries[name])]
    place = {one + (own if one in _OF_MONEY else ""): number for number, one in enumerate(_FIRST)}
    return sorted(worth[:_MOST_FACTS], key=lambda name: place.get(name, len(place)))


def _money(entry: FactEntry) -> str:
    """Return which sum a computed fact is, whatever the currency; '' for none."""
    return next((one for one in _OF_MONEY if entry.computed and entry.name.startswith(one)), "")


def _amount(entry: FactEntry) -> Amount | None:
    if entry.computed and entry.name in _DAYS:
        return Amount(entry.name, days=True)
    if entry.kind != "number":
        return None
    return Amount(entry.name, counted=entry.computed and (entry.name in _COUNTED or _money(entry) == "spent"))


def _choices(usual: Sequence[FactEntry], said: Mapping[str, Counter[str]], least: int) -> list[Feature]:
    found: list[Feature] = []
    for entry in usual:
        values = [value for value, many in _most(said[entry.name]) if many >= least]
        if values and entry.kind in {"text", "boolean", "list"}:
            found.append(Choice(entry.name, tuple(values)))
    return found


def _most(said: Counter[str]) -> list[tuple[str, int]]:
    return sorted(said.items(), key=lambda one: (-one[1], one[0]))[:_MOST_VALUES]


def _within(features: Collection[Feature]) -> list[Feature]:
    kept, columns = list[Feature](), 0
    for one in features:
        wide = len(one.place([0.0] * one.columns))
        if columns + wide <= MOST_COLUMNS:
            kept.append(one)
            columns += wide
    return kept


def names_of(features: Collection[Feature]) -> list[str]:
    """Return the facts that features are."""
    return [one.fact for one in features]
