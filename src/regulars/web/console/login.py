"""Logging in and out. GET shows a button; only POST burns a link and opens the session."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.people import check_login_link, open_session
from regulars.access.sessions import close_session, person_at
from regulars.web.console.desk import SESSION, reader_of, render
from regulars.web.console.own import agent_of, no_cookie, session_cookie
from regulars.web.origin import from_our_pages
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Refused

AnyRequest = Request[Any, Any, Any]


@get("/", sync_to_thread=True)
def start(request: AnyRequest) -> Response[str] | Redirect:
    """Send whoever is logged in to their workspace, and others to the log-in."""
    house: House = request.app.state.house
    person = person_at(house.database, request.cookies.get(SESSION, ""), utc_now())
    if person is None:
        return Redirect("/console/login", status_code=303)
    if len(person.workspaces) == 1:
        return Redirect(f"/console/{person.workspaces[0]}", status_code=303)
    return render("workspaces.html", reader_of(request), person=person)


@get("/login", sync_to_thread=True)
def login(request: AnyRequest) -> Response[str]:
    """Say how to get a log-in link."""
    return render("login.html", reader_of(request), token=None)


@get("/login/{token:str}", sync_to_thread=True)
def login_link(request: AnyRequest, token: FromPath[str]) -> Response[str]:
    """Show the button that opens the session: a scanner that follows links must not burn one."""
    house: House = request.app.state.house
    check_login_link(house.database, token, utc_now())
    return render("login.html", reader_of(request), token=token)


@post("/login/{token:str}", sync_to_thread=True)
def enter(request: AnyRequest, token: FromPath[str]) -> Redirect:
    """Burn the link and open the session."""
    if not from_our_pages(request.headers):
        raise Refused("Open the log-in link in your own browser, and press the button there.")
    house: House = request.app.state.house
    cookie = open_session(house.database, token, utc_now(), agent_of(request))
    return Redirect("/console", status_code=303, cookies=[session_cookie(house, cookie)])


@post("/logout", sync_to_thread=True)
def leave(request: AnyRequest) -> Redirect:
    """End the session."""
    if not from_our_pages(request.headers):
        raise Refused("This page is too old to change anything. Go back, reload it, and try again.")
    house: House = request.app.state.house
    close_session(house.database, request.cookies.get(SESSION, ""))
    return Redirect("/console/login", status_code=303, cookies=[no_cookie(house)])


DOOR = Router(path="/console", route_handlers=[start, login, login_link, enter, leave])
