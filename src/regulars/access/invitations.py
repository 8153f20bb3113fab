"""Invitations into a team: a link that works once, for seven days. GET shows what it says, only a POST accepts.

Whoever invites sees the link. So it opens a session for somebody new only: who is a person of the house already has
roles elsewhere that no inviter may borrow, and joins with a session of their own.
"""

import re
from datetime import datetime, timedelta
from secrets import token_urlsafe

import msgspec

from regulars.access.records import Person
from regulars.access.sessions import begin_session, tidy_name
from regulars.access.team import check_role
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.errors import Conflict, Invalid, LinkDead, Refused, Unknown, concerning
from regulars.words.ids import hash_of_secret

SQL = load(__package__ or "regulars.access", "invitations.sql")

LIVES = timedelta(days=7)
"""How long an invitation can be accepted."""
_ADDRESS = re.compile(r"[^\s@,;<>\"\x00-\x1f\x7f]+@[^\s@,;<>\"\x00-\x1f\x7f]+")
_LONGEST = 254


class Invitation(msgspec.Struct, frozen=True):
    """Somebody who was asked to join and has not answered; `invited_by` is the name of who asked."""

    id: int
    email: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime


class Asked(msgspec.Struct, frozen=True):
    """What an invitation says to whoever opens it; `known` where the house has met them already."""

    workspace: str
    title: str
    email: str
    role: str
    invited_by: str
    known: bool


class _Taken(msgspec.Struct, frozen=True):
    workspace: str
    email: str
    role: str


def invite(tx: Tx, workspace: str, email: str, role: str, by: int | None, now: datetime) -> tuple[Invitation, str]:
    """Ask somebody to join a team with a role; return the invitation and the token of its link, shown this once.

    An earlier invitation of theirs to this workspace ends. Raise Conflict for who belongs to the team.
    """
    with concerning("email"):
        address = tidy_address(email)
    with concerning("role"):
        check_role(role)
    if tx.value(SQL["in_team"], workspace=workspace, email=address):
        raise Conflict("{email} belongs to the team already. Change their role in the list.", email=address)
    token = token_urlsafe(32)
    made: int = tx.value(
        SQL["add_invitation"],
        hash=hash_of_secret(token),
        workspace=workspace,
        email=address,
        role=role,
        by=by,
        now=now,
        expires_at=now + LIVES,
    )
    return get_invitation(tx, workspace, made), token


def list_invitations(tx: Tx, workspace: str) -> list[Invitation]:
    """Return who was asked to join and has not answered, those whose link is too old too."""
    return tx.all(SQL["list_invitations"], Invitation, workspace=workspace)


def get_invitation(tx: Tx, workspace: str, invitation_id: int) -> Invitation:
    """Return an invitation; raise Unknown where it was answered or taken back."""
    found = tx.one(SQL["get_invitation"], Invitation, workspace=workspace, id=invitation_id)
    if found is None:
        raise Unknown("This invitation was accepted or taken back already. Reload the list.")
    return found


def renew(tx: Tx, workspace: str, invitation_id: int, by: int | None, now: datetime) -> tuple[Invitation, str]:
    """Give an invitation another link for seven days, the earlier one being dead; return both."""
    token = token_urlsafe(32)
    tx.run(
        SQL["renew_invitation"],
        workspace=workspace,
        id=invitation_id,
        hash=hash_of_secret(token),
        by=by,
        now=now,
        expires_at=now + LIVES,
    )
    return get_invitation(tx, workspace, invitation_id), token


def cancel(tx: Tx, workspace: str, invitation_id: int) -> Invitation:
    """Take an invitation back; raise Unknown where it was answered or taken back before."""
    found = get_invitation(tx, workspace, invitation_id)
    tx.run(SQL["remove_invitation"], workspace=workspace, id=invitation_id)
    return found


def read_invitation(tx: Tx, token: str, now: datetime) -> Asked:
    """Return what the link of an invitation says; raise LinkDead where it was used, taken back, or is too old."""
    found = tx.one(SQL["asked"], Asked, hash=hash_of_secret(token), now=now)
    if found is None:
        raise _dead()
    return found


def accept(
    tx: Tx, token: str, now: datetime, *, who: Person | None = None, name: str = "", agent: str = ""
) -> tuple[str, str | None]:
    """Join a team; return the workspace, and for somebody new the cookie of the session that it opens.

    Raise LinkDead for a dead link, and Refused where a person of the house is meant who is not the one logged in.
    """
    taken = tx.one(SQL["burn_invitation"], _Taken, hash=hash_of_secret(token), now=now)
    if taken is None:
        raise _dead()
    if who is not None and who.email == taken.email:
        person_id, cookie = who.id, None
    else:
        person_id = tx.value(SQL["meet_person"], email=taken.email, name=tidy_name(name))
        if person_id is None:
            raise Refused("This invitation is for {email}. Log in as {email}, and open it again.", email=taken.email)
        cookie = begin_session(tx, person_id, now, agent)
    tx.run(SQL["join_team"], person_id=person_id, workspace=taken.workspace, role=taken.role)
    return taken.workspace, cookie


def end_invitation_of(tx: Tx, workspace: str, email: str) -> None:
    """End the invitation of somebody who was added to the team without it."""
    tx.run(SQL["end_invitation_of"], workspace=workspace, email=email)


def tidy_address(email: str) -> str:
    """Return an e-mail address as the house keeps it; raise Invalid for what is none."""
    address = email.strip().casefold()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise Invalid("'{email}' is no e-mail address. Write it like name@example.com.", email=email[:60])
    return address


def _dead() -> LinkDead:
    return LinkDead(
        "This invitation was accepted already, was taken back, or is older than seven days. "
        "Ask who invited you for another one."
    )
