"""Logging in by a link or a password, and logging out. GET shows buttons; only POST opens a session."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access import passwords
from regulars.access.people import burn_login_link, check_login_link
from regulars.access.sessions import close_session, person_at
from regulars.access.tallies import LINK_OF_ADDRESS
from regulars.access.workspaces import workspaces_of
from regulars.web.console.arriving import begin, caller, come_in, count, only_from_our_pages, welcome
from regulars.web.console.desk import SESSION, reader_of, render
from regulars.web.console.elsewhere import LOG_IN as ELSEWHERE
from regulars.web.console.entering import note_who_failed, note_who_leaves
from regulars.web.console.login_page import login_page
from regulars.web.console.own import no_cookie
from regulars.web.console.passkeys import LOG_IN as BY_PASSKEY
from regulars.web.console.post import mail_link_later
from regulars.web.origin import from_our_pages
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Busy, Invalid, Refused

AnyRequest = Request[Any, Any, Any]


@get("/", sync_to_thread=True)
def start(request: AnyRequest) -> Redirect:
    """Send whoever is logged in to their workspace, and others to the log-in."""
    house: House = request.app.state.house
    person = person_at(house.database, request.cookies.get(SESSION, ""), utc_now())
    if person is None:
        return Redirect("/console/login", status_code=303)
    places = workspaces_of(house.database, person.id)
    alone = len(places) == 1 and places[0].closed_at is None
    return Redirect(f"/console/{places[0].name}" if alone else "/console/workspaces", status_code=303)


@get("/login", sync_to_thread=True)
def login(request: AnyRequest) -> Response[str]:
    """Show the ways in that there are here."""
    return login_page(request)


@post("/login")
async def try_to(request: AnyRequest) -> Response[str] | Redirect:
    """Take an e-mail, with a password or for a link."""
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_sync(_try, request, fields)


def _try(request: AnyRequest, fields: dict[str, str]) -> Response[str] | Redirect:
    only_from_our_pages(request)
    email = fields.get("email", "")
    by = _send_link if fields.get("do") == "link" else _by_password
    try:
        return by(request, email, fields.get("password", ""))
    except (Invalid, Refused, Busy) as error:
        return login_page(request, email, error)


def _by_password(request: AnyRequest, email: str, password: str) -> Redirect:
    if not email.strip() or not password:
        raise Invalid("Type your e-mail and your password, or choose another way in.")
    house: House = request.app.state.house
    try:
        person_id = passwords.log_in(house.database, email, password, caller(request), utc_now())
    except (Refused, Busy) as error:
        note_who_failed(request, email, error)
        raise
    return come_in(request, person_id)


def _send_link(request: AnyRequest, email: str, _password: str) -> Response[str]:
    """Have a link mailed to whoever of the team has this e-mail; the page says nothing of whether somebody has."""
    house: House = request.app.state.house
    if not email.strip():
        raise Invalid("Type your e-mail first.")
    if not house.has_mail:
        raise Invalid("There is no mail server here. A link is made on the machine that runs Regulars.")
    count(request, LINK_OF_ADDRESS)
    mail_link_later(house, email, reader_of(request))
    return render("login_mailed.html", reader_of(request), email=email)


@get("/login/{token:str}", sync_to_thread=True)
def login_link(request: AnyRequest, token: FromPath[str]) -> Response[str]:
    """Show the button that opens the session: a scanner that follows links must not burn one."""
    house: House = request.app.state.house
    check_login_link(house.database, token, utc_now())
    return render("login_link.html", reader_of(request))


@post("/login/{token:str}", sync_to_thread=True)
def enter(request: AnyRequest, token: FromPath[str]) -> Redirect:
    """Burn the link and open the session."""
    only_from_our_pages(request)
    house: House = request.app.state.house
    with house.database.shared() as tx:
        person_id = burn_login_link(tx, token, utc_now())
        cookie = begin(request, tx, person_id)
    return welcome(request, person_id, cookie)


@post("/logout", sync_to_thread=True)
def leave(request: AnyRequest) -> Redirect:
    """End the session."""
    if not from_our_pages(request.headers):
        raise Refused("This page is too old to change anything. Go back, reload it, and try again.")
    house: House = request.app.state.house
    note_who_leaves(request)
    close_session(house.database, request.cookies.get(SESSION, ""))
    return Redirect("/console/login", status_code=303, cookies=[no_cookie(house)])


DOOR = Router(path="/console", route_handlers=[start, login, try_to, login_link, enter, leave, *BY_PASSKEY, *ELSEWHERE])
