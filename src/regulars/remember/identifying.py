"""What the `identity` follower does: it gives every identity its customer, as the log goes.

Links join, as far as the rules allow; a person of the team joins, splits and tells apart, and changes the rules. All of
it is in the log, so a replay comes to the same. What a person said is taken by itself, between the parts of a batch.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from regulars.hear.identities import identities_of
from regulars.remember import duplicate_records, merge_records, naming, records, splitting
from regulars.remember.heard import Links, Pair, Rules, Split, read
from regulars.remember.joining import Book, Merge, rank
from regulars.store.database import Tx
from regulars.store.follow import Batch
from regulars.store.gone import NOBODY
from regulars.store.records import Event
from regulars.words.kinds import (
    CUSTOMER_APART,
    CUSTOMER_JOINED,
    CUSTOMER_MERGED,
    CUSTOMER_SPLIT,
    IDENTITY_RULES,
    LINKING,
)

DECISIONS = frozenset({CUSTOMER_JOINED, CUSTOMER_SPLIT, CUSTOMER_APART, IDENTITY_RULES})
"""What a person decided about who is who."""


def rules_at(tx: Tx, before: int | None = None) -> Rules:
    """Return the rules that hold for what is heard now, or held before an event of the log."""
    newest = merge_records.rules(tx, before=before)
    return msgspec.convert(newest[0].rules, Rules) if newest else Rules()


def join_identities(batch: Batch) -> None:
    """Give every identity a customer, and make one of those that are said to be the same person.

    What nobody did any more, for who did it was forgotten, founds no customer.
    """
    rules = rules_at(batch.tx, batch.span[0])
    events = [event for event in batch.events if event.identity_id != NOBODY or event.kind == IDENTITY_RULES]
    for part in _parts(events):
        first = part[0]
        match first.kind if first.props else None:
            case kind if kind == IDENTITY_RULES:
                rules = read(first.props, Rules)
                merge_records.rule(batch.tx, first.seq, first.at, rules)
            case kind if kind == CUSTOMER_SPLIT:
                _take(batch, part, rules)
                _describe(batch.tx, splitting.split(batch.tx, read(first.props, Split), first.seq))
            case kind if kind == CUSTOMER_APART:
                _take(batch, part, rules)
                splitting.tell_apart(batch.tx, read(first.props, Pair), first.seq)
            case _:
                _take(batch, part, rules)


def _parts(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Cut a batch so that each decision of a person stands alone."""
    start = 0
    for place, event in enumerate(events):
        if event.kind in DECISIONS and event.props:  # without, it was cut: who decided it, or for whom, was forgotten
            if start < place:
                yield events[start:place]
            yield events[place : place + 1]
            start = place + 1
    if start < len(events):
        yield events[start:]


def _take(batch: Batch, events: Sequence[Event], rules: Rules) -> None:
    said = {event.seq: read(event.props, Links) for event in events if event.kind in LINKING}
    linked = {seq: one.links for seq, one in said.items() if one.verified and one.links}
    pairs = {event.seq: read(event.props, Pair) for event in events if event.kind == CUSTOMER_JOINED and event.props}
    linked, pairs = _without_gone(batch.tx, linked, pairs)
    wanted = {seq: pair for seq, pair in pairs.items() if splitting.lift(batch.tx, pair)}
    joined = {identity for pair in wanted.values() for identity in (pair.one, pair.other)}
    mentioned = {event.identity_id for event in events}.union(joined, *linked.values())
    book = _open(batch.tx, mentioned, rules, joining=bool(linked or wanted))
    for event in events:
        book.meet(event.identity_id, event.seq)
        before = len(book.merges)
        book.link(event.identity_id, linked.get(event.seq, ()), event.seq)
        if (pair := wanted.get(event.seq)) is not None:
            book.join(pair.one, pair.other, event.seq)
        for merge in book.merges[before:]:
            props = {"winner": merge.winner, "loser": merge.loser}
            batch.emit(CUSTOMER_MERGED, merge.winner, props, cause=event)
    if book.refused:
        duplicate_records.refuse(batch.tx, book.refused)
    if book.placed or book.merges:
        _write(batch, book)


def _without_gone(
    tx: Tx, linked: Mapping[int, list[int]], pairs: Mapping[int, Pair]
) -> tuple[dict[int, list[int]], dict[int, Pair]]:
    """Leave out the numbers of identities that were let go of: they lead to nobody any more."""
    named = set[int]().union(*linked.values(), *((pair.one, pair.other) for pair in pairs.values()))
    there = {one.id for one in identities_of(tx, named)} if named else set[int]()
    kept = {seq: [one for one in links if one in there] for seq, links in linked.items()}
    both = {seq: pair for seq, pair in pairs.items() if pair.one in there and pair.other in there}
    return {seq: links for seq, links in kept.items() if links}, both


def _open(tx: Tx, mentioned: set[int], rules: Rules, *, joining: bool) -> Book:
    """Return a book about some identities; what the guard must know is read where something may be joined."""
    met = records.met(tx, mentioned)
    customers = {one.customer_id for one in met if one.customer_id is not None}
    if not joining or not customers:
        return Book(met, (), rules=rules)
    known = [kind for kind in ("user", "customer", "email", "phone") if rank(kind, rules) < rank("anonymous", rules)]
    return Book(
        met,
        records.strong_of(tx, customers),
        apart=merge_records.apart_of(tx, customers),
        brought=merge_records.brought(tx, mentioned, known),
        rules=rules,
    )


def _write(batch: Batch, book: Book) -> None:
    moments = {event.seq: event.at for event in batch.events}
    if book.placed:
        records.place_identities(batch.tx, book.placed, moments)
    losers = {merge.loser for merge in book.merges}
    touched = {customer for customer, _ in book.placed.values()} | losers | {merge.winner for merge in book.merges}
    records.hold_customers(batch.tx, touched)
    if book.merges:
        records.repoint(batch.tx, _final(book))
    if book.ties:
        merge_records.tie(batch.tx, book.ties, moments)
    _describe(batch.tx, {book.root(customer) for customer in touched})
    if losers:
        records.drop_customers(batch.tx, losers)


def _describe(tx: Tx, customers: set[int]) -> None:
    """Write the rows of customers whose identities are others now; the transaction holds those that were there."""
    if customers:
        naming.write(tx, records.first_met(tx, customers))


def _final(book: Book) -> list[Merge]:
    """Return for each loser where its identities end up, and the last event that moved them."""
    by_loser = {merge.loser: merge for merge in book.merges}
    final: list[Merge] = []
    for merge in book.merges:
        last = merge
        while last.winner in by_loser:
            last = by_loser[last.winner]
        final.append(Merge(last.winner, merge.loser, last.seq))
    return final


def forget_identities(tx: Tx) -> None:
    """Forget who belongs to whom, and why, for a replay."""
    records.forget_identities(tx)
    merge_records.forget(tx)
    duplicate_records.forget_refused(tx)
