"""The workspaces somebody has a role in: to go to, to make another, and to take one back that was deleted."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.brands import zones
from regulars.access.people import add_person
from regulars.access.rights import Right, rights_of
from regulars.access.workspaces import KEPT, create_workspace, name_of, take_back, workspaces_of
from regulars.loop.followers import begin
from regulars.remember.folding import holds
from regulars.web.brands import check_offered
from regulars.web.console.desk import render
from regulars.web.console.listing import FEW, Way, part
from regulars.web.console.own import AtHome, Own, own_guard, own_seat
from regulars.web.i18n import language_called, languages, negotiate, say, translator
from regulars.web.noting import notes, slip_of
from regulars.web.roles import role_called
from regulars.words.errors import Invalid, Refused, RegularsError, Unknown, concerning

HOME = "/console/workspaces"


@get("/", sync_to_thread=True)
def place_list(
    own: AtHome, q: FromQuery[str] = "", role: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show somebody their workspaces: all, or those of a name, or those in which they have a role."""
    q, whole = q.strip(), workspaces_of(own.house.database, own.person.id)
    gettext = translator(own.locale).gettext
    roles = {one.role: role_called(one.role, gettext) for one in whole}
    role = role if role in roles else ""
    way = Way(HOME, {"q": q, "role": role})
    found = [one for one in whole if holds(q, one.title, one.name) and role in {"", one.role}]
    return _render(
        own,
        "workspaces.html",
        part=part(way, found, after, lambda one: one.name),
        any=bool(whole),
        searched=bool(q or role) or len(whole) > FEW,
        q=q,
        role=role,
        way=way,
        chips=([way.chip(gettext("“%(words)s”") % {"words": q}, "q")] if q else [])
        + ([way.chip(roles[role], "role")] if role else []),
        roles=roles,
        kept=KEPT,
        may_make=_may_make(own),
    )


@get("/new", sync_to_thread=True)
def new_place(own: AtHome) -> Response[str]:
    """Show the form for another workspace."""
    _only_makers(own)
    language = negotiate(own.locale).partition("-")[0]
    return _form(own, {"language": language if language in languages() else "en", "zone": "UTC"}, {})


@post("/new", sync_to_thread=True, opt=notes("workspace.made", "workspace"))
def make_place(request: Request[Any, Any, Any], own: AtHome) -> Response[str] | Redirect:
    """Make a workspace, and its maker its owner."""
    _only_makers(own)
    form = {key: value.strip() for key, value in own.form.items()}
    name, title = form.get("name") or name_of(form.get("title", "")), form.get("title", "")
    try:
        with concerning("title"):
            if not title:
                raise Invalid("This is still empty.")
        with concerning("name"):
            if not name:
                raise Invalid("The title has no letter from a to z to make a name of. Type one.")
        _make(own, name, title, form)
    except RegularsError as error:
        return _form(own, {**form, "name": name}, {error.field or "name": say(error, own.locale)})
    slip = slip_of(request).keep([name])
    slip.tell(name, label=title)
    return Redirect(f"/console/{name}", status_code=303)


def _make(own: Own, name: str, title: str, form: dict[str, str]) -> None:
    first = form.get("language", "")
    with concerning("language"):
        check_offered([first])
    others = [one for one in languages() if one != first]
    zone = form.get("zone", "")
    with concerning("zone"):
        if zone not in zones():
            raise Invalid("'{zone}' is no time zone. Write it as Europe/Riga or Asia/Kolkata.", zone=zone[:60])
    database = own.house.database
    create_workspace(database, name, title, languages=[first, *others], zone=zone)
    add_person(database, own.person.email, own.person.name, name)
    with database.workspace(name) as tx:
        begin(tx)
    own.house.waker.poke(name)


@post("/{name:str}/back", sync_to_thread=True, opt=notes("workspace.taken.back", "workspace", by="name"))
def take_place_back(request: Request[Any, Any, Any], own: AtHome, name: FromPath[str]) -> Redirect:
    """Open a workspace again that was deleted less than seven days ago."""
    role = own.person.roles.get(name)
    if role is None:
        raise Unknown("There is no workspace '{name}'.", name=name[:60])
    if Right.MANAGE not in rights_of(role):
        raise Refused("Only an owner of the workspace can take it back.")
    with own.house.database.shared() as tx:
        take_back(tx, name)
    slip_of(request).keep([name])
    own.house.waker.poke(name)
    return Redirect(f"/console/{name}", status_code=303)


def _may_make(own: Own) -> bool:
    """Whether somebody may make a workspace: an owner of any may."""
    return any(Right.MANAGE in rights_of(role) for role in own.person.roles.values())


def _only_makers(own: Own) -> None:
    if not _may_make(own):
        raise Refused("Only owners of a workspace make another. Ask one of yours.")


def _form(own: Own, form: dict[str, str], errors: dict[str, str]) -> Response[str]:
    return _render(
        own,
        "workspace_new.html",
        status=400 if errors else 200,
        form=form,
        errors=errors,
        zones=sorted(zones()),
        tongues=[(one, language_called(one)) for one in languages()],
    )


def _render(own: Own, template: str, *, status: int = 200, **context: Any) -> Response[str]:
    return render(template, own.locale, status=status, desk=own, now=own.now, person=own.person, **context)


def _seat(request: Request[Any, Any, Any]) -> Own:
    return own_seat(request, ())


HANDLERS = [place_list, new_place, make_place, take_place_back]

LOBBY = Router(
    path=HOME, route_handlers=HANDLERS, guards=[own_guard], dependencies={"own": Provide(_seat, sync_to_thread=False)}
)
