"""Sessions of the team: a browser that came in, until it is ended, not used for a while, or simply old."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

import msgspec

from regulars.access.records import Person
from regulars.store.database import Database, Tx
from regulars.store.statements import load
from regulars.words.errors import Invalid, Unknown
from regulars.words.ids import hash_of_secret

SQL = load(__package__ or "regulars.access", "sessions.sql")

UNUSED = timedelta(days=14)
"""After how long without a visit a session ends."""
AT_MOST = timedelta(days=90)
"""After how long a session ends even where it is used every day."""
_SEEN_EVERY = timedelta(minutes=1)
_AGENT = 400
_NAME = 80
_JOINS = ("\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}")
"""Letters of some scripts are written with these; nothing else that cannot be seen belongs in a name."""


class Session(msgspec.Struct, frozen=True):
    """A browser in which a person is logged in; `here` is the one that asks."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime
    here: bool


class _Sitting(Person, frozen=True):
    stale: bool = False


def begin_session(tx: Tx, person_id: int, now: datetime, agent: str = "") -> str:
    """Open a session for a person who has proven who they are; return its cookie. `agent` is what their browser says.

    This is the one way to a session, however somebody came in.
    """
    tx.run(SQL["sweep_sessions"], now=now)
    cookie = token_urlsafe(32)
    what = agent.replace("\0", "")[:_AGENT]
    hashed = hash_of_secret(cookie)
    tx.run(SQL["add_session"], hash=hashed, person_id=person_id, now=now, expires_at=now + UNUSED, agent=what)
    return cookie


def person_at(database: Database, cookie: str, now: datetime, workspace: str = "") -> Person | None:
    """Return whose session a cookie is, or None; note at most once a minute that they were seen, and where."""
    hashed, before = hash_of_secret(cookie), now - _SEEN_EVERY
    with database.shared() as tx:
        person = tx.one(SQL["person_at"], _Sitting, hash=hashed, now=now, before=before, workspace=workspace)
        if person and person.stale:
            places = {"person_id": person.id, "workspace": workspace, "unused": UNUSED, "at_most": AT_MOST}
            tx.run(SQL["see"], hash=hashed, now=now, before=before, **places)
    return person


def list_sessions(tx: Tx, person_id: int, cookie: str, now: datetime) -> list[Session]:
    """Return a person's sessions: the one of this cookie, then the others as they were last seen."""
    return tx.all(SQL["list_sessions"], Session, person_id=person_id, hash=hash_of_secret(cookie), now=now)


def close_session(database: Database, cookie: str) -> None:
    """End the session of a cookie."""
    with database.shared() as tx:
        tx.run(SQL["close_session"], hash=hash_of_secret(cookie))


def close_own(tx: Tx, person_id: int, session_id: int) -> None:
    """End one of a person's own sessions; raise Unknown for one that is not theirs, or over."""
    if not tx.run(SQL["close_own"], person_id=person_id, id=session_id):
        raise Unknown("This session is over already.")


def close_others(tx: Tx, person_id: int, cookie: str) -> int:
    """End all of a person's sessions but the one of this cookie; return how many there were.

    Whoever changes how a person logs in calls this too: a thief stays in otherwise. No cookie ends them all.
    """
    return tx.run(SQL["close_others"], person_id=person_id, hash=hash_of_secret(cookie))


def rename_person(tx: Tx, person_id: int, name: str) -> None:
    """Call a person as they wish; raise Invalid where that is no name."""
    tx.run(SQL["rename_person"], person_id=person_id, name=tidy_name(name))


def tidy_name(name: str) -> str:
    """Return a name as the house keeps it; raise Invalid for what is none."""
    tidy = " ".join(name.split())
    seen = tidy.replace(_JOINS[0], "").replace(_JOINS[1], "")
    if not seen or len(tidy) > _NAME or not seen.isprintable():
        raise Invalid("A name has 1 to {most} letters.", most=_NAME)
    return tidy
