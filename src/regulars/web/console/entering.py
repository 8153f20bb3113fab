"""Who came in, who left and who was not let in, noted in the audit logs of the workspaces they belong to.

Whichever way somebody proved who they are, the answer that lets them in carries a session. Strangers cannot fill a log:
a wrong password is noted where it was looked at, which the tallies of log-in allow a few times a day, and what they
refuse once an hour. It is noted after the page was answered, so nothing tells whether there is somebody of that e-mail.
"""

from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request
from litestar.types import Message, Scope

from regulars.access.audit import HOUSE as THE_HOUSE
from regulars.access.audit import Deed, Who
from regulars.access.people import find_person
from regulars.access.sessions import person_at
from regulars.access.workspaces import workspaces_of
from regulars.web.client_address import client_of, networks
from regulars.web.console.desk import SESSION
from regulars.web.console.post import later
from regulars.web.watching import NUMBER
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Busy, RegularsError

_MARK = f"{SESSION}=".encode()
_EVERY = timedelta(hours=1)
_WAYS = (
    ("/console/login/passkey", "passkey"),
    ("/console/login/elsewhere", "elsewhere"),
    ("/console/login/", "link"),
    ("/console/login", "password"),
    ("/console/invitation/", "invitation"),
)
"""By which way somebody came in, by the beginning of the address that let them in; the first that fits."""

AnyRequest = Request[Any, Any, Any]


async def note_who_came_in(message: Message, scope: Scope) -> None:
    """Note, in each of their workspaces, whom an answer gives a session to. Litestar calls it for all that is sent."""
    if message["type"] != "http.response.start" or scope["type"] != "http":
        return
    for name, value in message["headers"]:
        if name.lower() == b"set-cookie" and value.startswith(_MARK) and (cookie := _read(value)):
            by = next((way for start, way in _WAYS if scope["path"].startswith(start)), "")
            await run_sync(_note, Request(scope), cookie, Deed("login", after={"by": by} if by else None))


def note_who_leaves(request: AnyRequest) -> None:
    """Note, in each of their workspaces, whose session is about to be ended by themselves."""
    _note(request, request.cookies.get(SESSION, ""), Deed("logout"))


def note_who_failed(request: AnyRequest, email: str, error: RegularsError) -> None:
    """Note that a password given for somebody of the team was wrong, or not even looked at."""
    house: House = request.app.state.house
    email, now = email.strip().casefold(), utc_now()
    if isinstance(error, Busy) and error.seconds <= Busy.seconds:
        return  # the house had no hand free for a moment: nobody is to wait for what they did
    deed = Deed("login.held" if isinstance(error, Busy) else "login.failed", "person", email)
    if deed.action == "login.held":
        if house.audit.known("", THE_HOUSE, deed, now, _EVERY):
            return
        house.audit.remember("", THE_HOUSE, deed, now)
    where = _where(request)

    def write() -> None:
        person = find_person(house.database, email)
        for place in workspaces_of(house.database, person) if person is not None else ():
            with house.database.workspace(place.name) as tx:
                if deed.action == "login.held":
                    house.audit.note_again(tx, THE_HOUSE, deed, now, _EVERY, **where)
                else:
                    house.audit.note(tx, THE_HOUSE, deed, now, **where)

    later(write)


def _read(value: bytes) -> str:
    try:
        return SimpleCookie(value.decode("latin-1"))[SESSION].value
    except (CookieError, KeyError):
        return ""


def _note(request: AnyRequest, cookie: str, deed: Deed) -> None:
    house: House = request.app.state.house
    now = utc_now()
    person = person_at(house.database, cookie, now) if cookie else None
    if person is None:
        return
    for workspace in person.workspaces:
        with house.database.workspace(workspace) as tx:
            house.audit.note(tx, Who("person", person.email, person.id), deed, now, **_where(request))


def _where(request: AnyRequest) -> dict[str, str]:
    house: House = request.app.state.house
    address = client_of(request, networks(house.settings.trusted_proxies))
    return {"request": str(request.scope.get(NUMBER) or ""), "address": address}
