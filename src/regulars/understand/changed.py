"""Asking about segments again where facts changed without an event: what a round worked out anew."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.understand import reasoning, records
from regulars.understand.asking import day_of, entering_or_leaving, in_pieces, standing, stored
from regulars.understand.turning import ask_again, hold


def ask_about(tx: Tx, customers: Collection[int], facts: Collection[str], now: datetime) -> None:
    """Ask some customers about the segments that look at some facts; who enters or leaves is said.

    Appends, so call it last in a transaction. While counts or facts are being derived again, the next round of
    segments asks everybody instead.
    """
    rules = {one.id: one for one in standing(tx) if one.built and not stored(one.rule)[1].facts.isdisjoint(facts)}
    if not customers or not rules:
        return
    seq = hold(tx)
    if seq is None:
        ask_again(tx)
        return
    pieces = in_pieces((one.id, one.rule) for one in rules.values())
    today = day_of(rules.values(), now)
    changes = [change for piece in pieces for change in records.settle(tx, piece, customers, now, today, seq)]
    numbered = [(one.id, one.rule) for one in rules.values()]
    why = reasoning.of_facts(tx, numbered, changes, today, facts) if changes else {}
    said = entering_or_leaving(changes, {one.id: one.name for one in rules.values()}, {}, why)
    append(tx, [NewEvent(customer, now, kind, msgspec.json.encode(props)) for kind, customer, props in said])
