"""Invitations into a team: a link that works once, for seven days. GET shows what it says, only a POST accepts.

Whoever invites sees the link. So it opens a session for somebody new only: who is a person of the house already has
roles elsewhere that no inviter may borrow, and joins with a session of their own.
"""

import re
from datetime import datetime, timedelta
from secrets import token_urlsafe

from regulars.access import team_records as records
from regulars.access.records import Person
from regulars.access.sessions import begin_session, tidy_name
from regulars.access.team import check_role
from regulars.access.team_records import Asked, Invitation
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Invalid, LinkDead, Refused, Unknown, concerning
from regulars.words.ids import hash_of_secret

LIVES = timedelta(days=7)
"""How long an invitation can be accepted."""
_ADDRESS = re.compile(r"[^\s@,;<>\"\x00-\x1f\x7f]+@[^\s@,;<>\"\x00-\x1f\x7f]+")
_LONGEST = 254


def invite(tx: Tx, workspace: str, email: str, role: str, by: int | None, now: datetime) -> tuple[Invitation, str]:
    """Ask somebody to join a team with a role; return the invitation and the token of its link, shown this once.

    An earlier invitation of theirs to this workspace ends. Raise Conflict for who belongs to the team.
    """
    with concerning("email"):
        address = tidy_address(email)
    with concerning("role"):
        check_role(role)
    if records.in_team(tx, workspace, address):
        raise Conflict("{email} belongs to the team already. Change their role in the list.", email=address)
    token = token_urlsafe(32)
    hashed, expires_at = hash_of_secret(token), now + LIVES
    made = records.add_invitation(tx, hashed, workspace, address, role, by, now=now, expires_at=expires_at)
    return get_invitation(tx, workspace, made), token


def list_invitations(tx: Tx, workspace: str) -> list[Invitation]:
    """Return who was asked to join and has not answered, those whose link is too old too."""
    return records.list_invitations(tx, workspace)


def get_invitation(tx: Tx, workspace: str, invitation_id: int) -> Invitation:
    """Return an invitation; raise Unknown where it was answered or taken back."""
    found = records.get_invitation(tx, workspace, invitation_id)
    if found is None:
        raise Unknown("This invitation was accepted or taken back already. Reload the list.")
    return found


def renew(tx: Tx, workspace: str, invitation_id: int, by: int | None, now: datetime) -> tuple[Invitation, str]:
    """Give an invitation another link for seven days, the earlier one being dead; return both."""
    token = token_urlsafe(32)
    hashed, expires_at = hash_of_secret(token), now + LIVES
    records.renew_invitation(tx, hashed, workspace, invitation_id, by, now=now, expires_at=expires_at)
    return get_invitation(tx, workspace, invitation_id), token


def cancel(tx: Tx, workspace: str, invitation_id: int) -> Invitation:
    """Take an invitation back; raise Unknown where it was answered or taken back before."""
    found = get_invitation(tx, workspace, invitation_id)
    records.remove_invitation(tx, workspace, invitation_id)
    return found


def read_invitation(tx: Tx, token: str, now: datetime) -> Asked:
    """Return what the link of an invitation says; raise LinkDead where it was used, taken back, or is too old."""
    found = records.asked(tx, hash_of_secret(token), now)
    if found is None:
        raise _dead()
    return found


def accept(
    tx: Tx, token: str, now: datetime, *, who: Person | None = None, name: str = "", agent: str = ""
) -> tuple[str, str | None]:
    """Join a team; return the workspace, and for somebody new the cookie of the session that it opens.

    Raise LinkDead for a dead link, and Refused where a person of the house is meant who is not the one logged in.
    """
    taken = records.burn_invitation(tx, hash_of_secret(token), now)
    if taken is None:
        raise _dead()
    if who is not None and who.email == taken.email:
        person_id, cookie = who.id, None
    else:
        person_id = records.meet_person(tx, taken.email, tidy_name(name))
        if person_id is None:
            raise Refused("This invitation is for {email}. Log in as {email}, and open it again.", email=taken.email)
        cookie = begin_session(tx, person_id, now, agent)
    records.join_team(tx, taken.workspace, person_id, taken.role)
    return taken.workspace, cookie


def end_invitation_of(tx: Tx, workspace: str, email: str) -> None:
    """End the invitation of somebody who was added to the team without it."""
    records.end_invitation_of(tx, workspace, email)


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
