"""The room's followers of the log: who is who, what they told us, what they allowed."""

from collections.abc import Iterator

from regulars.remember import naming, pause_records, records
from regulars.remember.heard import Answered, Changed, Forgotten, Links, Merged, Paused, read
from regulars.remember.joining import Book, Merge
from regulars.remember.learning import keep, statements
from regulars.remember.rows import Agreed, PauseSaid, Withdrawn
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.records import Event
from regulars.words.kinds import (
    CONSENT_CHANGED,
    CUSTOMER_MERGED,
    FACT_FORGOTTEN,
    FACT_STATED,
    FORM_ANSWERED,
    IDENTIFY,
    LINKING,
    PAUSE_CHANGED,
)


def join_identities(batch: Batch) -> None:
    """Give every identity a customer, and make one of those that an `identify` says are the same person."""
    links = {event.seq: read(event.props, Links) for event in batch.events if event.kind in LINKING}
    linked = {seq: said.links for seq, said in links.items() if said.verified and said.links}
    mentioned = {event.identity_id for event in batch.events}.union(*linked.values())
    met = records.met(batch.tx, mentioned)
    customers = {one.customer_id for one in met if one.customer_id is not None}
    book = Book(met, records.strong_of(batch.tx, customers) if linked and customers else ())
    for event in batch.events:
        book.meet(event.identity_id, event.seq)
        before = len(book.merges)
        book.link(event.identity_id, linked.get(event.seq, ()), event.seq)
        for merge in book.merges[before:]:
            props = {"winner": merge.winner, "loser": merge.loser}
            batch.emit(CUSTOMER_MERGED, merge.winner, props, cause=event)
    if book.placed or book.merges:
        _write(batch, book)


def _write(batch: Batch, book: Book) -> None:
    if book.placed:
        records.place_identities(batch.tx, book.placed)
    losers = {merge.loser for merge in book.merges}
    touched = {customer for customer, _ in book.placed.values()} | losers | {merge.winner for merge in book.merges}
    moments = {event.seq: event.at for event in batch.events}
    founded = {customer: moments[seq] for customer, seq in book.founded.items()}
    met = founded | records.hold_customers(batch.tx, touched)
    if book.merges:
        records.repoint(batch.tx, _final(book))
    created = {book.root(customer): at for customer, at in met.items()}
    for customer, at in met.items():
        created[book.root(customer)] = min(created[book.root(customer)], at)
    naming.write(batch.tx, created)
    if losers:
        records.drop_customers(batch.tx, losers)


def _final(book: Book) -> list[Merge]:
    """Return for each loser where its identities end up in this batch, and the last event that moved them."""
    by_loser = {merge.loser: merge for merge in book.merges}
    final: list[Merge] = []
    for merge in book.merges:
        last = merge
        while last.winner in by_loser:
            last = by_loser[last.winner]
        final.append(Merge(last.winner, merge.loser, last.seq))
    return final


def learn_facts(batch: Batch) -> None:
    """Keep what identities say, and fold it into their customers.

    Customers are folded anew who were merged, or who had something forgotten: what is withdrawn ends every statement
    made before, so it is noted first.
    """
    forgotten = [one for event in batch.events if event.kind == FACT_FORGOTTEN for one in _withdrawn(event)]
    if forgotten:
        records.withdraw(batch.tx, forgotten)
    changed = keep(batch.tx, [one for event in batch.events for one in statements(event)])
    renamed = {customer for customer, name in changed if name in naming.NAMING}
    merged = [read(event.props, Merged) for event in batch.events if event.kind == CUSTOMER_MERGED]
    if merged or forgotten:
        ids = {customer for one in merged for customer in (one.winner, one.loser)}
        ids |= {one.identity_id for one in forgotten}
        anew = set(records.customers_of(batch.tx, ids).values())
        records.refold(batch.tx, ids | anew, anew)
        renamed |= anew
    naming.describe(batch.tx, renamed)


def _withdrawn(event: Event) -> Iterator[Withdrawn]:
    yield Withdrawn(event.identity_id, read(event.props, Forgotten).name, event.seq, event.at)


def learn_consents(batch: Batch) -> None:
    """Keep what identities allowed and withdrew, and for how long they want no messages, with the proof."""
    paused = [_paused(event) for event in batch.events if event.kind == PAUSE_CHANGED]
    agreed = [one for event in batch.events if event.kind != PAUSE_CHANGED for one in _agreed(event)]
    if agreed:
        records.agree(batch.tx, agreed)
    if paused:
        pause_records.keep(batch.tx, paused)


def _paused(event: Event) -> PauseSaid:
    said = read(event.props, Paused)
    return PauseSaid(event.identity_id, event.seq, event.at, said.until, {"words": said.words, "how": said.how})


def _forget_consents(tx: Tx) -> None:
    records.forget_consents(tx)
    pause_records.forget(tx)


def _agreed(event: Event) -> Iterator[Agreed]:
    """Yield the statements of an event; one form that says yes and no to the same thing says no."""
    if event.kind == CONSENT_CHANGED:
        said = read(event.props, Changed)
        proof = {"words": said.words, "how": said.how}
        yield Agreed(event.identity_id, said.purpose, said.channel, event.seq, event.at, said.granted, proof)
        return
    form = read(event.props, Answered)
    for one in {
        (one.purpose, one.channel): one for one in sorted(form.consents, key=lambda one: not one.granted)
    }.values():
        proof = {
            "words": one.words,
            "form": form.form,
            "title": form.title,
            "response": form.response,
            "verified": form.verified,
        }
        yield Agreed(event.identity_id, one.purpose, one.channel, event.seq, event.at, one.granted, proof)


IDENTITY = Follower("identity", "deriving", join_identities, reset=records.forget_identities)
FACTS = Follower(
    "facts",
    "deriving",
    learn_facts,
    kinds=frozenset({IDENTIFY, FORM_ANSWERED, FACT_STATED, FACT_FORGOTTEN, CUSTOMER_MERGED}),
    after=("identity",),
    reset=records.forget_facts,
)
CONSENT = Follower(
    "consent",
    "deriving",
    learn_consents,
    kinds=frozenset({FORM_ANSWERED, CONSENT_CHANGED, PAUSE_CHANGED}),
    after=("identity",),
    reset=_forget_consents,
    holds=True,
)

FOLLOWERS: tuple[Follower, ...] = (IDENTITY, FACTS, CONSENT)
"""In the order in which they must run."""
