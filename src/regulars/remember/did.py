"""Computed facts: what customers did, counted by identity and folded by customer, under names like any other fact.

| fact | what it is computed from |
| --- | --- |
| `first_seen`, `last_seen` | every event that is a sign of them, by its UTC day |
| `pages_seen`, `products_viewed`, `category_viewed_most` | what they looked at |
| `orders`, `first_order`, `last_order`, `days_between_orders` | their orders, without cancelled ones |
| `spent_gbp`, `average_order_gbp` (one a currency) | those whose total is known, without what was refunded |
| `favourite_product`, `favourite_category` | the pieces they bought and kept |

Words that only a browser key said are marked so (`OVERHEARD`), and no message quotes them.

Counts stay with the identity, so customers that are merged, or taken apart again, are only folded anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from regulars.remember import did_records as records
from regulars.remember import records as people
from regulars.remember import understood
from regulars.remember.did_records import Computed, Count, Counted, Spent
from regulars.remember.heard import whose_changed
from regulars.remember.retention_records import cut_among, did_before
from regulars.remember.shopping import ORDERS, VIEWED, products_in
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.gone import LEFT
from regulars.store.records import Event
from regulars.words.kinds import FACT_FORGOTTEN, FORM_ANSWERED, HOUSE, IDENTIFY, PAGE, SCREEN, SEGMENT_MOVES
from regulars.words.money import major

FOLLOWER = "did"
SIGNS = frozenset({IDENTIFY, PAGE, SCREEN, FORM_ANSWERED})
"""The house's own events that a customer gives a sign by; every event that a shop sends is one, too."""
LABELS = {
    "first_seen": "First seen",
    "last_seen": "Last seen",
    "pages_seen": "Pages looked at",
    "products_viewed": "Products looked at",
    "category_viewed_most": "Category looked at most",
    "orders": "Orders",
    "first_order": "First order",
    "last_order": "Last order",
    "days_between_orders": "Days between orders",
    "favourite_product": "Bought most",
    "favourite_category": "Category bought most",
}
MOST_CATEGORIES = 100
"""Categories that are counted of one identity: all are read at each thing it does."""
OF_ORDERS = ("orders", "first_order", "last_order", "days_between_orders", "favourite_", "spent", "average_order")
"""How the names begin of what is computed from orders."""


def count(batch: Batch) -> None:
    """Count a batch, and fold the facts of whoever it concerns anew.

    What was let go of is counted already; whoever did it is folded when a replay passes it, for nothing else may come.
    """
    gone = _gone(batch)
    events = [event for event in batch.events if event.seq not in gone]
    counted = counts(events)
    if counted:
        records.count(batch.tx, counted, MOST_CATEGORIES)
    concerned = {one.identity_id for one in counted}.union(gone.values())
    if spoken := [event.seq for event in events if event.kind in ORDERS]:
        concerned.update(records.spoke_of_orders(batch.tx, spoken))
    changed = set[int]().union(*map(whose_changed, events))
    if changed:
        joined = people.customers_of(batch.tx, changed).values()
        concerned |= changed.union(records.share_orders(batch.tx, set(joined)))
    for event in events:
        if event.kind == FACT_FORGOTTEN:
            concerned.add(event.identity_id)
    if concerned:
        customers = set(people.customers_of(batch.tx, concerned).values())
        refold(batch.tx, customers, gone=concerned - customers)


def refold(tx: Tx, customers: Collection[int], gone: Collection[int] = ()) -> None:
    """Fold the computed facts of customers from their counts and orders; those of ids that are none any more go."""
    withheld = records.withheld(tx, customers)
    facts = [one for one in _computed(tx, customers) if (one.customer_id, one.name) not in withheld]
    new = {one.name: one for one in facts}.keys() - records.computed_names(tx)
    if new:
        first = {one.name: one for one in reversed(facts)}
        records.declare(tx, [first[name] for name in sorted(new)])
    records.write(
        tx, {*customers, *gone}, sorted(facts, key=lambda one: (one.customer_id, one.name)), understood.LABELS
    )


def _gone(batch: Batch) -> dict[int, int]:
    """Return those events of a batch that were cut, and whose they are. What says more than money was not."""
    bare = {event.seq: event.identity_id for event in batch.events if event.props.keys() <= LEFT}
    return {seq: bare[seq] for seq in cut_among(batch.tx, bare)} if bare else {}


def counts(events: Iterable[Event]) -> list[Count]:
    """Return what events count of those who did them."""
    found: dict[tuple[int, str, str], Count] = {}
    for event in events:
        for what, about in _done(event):
            key = (event.identity_id, what, about)
            if (known := found.get(key)) is None:
                found[key] = Count(*key, 1, event.at, event.at, event.seq)
            else:
                known.count += 1
                known.first_at, known.last_at = min(known.first_at, event.at), max(known.last_at, event.at)
                known.seq = max(known.seq, event.seq)
    return list(found.values())


def _done(event: Event) -> Iterator[tuple[str, str]]:
    if event.kind in HOUSE and event.kind not in SIGNS:
        return
    yield "seen", ""
    if event.kind in {PAGE, SCREEN}:
        yield "page", ""
    elif event.kind in VIEWED:
        yield "viewed", ""
        for product in products_in(event):
            if product.category:
                yield "category", product.category


def _computed(tx: Tx, customers: Collection[int]) -> Iterator[Computed]:
    viewed: dict[int, Counted] = {}
    for one in records.counted(tx, customers):
        if one.what == "category":
            best = viewed.get(one.customer_id)
            if best is None or (one.count, one.last_at) > (best.count, best.last_at):
                viewed[one.customer_id] = one
        else:
            yield from _of_counts(one)
    for most in viewed.values():
        yield _text(
            most.customer_id, "category_viewed_most", most.about, most.last_at, most.seq, overheard=most.overheard
        )
    spent: dict[int, list[Spent]] = defaultdict(list)
    for row in records.bought(tx, customers):
        spent[row.customer_id].append(row)
    for rows in spent.values():
        yield from _of_orders(rows)
    for one in records.favourites(tx, spent):
        yield _text(one.customer_id, one.fact, one.text, one.at, one.seq, overheard=one.overheard)


def _of_counts(one: Counted) -> Iterator[Computed]:
    who, at, seq = one.customer_id, one.last_at, one.seq
    match one.what:
        case "seen":
            yield _day(who, "first_seen", one.first_at, at, seq)
            yield _day(who, "last_seen", one.last_at, at, seq)
        case "page":
            yield _number(who, "pages_seen", Decimal(one.count), at, seq)
        case "viewed":
            yield _number(who, "products_viewed", Decimal(one.count), at, seq)
        case _:
            pass


def _of_orders(rows: list[Spent]) -> Iterator[Computed]:
    who, at, seq = rows[0].customer_id, max(row.changed_at for row in rows), max(row.seq for row in rows)
    placed = sum(row.orders for row in rows)
    first = min((row.first_at for row in rows if row.first_at), default=None)
    last = max((row.last_at for row in rows if row.last_at), default=None)
    yield _number(who, "orders", Decimal(placed), at, seq)
    if first and last:
        yield _day(who, "first_order", first, at, seq)
        yield _day(who, "last_order", last, at, seq)
        if placed > 1:
            days = Decimal((last - first).total_seconds()) / 86_400 / (placed - 1)
            yield _number(who, "days_between_orders", days.quantize(Decimal(1), ROUND_HALF_UP), at, seq)
    for row in rows:
        changed = row.changed_at
        if row.priced or row.net or not row.orders:
            yield _money(who, "spent", "Spent", row.net, row.currency, changed, row.seq)
        if row.priced:
            mean = int((Decimal(row.net) / row.priced).quantize(Decimal(1), ROUND_HALF_UP))
            yield _money(who, "average_order", "Average order", mean, row.currency, changed, row.seq)


def _text(customer: int, name: str, text: str, at: datetime, seq: int, *, overheard: bool) -> Computed:
    json, origin = msgspec.json.encode(text).decode(), records.OVERHEARD if overheard else ""
    return Computed(customer, name, "text", LABELS[name], json, text, at, seq, origin)


def _day(customer: int, name: str, day: datetime, at: datetime, seq: int) -> Computed:
    words = day.astimezone(UTC).date().isoformat()
    return Computed(customer, name, "date", LABELS[name], f'"{words}"', words, at, seq)


def _number(customer: int, name: str, number: Decimal, at: datetime, seq: int) -> Computed:
    text = format(number, "f")
    return Computed(customer, name, "number", LABELS[name], text, text, at, seq)


def _money(customer: int, name: str, label: str, units: int, code: str, at: datetime, seq: int) -> Computed:
    """Return a fact about money, by a name of its own for each currency."""
    text = format(major(units, code), "f")
    if code:
        name, label = f"{name}_{code.lower()}", f"{label} ({code})"
    return Computed(customer, name, "number", label, text, f"{text} {code}".strip(), at, seq)


def _begin_anew(tx: Tx) -> None:
    """Forget what was counted, but what events counted that were let go of since."""
    records.forget(tx, understood.LABELS)
    did_before(tx)


DID = Follower(
    FOLLOWER,
    "deriving",
    count,
    besides=SEGMENT_MOVES,
    after=("identity", "facts", "orders"),
    reset=_begin_anew,
    cut=True,
)
"""`did`: counts what customers do, and computes facts from it."""
