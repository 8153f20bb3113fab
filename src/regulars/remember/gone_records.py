"""What is remembered of somebody who goes: whose their identities are, facts, consents, pauses."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

import msgspec

from regulars.hear.identities import identities_of
from regulars.remember import commerce, did, naming
from regulars.remember.commerce import ORDERS
from regulars.remember.did import DID
from regulars.remember.heard import Forgotten
from regulars.store.database import Tx
from regulars.store.gone import Gone, Heir, Kept, Step
from regulars.store.records import wait_for_follower
from regulars.store.statements import load
from regulars.words.kinds import FACT_FORGOTTEN

SQL = load(__package__ or "regulars.remember", "gone.sql")


def cut_off(tx: Tx, identities: Collection[int]) -> None:
    """Let go of whose these identities are, and of what their customers are found by."""
    tx.run(SQL["drop_links"], identities=list(identities))
    tx.run(SQL["drop_customers"], identities=list(identities))


def first_event(tx: Tx, identities: Collection[int]) -> tuple[int, datetime] | None:
    """Return the sequence and the day of the first event of some identities; None where there is none."""
    rows = tx.rows(SQL["first_event"], identities=list(identities))
    return (rows[0][0], rows[0][1]) if rows else None


def found_stand_in(tx: Tx, identity: int, seq: int, day: datetime) -> None:
    """Make the anonymous customer who stands in for somebody, as the log will found it when it is replayed."""
    tx.run(SQL["stand_in"], identity=identity, seq=seq, day=day)
    naming.write(tx, {identity: day})


def _links(tx: Tx, gone: Gone, limit: int) -> int:
    """Let go of what a follower, or an event on its way, made of a number that is nobody's any more."""
    del limit
    return tx.run(SQL["drop_links"], identities=gone.identities) + tx.run(
        SQL["drop_customers"], identities=gone.identities
    )


def heirs(tx: Tx, gone: Gone, events: Sequence[Kept]) -> dict[int, Heir]:
    """Return to whom events pass: what somebody had forgotten of all their identities stays forgotten of who stays.

    They were one customer then, and are not any more.
    """
    said: dict[int, Forgotten] = {}
    for one in events:
        if one.kind == FACT_FORGOTTEN:
            with suppress(msgspec.ValidationError):  # it was cut before
                said[one.seq] = msgspec.json.decode(one.props, type=Forgotten)
    beside = set[int]().union(*(one.beside for one in said.values())).difference(gone.identities)
    there = {one.id for one in identities_of(tx, beside)} if beside else set[int]()
    found: dict[int, Heir] = {}
    for seq, one in said.items():
        if stay := sorted(there.intersection(one.beside)):
            left = msgspec.structs.replace(one, beside=stay[1:])
            found[seq] = Heir(stay[0], msgspec.to_builtins(left))
    return found


_PAIRS = ("drop_ties", "drop_apart", "drop_refused", "drop_suspects")


def _ties(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return sum(tx.run(SQL[one], identities=gone.identities) for one in _PAIRS)


def _orders(tx: Tx, gone: Gone, limit: int) -> int:
    """Let go of somebody's orders; one of which others spoke, too, is what these said of it."""
    rows = tx.rows(SQL["orders_spoken_of"], identities=gone.identities, limit=limit)
    spoken = [order for order, _ in rows]
    shared = [order for order, others in rows if others]
    before: list[int] = []
    if shared:
        for follower in sorted((ORDERS.name, DID.name)):
            wait_for_follower(tx, follower)
        before = tx.values(SQL["whose_orders"], orders=shared)
    tx.run(SQL["drop_said_of_orders"], orders=spoken, identities=gone.identities)
    tx.run(SQL["drop_orders"], orders=spoken)
    if shared:
        commerce.refold(tx, shared)
        did.refold(tx, {*before, *tx.values(SQL["whose_orders"], orders=shared)})
    return len(spoken)


def _drop(statement: str, tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL[statement], identities=gone.identities, limit=limit)


STEPS = (
    Step("customer", _links),
    Step("customer", _ties),
    Step("orders", _orders),
    Step("facts", partial(_drop, "drop_did")),
    Step("facts", partial(_drop, "drop_did_gone")),
    Step("facts", partial(_drop, "drop_computed")),
    Step("facts", partial(_drop, "drop_facts")),
    Step("facts", partial(_drop, "drop_forgotten")),
    Step("consents", partial(_drop, "drop_allowed")),
    Step("consents", partial(_drop, "drop_consents")),
    Step("pauses", partial(_drop, "drop_pauses")),
    Step("frequencies", partial(_drop, "drop_frequencies")),
    Step("restrictions", partial(_drop, "drop_restrictions")),
)
