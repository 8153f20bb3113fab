"""How long events are kept, kind by kind: whose time is over loses its words, and what was learned of it stays.

An event whose time is over keeps whose it was, its kind, its moment and its money. What it said besides (the page, the
product, where it came from) goes. Before it goes, what counts and products would lose by it is folded into what a
replay begins with. What says who is who, what somebody said, allowed or bought, and what the house itself did, is kept
for ever: without it nothing would come to the same.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from regulars.remember import commerce, did
from regulars.remember import retention_records as records
from regulars.remember.commerce import ORDERS
from regulars.remember.did import DID
from regulars.remember.retention_records import KindKept
from regulars.remember.shopping import ORDERS as ORDER_KINDS
from regulars.remember.shopping import products_in
from regulars.store.database import Tx
from regulars.store.export import NAME as ARCHIVE
from regulars.store.gone import empty
from regulars.store.records import Event, hold_still, known_kinds
from regulars.words.errors import Invalid, concerning
from regulars.words.kinds import GROUP, HOUSE, LINKING, PAGE, SCREEN

__all__ = [
    "AT_ONCE",
    "LEAST",
    "MOST",
    "KindKept",
    "check",
    "check_days",
    "cut_some",
    "keep",
    "kept",
    "may_go",
    "terms",
    "would_go",
]

LEAST, MOST = 30, 36_500
"""The shortest and the longest term, in days: a slip must not empty the log."""
AT_ONCE = 500
"""The events of one piece; whoever cuts takes more or less at once, by how long a piece took."""
EVERY = timedelta(hours=6)
"""After this the pass over the log begins anew."""
_SPAN = 20_000
"""The part of the log in which one piece looks."""
_GO = frozenset({PAGE, SCREEN, GROUP})
"""The house's own kinds that may be let go of; every event that a shop sends may, but those of orders."""


def may_go(kind: str) -> bool:
    """Whether events of a kind may be let go of: nothing that holds was said by them alone."""
    return kind not in ORDER_KINDS and (kind not in HOUSE or kind in _GO)


def terms(tx: Tx) -> dict[str, int]:
    """Return how many days events are kept, by kind; those that are not here for ever."""
    return records.terms(tx)


def kept(tx: Tx, now: datetime, days: int | None = None) -> list[KindKept]:
    """Return each kind of event with how many are whole, since when, and how many a term would let go of now.

    That term is each kind's own, or `days` for all. It reads the log once; a long one at most once a minute. Of what is
    kept for ever none is over.
    """
    key = (tx.log_id, "kept", days, *terms(tx).items())
    found = tx.counts.get(key, lambda: records.kept(tx, now, days), lambda all_: sum(one.events for one in all_))
    return [one if may_go(one.kind) else KindKept(one.kind, one.events, one.oldest, None, 0) for one in found]


def check(tx: Tx, wanted: Mapping[str, int | None]) -> None:
    """Raise Invalid for a kind that is kept for ever or that nobody sent, and for a term that is none."""
    there = known_kinds(tx, wanted.keys())
    with concerning("kinds"):
        for kind, days in wanted.items():
            _check_kind(kind, there)
            if days is not None:
                check_days(days)


def check_days(days: int) -> None:
    """Raise Invalid for a term that is none."""
    if not LEAST <= days <= MOST:
        raise Invalid("Keep events from {least} to {most} days, or for ever.", least=LEAST, most=MOST)


def why_kept(kind: str) -> Invalid | None:
    """Return why events of a kind are kept for ever; None where they may be let go of."""
    if kind in LINKING:
        return Invalid("'{kind}' is kept for ever: it says who is who, and what somebody is like.", kind=kind)
    if kind in ORDER_KINDS:
        return Invalid("'{kind}' is kept for ever: orders, and what somebody spent, are made of it.", kind=kind)
    if not may_go(kind):
        return Invalid("'{kind}' is kept for ever: it is the proof of what was said, allowed or done.", kind=kind)
    return None


def _check_kind(kind: str, there: Collection[str]) -> None:
    if why := why_kept(kind):
        raise why
    if kind not in there:
        raise Invalid("There are no events '{kind}'. Choose a kind that was sent.", kind=kind[:80])


def keep(tx: Tx, wanted: Mapping[str, int | None]) -> dict[str, int]:
    """Keep events of some kinds so many days, or for ever (None); return the terms that hold now."""
    check(tx, wanted)
    records.keep(
        tx,
        {kind: days for kind, days in wanted.items() if days is not None},
        [kind for kind, days in wanted.items() if days is None],
    )
    return records.terms(tx)


def would_go(tx: Tx, wanted: Mapping[str, int | None], now: datetime) -> dict[str, int]:
    """Return how many events some terms would let go of now, by kind; kinds of which none would are left out."""
    befores = _befores(wanted, now)
    return records.over(tx, befores) if befores else {}


def _befores(wanted: Mapping[str, int | None], now: datetime) -> dict[str, datetime]:
    return {kind: now - timedelta(days=days) for kind, days in wanted.items() if days is not None}


def cut_some(tx: Tx, now: datetime, limit: int = AT_ONCE, archive: Path | None = None) -> bool:
    """Let go of some events whose time is over; return whether there may be more to do now.

    Those that read what goes stand still meanwhile, and nothing goes that they have not read. Where one of them is at
    work just now, nothing is done: nobody waits here for anybody, but in `empty` for who changes events just now and
    waits for nothing that is held here; so nobody is waited for in a circle.
    """
    befores = _befores(records.terms(tx), now)
    if not befores:
        return False
    held = [hold_still(tx, name) for name in (DID.name, ORDERS.name, *([ARCHIVE] if archive else []))]
    read = [one for one in held if one is not None]
    if len(read) < len(held):
        return True
    far = records.hold_pass(tx)
    if far is None:
        return True
    if far.ended_at is not None and now - far.ended_at < EVERY:
        return False
    place = 0 if far.ended_at is not None else far.place
    upto = min(place + _SPAN, *read)
    events = records.due(tx, befores, (place, upto), limit)
    if events:
        _fold(tx, events)
        empty(tx, events, archive)
    reached = events[-1].seq if len(events) == limit else max(upto, place)
    more = reached < min(read)
    records.move_pass(tx, reached, None if more else now)
    return more


def _fold(tx: Tx, events: Sequence[Event]) -> None:
    """Keep what a replay would miss."""
    if counts := did.counts(events):
        records.fold_did(tx, counts)
    named = {one.product for event in events for one in products_in(event)}
    there = records.products_there(tx, named) if named else set[str]()
    if there:
        before = records.gone_products(tx, there)
        records.fold_products(tx, commerce.with_events(before, events, there))
