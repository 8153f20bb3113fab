"""The room's followers of the log: who is who, what they told us, what they allowed."""

from collections.abc import Iterator

from regulars.remember import frequency_records, naming, pause_records, records, restriction_records
from regulars.remember.commerce import ORDERS
from regulars.remember.did import DID
from regulars.remember.heard import Answered, Changed, Forgotten, Paused, Restricted, Spaced, read, whose_changed
from regulars.remember.identifying import forget_identities, join_identities
from regulars.remember.learning import keep, statements
from regulars.remember.rows import Agreed, FrequencySaid, PauseSaid, RestrictionSaid, Withdrawn
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.records import Event
from regulars.words.kinds import (
    CONSENT_CHANGED,
    CUSTOMER_MERGED,
    CUSTOMER_SPLIT,
    FACT_FORGOTTEN,
    FACT_STATED,
    FORM_ANSWERED,
    FREQUENCY_CHANGED,
    IDENTIFY,
    PAUSE_CHANGED,
    RESTRICTION_CHANGED,
    SEGMENT_MOVES,
)


def learn_facts(batch: Batch) -> None:
    """Keep what identities say, and fold it into their customers.

    Customers are folded anew who were merged or split, or who had something forgotten: what is withdrawn ends every
    statement made before, so it is noted first.
    """
    forgotten = [one for event in batch.events if event.kind == FACT_FORGOTTEN for one in _withdrawn(event)]
    if forgotten:
        records.withdraw(batch.tx, forgotten)
    changed = keep(batch.tx, [one for event in batch.events for one in statements(event)])
    renamed = {customer for customer, name in changed if name in naming.NAMING}
    ids = {one.identity_id for one in forgotten}.union(*map(whose_changed, batch.events))
    if ids:
        anew = set(records.customers_of(batch.tx, ids).values())
        joined = not forgotten and all(event.kind != CUSTOMER_SPLIT for event in batch.events)
        records.refold(batch.tx, ids | anew, anew, joined=joined)
        renamed |= anew
    naming.describe(batch.tx, renamed)


def _withdrawn(event: Event) -> Iterator[Withdrawn]:
    said = read(event.props, Forgotten)
    for identity in {event.identity_id, *said.beside}:
        yield Withdrawn(identity, said.name, event.seq, event.at)


_OTHERS = frozenset({PAUSE_CHANGED, FREQUENCY_CHANGED, RESTRICTION_CHANGED})


def learn_consents(batch: Batch) -> None:
    """Keep what identities allowed and withdrew, pauses, how often they want it, who is not used, with the proof."""
    paused = [_paused(event) for event in batch.events if event.kind == PAUSE_CHANGED]
    spaced = [_spaced(event) for event in batch.events if event.kind == FREQUENCY_CHANGED]
    restricted = [_restricted(event) for event in batch.events if event.kind == RESTRICTION_CHANGED]
    agreed = [one for event in batch.events if event.kind not in _OTHERS for one in _agreed(event)]
    if agreed:
        records.agree(batch.tx, agreed)
    if paused:
        pause_records.keep(batch.tx, paused)
    if spaced:
        frequency_records.keep(batch.tx, spaced)
    if restricted:
        restriction_records.keep(batch.tx, restricted)


def _paused(event: Event) -> PauseSaid:
    said = read(event.props, Paused)
    return PauseSaid(event.identity_id, event.seq, event.at, said.until, {"words": said.words, "how": said.how})


def _spaced(event: Event) -> FrequencySaid:
    said = read(event.props, Spaced)
    return FrequencySaid(event.identity_id, event.seq, event.at, said.days, {"words": said.words, "how": said.how})


def _restricted(event: Event) -> RestrictionSaid:
    said = read(event.props, Restricted)
    proof = {"words": said.words, "how": said.how}
    return RestrictionSaid(event.identity_id, event.seq, event.at, said.restricted, proof)


def _forget_consents(tx: Tx) -> None:
    records.forget_consents(tx)
    pause_records.forget(tx)
    frequency_records.forget(tx)
    restriction_records.forget(tx)


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


IDENTITY = Follower("identity", "deriving", join_identities, besides=SEGMENT_MOVES, reset=forget_identities, cut=True)
FACTS = Follower(
    "facts",
    "deriving",
    learn_facts,
    kinds=frozenset({IDENTIFY, FORM_ANSWERED, FACT_STATED, FACT_FORGOTTEN, CUSTOMER_MERGED, CUSTOMER_SPLIT}),
    after=("identity",),
    reset=records.forget_facts,
)
CONSENT = Follower(
    "consent",
    "deriving",
    learn_consents,
    kinds=frozenset({FORM_ANSWERED, CONSENT_CHANGED, PAUSE_CHANGED, FREQUENCY_CHANGED, RESTRICTION_CHANGED}),
    after=("identity",),
    reset=_forget_consents,
    holds=True,
)

FOLLOWERS: tuple[Follower, ...] = (IDENTITY, FACTS, CONSENT, ORDERS, DID)
"""In the order in which they must run."""
