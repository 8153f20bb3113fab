"""The API's people. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was asked to join and has not answered; `invited_by` is the name of who asked."""

    id: int
    email: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime


class MadeInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation and its link, which works once. The link is told once: it is null in an answer that is repeated."""

    invitation: Invitation
    link: str | None


class TeamMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of a team; `seen_at` is when they were last in this workspace."""

    id: int
    email: str
    name: str
    role: str
    seen_at: datetime | None


class PeopleApi:
    """What can be asked and done about people."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def team(self, *, q: str | None = None, role: str | None = None, limit: int | None = None) -> Pages[TeamMember]:
        """List the team, owners first, then by name: all, or those of a name or address (`q`), or of a role."""
        return self._line.pages("/api/people", TeamMember, {"q": q, "role": role, "limit": limit})

    def give_role(self, email: str, *, role: str, replaces: str | None = None, once: str | None = None) -> TeamMember:
        """Give somebody another role; not to the last owner."""
        return self._line.change(
            "POST", f"/api/people/{place(email)}/role", TeamMember, {"role": role, "replaces": replaces}, once
        )

    def remove_person(self, email: str, *, once: str | None = None) -> TeamMember:
        """Take somebody out of the team, at once; not the last owner."""
        return self._line.change("DELETE", f"/api/people/{place(email)}", TeamMember, {}, once)

    def invitations(
        self, *, q: str | None = None, role: str | None = None, limit: int | None = None
    ) -> Pages[Invitation]:
        """List who was asked to join and has not answered, the newest first: all, or of an address (`q`) or role."""
        return self._line.pages("/api/invitations", Invitation, {"q": q, "role": role, "limit": limit})

    def invite(self, *, email: str, role: str, once: str | None = None) -> MadeInvitation:
        """Ask somebody to join; whoever was asked before gets another link. It is mailed too, where the house can."""
        return self._line.change("POST", "/api/invitations", MadeInvitation, {"email": email, "role": role}, once)

    def cancel_invitation(self, email: str, *, once: str | None = None) -> Invitation:
        """Take an invitation back: its link opens nothing any more."""
        return self._line.change("DELETE", f"/api/invitations/{place(email)}", Invitation, {}, once)
