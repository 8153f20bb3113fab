"""The statements of teams: who belongs to one, and who was asked to join."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.access", "team.sql")


class TeamMember(msgspec.Struct, frozen=True):
    """Somebody of a team; `seen_at` is when they were last in this workspace."""

    id: int
    email: str
    name: str
    role: str
    seen_at: datetime | None


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


class Taken(msgspec.Struct, frozen=True):
    """What an invitation said that was used up."""

    workspace: str
    email: str
    role: str


def hold_team(tx: Tx, workspace: str) -> None:
    """Let no other change of a team happen until the transaction ends."""
    tx.run(SQL["hold_team"], workspace=workspace)


def list_members(tx: Tx, workspace: str, roles: Sequence[str]) -> list[TeamMember]:
    """Return a team, in the order of these roles."""
    return tx.all(SQL["list_members"], TeamMember, workspace=workspace, roles=list(roles))


def role_of(tx: Tx, workspace: str, person_id: int) -> str | None:
    """Return somebody's role in a workspace."""
    return tx.value(SQL["role_of"], workspace=workspace, person_id=person_id)


def other_owners(tx: Tx, workspace: str, person_id: int) -> bool:
    """Return whether a workspace has an owner besides somebody."""
    return tx.value(SQL["other_owners"], workspace=workspace, person_id=person_id)


def set_role(tx: Tx, workspace: str, person_id: int, role: str) -> int:
    """Give somebody of a team another role; return 0 where they are not in it."""
    return tx.run(SQL["set_role"], workspace=workspace, person_id=person_id, role=role)


def remove_role(tx: Tx, workspace: str, person_id: int) -> None:
    """Take somebody out of a team."""
    tx.run(SQL["remove_role"], workspace=workspace, person_id=person_id)


def end_invitations_by(tx: Tx, workspace: str, person_id: int) -> None:
    """Take back what somebody invited."""
    tx.run(SQL["end_invitations_by"], workspace=workspace, person_id=person_id)


def in_team(tx: Tx, workspace: str, email: str) -> bool:
    """Return whether somebody with an e-mail belongs to a team."""
    return tx.value(SQL["in_team"], workspace=workspace, email=email)


def add_invitation(
    tx: Tx, hashed: bytes, workspace: str, email: str, role: str, by: int | None, *, now: datetime, expires_at: datetime
) -> int:
    """Ask somebody to join, in place of what they were asked before; return the number of the invitation."""
    what = {"workspace": workspace, "email": email, "role": role, "by": by}
    return tx.value(SQL["add_invitation"], hash=hashed, now=now, expires_at=expires_at, **what)


def list_invitations(tx: Tx, workspace: str) -> list[Invitation]:
    """Return who was asked to join a workspace and has not answered."""
    return tx.all(SQL["list_invitations"], Invitation, workspace=workspace)


def get_invitation(tx: Tx, workspace: str, invitation_id: int) -> Invitation | None:
    """Return an invitation."""
    return tx.one(SQL["get_invitation"], Invitation, workspace=workspace, id=invitation_id)


def renew_invitation(
    tx: Tx, hashed: bytes, workspace: str, invitation_id: int, by: int | None, *, now: datetime, expires_at: datetime
) -> None:
    """Give an invitation another link."""
    what = {"workspace": workspace, "id": invitation_id, "by": by}
    tx.run(SQL["renew_invitation"], hash=hashed, now=now, expires_at=expires_at, **what)


def remove_invitation(tx: Tx, workspace: str, invitation_id: int) -> None:
    """Take an invitation back."""
    tx.run(SQL["remove_invitation"], workspace=workspace, id=invitation_id)


def end_invitation_of(tx: Tx, workspace: str, email: str) -> None:
    """End the invitation of somebody who belongs to the team."""
    tx.run(SQL["end_invitation_of"], workspace=workspace, email=email)


def asked(tx: Tx, hashed: bytes, now: datetime) -> Asked | None:
    """Return what a link says."""
    return tx.one(SQL["asked"], Asked, hash=hashed, now=now)


def burn_invitation(tx: Tx, hashed: bytes, now: datetime) -> Taken | None:
    """Use an invitation up; return what it said, once."""
    return tx.one(SQL["burn_invitation"], Taken, hash=hashed, now=now)


def meet_person(tx: Tx, email: str, name: str) -> int | None:
    """Make a person; return None where there is one with this e-mail."""
    return tx.value(SQL["meet_person"], email=email, name=name)


def join_team(tx: Tx, workspace: str, person_id: int, role: str) -> None:
    """Give a person a role, unless they have one."""
    tx.run(SQL["join_team"], workspace=workspace, person_id=person_id, role=role)
