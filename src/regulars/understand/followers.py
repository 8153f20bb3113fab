"""What follows the log here: daily counts, and who is in which segment."""

from collections.abc import Iterable, Mapping

from regulars.remember.customers import customers_of
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.records import Event
from regulars.understand import finding_records, reasoning, records
from regulars.understand.asking import (
    AFTER,
    FOLLOWER,
    Came,
    Looks,
    concerned,
    day_of,
    entering_or_leaving,
    in_pieces,
    standing,
)
from regulars.understand.looking import STATING
from regulars.understand.records import Change
from regulars.words.kinds import (
    CONSENT_CHANGED,
    CUSTOMER_APART,
    CUSTOMER_JOINED,
    CUSTOMER_MERGED,
    CUSTOMER_SPLIT,
    FACT_FORGOTTEN,
    IDENTITY_RULES,
    LIST_CHANGED,
    MESSAGE_BOUNCED,
    MESSAGE_REFUSED,
    MESSAGE_SCANNED,
    MESSAGE_SENT,
    MESSAGE_UNCERTAIN,
    RESTRICTION_CHANGED,
    SEGMENT_ENTERED,
    SEGMENT_LEFT,
)

NO_SIGN = frozenset(
    {
        CONSENT_CHANGED,
        CUSTOMER_APART,
        CUSTOMER_JOINED,
        CUSTOMER_MERGED,
        CUSTOMER_SPLIT,
        IDENTITY_RULES,
        LIST_CHANGED,
        MESSAGE_BOUNCED,
        MESSAGE_REFUSED,
        MESSAGE_SCANNED,
        MESSAGE_SENT,
        MESSAGE_UNCERTAIN,
        RESTRICTION_CHANGED,
        SEGMENT_ENTERED,
        SEGMENT_LEFT,
    }
)
"""Events that are no sign of a customer: what was done to them, or by somebody for them."""


def _roll_up(batch: Batch) -> None:
    """Add a batch to its identities' days, in one statement."""
    records.roll_up(batch.tx, *batch.span, NO_SIGN)


def _forget_rollups(tx: Tx) -> None:
    """Count from zero; the segments that counted are asked again once the counts are back."""
    records.forget_rollups(tx)
    finding_records.forget_seen(tx)
    records.mark_to_ask(tx)


def _settle(batch: Batch) -> None:
    """Ask the customers of a batch about the segments that look at what arrived.

    During a replay nobody is asked, for the counts and facts may themselves be on their way back: the round that
    comes after it asks everybody, and says what then differs from the membership that was kept.
    """
    rules = [rule for rule in standing(batch.tx) if rule.built]
    if batch.replaying or not rules:
        return
    splits = [event for event in batch.events if event.kind == CUSTOMER_SPLIT]
    ends = {int(event.props[end]) for event in splits for end in ("one", "other")}
    customers = customers_of(batch.tx, {event.identity_id for event in batch.events} | ends)
    causes, merged = _touched(batch.events, customers)
    arrived = _arrived(batch.events, customers, causes)
    today = day_of(rules, batch.now)
    changes: list[Change] = []
    why: reasoning.Moved = {}
    looks = Looks.of(rules)
    for about, some in concerned(looks, _came(batch, looks, arrived)):
        moved = [
            change
            for piece in in_pieces(about)
            for change in records.settle(batch.tx, piece, some, batch.now, today, batch.span[1])
        ]
        if moved:
            changes += moved
            why |= reasoning.of_arrivals(batch.tx, about, moved, today, arrived)
    names = {rule.id: rule.name for rule in rules}
    for kind, customer, props in entering_or_leaving(changes, names, merged, why):
        batch.emit(kind, customer, props, cause=causes[customer])


def _arrived(
    events: Iterable[Event], customers: Mapping[int, int], causes: Mapping[int, Event]
) -> dict[int, list[Event]]:
    """Return what arrived of each customer touched; of one who is none any more, what took them away.

    A split arrived of both that it made, whatever else either of them did since.
    """
    found: dict[int, list[Event]] = {}
    for event in events:
        ends = [int(event.props[end]) for end in ("one", "other")] if event.kind == CUSTOMER_SPLIT else []
        for customer in {customers[one] for one in (event.identity_id, *ends) if one in customers}:
            found.setdefault(customer, []).append(event)
    for customer, event in causes.items():
        if event not in (events := found.setdefault(customer, [])):
            events.append(event)
    return found


def _came(batch: Batch, looks: Looks, arrived: Mapping[int, Iterable[Event]]) -> dict[int, Came]:
    """Return what came of each customer touched: of what happened, what was learned or computed, and who is new."""
    came = {customer: Came({event.kind for event in events}) for customer, events in arrived.items()}
    if looks.facts and came:
        between = (batch.events[0].seq, batch.events[-1].seq)
        forgot = any(event.kind == FACT_FORGOTTEN for event in batch.events)  # of others of theirs, too
        told = [customer for customer, one in came.items() if forgot or not STATING.isdisjoint(one.kinds)]
        for customer, name in records.facts_learned(batch.tx, came, told, looks.facts, *between):
            came[customer].facts.add(name)
    if looks.strangers and came:
        for customer in came.keys() - records.met_before(batch.tx, came, batch.span[0]):
            came[customer].new = True
    return came


def _touched(events: Iterable[Event], customers: Mapping[int, int]) -> tuple[dict[int, Event], dict[int, int]]:
    """Return each customer touched with the event that did it last, and who was merged into whom.

    A live event goes before an imported one: what it causes is then live too, and acted upon.
    """
    causes: dict[int, Event] = {}
    merged: dict[int, int] = {}
    for event in sorted(events, key=lambda one: (not one.historical, one.seq)):
        if (customer := customers.get(event.identity_id)) is not None:
            causes[customer] = event
        if event.kind == CUSTOMER_MERGED:
            loser, winner = int(event.props["loser"]), int(event.props["winner"])
            causes[loser] = event
            merged[loser] = winner
        if event.kind == CUSTOMER_SPLIT:
            causes |= {customers[int(event.props[end])]: event for end in ("one", "other")}
    return causes, merged


FOLLOWERS: tuple[Follower, ...] = (
    Follower("rollups", "deriving", _roll_up, after=("identity",), reset=_forget_rollups, size=5000, spans=True),
    Follower(FOLLOWER, "deriving", _settle, after=AFTER, reset=records.mark_to_ask),
)
