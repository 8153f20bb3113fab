"""The team: people, and one-time log-in links. GET never opens a session: a link is burnt by a POST."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from regulars.access import records
from regulars.access.invitations import end_invitation_of
from regulars.access.sessions import begin_session
from regulars.access.team import check_role, keep_an_owner
from regulars.store.database import Database, Tx
from regulars.words.errors import LinkDead, Unknown
from regulars.words.ids import hash_of_secret

LINK_LIVES = timedelta(minutes=15)

_DEAD = (
    "This log-in link was used already or is too old. Ask for a fresh one on the log-in page, or make one with "
    "'regulars login-link'."
)


def add_person(database: Database, email: str, name: str, workspace: str, *, role: str = "owner") -> int:
    """Make a person of the team, or find them by e-mail, and give them a role; return their id.

    Raise Invalid for a role that there is not, Conflict where the workspace would lose its last owner.
    """
    with database.shared() as tx:
        return put_in_team(tx, email, name, workspace, role)


def put_in_team(tx: Tx, email: str, name: str, workspace: str, role: str) -> int:
    """Do what `add_person` does within a transaction; without a name, one that is known stays."""
    check_role(role)
    address = email.strip().casefold()
    person_id = records.add_person(tx, address, name)
    keep_an_owner(tx, workspace, person_id, role)
    records.add_role(tx, person_id, workspace, role)
    end_invitation_of(tx, workspace, address)
    return person_id


def find_person(database: Database, email: str) -> int | None:
    """Return the id of whoever of the team has an e-mail, or None."""
    address = email.strip().casefold()
    with database.shared() as tx:
        return records.find_person(tx, address) if address else None


def find_owner(database: Database) -> int | None:
    """Return the id of the first of the team, or None where there is nobody yet."""
    with database.shared() as tx:
        return records.find_person(tx, "")


def make_login_link(database: Database, email: str, now: datetime) -> str:
    """Return the token of a log-in link for a person ('' for the first of the team), good once for 15 minutes."""
    with database.shared() as tx:
        person_id = records.find_person(tx, email.strip().casefold())
        if person_id is None and not email.strip():
            raise Unknown("Nobody can log in yet: make a workspace first, with 'regulars workspace create NAME'.")
        if person_id is None:
            raise Unknown("Nobody of the team has the e-mail '{email}'.", email=email)
        token = token_urlsafe(32)
        records.sweep(tx, now)
        records.add_login_link(tx, hash_of_secret(token), person_id, now + LINK_LIVES)
    return token


def check_login_link(database: Database, token: str, now: datetime) -> None:
    """Raise LinkDead where a log-in link can no longer be used. It stays unused."""
    with database.shared() as tx:
        if not records.login_link_lives(tx, hash_of_secret(token), now):
            raise LinkDead(_DEAD)


def open_session(database: Database, token: str, now: datetime, agent: str = "") -> str:
    """Burn a log-in link and return the cookie of the session it opens; raise LinkDead for a dead one."""
    with database.shared() as tx:
        return begin_session(tx, burn_login_link(tx, token, now), now, agent)


def burn_login_link(tx: Tx, token: str, now: datetime) -> int:
    """Burn a log-in link and return whose it was; raise LinkDead for a dead one."""
    person_id = records.burn_login_link(tx, hash_of_secret(token), now)
    if person_id is None:
        raise LinkDead(_DEAD)
    return person_id


def end_sessions(database: Database) -> None:
    """End every session and every log-in link of everybody."""
    with database.shared() as tx:
        records.end_sessions(tx)
