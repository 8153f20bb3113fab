"""The statements of sessions: opened, seen, listed, ended."""

from datetime import datetime, timedelta

import msgspec

from regulars.access.records import Person
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "sessions.sql")


class Session(msgspec.Struct, frozen=True):
    """A browser in which a person is logged in; `here` is the one that asks."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime
    here: bool


class Sitting(Person, frozen=True):
    """Whose session it is; `stale` where it is time to note that they were seen."""

    stale: bool = False


def add_session(tx: Tx, hashed: bytes, person_id: int, now: datetime, expires_at: datetime, agent: str) -> None:
    """Open a session, and forget those of everybody that are over."""
    tx.run(SQL["sweep_sessions"], now=now)
    tx.run(SQL["add_session"], hash=hashed, person_id=person_id, now=now, expires_at=expires_at, agent=agent)


def person_at(tx: Tx, hashed: bytes, now: datetime, before: datetime, workspace: str) -> Sitting | None:
    """Return whose session it is; stale where they were last seen before a moment."""
    return tx.one(SQL["person_at"], Sitting, hash=hashed, now=now, before=before, workspace=workspace)


def see(
    tx: Tx,
    hashed: bytes,
    person_id: int,
    workspace: str,
    *,
    now: datetime,
    before: datetime,
    unused: timedelta,
    at_most: timedelta,
) -> None:
    """Note that a person is here, and put off the end of their session."""
    who = {"hash": hashed, "person_id": person_id, "workspace": workspace}
    tx.run(SQL["see"], now=now, before=before, unused=unused, at_most=at_most, **who)


def list_sessions(tx: Tx, person_id: int, hashed: bytes, now: datetime) -> list[Session]:
    """Return a person's sessions."""
    return tx.all(SQL["list_sessions"], Session, person_id=person_id, hash=hashed, now=now)


def close_session(tx: Tx, hashed: bytes) -> None:
    """End a session."""
    tx.run(SQL["close_session"], hash=hashed)


def close_own(tx: Tx, person_id: int, session_id: int) -> int:
    """End one of a person's sessions; return 0 where it is not theirs."""
    return tx.run(SQL["close_own"], person_id=person_id, id=session_id)


def close_others(tx: Tx, person_id: int, hashed: bytes) -> int:
    """End all sessions of a person but one; return how many there were."""
    return tx.run(SQL["close_others"], person_id=person_id, hash=hashed)


def rename_person(tx: Tx, person_id: int, name: str) -> None:
    """Call a person otherwise."""
    tx.run(SQL["rename_person"], person_id=person_id, name=name)
