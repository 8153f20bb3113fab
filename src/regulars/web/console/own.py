"""What belongs to a person and to no workspace: their account, behind a guard of its own; and the session's cookie.

`/console/account` asks for a session only. What changes something there needs the token of our own page too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from anyio.to_thread import run_sync
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from regulars.access.audit import Who
from regulars.access.records import Person
from regulars.access.sessions import AT_MOST, person_at
from regulars.web.console.desk import SESSION, Connection, csrf_token, logged_out, reader_of, render, take_form
from regulars.web.noting import give_slip
from regulars.wiring import House
from regulars.words.clock import utc_now

HOME = "/console/account"


@dataclass(frozen=True)
class Own:
    """One request of somebody who is logged in, about themselves. To the templates it is their `desk`."""

    house: House
    person: Person
    cookie: str
    locale: str
    now: datetime
    csrf: str
    sections: "tuple[Section, ...]"
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    home: str = HOME
    agent: str = ""
    """What the browser says it is."""

    def page(self, *, status: int = 200, **context: Any) -> Response[str]:
        """Show the account, every section of it; what is named here goes before what the sections say."""
        shown: dict[str, Any] = {"errors": {}, "form": {}}
        for section in self.sections:
            shown |= section.shows(self)
        shown |= context
        return render(
            "account.html", self.locale, status=status, desk=self, now=self.now, sections=self.sections, **shown
        )

    def go(self, path: str = "") -> Redirect:
        """Send the browser on to a path of the account, after something was changed."""
        return Redirect(f"{self.home}{path}", status_code=303)


class Section(NamedTuple):
    """A part of the account's page: its template, and what that shows (its names are one space for all sections)."""

    template: str
    shows: Callable[[Own], dict[str, Any]]


AtHome: TypeAlias = NamedDependency[Own]
"""How a handler of the account asks for whom it is about."""


async def own_guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let nobody in without a session, and change nothing without the token of our own page."""
    cookie = connection.cookies.get(SESSION, "")
    house: House = connection.app.state.house
    person = await run_sync(person_at, house.database, cookie, utc_now()) if cookie else None
    if person is None:
        raise await logged_out(connection)
    connection.state.person = person
    give_slip(connection, handler, Who("person", person.email, person.id), person.workspaces)
    await take_form(connection, cookie, person)


def own_seat(request: Request[Any, Any, Any], sections: tuple[Section, ...]) -> Own:
    """Return whom a request is about; the guard has been here before."""
    cookie = request.cookies.get(SESSION, "")
    return Own(
        house=request.app.state.house,
        person=request.state.person,
        cookie=cookie,
        locale=reader_of(request),
        now=utc_now(),
        csrf=csrf_token(cookie),
        sections=sections,
        agent=agent_of(request),
        form=getattr(request.state, "form", {}),
    )


def agent_of(request: Connection) -> str:
    """Return what the browser says it is."""
    return request.headers.get("user-agent", "")


def session_cookie(house: House, value: str) -> Cookie:
    """Return the cookie that keeps somebody logged in: how long, the house decides."""
    return _cookie(house, value, int(AT_MOST.total_seconds()))


def no_cookie(house: House) -> Cookie:
    """Return what takes the session's cookie away."""
    return _cookie(house, "", 0)


def _cookie(house: House, value: str, seconds: int) -> Cookie:
    return Cookie(
        key=SESSION,
        value=value,
        max_age=seconds,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=house.base_url.startswith("https:"),
    )
