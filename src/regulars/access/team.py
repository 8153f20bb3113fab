"""The team of a workspace: who belongs to it, with which role. It never loses its last owner."""

from regulars.access import team_records as records
from regulars.access.rights import ROLES, Right, rights_of
from regulars.access.team_records import TeamMember
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown


def check_role(role: str) -> str:
    """Return a role; raise Invalid where there is no such role."""
    if role not in ROLES:
        raise Invalid("'{role}' is no role. Choose one of: {roles}.", role=role[:40], roles=", ".join(ROLES))
    return role


def list_members(tx: Tx, workspace: str) -> list[TeamMember]:
    """Return the team of a workspace, owners first."""
    return records.list_members(tx, workspace, list(ROLES))


def get_member(tx: Tx, workspace: str, person_id: int) -> TeamMember:
    """Return somebody of a team; raise Unknown for who is not in it."""
    found = next((one for one in list_members(tx, workspace) if one.id == person_id), None)
    if found is None:
        raise Unknown("Nobody of this team has the number {number}. Reload the list.", number=person_id)
    return found


def member_called(tx: Tx, workspace: str, email: str) -> TeamMember:
    """Return somebody of a team by e-mail; raise Unknown for who is not in it."""
    found = next((one for one in list_members(tx, workspace) if one.email == email.strip().casefold()), None)
    if found is None:
        raise Unknown("Nobody of the team of '{workspace}' has the e-mail '{email}'.", workspace=workspace, email=email)
    return found


def change_role(tx: Tx, workspace: str, person_id: int, role: str, *, replaces: str | None = None) -> TeamMember:
    """Give somebody of a team another role; raise Conflict where the workspace would have no owner.

    Raise Overtaken where it was to replace a role that they have no more.
    """
    check_role(role)
    keep_an_owner(tx, workspace, person_id, role)
    if replaces is not None and (held := records.role_of(tx, workspace, person_id)) not in {replaces, role}:
        overtaken = Overtaken("Somebody else gave them another role just now. Look at it, then choose again.")
        raise overtaken.beside(held)
    if not records.set_role(tx, workspace, person_id, role):
        return get_member(tx, workspace, person_id)
    if Right.MANAGE not in rights_of(role):
        records.end_invitations_by(tx, workspace, person_id)
    return get_member(tx, workspace, person_id)


def remove_member(tx: Tx, workspace: str, person_id: int) -> TeamMember:
    """Take somebody out of a team, at once for each of their sessions, with the invitations they sent.

    Raise Conflict where the workspace would have no owner. They stay a person, with their roles elsewhere.
    """
    keep_an_owner(tx, workspace, person_id, None)
    member = get_member(tx, workspace, person_id)
    records.remove_role(tx, workspace, person_id)
    records.end_invitations_by(tx, workspace, person_id)
    return member


def keep_an_owner(tx: Tx, workspace: str, person_id: int, role: str | None) -> None:
    """Hold the team until the transaction ends; raise Conflict where this change would take its last owner away."""
    records.hold_team(tx, workspace)
    if role == "owner" or records.role_of(tx, workspace, person_id) != "owner":
        return
    if not records.other_owners(tx, workspace, person_id):
        raise Conflict("A workspace needs an owner, and this is its last one. Make somebody else an owner first.")
