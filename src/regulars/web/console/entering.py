"""Who came in, noted: whichever way somebody proved who they are, the answer that lets them in carries a session."""

from http.cookies import CookieError, SimpleCookie
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request
from litestar.types import Message, Scope

from regulars.access.audit import Deed, Who
from regulars.access.sessions import person_at
from regulars.web.client_address import client_of, networks
from regulars.web.console.desk import SESSION
from regulars.web.watching import NUMBER
from regulars.wiring import House
from regulars.words.clock import utc_now

_MARK = f"{SESSION}=".encode()


async def note_who_came_in(message: Message, scope: Scope) -> None:
    """Note, in each of their workspaces, whom an answer gives a session to. Litestar calls it for all that is sent."""
    if message["type"] != "http.response.start" or scope["type"] != "http":
        return
    for name, value in message["headers"]:
        if name.lower() == b"set-cookie" and value.startswith(_MARK) and (cookie := _read(value)):
            await run_sync(_note, Request(scope), cookie)


def _read(value: bytes) -> str:
    try:
        return SimpleCookie(value.decode("latin-1"))[SESSION].value
    except (CookieError, KeyError):
        return ""


def _note(request: Request[Any, Any, Any], cookie: str) -> None:
    house: House = request.app.state.house
    now = utc_now()
    person = person_at(house.database, cookie, now)
    if person is None:
        return
    who, number = Who("person", person.email, person.id), str(request.scope.get(NUMBER) or "")
    address = client_of(request, networks(house.settings.trusted_proxies))
    for workspace in person.workspaces:
        with house.database.workspace(workspace) as tx:
            house.audit.note(tx, who, Deed("login"), now, request=number, address=address)
