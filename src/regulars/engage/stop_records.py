"""The statements of stopping to write to many."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.engage", "stops.sql")


class StopRow(msgspec.Struct, frozen=True):
    """A row of `engage_stop`: waiting, running, done or failed."""

    workspace: str
    number: int
    asked_by: str
    person_id: int
    asked_at: datetime
    chosen: dict[str, Any]
    purpose: str
    channel: str
    words: str
    how: str
    state: str
    place: int
    last: int
    done: int
    """How many customers of the `total` were looked at."""
    total: int
    stopped: int
    """From how many of those a consent was withdrawn."""
    finished_at: datetime | None


def add_stop(tx: Tx, workspace: str, chosen: dict[str, Any], now: datetime, **said: Any) -> int:
    """Keep what is asked for; return its number."""
    tx.value(SQL["hold_workspace"], workspace=workspace)
    return tx.value(SQL["add_stop"], workspace=workspace, chosen=Jsonb(chosen), now=now, **said)


def get_stop(tx: Tx, workspace: str, number: int) -> StopRow | None:
    """Return one of a workspace."""
    return tx.one(SQL["get_stop"], StopRow, workspace=workspace, number=number)


def open_stops(tx: Tx, workspace: str) -> list[StopRow]:
    """Return those of a workspace that are not done yet."""
    return tx.all(SQL["open_stops"], StopRow, workspace=workspace)


def take_stop(tx: Tx, workspace: str, number: int, worker: str, now: datetime) -> bool:
    """Take one that waits; return whether it did."""
    return tx.run(SQL["take_stop"], workspace=workspace, number=number, worker=worker, now=now) > 0


def next_stop(tx: Tx, worker: str, now: datetime, silent: datetime) -> StopRow | None:
    """Take the next to do, of any workspace."""
    return tx.one(SQL["next_stop"], StopRow, worker=worker, now=now, silent=silent)


def hold_stop(tx: Tx, workspace: str, number: int, worker: str) -> StopRow | None:
    """Hold one until the transaction ends; None where it is not this worker's."""
    return tx.one(SQL["hold_stop"], StopRow, workspace=workspace, number=number, worker=worker)


def move_stop(tx: Tx, row: StopRow, place: int, seen: int, stopped: int, now: datetime) -> None:
    """Say how far one is."""
    given = {"place": place, "seen": seen, "stopped": stopped, "now": now}
    tx.run(SQL["move_stop"], workspace=row.workspace, number=row.number, **given)


def end_stop(tx: Tx, workspace: str, number: int, worker: str, state: str, finished: datetime | None) -> bool:
    """Say what became of one; return whether it was still this worker's."""
    given = {"worker": worker, "state": state, "finished": finished}
    return tx.run(SQL["end_stop"], workspace=workspace, number=number, **given) > 0


def forget_stops(tx: Tx, before: datetime) -> None:
    """Forget those that were over before a moment."""
    tx.run(SQL["forget_stops"], before=before)
