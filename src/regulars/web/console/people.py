"""People: the team of a workspace, and who was asked to join it. Only owners come here."""

from collections.abc import Callable
from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.invitations import LIVES, Invitation, cancel, invite, list_invitations, renew
from regulars.access.rights import Right
from regulars.access.team import TeamMember, change_role, get_member, list_members, remove_member
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web.console import meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import FEW, Way, part
from regulars.web.i18n import say, translator
from regulars.web.inviting import link_of, tell_invited
from regulars.web.noting import notes
from regulars.web.roles import role_choices
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown

_FIRST = "viewer"


@get("/people", sync_to_thread=True, opt=needs(Right.MANAGE))
def people(
    desk: AtDesk,
    q: FromQuery[str] = "",
    role: FromQuery[str] = "",
    after: FromQuery[str] = "",
    asked: FromQuery[str] = "",
) -> Response[str]:
    """Show the team, and who was asked to join it: all, or those of a name or role; from a place in either list."""
    return _page(desk, _Shown(q.strip(), role, after, asked))


@post("/people", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("person.invited", "person"))
def ask(desk: AtDesk) -> Response[str]:
    """Ask somebody to join, and show the link. What was typed stays, with the error beside its field."""
    email, role = desk.form.get("email", ""), desk.form.get("role", "")
    try:
        with desk.noted() as tx:
            made, token = invite(tx, desk.workspace.name, email, role, desk.person.id, desk.now)
            desk.slip.tell(made.email, after={"role": made.role})
    except (Invalid, Conflict) as error:
        return _page(desk, status=400, form=desk.form, errors={error.field or "email": say(error, desk.locale)})
    return _asked(desk, made, token)


@post(
    "/people/invitations/{invitation:int}/renew",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("person.invited", "person"),
)
def ask_again(desk: AtDesk, invitation: FromPath[int]) -> Response[str]:
    """Give an invitation another link and another seven days."""
    try:
        with desk.noted() as tx:
            made, token = renew(tx, desk.workspace.name, invitation, desk.person.id, desk.now)
            desk.slip.tell(made.email, after={"role": made.role})
    except Unknown as error:
        return _page(desk, status=404, problem=say(error, desk.locale))
    return _asked(desk, made, token)


@post(
    "/people/invitations/{invitation:int}/cancel",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("invitation.cancelled", "person"),
)
def take_back(desk: AtDesk, invitation: FromPath[int]) -> Response[str] | Redirect:
    """Take an invitation back: its link opens nothing any more."""
    try:
        with desk.noted() as tx:
            desk.slip.tell(cancel(tx, desk.workspace.name, invitation).email)
    except Unknown as error:
        return _page(desk, status=404, problem=say(error, desk.locale))
    return desk.go("/people")


@post("/people/{person:int}/role", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("role.changed", "person"))
def give_role(desk: AtDesk, person: FromPath[int]) -> Response[str] | Redirect:
    """Give somebody another role."""

    def change(tx: Tx) -> TeamMember:
        before = get_member(tx, desk.workspace.name, person)
        role, shown = desk.form.get("role", ""), desk.form.get("base")
        member = change_role(tx, desk.workspace.name, person, role, replaces=shown)
        desk.slip.tell(before={"role": before.role}, after={"role": member.role})
        return member

    try:
        return _change(desk, change)
    except Overtaken:
        return _overtaken(desk, person)


@post("/people/{person:int}/remove", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("person.removed", "person"))
def remove(desk: AtDesk, person: FromPath[int]) -> Response[str] | Redirect:
    """Take somebody out of the team: what they have open here answers no more."""

    def take(tx: Tx) -> TeamMember:
        return remove_member(tx, desk.workspace.name, person)

    return _change(desk, take)


def _change(desk: Desk, change: Callable[[Tx], TeamMember]) -> Response[str] | Redirect:
    try:
        with desk.noted() as tx:
            member = change(tx)
            desk.slip.tell(member.email)
    except Overtaken:
        raise
    except (Conflict, Unknown, Invalid) as error:
        return _page(desk, status=409, problem=say(error, desk.locale))
    if member.id == desk.person.id:  # whoever steps down is shown what they may still see
        return Redirect("/console", status_code=303)
    return desk.go("/people")


def _overtaken(desk: Desk, person: int) -> Response[str]:
    """Show which role was chosen for somebody, and beside it the one that somebody else gave them meanwhile."""
    chosen, called = desk.form.get("role", ""), {role: words for role, words, _ in _roles(desk)}
    with desk.tx() as tx:
        member = get_member(tx, desk.workspace.name, person)
        part = meeting.Part(member.name or member.email, called.get(chosen, ""), called.get(member.role, member.role))
        beside = meeting.beside(desk, tx, "role.changed", [part], thing=member.email)
    return _page(desk, status=409, beside=beside, chosen={person: chosen})


def _roles(desk: Desk) -> list[tuple[str, str, str]]:
    return role_choices(translator(desk.locale).gettext)


def _asked(desk: Desk, made: Invitation, token: str) -> Response[str]:
    link = link_of(desk.house, token)
    by = desk.person.name or desk.person.email
    mailed = tell_invited(desk.house, made, link, desk.workspace.title, by, desk.locale)
    return _page(desk, status=201, fresh=made, link=link, mailed=mailed)


class _Shown(NamedTuple):
    """What of the team is shown: who is found, and the places in the two lists."""

    q: str = ""
    role: str = ""
    after: str = ""
    asked: str = ""


_ALL = _Shown()


def _page(desk: Desk, shows: _Shown = _ALL, *, status: int = 200, **context: Any) -> Response[str]:
    q, role = shows.q, shows.role
    with desk.tx() as tx:
        whole = list_members(tx, desk.workspace.name)
        invited = list_invitations(tx, desk.workspace.name)
    owners = [one.id for one in whole if one.role == "owner"]
    called = {name: words for name, words, _ in _roles(desk)}
    way = Way(f"{desk.home}/people", {"q": q, "role": role})
    chips = [way.chip(desk.quoted(q), "q")] if q else []
    chips += [way.chip(called.get(role, role), "role")] if role else []
    team = [one for one in whole if holds(q, one.name, one.email) and role in {"", one.role}]
    asked = [one for one in invited if holds(q, one.email) and role in {"", one.role}]
    shown: dict[str, Any] = {"form": {"role": _FIRST}, "errors": {}, "problem": "", "fresh": None, "days": LIVES.days}
    shown |= {"beside": None, "chosen": {}}
    return desk.page(
        "people.html",
        status=status,
        team=part(way, team, shows.after, lambda one: one.email),
        asked=part(way, asked, shows.asked, lambda one: one.email, "asked"),
        q=q,
        role=role,
        way=way,
        chips=chips,
        searched=bool(chips) or len(whole) + len(invited) > FEW,
        last_owner=owners[0] if len(owners) == 1 else None,
        roles=_roles(desk),
        called=called,
        **shown | context,
    )


ROUTES = [people, ask, ask_again, take_back, give_role, remove]
