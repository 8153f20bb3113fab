"""Sessions of the team: a browser that came in, until it is ended, not used for a while, or simply old."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from regulars.access import session_records as records
from regulars.access.records import Person
from regulars.access.session_records import Session
from regulars.store.database import Database, Tx
from regulars.words.errors import Invalid, Unknown
from regulars.words.ids import hash_of_secret

UNUSED = timedelta(days=14)
"""After how long without a visit a session ends."""
AT_MOST = timedelta(days=90)
"""After how long a session ends even where it is used every day."""
_SEEN_EVERY = timedelta(minutes=1)
_AGENT = 400
_NAME = 80
_JOINS = ("\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}")
"""Letters of some scripts are written with these; nothing else that cannot be seen belongs in a name."""


def begin_session(tx: Tx, person_id: int, now: datetime, agent: str = "") -> str:
    """Open a session for a person who has proven who they are; return its cookie. `agent` is what their browser says.

    This is the one way to a session, however somebody came in.
    """
    cookie = token_urlsafe(32)
    what = agent.replace("\0", "")[:_AGENT]
    records.add_session(tx, hash_of_secret(cookie), person_id, now, now + UNUSED, what)
    return cookie


def person_at(database: Database, cookie: str, now: datetime, workspace: str = "") -> Person | None:
    """Return whose session a cookie is, or None; note at most once a minute that they were seen, and where."""
    with database.shared() as tx:
        return person_in(tx, cookie, now, workspace)


def person_in(tx: Tx, cookie: str, now: datetime, workspace: str = "") -> Person | None:
    """Do what `person_at` does, in a transaction in which more is asked."""
    hashed, before = hash_of_secret(cookie), now - _SEEN_EVERY
    person = records.person_at(tx, hashed, now, before, workspace)
    if person and person.stale:
        times = {"now": now, "before": before}
        records.see(tx, hashed, person.id, workspace, unused=UNUSED, at_most=AT_MOST, **times)
    return person


def list_sessions(tx: Tx, person_id: int, cookie: str, now: datetime) -> list[Session]:
    """Return a person's sessions: the one of this cookie, then the others as they were last seen."""
    return records.list_sessions(tx, person_id, hash_of_secret(cookie), now)


def close_session(database: Database, cookie: str) -> None:
    """End the session of a cookie."""
    with database.shared() as tx:
        records.close_session(tx, hash_of_secret(cookie))


def close_own(tx: Tx, person_id: int, session_id: int) -> None:
    """End one of a person's own sessions; raise Unknown for one that is not theirs, or over."""
    if not records.close_own(tx, person_id, session_id):
        raise Unknown("This session is over already.")


def close_others(tx: Tx, person_id: int, cookie: str) -> int:
    """End all of a person's sessions but the one of this cookie; return how many there were.

    Whoever changes how a person logs in calls this too: a thief stays in otherwise. No cookie ends them all.
    """
    return records.close_others(tx, person_id, hash_of_secret(cookie))


def rename_person(tx: Tx, person_id: int, name: str) -> None:
    """Call a person as they wish; raise Invalid where that is no name."""
    records.rename_person(tx, person_id, tidy_name(name))


def tidy_name(name: str) -> str:
    """Return a name as the house keeps it; raise Invalid for what is none."""
    tidy = " ".join(name.split())
    seen = tidy.replace(_JOINS[0], "").replace(_JOINS[1], "")
    if not seen or len(tidy) > _NAME or not seen.isprintable():
        raise Invalid("A name has 1 to {most} letters.", most=_NAME)
    return tidy
