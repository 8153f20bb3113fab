"""Purchase stages and kinds of product, kept by a round: of those who did something since, and whom time has moved.

What somebody is at are facts, one a stage, each a list of categories: `stage_evaluation` says in which they compare.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import msgspec

from regulars.access.brands import standing
from regulars.remember import understood
from regulars.remember.customers import customers_of
from regulars.remember.did_records import Computed, Last, spoke_of_orders
from regulars.remember.folding import fold
from regulars.remember.heard import whose_changed
from regulars.remember.shopping import ORDERS, SHOPPING, products_in
from regulars.store.database import Database, Tx
from regulars.store.records import Event, read_events
from regulars.understand import stages_records as records
from regulars.understand.breathing import breath
from regulars.understand.changed import ask_about
from regulars.understand.stages import SIGNS, STAGES, At, Placed, Seen, Stage, Way, stages, ways
from regulars.understand.stages_records import AtStages, KindCount, Made, Person, ProductKind
from regulars.words.kinds import CUSTOMER_MERGED, CUSTOMER_SPLIT, FACT_FORGOTTEN, RESTRICTION_CHANGED

__all__ = [
    "FEWEST",
    "STAGES",
    "AtStages",
    "KindCount",
    "Person",
    "ProductKind",
    "Stage",
    "counts",
    "kind_counts",
    "kinds",
    "made",
    "people",
    "walk_on",
]

FEWEST = 5
"""Customers who must have bought a product for its kind to be said."""
NAMES = tuple(f"stage_{one}" for one in STAGES)
_MOVING = SHOPPING | {CUSTOMER_MERGED, CUSTOMER_SPLIT, FACT_FORGOTTEN, RESTRICTION_CHANGED}
_AFTER = ("identity", "facts", "orders", "did")
_AT_ONCE = 500
_IN_MIND = 50
"""Customers whose signs are in memory at a time."""
_MOST_SIGNS = 1_000
"""Of one identity: the newest."""
_MOST_CATEGORIES = 50
_LONGEST = 500
"""Characters of a category, as the catalogue of products has it."""
_YEAR = timedelta(days=365)
_LOOKED_AT = timedelta(days=400)
_KINDS_BY = timedelta(hours=1)
_SECONDS = 30.0
"""How long a round goes on before it lets others have their turn; what is left is for the next."""


def walk_on(database: Database, workspace: str, now: datetime) -> None:
    """Find at which stages those are who did something since, and those whom a day that began has moved: a round.

    A few hundred events are read in a transaction, so little is held, and a round that takes long is walked on in the
    next. What kinds products are follows by the hour, when nothing is left to read.
    """
    until = monotonic() + _SECONDS
    with database.workspace(workspace) as tx:
        zone = ZoneInfo(standing(tx, workspace).zone)
    more = True
    while more:
        with breath(database, workspace), database.workspace(workspace) as tx:
            customers, more = _next(tx)
            _look_at(tx, customers, zone, now)
        if more and monotonic() >= until:
            return
    today = now.astimezone(zone).date()
    while True:
        with breath(database, workspace), database.workspace(workspace) as tx:
            customers = records.due_customers(tx, today, _AT_ONCE)
            _look_at(tx, customers, zone, now)
        if not customers:
            break
        if monotonic() >= until:
            return
    with database.workspace(workspace) as tx:
        before = records.made(tx)
        if before and _kinds_due(before, now):
            records.make_kinds(tx, now - _YEAR, FEWEST, now)


def _kinds_due(before: Made, now: datetime) -> bool:
    """Return whether something was read since the kinds were made; within the hour they stay as they are."""
    return before.kinds_at is None or (before.seq > before.kinds_seq and now - before.kinds_at >= _KINDS_BY)


def _next(tx: Tx) -> tuple[set[int], bool]:
    """Return whom the next events concern, noting that they are read, and whether more may follow."""
    after, upto = records.hold(tx), records.followed_to(tx, _AFTER)
    events = read_events(tx, after=after, upto=upto, kinds=_MOVING, historical=True, cut=True, limit=_AT_ONCE)
    more = len(events) == _AT_ONCE
    records.note(tx, events[-1].seq if more else upto)
    concerned = {one.identity_id for one in events}.union(*map(whose_changed, events))
    if spoken := [one.seq for one in events if one.kind in ORDERS]:
        concerned.update(spoke_of_orders(tx, spoken))
    return {*customers_of(tx, concerned).values(), *concerned}, more


@dataclass
class _Found:
    """What some customers are at, how they bought, and the last event that went into it."""

    at: dict[int, Mapping[str, At]] = field(default_factory=dict)
    bought: dict[int, Mapping[str, Way]] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)


def _look_at(tx: Tx, customers: Collection[int], zone: ZoneInfo, now: datetime) -> None:
    """Find at which stages some customers are, and only then hold them up to write it: others follow meanwhile.

    Whoever is joined with another, or goes, in between is seen by the event that says so.
    """
    found, everyone = _Found(), sorted(customers)
    for first in range(0, len(everyone), _IN_MIND):
        _find(tx, everyone[first : first + _IN_MIND], zone, now, found)
    there = understood.hold(tx, everyone)
    at = {who: found.at[who] for who in there if who in found.at}
    records.put(tx, everyone, at, {who: found.bought[who] for who in at})
    sure = records.vouched(tx, {category for one in at.values() for category in one})
    facts = [fact for who, one in at.items() for fact in _facts(who, one, found.last[who], sure)]
    ask_about(tx, understood.keep(tx, there, NAMES, facts), NAMES, now)


def _find(tx: Tx, customers: Collection[int], zone: ZoneInfo, now: datetime, found: _Found) -> None:
    heard = records.signs(tx, customers, SIGNS, now - _LOOKED_AT, _MOST_SIGNS)
    seen, ordered, last = _seen(tx, heard), _ordered(tx, customers), dict[int, int]()
    placed = {who: [one for one, _ in some] for who, some in ordered.items()}
    for who, event in heard:
        last[who] = max(last.get(who, 0), event.seq)
    for who, some in ordered.items():
        last[who] = max(last.get(who, 0), *(seq for _, seq in some))
    today = now.astimezone(zone).date()
    for who, seq in last.items():
        found.last[who] = seq
        found.at[who] = _most(stages(seen.get(who, ()), placed.get(who, ()), zone, today))
        found.bought[who] = ways(seen.get(who, ()), placed.get(who, ()), zone, now - _YEAR)


def _seen(tx: Tx, heard: Iterable[tuple[int, Event]]) -> Mapping[int, list[Seen]]:
    named = [(who, event, one) for who, event in heard for one in products_in(event)]
    lists = [(who, event) for who, event in heard if SIGNS[event.kind] == "list"]
    known = records.categories_of(tx, {one.product for *_, one in named})
    found: dict[int, list[Seen]] = defaultdict(list)
    for who, event, one in named:
        if category := known.get(one.product) or one.category:
            found[who].append(Seen(event.at, SIGNS[event.kind], one.product, category))
    for who, event in lists:
        if isinstance(category := event.props.get("category"), str) and category.strip():
            found[who].append(Seen(event.at, "list", "", " ".join(category.split())[:_LONGEST]))
    return found


def _ordered(tx: Tx, customers: Collection[int]) -> Mapping[int, list[tuple[Placed, int]]]:
    found: dict[int, list[tuple[Placed, int]]] = defaultdict(list)
    for one in records.placed(tx, customers):
        found[one.customer_id].append((Placed(one.at, one.product, one.category), one.seq))
    return found


def _most(found: Mapping[str, At]) -> dict[str, At]:
    """Return the stages in the categories that somebody was seen in last."""
    latest = sorted(found, key=lambda one: (found[one].at, one), reverse=True)
    return {one: found[one] for one in latest[:_MOST_CATEGORIES]}


def _facts(who: int, found: Mapping[str, At], seq: int, sure: Collection[str]) -> Iterable[Computed]:
    for name, stage in zip(NAMES, STAGES, strict=True):
        if own := sorted(category for category, one in found.items() if one.stage == stage):
            last = Last(max(found[one].at for one in own), seq)
            fact = understood.fact(who, name, msgspec.json.encode(own).decode(), ", ".join(own), last)
            yield fact if set(own) <= set(sure) else understood.overheard(fact)


def made(tx: Tx) -> Made | None:
    """Return how far the events are read, and when the kinds were made; None before the first time."""
    return records.made(tx)


def counts(tx: Tx, limit: int = 100) -> list[AtStages]:
    """Return how many customers are at each stage, those categories first in which most are."""
    return records.stage_counts(tx, limit)


def people(tx: Tx, category: str, stage: Stage, after: int = 0, limit: int = 50, *, q: str = "") -> list[Person]:
    """Return who is at a stage in a category, by number, behind one: all, or whom a search finds as customers."""
    return records.people_at(tx, category, stage, fold(q), after, limit)


def kind_counts(tx: Tx) -> list[KindCount]:
    """Return how many products are of each kind, and in how many orders."""
    return records.kind_counts(tx)


def kinds(tx: Tx, kind: str | None = None, limit: int = 100) -> list[ProductKind]:
    """Return products with their kinds, or those of one kind, those in most orders first."""
    return records.kinds(tx, kind, limit)
