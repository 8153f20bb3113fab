"""The statements of how long events are kept, and of what stays of those whose time is over."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from regulars.remember.commerce_records import Kept as KeptProduct
from regulars.remember.did_records import Count
from regulars.store.database import Jsonb, Tx
from regulars.store.records import Event
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "retention.sql")


class KindKept(msgspec.Struct, frozen=True):
    """A kind of event: how many are kept whole, and since when.

    `days`: how long they are kept, null for ever. `over`: how many are older than that, or than a term that is tried.
    """

    kind: str
    events: int
    oldest: datetime | None
    days: int | None
    over: int


class Far(msgspec.Struct, frozen=True):
    """How far the pass over the log is, and when it came to its end; it begins anew after a while."""

    place: int
    ended_at: datetime | None


def terms(tx: Tx) -> dict[str, int]:
    """Return how many days events are kept, by kind; those that are not here for ever."""
    return dict(tx.rows(SQL["terms"]))


def keep(tx: Tx, days: Mapping[str, int], for_ever: Collection[str]) -> None:
    """Keep events of some kinds for so many days, and of others for ever; the pass begins anew."""
    tx.run(SQL["keep_for"], kinds=list(days), days=list(days.values()))
    tx.run(SQL["keep_for_ever"], kinds=list(for_ever))
    tx.run(SQL["begin_anew"])


def kept(tx: Tx, now: datetime, days: int | None) -> list[KindKept]:
    """Return what is kept of each kind; it reads the log once."""
    return tx.all(SQL["kept"], KindKept, now=now, days=days)


def over(tx: Tx, befores: Mapping[str, datetime]) -> dict[str, int]:
    """Return how many events happened before a moment, each kind its own."""
    return dict(tx.rows(SQL["over"], kinds=list(befores), befores=list(befores.values())))


def hold_pass(tx: Tx) -> Far | None:
    """Return how far the pass is, held to the end of the transaction; None where somebody else holds it."""
    return tx.one(SQL["hold_pass"], Far)


def move_pass(tx: Tx, place: int, ended_at: datetime | None) -> None:
    """Keep how far the pass is."""
    tx.run(SQL["move_pass"], place=place, ended_at=ended_at)


def due(tx: Tx, befores: Mapping[str, datetime], span: tuple[int, int], limit: int) -> list[Event]:
    """Return some events of a part of the log whose time is over, held."""
    after, upto = span
    kinds, moments = list(befores), list(befores.values())
    return tx.all(SQL["due"], Event, kinds=kinds, befores=moments, after=after, upto=upto, limit=limit)


def fold_did(tx: Tx, counts: Sequence[Count]) -> None:
    """Keep what events counted that go."""
    tx.run(
        SQL["fold_did"],
        identities=[one.identity_id for one in counts],
        whats=[one.what for one in counts],
        abouts=[one.about for one in counts],
        counts=[one.count for one in counts],
        firsts=[one.first_at for one in counts],
        lasts=[one.last_at for one in counts],
        seqs=[one.seq for one in counts],
    )


def cut_among(tx: Tx, seqs: Collection[int]) -> list[int]:
    """Return which of some events were cut."""
    return tx.values(SQL["cut_among"], seqs=list(seqs))


def did_before(tx: Tx) -> None:
    """Begin a replay with what events counted that are gone."""
    tx.run(SQL["did_before"])


def gone_products(tx: Tx, ids: Collection[str]) -> dict[str, KeptProduct]:
    """Return what events said of some products that are gone."""
    return {one.id: one for one in tx.all(SQL["gone_products"], KeptProduct, ids=list(ids))}


def products_there(tx: Tx, ids: Collection[str]) -> set[str]:
    """Return which of these products there are."""
    return set(tx.values(SQL["products_there"], ids=list(ids)))


def fold_products(tx: Tx, products: Sequence[KeptProduct]) -> None:
    """Keep what events said of products that go."""
    tx.run(SQL["fold_products"], rows=Jsonb(products))


def products_before(tx: Tx) -> None:
    """Begin a replay with what events said of products that are gone."""
    tx.run(SQL["products_before"])
