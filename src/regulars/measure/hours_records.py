"""The statements of what is counted by the hour, and of figures that are unusual."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from regulars.measure.usual import Hour, Unusual
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.measure", "hours.sql")


class Busy(msgspec.Struct, frozen=True):
    """A kind of event that can be judged: its name, its number, and when one was taken last."""

    name: str
    kind: int
    last: datetime


class Figure(msgspec.Struct, frozen=True):
    """A kind of event whose figure is unusual."""

    kind: str
    found: Unusual


def count_hours(tx: Tx, first: int, last: int) -> None:
    """Count a piece of the log into hours."""
    tx.run(SQL["count_hours"], first=first, last=last)


def forget_hours(tx: Tx) -> None:
    """Start counting over."""
    tx.run(SQL["forget_hours"])


def be_awake(tx: Tx, now: datetime) -> None:
    """Note that the house is awake."""
    tx.run(SQL["be_awake"], now=now)


def awake_hours(tx: Tx, since: datetime) -> dict[datetime, int]:
    """Return in which pieces of which hours the house was awake."""
    return dict(tx.rows(SQL["awake_hours"], since=since))


def last_awake(tx: Tx) -> datetime | None:
    """Return when the house was awake last."""
    return tx.value(SQL["last_awake"])


def forget_old_hours(tx: Tx, before: datetime) -> None:
    """Forget hours that nothing is compared with any more."""
    tx.run(SQL["forget_old_hours"], before=before)


def busy_kinds(tx: Tx, *, since: datetime, least: int, limit: int) -> list[Busy]:
    """Return the kinds of event that can be judged, the busiest first."""
    return tx.all(SQL["busy_kinds"], Busy, since=since, least=least, limit=limit)


def hours_of(tx: Tx, kinds: Collection[int], since: datetime) -> dict[int, dict[datetime, Hour]]:
    """Return the hours of some kinds of event, by kind and hour."""
    found: dict[int, dict[datetime, Hour]] = {kind: {} for kind in kinds}
    for kind, hour, count, slots in tx.rows(SQL["hours_of"], kinds=list(kinds), since=since):
        found[kind][hour] = Hour(count, slots)
    return found


def number_of(tx: Tx, name: str) -> tuple[int, datetime | None] | None:
    """Return the number of a kind and when one was taken last, or None for a kind that there is not."""
    rows = tx.rows(SQL["number_of"], name=name)
    return (rows[0][0], rows[0][1]) if rows else None


def list_figures(tx: Tx) -> list[Figure]:
    """Return the figures that are unusual, as the last look found."""
    rows = tx.rows(SQL["list_figures"])
    return [
        Figure(kind, msgspec.convert({**found, "shape": shape, "since": since}, Unusual))
        for kind, shape, since, found in rows
    ]


def keep_figures(tx: Tx, figures: Collection[Figure]) -> None:
    """Keep which figures are unusual, and forget those that are not any more."""
    tx.run(SQL["forget_figures"], kinds=[one.kind for one in figures])
    for one in figures:
        found: dict[str, Any] = msgspec.to_builtins(one.found)
        tx.run(SQL["keep_figure"], kind=one.kind, shape=one.found.shape, since=one.found.since, found=Jsonb(found))


def unwatch(tx: Tx, kind: str) -> None:
    """Hear no more of a kind of event."""
    tx.run(SQL["unwatch"], kind=kind)


def watch(tx: Tx, kind: str) -> None:
    """Hear of a kind of event again."""
    tx.run(SQL["watch"], kind=kind)


def list_unwatched(tx: Tx) -> list[str]:
    """Return the kinds of event that nobody wants to hear of."""
    return tx.values(SQL["list_unwatched"])


def counted_upto(tx: Tx, follower: str) -> datetime | None:
    """Return up to when everything is counted; None where nothing waits to be counted."""
    return tx.value(SQL["counted_upto"], follower=follower)
