"""How mail that comes back is heard of, and by which keys mail is signed."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.channels.smtp", "post.sql")


class Returned(msgspec.Struct, frozen=True):
    """How mail that comes back is heard of, and how far it was read."""

    box: str = ""
    provider: str = ""
    host: str = ""
    port: int = 993
    username: str = ""
    secrets: bytes | None = None
    version: int = 0
    uid_validity: int | None = None
    uid: int | None = None
    read_at: datetime | None = None
    problem: str | None = None


class DkimKey(msgspec.Struct, frozen=True):
    """A key by which mail of a domain is signed, and what DNS said of it."""

    domain: str
    selector: str
    record: str
    key: bytes
    made_at: datetime
    checked_at: datetime | None
    found: str | None
    live_at: datetime | None


def get_return(tx: Tx) -> Returned:
    """Return how mail that comes back is heard of."""
    return tx.one(SQL["get_return"], Returned) or Returned()


def keep_return(tx: Tx, now: datetime, **wanted: Any) -> None:
    """Hear of it in another way."""
    tx.run(SQL["keep_return"], now=now, **wanted)


def hold_place(tx: Tx, version: int) -> tuple[int | None, int | None] | None:
    """Return up to which mail the mailbox was read, and hold it; None where it is another mailbox by now."""
    rows = tx.rows(SQL["hold_place"], version=version)
    return (rows[0][0], rows[0][1]) if rows else None


def move_place(tx: Tx, version: int, place: tuple[int, int], now: datetime) -> None:
    """Keep up to which mail it is read now."""
    tx.run(SQL["move_place"], version=version, uid_validity=place[0], uid=place[1], now=now)


def note_problem(tx: Tx, version: int, problem: str, now: datetime) -> None:
    """Keep why it could not be read."""
    tx.run(SQL["note_problem"], version=version, problem=problem, now=now)


def list_keys(tx: Tx) -> list[DkimKey]:
    """Return the keys of all domains."""
    return tx.all(SQL["list_keys"], DkimKey)


def add_key(tx: Tx, now: datetime, **made: Any) -> None:
    """Keep a key, unless there is one for its domain."""
    tx.run(SQL["add_key"], now=now, **made)


def drop_key(tx: Tx, domain: str) -> int:
    """Drop a key; return whether there was one."""
    return tx.run(SQL["drop_key"], domain=domain)


def note_check(tx: Tx, domain: str, found: str, now: datetime) -> None:
    """Keep what DNS said of a key."""
    tx.run(SQL["note_check"], domain=domain, found=found, now=now)
