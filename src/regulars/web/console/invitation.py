"""The link of an invitation, before any log-in. GET shows what it says; only a POST accepts it."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.audit import Deed, Who
from regulars.access.invitations import Asked, accept, read_invitation
from regulars.access.records import Person
from regulars.access.sessions import close_session, person_at
from regulars.web.console.desk import SESSION, reader_of, render
from regulars.web.console.own import agent_of, session_cookie
from regulars.web.i18n import say, translator
from regulars.web.origin import from_our_pages
from regulars.web.roles import role_called, role_does
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, Refused

AnyRequest = Request[Any, Any, Any]


async def _typed(request: AnyRequest) -> str:
    """Provide the name that somebody typed, from a page of ours only."""
    if not from_our_pages(request.headers):
        raise Refused("Open the invitation in your own browser, and press the button there.")
    name = (await request.form()).get("name", "")
    return name if isinstance(name, str) else ""


@get("/{token:str}", sync_to_thread=True)
def asked(request: AnyRequest, token: FromPath[str]) -> Response[str]:
    """Show who asks whom to join what."""
    return _page(request, token)


@post("/{token:str}", sync_to_thread=True, dependencies={"typed": Provide(_typed)})
def join(request: AnyRequest, token: FromPath[str], typed: NamedDependency[str]) -> Response[str] | Redirect:
    """Join the team; whoever is new to the house is logged in by it."""
    house: House = request.app.state.house
    now, here, who = utc_now(), request.cookies.get(SESSION, ""), _person(request)
    said = _read(house, token)
    try:
        with house.database.workspace(said.workspace) as tx:
            _, cookie = accept(tx, token, now, who=who, name=typed, agent=agent_of(request))
            joined = Who("person", said.email, who.id if who and cookie is None else None)
            house.audit.note(
                tx, joined, Deed("invitation.accepted", "person", said.email, after={"role": said.role}), now
            )
    except Invalid as error:
        return _page(request, token, name=typed, errors={"name": say(error, reader_of(request))})
    if cookie is None:
        return Redirect(f"/console/{said.workspace}", status_code=303)
    close_session(house.database, here)  # whoever sat here before: their cookie is taken over
    return Redirect(f"/console/{said.workspace}?joined=yes", status_code=303, cookies=[session_cookie(house, cookie)])


def _page(request: AnyRequest, token: str, name: str = "", errors: dict[str, str] | None = None) -> Response[str]:
    said, who, locale = _read(request.app.state.house, token), _person(request), reader_of(request)
    gettext = translator(locale).gettext
    return render(
        "invitation.html",
        locale,
        status=400 if errors else 200,
        asked=said,
        role=role_called(said.role, gettext),
        does=role_does(said.role, gettext),
        who=who,
        same=who is not None and who.email == said.email,
        form={"name": name},
        errors=errors or {},
    )


def _read(house: House, token: str) -> Asked:
    with house.database.shared() as tx:
        return read_invitation(tx, token, utc_now())


def _person(request: AnyRequest) -> Person | None:
    house: House = request.app.state.house
    cookie = request.cookies.get(SESSION, "")
    return person_at(house.database, cookie, utc_now()) if cookie else None


INVITATION = Router(path="/console/invitation", route_handlers=[asked, join])
