"""The team of a workspace, and who was asked to join it. Only an admin key sees and changes them."""

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery

from regulars.access import invitations, team
from regulars.access.invitations import Invitation
from regulars.access.team import TeamMember
from regulars.access.workspaces import get_workspace
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part_of, reader_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.inviting import link_of, tell_invited
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Unknown


class NewInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to ask, and as what."""

    email: str
    role: str


class MadeInvitation(msgspec.Struct, frozen=True):
    """An invitation and its link, which works once. The link is told once: it is null in an answer that is repeated."""

    invitation: Invitation
    link: str | None


class NewRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody may do from now on.

    `replaces`: the role they had when you looked. Where they have another one by now, it is refused with 409 and
    changes nothing; the answer tells in `stands` which.
    """

    role: str
    replaces: str | None = None


@get("/people", sync_to_thread=True, opt=ADMIN | told(query={"role": "owner"}))
def list_team(
    request: AnyRequest, q: FromQuery[str] = "", role: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[TeamMember]:
    """List the team, owners first, then by name: all, or those of a name or address (`q`), or of a role."""
    with opened(request) as tx:
        whole = team.list_members(tx, request.state.workspace)
    found = [one for one in whole if holds(q, one.name, one.email) and role in {"", one.role}]
    return part_of(found, limit, cursor, lambda one: one.email)


@post(
    "/people/{email:str}/role",
    sync_to_thread=True,
    opt=told(email="priya@gifts.example", takes=NewRole, gives=TeamMember, body={"role": "analyst"})
    | notes("role.changed", "person", by="email"),
)
def give_role(request: AnyRequest, email: FromPath[str]) -> Response[bytes]:
    """Give somebody another role; not to the last owner."""

    def give(tx: Tx, said: NewRole) -> TeamMember:
        before = team.member_called(tx, request.state.workspace, email)
        slip_of(request).tell(before.email, before={"role": before.role}, after={"role": said.role})
        return team.change_role(tx, request.state.workspace, before.id, said.role, replaces=said.replaces)

    return once(request, NewRole, give)


@delete(
    "/people/{email:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(email="priya@gifts.example", takes=Nothing, gives=TeamMember)
    | notes("person.removed", "person", by="email"),
)
def remove_person(request: AnyRequest, email: FromPath[str]) -> Response[bytes]:
    """Take somebody out of the team, at once; not the last owner."""

    def remove(tx: Tx, _: Nothing) -> TeamMember:
        gone = team.member_called(tx, request.state.workspace, email)
        slip_of(request).tell(gone.email, before={"role": gone.role})
        return team.remove_member(tx, request.state.workspace, gone.id)

    return once(request, Nothing, remove)


@get("/invitations", sync_to_thread=True, opt=ADMIN | told(query={"q": "gifts.example"}))
def list_invitations(
    request: AnyRequest, q: FromQuery[str] = "", role: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Invitation]:
    """List who was asked to join and has not answered, the newest first: all, or of an address (`q`) or role."""
    with opened(request) as tx:
        whole = invitations.list_invitations(tx, request.state.workspace)
    asked = [one for one in whole if holds(q, one.email) and role in {"", one.role}]
    return part_of(asked, limit, cursor, lambda one: one.email)


@post(
    "/invitations",
    sync_to_thread=True,
    opt=told(
        takes=NewInvitation, gives=MadeInvitation, status=201, body={"email": "toms@gifts.example", "role": "agent"}
    )
    | notes("person.invited", "person"),
)
def invite(request: AnyRequest) -> Response[bytes]:
    """Ask somebody to join; whoever was asked before gets another link. It is mailed too, where the house can."""
    house: House = request.app.state.house
    mail: list[MadeInvitation] = []

    def ask(tx: Tx, said: NewInvitation) -> MadeInvitation:
        workspace = request.state.workspace
        made, token = invitations.invite(tx, workspace, said.email, said.role, None, utc_now())
        slip_of(request).tell(made.email, after={"role": made.role})
        mail.append(MadeInvitation(made, link_of(house, token)))
        return mail[0]

    answer = once(request, NewInvitation, ask, kept=_without_link)
    shop = get_workspace(house.database, request.state.workspace).title
    for one in mail:
        tell_invited(house, one.invitation, one.link or "", shop, shop, reader_of(request))
    return answer


@delete(
    "/invitations/{email:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(email="asked@gifts.example", takes=Nothing, gives=Invitation)
    | notes("invitation.cancelled", "person", by="email"),
)
def cancel_invitation(request: AnyRequest, email: FromPath[str]) -> Response[bytes]:
    """Take an invitation back: its link opens nothing any more."""

    def cancel(tx: Tx, _: Nothing) -> Invitation:
        asked = invitations.list_invitations(tx, request.state.workspace)
        found = next((one for one in asked if one.email == email.strip().casefold()), None)
        if found is None:
            raise Unknown("Nobody with the e-mail '{email}' is invited.", email=email[:60])
        return invitations.cancel(tx, request.state.workspace, found.id)

    return once(request, Nothing, cancel)


def _without_link(made: MadeInvitation) -> MadeInvitation:
    return MadeInvitation(made.invitation, None)


HANDLERS = [list_team, give_role, remove_person, list_invitations, invite, cancel_invitation]
